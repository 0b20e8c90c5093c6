import {
  BatchCursor,
  type CompressionCodecs,
  checkBatch,
  controlRecordTypeOf,
  describeBatchFault,
  describeRecordsFault,
  forEachRecord,
  type RecordCursor,
  type TimestampType,
} from '@biquorum/kafka-wire';
import { CommandFault } from '../command.ts';

/** A record as it was read. Its bytes are views that stand for as long as they are not given back. */
export interface ReadRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestampType: TimestampType;
  /** −1 for none. */
  readonly timestampMs: number;
  readonly leaderEpoch: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
}

/** A transaction that was aborted, as a Fetch response tells it. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** What a partition gave. */
export interface ReadRange {
  readonly records: readonly ReadRecord[];
  /** Where reading goes on: behind the last whole batch. */
  readonly nextOffset: number;
}

/** A batch that opens to more than this is not opened. */
const RECORDS_BYTES_MAX = 256 << 20;

const decoder = new TextDecoder();

/**
 * The records in fetched bytes from an offset on: without control records, and without those of aborted transactions.
 * Source: Java `CompletedFetch`.
 *
 * @throws CommandFault for records that cannot be read, unless they are to be skipped
 */
export function readBatches(
  { topic, partition }: { readonly topic: string; readonly partition: number },
  bytes: Uint8Array,
  fromOffset: number,
  options: {
    readonly codecs: CompressionCodecs;
    /** Only with reads of committed records. */
    readonly aborted: readonly AbortedTransaction[];
    readonly skipFaults: boolean;
  },
): ReadRange {
  const records: ReadRecord[] = [];
  const aborted = options.aborted.toSorted((left, right) => left.firstOffset - right.firstOffset);
  const abortedNow = new Set<number>();
  const batches = new BatchCursor(bytes);
  let nextOffset = fromOffset;
  const refuse = (words: string): void => {
    if (options.skipFaults) return;
    throw new CommandFault(
      `partition ${topic}-${partition}, offset ${nextOffset}: ${words}. With --skip-message-on-error reading goes on behind it.`,
    );
  };
  while (batches.next()) {
    const { batch } = batches;
    const fault = checkBatch(batch);
    if (fault !== undefined) {
      refuse(describeBatchFault(fault));
      nextOffset = Math.max(nextOffset, batch.nextOffset);
      continue;
    }
    while (aborted[0] !== undefined && aborted[0].firstOffset <= batch.lastOffset) {
      abortedNow.add((aborted.shift() as AbortedTransaction).producerId);
    }
    const isAborted = batch.isTransactional && abortedNow.has(batch.producerId);
    if (batch.isControl || !isAborted) {
      const { timestampType, partitionLeaderEpoch: leaderEpoch } = batch;
      const broken = forEachRecord(batch, { codecs: options.codecs, maxBytes: RECORDS_BYTES_MAX }, (record) => {
        if (batch.isControl) {
          if (controlRecordTypeOf(record) === 'abort') abortedNow.delete(batch.producerId);
          return;
        }
        if (record.offset < fromOffset) return;
        records.push({
          topic,
          partition,
          offset: record.offset,
          timestampType,
          timestampMs: record.timestamp,
          leaderEpoch,
          key: record.key(),
          value: record.value(),
          headers: headersOf(record),
        });
      });
      if (broken !== undefined) refuse(describeRecordsFault(broken));
    }
    nextOffset = Math.max(nextOffset, batch.nextOffset);
  }
  if (batches.fault !== undefined && batches.fault.kind !== 'truncated') refuse(describeBatchFault(batches.fault));
  return { records, nextOffset };
}

function headersOf(record: RecordCursor): ReadRecord['headers'] {
  if (record.headerCount === 0) return [];
  const headers: { readonly key: string; readonly value: Uint8Array | null }[] = [];
  const { bytes } = record;
  record.forEachHeader((keyPosition, keyLength, valuePosition, valueLength) => {
    headers.push({
      key: decoder.decode(bytes.subarray(keyPosition, keyPosition + keyLength)),
      value: valueLength < 0 ? null : bytes.subarray(valuePosition, valuePosition + valueLength),
    });
  });
  return headers;
}
