import { voteRequest, voteResponse } from '@biquorum/kafka-wire/messages/vote';
import type { VoteReply, VoteRequest } from '@biquorum/raft';
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

/** Vote, API 52, versions 0 and 1. */
export const voteRpc: QuorumRpc<VoteRequest, VoteReply> = {
  apiKey: 52,
  version: 1,

  encodeRequest({ epoch, candidate, voter, lastEpoch, end }, self) {
    const partition = {
      partitionIndex: METADATA_PARTITION,
      candidateEpoch: epoch,
      candidateId: candidate.id,
      candidateDirectoryId: toUuid(candidate.directory),
      voterDirectoryId: toUuid(voter.directory),
      lastOffsetEpoch: lastEpoch,
      lastOffset: end,
    };
    const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }];
    return voteRequest.toBytes({ clusterId: self.clusterId, voterId: voter.id, topics }, 1);
  },

  decodeReply(body) {
    const { errorCode, topics, nodeEndpoints } = voteResponse.fromBytes(body, 1);
    const partition = onlyPartition(topics);
    const error = errorOf(partition?.errorCode ?? -1);
    if (errorCode !== 0 || partition === undefined || error === undefined || partition.leaderEpoch < 0) {
      return fault(`vote answered with error ${errorCode} (${partition?.errorCode})`);
    }
    const { leaderId: leader, leaderEpoch: epoch, voteGranted: granted } = partition;
    return {
      type: 'voteReply',
      error,
      epoch,
      leader,
      leaderAddress: leaderAddress(leader, nodeEndpoints),
      granted,
    };
  },

  decodeRequest(body, version, self) {
    const { clusterId, voterId, topics } = voteRequest.fromBytes(body, version);
    if (isOtherCluster(clusterId, self)) return refusal('INCONSISTENT_CLUSTER_ID');
    const partition = onlyPartition(topics);
    if (partition === undefined) return refusal('INVALID_REQUEST');
    const message: VoteRequest = {
      type: 'vote',
      epoch: partition.candidateEpoch,
      candidate: { id: partition.candidateId, directory: fromUuid(partition.candidateDirectoryId) },
      // Version 0 does not say who is asked.
      voter: { id: voterId < 0 ? self.nodeId : voterId, directory: fromUuid(partition.voterDirectoryId) },
      lastEpoch: partition.lastOffsetEpoch,
      end: partition.lastOffset,
      preVote: false,
    };
    return { kind: 'request', from: partition.candidateId, message };
  },

  encodeReply({ error, epoch, leader, leaderAddress: address, granted }, version, self) {
    const partition = {
      partitionIndex: METADATA_PARTITION,
      errorCode: codeOf(error),
      leaderId: leader,
      leaderEpoch: epoch,
      voteGranted: granted,
    };
    const topics = [{ topicName: METADATA_TOPIC, partitions: [partition] }];
    const nodeEndpoints = version >= 1 ? leaderEndpoints(leader, address, self) : [];
    return voteResponse.toBytes({ errorCode: 0, topics, nodeEndpoints }, version);
  },

  encodeRefusal: ({ errorCode }, version) => voteResponse.toBytes({ errorCode }, version),
};
