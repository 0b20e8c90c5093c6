import { beginQuorumEpochRequest, beginQuorumEpochResponse } from '@biquorum/kafka-wire/messages/begin-quorum-epoch';
import type { BeginQuorumReply, BeginQuorumRequest } from '@biquorum/raft';
import { METADATA_PARTITION, METADATA_TOPIC } from '../names.ts';
import {
  addressOf,
  codeOf,
  errorOf,
  fault,
  fromUuid,
  isOtherCluster,
  leaderAddress,
  leaderEndpoints,
  listenersOf,
  onlyPartition,
  type QuorumRpc,
  refusal,
  toUuid,
} from './quorum-rpc.ts';

/** BeginQuorumEpoch, API 53, versions 0 and 1. */
export const beginQuorumEpochRpc: QuorumRpc<BeginQuorumRequest, BeginQuorumReply> = {
  apiKey: 53,
  version: 1,

  encodeRequest({ epoch, leader, leaderAddress: address, voter }, self) {
    const partition = {
      partitionIndex: METADATA_PARTITION,
      voterDirectoryId: toUuid(voter.directory),
      leaderId: leader,
      leaderEpoch: epoch,
    };
    const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }];
    const leaderListeners = listenersOf(address, self);
    return beginQuorumEpochRequest.toBytes(
      { clusterId: self.clusterId, voterId: voter.id, topics, leaderEndpoints: leaderListeners },
      1,
    );
  },

  decodeReply(body) {
    const { errorCode, topics, nodeEndpoints } = beginQuorumEpochResponse.fromBytes(body, 1);
    const partition = onlyPartition(topics);
    const error = errorOf(partition?.errorCode ?? -1);
    if (errorCode !== 0 || partition === undefined || error === undefined || partition.leaderEpoch < 0) {
      return fault(`begin of an epoch answered with error ${errorCode} (${partition?.errorCode})`);
    }
    const { leaderId: leader, leaderEpoch: epoch } = partition;
    return { type: 'beginQuorumReply', error, epoch, leader, leaderAddress: leaderAddress(leader, nodeEndpoints) };
  },

  decodeRequest(body, version, self) {
    const { clusterId, voterId, topics, leaderEndpoints: endpoints } = beginQuorumEpochRequest.fromBytes(body, version);
    if (isOtherCluster(clusterId, self)) return refusal('INCONSISTENT_CLUSTER_ID');
    const partition = onlyPartition(topics);
    if (partition === undefined) return refusal('INVALID_REQUEST');
    const message: BeginQuorumRequest = {
      type: 'beginQuorum',
      epoch: partition.leaderEpoch,
      leader: partition.leaderId,
      leaderAddress: addressOf(endpoints),
      voter: { id: voterId < 0 ? self.nodeId : voterId, directory: fromUuid(partition.voterDirectoryId) },
    };
    return { kind: 'request', from: partition.leaderId, message };
  },

  encodeReply({ error, epoch, leader, leaderAddress: address }, version, self) {
    const partition = {
      partitionIndex: METADATA_PARTITION,
      errorCode: codeOf(error),
      leaderId: leader,
      leaderEpoch: epoch,
    };
    const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }];
    const nodeEndpoints = version >= 1 ? leaderEndpoints(leader, address, self) : [];
    return beginQuorumEpochResponse.toBytes({ errorCode: 0, topics, nodeEndpoints }, version);
  },

  encodeRefusal: ({ errorCode }, version) => beginQuorumEpochResponse.toBytes({ errorCode }, version),
};
