import { errorCode, type Init } from '@biquorum/kafka-wire';
import type {
  ListOffsetsRequest,
  ListOffsetsRequestListOffsetsPartition,
  ListOffsetsResponse,
  ListOffsetsResponseListOffsetsPartitionResponse,
} from '@biquorum/kafka-wire/messages/list-offsets';
import { LogStorageError } from '@biquorum/log';
import type { Partition } from '../replicas/partition.ts';
import type { ApiRequest } from './core.ts';
import { absent } from './partitions.ts';

const LATEST = -1n;
const EARLIEST = -2n;
const MAX_TIMESTAMP = -3n;
const EARLIEST_LOCAL = -4n;
const LATEST_TIERED = -5n;
/** First versions that know what some timestamps stand for. */
const FIRST_VERSIONS: ReadonlyMap<bigint, number> = new Map([
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL, 8],
  [LATEST_TIERED, 9],
]);
const READ_COMMITTED = 1;
/** Who debugs may ask any replica. Source: Java `FetchRequest.DEBUGGING_CONSUMER_ID`. */
const DEBUGGING_CONSUMER = -2;
/** First version that tells the epoch of the record found. */
const VERSION_WITH_EPOCH = 4;
/** First version that knows OFFSET_NOT_AVAILABLE. */
const VERSION_OFFSET_NOT_AVAILABLE = 5;

/** Offsets by timestamp, and the ends of the log. Source: Java `ReplicaManager.fetchOffset`. */
export async function handleListOffsets(request: ApiRequest<ListOffsetsRequest>): Promise<Init<ListOffsetsResponse>> {
  const { core, body, version } = request;
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name, partitions } of body.topics) {
    for (const { partitionIndex } of partitions) {
      const key = `${name}-${partitionIndex}`;
      if (seen.has(key)) twice.add(key);
      seen.add(key);
    }
  }
  const topics = await Promise.all(
    body.topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(
        partitions.map(async (row) => {
          if (twice.has(`${name}-${row.partitionIndex}`)) return failed(row, 'INVALID_REQUEST');
          if (isUnsupported(row.timestamp, version)) return failed(row, 'UNSUPPORTED_VERSION');
          const partition = core.replicas.find(name, row.partitionIndex);
          if (partition !== undefined) return lookUp(request, row, partition);
          return failed(row, absent(core, name, row.partitionIndex));
        }),
      ),
    })),
  );
  return { topics };
}

/**
 * Whether a negative timestamp means nothing in a version. Version 0 answers everything in its own way.
 * Source: Java `ReplicaManager.isListOffsetsTimestampUnsupported`.
 */
function isUnsupported(timestamp: bigint, version: number): boolean {
  if (version === 0 || timestamp >= EARLIEST) return false;
  return version < (FIRST_VERSIONS.get(timestamp) ?? Number.POSITIVE_INFINITY);
}

async function lookUp(
  { body, version }: ApiRequest<ListOffsetsRequest>,
  row: ListOffsetsRequestListOffsetsPartition,
  partition: Partition,
): Promise<Init<ListOffsetsResponseListOffsetsPartitionResponse>> {
  const { replicaId } = body;
  const error = partition.roleError(row.currentLeaderEpoch, replicaId !== DEBUGGING_CONSUMER);
  if (error !== null) return failed(row, error);
  const { log, leadership } = partition;
  const isConsumer = replicaId < 0;
  const committed = body.isolationLevel === READ_COMMITTED ? log.lastStableOffset : partition.highWatermark;
  const bound = isConsumer ? committed : log.endOffset;
  const { timestamp } = row;
  const settling = leadership !== undefined && partition.highWatermark < leadership.epochStart;
  const notYet = failed(row, version >= VERSION_OFFSET_NOT_AVAILABLE ? 'OFFSET_NOT_AVAILABLE' : 'LEADER_NOT_AVAILABLE');
  try {
    switch (timestamp) {
      case LATEST:
        // After an election the high watermark may lie below what was shown before; better to wait than to go back.
        if (isConsumer && settling) return notYet;
        return found(row, version, bound, -1n, partition.leaderEpoch);
      case EARLIEST:
      case EARLIEST_LOCAL:
        return found(row, version, log.logStartOffset, -1n, log.epochForOffset(log.logStartOffset) ?? -1);
      case LATEST_TIERED:
        return found(row, version, -1, -1n, -1);
      default: {
        const record = await (timestamp === MAX_TIMESTAMP
          ? log.findMaxTimestamp()
          : log.findByTimestamp(Number(timestamp)));
        // Beyond the high watermark nothing has been found yet.
        if (record === undefined || record.offset >= bound) {
          return isConsumer && settling ? notYet : found(row, version, -1, -1n, -1);
        }
        return found(row, version, record.offset, BigInt(record.timestamp), record.leaderEpoch ?? -1);
      }
    }
  } catch (failure) {
    if (failure instanceof LogStorageError) return failed(row, 'KAFKA_STORAGE_ERROR');
    throw failure;
  }
}

function found(
  row: ListOffsetsRequestListOffsetsPartition,
  version: number,
  offset: number,
  timestamp: bigint,
  leaderEpoch: number,
): Init<ListOffsetsResponseListOffsetsPartitionResponse> {
  const { partitionIndex } = row;
  if (version === 0) return { partitionIndex, errorCode: 0, oldStyleOffsets: offset < 0 ? [] : [offset] };
  const epoch = version >= VERSION_WITH_EPOCH ? { leaderEpoch } : {};
  return { partitionIndex, errorCode: 0, offset, timestamp, ...epoch };
}

function failed(
  row: ListOffsetsRequestListOffsetsPartition,
  error: Parameters<typeof errorCode>[0],
): Init<ListOffsetsResponseListOffsetsPartitionResponse> {
  return { partitionIndex: row.partitionIndex, errorCode: errorCode(error), offset: -1, timestamp: -1n };
}
