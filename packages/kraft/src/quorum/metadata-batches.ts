import type { Entry } from '@biquorum/consensus';
import { BatchBuilder, BatchCursor, describeRecordsFault, openRecords, RecordCursor } from '@biquorum/kafka-wire';
import { decodeMetadataRecord, encodeMetadataRecord, type MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import { BytesError } from '@biquorum/std';
import type { MetadataBatch, VersionedRecord } from '../journal.ts';

/** The largest batch that a controller writes. Source: Java `KafkaRaftClient.MAX_BATCH_SIZE_BYTES`. */
export const BATCH_BYTES_MAX: number = 8 * 1024 * 1024;

/** Records as one batch of the log. Source: Java `BatchBuilder` of `org.apache.kafka.raft.internals`. */
export function encodeBatch(
  records: readonly VersionedRecord[],
  place: { readonly baseOffset: number; readonly epoch: number; readonly timestampMs: number },
): Uint8Array {
  const { baseOffset, epoch, timestampMs } = place;
  const builder = new BatchBuilder({ baseOffset, partitionLeaderEpoch: epoch }, 128 * (records.length + 1));
  for (const { message, version } of records) builder.append(timestampMs, null, encodeMetadataRecord(message, version));
  return builder.build();
}

/** A batch as its followers are given it. @throws BytesError, ProtocolError when its records cannot be read. */
export function decodeBatch({ index, span, epoch, kind, payload }: Entry): MetadataBatch {
  const batches = new BatchCursor(payload);
  batches.next();
  const { maxTimestamp } = batches.batch;
  const records = kind === 'control' ? [] : [...decodeRecords(payload)];
  return { baseOffset: index, endOffset: index + span, epoch, appendTimeMs: maxTimestamp, records };
}

/** The metadata records in batches that lie one after the other; control batches are left out. */
export function* decodeRecords(bytes: Uint8Array): Generator<MetadataRecord, void, void> {
  const batches = new BatchCursor(bytes);
  const records = new RecordCursor();
  while (batches.next()) {
    const { batch } = batches;
    if (batch.isControl) continue;
    const fault = openRecords(records, batch, { codecs: {}, maxBytes: 0 });
    if (fault !== undefined) throw unreadable(bytes, batch.baseOffset, describeRecordsFault(fault));
    while (records.next()) yield decodeMetadataRecord(records.value() ?? new Uint8Array(0));
    if (records.fault !== undefined) throw unreadable(bytes, batch.baseOffset, describeRecordsFault(records.fault));
  }
  if (batches.fault !== undefined) throw unreadable(bytes, -1, batches.fault.kind);
}

function unreadable(bytes: Uint8Array, offset: number, detail: string): BytesError {
  return new BytesError('out-of-range', 0, bytes.length, bytes.length, `metadata batch at offset ${offset}: ${detail}`);
}
