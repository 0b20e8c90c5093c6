import { fetchRequest, fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import type { FetchReply, FetchRequest } from '@biquorum/raft';
import { readControls } from '../control-batches.ts';
import { fetchedEntries } from '../entries.ts';
import { METADATA_PARTITION, METADATA_TOPIC_ID } from '../names.ts';
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

/** From this version on topics are named by id, as the quorum asks for. */
const TOPIC_ID_VERSION = 13;
/** From this version on the quorum says where its leader is. */
const ENDPOINTS_VERSION = 17;

/** Fetch, API 1: the versions of the quorum are 13 to 17. */
export const fetchRpc: QuorumRpc<FetchRequest, FetchReply> = {
  apiKey: 1,
  version: 17,

  encodeRequest({ epoch, replica, offset, lastEpoch, waitMs, bytesMax }, self) {
    const partition = {
      partition: METADATA_PARTITION,
      currentLeaderEpoch: epoch,
      fetchOffset: offset,
      lastFetchedEpoch: lastEpoch,
      replicaDirectoryId: toUuid(replica.directory),
    };
    return fetchRequest.toBytes(
      {
        clusterId: self.clusterId,
        replicaState: { replicaId: replica.id },
        maxWaitMs: waitMs,
        maxBytes: bytesMax,
        topics: [{ topicId: METADATA_TOPIC_ID, partitions: [partition] }],
      },
      17,
    );
  },

  decodeReply(body, sent) {
    const { errorCode, responses, nodeEndpoints } = fetchResponse.fromBytes(body, 17);
    const [topic] = responses;
    const [partition] = topic?.partitions ?? [];
    const error = errorOf(partition?.errorCode ?? -1);
    const isOurs = topic?.topicId === METADATA_TOPIC_ID && partition?.partitionIndex === METADATA_PARTITION;
    if (errorCode !== 0 || partition === undefined || !isOurs || error === undefined) {
      return fault(`fetch answered with error ${errorCode} (${partition?.errorCode})`);
    }
    const { leaderId: leader, leaderEpoch: epoch } = partition.currentLeader;
    if (epoch < 0) return fault('fetch answered without an epoch');
    const { divergingEpoch, snapshotId, records } = partition;
    const bytes = records instanceof Uint8Array ? records : NO_BYTES;
    const after = { offset: sent.offset, lastEpoch: sent.lastEpoch, leaderEpoch: epoch };
    const entries = error === 'none' ? fetchedEntries(bytes, after) : [];
    if (typeof entries === 'string') return fault(entries);
    // What the engine will read must be readable: bytes of a peer are no fault of this node.
    for (const { kind, payload } of entries) if (kind === 'control') readControls(payload);
    const isSnapshot = snapshotId.endOffset >= 0 && snapshotId.epoch >= 0;
    const isDiverging = divergingEpoch.endOffset >= 0 && divergingEpoch.epoch >= 0;
    return {
      type: 'fetchReply',
      error,
      epoch,
      leader,
      leaderAddress: leaderAddress(leader, nodeEndpoints),
      highWatermark: partition.highWatermark,
      logStart: partition.logStartOffset,
      diverging: isDiverging ? { epoch: divergingEpoch.epoch, index: divergingEpoch.endOffset } : null,
      snapshot: isSnapshot ? { epoch: snapshotId.epoch, index: snapshotId.endOffset } : null,
      offset: sent.offset,
      entries,
    };
  },

  decodeRequest(body, version, self) {
    const { clusterId, replicaId, replicaState, maxWaitMs, maxBytes, topics } = fetchRequest.fromBytes(body, version);
    if (isOtherCluster(clusterId, self)) return refusal('INCONSISTENT_CLUSTER_ID');
    const [topic] = topics;
    const [partition] = topic?.partitions ?? [];
    const isOurs =
      version >= TOPIC_ID_VERSION &&
      topics.length === 1 &&
      topic?.topicId === METADATA_TOPIC_ID &&
      topic.partitions.length === 1 &&
      partition?.partition === METADATA_PARTITION;
    if (!isOurs || partition === undefined) return refusal('INVALID_REQUEST');
    const { currentLeaderEpoch, fetchOffset, lastFetchedEpoch, replicaDirectoryId } = partition;
    if (maxWaitMs < 0 || fetchOffset < 0 || lastFetchedEpoch < 0 || currentLeaderEpoch < 0) {
      return refusal('INVALID_REQUEST');
    }
    const id = version >= 15 ? replicaState.replicaId : replicaId;
    const message: FetchRequest = {
      type: 'fetch',
      epoch: currentLeaderEpoch,
      replica: { id, directory: fromUuid(replicaDirectoryId) },
      offset: fetchOffset,
      lastEpoch: lastFetchedEpoch,
      highWatermark: -1,
      waitMs: maxWaitMs,
      bytesMax: Math.max(maxBytes, 1),
    };
    return { kind: 'request', from: id, message };
  },

  encodeReply(reply, version, self) {
    const { error, epoch, leader, diverging, snapshot, entries } = reply;
    const partition = {
      partitionIndex: METADATA_PARTITION,
      errorCode: codeOf(error),
      highWatermark: reply.highWatermark,
      logStartOffset: reply.logStart,
      currentLeader: { leaderId: leader, leaderEpoch: epoch },
      ...(diverging === null ? {} : { divergingEpoch: { epoch: diverging.epoch, endOffset: diverging.index } }),
      ...(snapshot === null ? {} : { snapshotId: { epoch: snapshot.epoch, endOffset: snapshot.index } }),
      records: concat(entries.map(({ payload }) => payload)),
    };
    const responses = [{ topicId: METADATA_TOPIC_ID, partitions: [partition] }];
    const nodeEndpoints = version >= ENDPOINTS_VERSION ? leaderEndpoints(leader, reply.leaderAddress, self) : [];
    return fetchResponse.toBytes({ responses, nodeEndpoints }, version);
  },

  encodeRefusal: ({ errorCode }, version) => fetchResponse.toBytes({ errorCode }, version),
};

const NO_BYTES = new Uint8Array(0);

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  let size = 0;
  for (const piece of pieces) size += piece.length;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
