import { endQuorumEpochRequest, endQuorumEpochResponse } from '@biquorum/kafka-wire/messages/end-quorum-epoch';
import type { EndQuorumReply, EndQuorumRequest } from '@biquorum/raft';
import { METADATA_PARTITION, METADATA_TOPIC } from '../names.ts';
import {
  codeOf,
  errorOf,
  fault,
  fromUuid,
  isOtherCluster,
  leaderAddress,
  leaderEndpoints,
  onlyPartition,
  type QuorumRpc,
  refusal,
  toUuid,
} from './quorum-rpc.ts';

/** EndQuorumEpoch, API 54, versions 0 and 1. */
export const endQuorumEpochRpc: QuorumRpc<EndQuorumRequest, EndQuorumReply> = {
  apiKey: 54,
  version: 1,

  encodeRequest({ epoch, leader, successors }, self) {
    const partition = {
      partitionIndex: METADATA_PARTITION,
      leaderId: leader,
      leaderEpoch: epoch,
      preferredCandidates: successors.map(({ id, directory }) => ({
        candidateId: id,
        candidateDirectoryId: toUuid(directory),
      })),
    };
    const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }];
    return endQuorumEpochRequest.toBytes({ clusterId: self.clusterId, topics }, 1);
  },

  decodeReply(body) {
    const { errorCode, topics, nodeEndpoints } = endQuorumEpochResponse.fromBytes(body, 1);
    const partition = onlyPartition(topics);
    const error = errorOf(partition?.errorCode ?? -1);
    if (errorCode !== 0 || partition === undefined || error === undefined || partition.leaderEpoch < 0) {
      return fault(`end of an epoch answered with error ${errorCode} (${partition?.errorCode})`);
    }
    const { leaderId: leader, leaderEpoch: epoch } = partition;
    return { type: 'endQuorumReply', error, epoch, leader, leaderAddress: leaderAddress(leader, nodeEndpoints) };
  },

  decodeRequest(body, version, self) {
    const { clusterId, topics } = endQuorumEpochRequest.fromBytes(body, version);
    if (isOtherCluster(clusterId, self)) return refusal('INCONSISTENT_CLUSTER_ID');
    const partition = onlyPartition(topics);
    if (partition === undefined) return refusal('INVALID_REQUEST');
    const { leaderId, leaderEpoch, preferredSuccessors, preferredCandidates } = partition;
    const successors =
      version >= 1
        ? preferredCandidates.map((key) => ({ id: key.candidateId, directory: fromUuid(key.candidateDirectoryId) }))
        : preferredSuccessors.map((id) => ({ id, directory: '' }));
    const message: EndQuorumRequest = { type: 'endQuorum', epoch: leaderEpoch, leader: leaderId, successors };
    return { kind: 'request', from: leaderId, message };
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
    return endQuorumEpochResponse.toBytes({ errorCode: 0, topics, nodeEndpoints }, version);
  },

  encodeRefusal: ({ errorCode }, version) => endQuorumEpochResponse.toBytes({ errorCode }, version),
};
