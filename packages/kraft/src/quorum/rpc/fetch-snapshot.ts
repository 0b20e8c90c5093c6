import { fetchSnapshotRequest, fetchSnapshotResponse } from '@biquorum/kafka-wire/messages/fetch-snapshot';
import type { FetchSnapshotReply, FetchSnapshotRequest } from '@biquorum/raft';
import { METADATA_PARTITION, METADATA_TOPIC } from '../names.ts';
import {
  codeOf,
  errorOf,
  fault,
  fromUuid,
  isOtherCluster,
  leaderAddress,
  leaderEndpoints,
  type QuorumRpc,
  refusal,
  toUuid,
} from './quorum-rpc.ts';

/** FetchSnapshot, API 59, versions 0 and 1. */
export const fetchSnapshotRpc: QuorumRpc<FetchSnapshotRequest, FetchSnapshotReply> = {
  apiKey: 59,
  version: 1,

  encodeRequest({ epoch, replica, snapshot, position, bytesMax }, self) {
    const partition = {
      partition: METADATA_PARTITION,
      currentLeaderEpoch: epoch,
      snapshotId: { endOffset: snapshot.index, epoch: snapshot.epoch },
      position,
      replicaDirectoryId: toUuid(replica.directory),
    };
    const topics = [{ name: METADATA_TOPIC, partitions: [partition] }];
    return fetchSnapshotRequest.toBytes(
      { clusterId: self.clusterId, replicaId: replica.id, maxBytes: bytesMax, topics },
      1,
    );
  },

  decodeReply(body) {
    const { errorCode, topics, nodeEndpoints } = fetchSnapshotResponse.fromBytes(body, 1);
    const [topic] = topics;
    const [partition] = topic?.partitions ?? [];
    const error = errorOf(partition?.errorCode ?? -1);
    const isOurs = topic?.name === METADATA_TOPIC && partition?.index === METADATA_PARTITION;
    if (errorCode !== 0 || partition === undefined || !isOurs || error === undefined) {
      return fault(`fetch of a snapshot answered with error ${errorCode} (${partition?.errorCode})`);
    }
    const { leaderId: leader, leaderEpoch: epoch } = partition.currentLeader;
    if (epoch < 0) return fault('fetch of a snapshot answered without an epoch');
    const { snapshotId, size, position, unalignedRecords } = partition;
    return {
      type: 'fetchSnapshotReply',
      error,
      epoch,
      leader,
      leaderAddress: leaderAddress(leader, nodeEndpoints),
      snapshot: { epoch: snapshotId.epoch, index: snapshotId.endOffset },
      size,
      position,
      bytes: unalignedRecords,
    };
  },

  decodeRequest(body, version, self) {
    const { clusterId, replicaId, maxBytes, topics } = fetchSnapshotRequest.fromBytes(body, version);
    if (isOtherCluster(clusterId, self)) return refusal('INCONSISTENT_CLUSTER_ID');
    const [topic] = topics;
    const [partition] = topic?.partitions ?? [];
    if (topic?.name !== METADATA_TOPIC || partition?.partition !== METADATA_PARTITION)
      return refusal('INVALID_REQUEST');
    const { currentLeaderEpoch, snapshotId, position, replicaDirectoryId } = partition;
    const message: FetchSnapshotRequest = {
      type: 'fetchSnapshot',
      epoch: currentLeaderEpoch,
      replica: { id: replicaId, directory: fromUuid(replicaDirectoryId) },
      snapshot: { epoch: snapshotId.epoch, index: snapshotId.endOffset },
      position,
      bytesMax: Math.max(maxBytes, 1),
    };
    return { kind: 'request', from: replicaId, message };
  },

  encodeReply(reply, version, self) {
    const { error, epoch, leader, snapshot, size, position, bytes } = reply;
    const partition = {
      index: METADATA_PARTITION,
      errorCode: codeOf(error),
      snapshotId: { endOffset: snapshot.index, epoch: snapshot.epoch },
      currentLeader: { leaderId: leader, leaderEpoch: epoch },
      size,
      position,
      unalignedRecords: bytes,
    };
    const nodeEndpoints = version >= 1 ? leaderEndpoints(leader, reply.leaderAddress, self) : [];
    const topics = [{ name: METADATA_TOPIC, partitions: [partition] }];
    return fetchSnapshotResponse.toBytes({ errorCode: 0, topics, nodeEndpoints }, version);
  },

  encodeRefusal: ({ errorCode }, version) => fetchSnapshotResponse.toBytes({ errorCode }, version),
};
