import {
  BatchCursor,
  checkBatch,
  describeBatchFault,
  describeRecordsFault,
  openRecords,
  type RecordBatch,
  RecordCursor,
} from '../records/index.ts';
import { addContent } from './content-lines.ts';
import type { Lines } from './lines.ts';
import type { Limits } from './options.ts';
import { quoted, textOrHex, timestampText } from './scalar.ts';

const decoder = new TextDecoder();

/** Adds the batches that lie in `bytes`, up to the first that cannot be told from what follows it. */
export function addRecords(lines: Lines, bytes: Uint8Array, limits: Limits): void {
  const batches = new BatchCursor(bytes);
  let shown = 0;
  while (batches.next() && !lines.isFull) {
    if (shown++ === limits.elementsMax) {
      lines.add('… more batches');
      return;
    }
    addBatch(lines, batches.batch, limits);
  }
  if (batches.fault !== undefined) lines.add(describeBatchFault(batches.fault));
}

function addBatch(lines: Lines, batch: RecordBatch, limits: Limits): void {
  const fault = checkBatch(batch);
  lines.under(summary(batch), () => {
    if (fault !== undefined) lines.add(describeBatchFault(fault));
    // What a damaged batch says may still help to find out what damaged it.
    if (limits.records && (fault === undefined || fault.kind === 'crc-mismatch')) addBatchRecords(lines, batch, limits);
  });
}

function summary(batch: RecordBatch): string {
  const facts = [
    `batch at byte ${batch.position}: ${batch.size} bytes`,
    batch.recordCount === 1 ? '1 record' : `${batch.recordCount} records`,
    `offsets ${batch.baseOffset} to ${batch.lastOffset}`,
    `${batch.timestampType === 'create-time' ? 'create time' : 'append time'} up to ${timestampText(batch.maxTimestamp)}`,
  ];
  if (batch.compressionId !== 0) facts.push(batch.compressionType ?? `unknown codec ${batch.compressionId}`);
  if (batch.isControl) facts.push('control');
  if (batch.isTransactional) facts.push('transactional');
  if (batch.hasProducerId) {
    facts.push(`producer ${batch.producerId} epoch ${batch.producerEpoch}`);
    if (batch.baseSequence >= 0) facts.push(`sequences ${batch.baseSequence} to ${batch.lastSequence}`);
  }
  if (batch.partitionLeaderEpoch >= 0) facts.push(`leader epoch ${batch.partitionLeaderEpoch}`);
  if (batch.deleteHorizonMs !== undefined) facts.push(`delete horizon ${timestampText(batch.deleteHorizonMs)}`);
  return facts.join(', ');
}

function addBatchRecords(lines: Lines, batch: RecordBatch, limits: Limits): void {
  const records = new RecordCursor();
  const { codecs, decompressedBytesMax: maxBytes } = limits;
  const fault = openRecords(records, batch, { codecs, maxBytes });
  if (fault !== undefined) {
    lines.add(describeRecordsFault(fault));
    return;
  }
  let shown = 0;
  while (!lines.isFull && records.next()) {
    if (shown++ === limits.elementsMax) {
      lines.add(`… ${batch.recordCount - limits.elementsMax} more`);
      return;
    }
    addRecord(lines, batch, records, limits);
  }
  if (records.fault !== undefined) lines.add(describeRecordsFault(records.fault));
}

function addRecord(lines: Lines, batch: RecordBatch, record: RecordCursor, limits: Limits): void {
  lines.under(`offset ${record.offset}, timestamp ${timestampText(record.timestamp)}`, () => {
    if (!addContent(lines, batch, record, limits)) {
      lines.add(`key: ${textOrHex(record.key(), limits.bytesMax)}`);
      lines.add(`value: ${textOrHex(record.value(), limits.bytesMax)}`);
    }
    let left = limits.elementsMax;
    record.forEachHeader((keyPosition, keyLength, valuePosition, valueLength) => {
      if (left-- <= 0) return;
      const { bytes } = record;
      const name = decoder.decode(bytes.subarray(keyPosition, keyPosition + keyLength));
      const value = valueLength < 0 ? null : bytes.subarray(valuePosition, valuePosition + valueLength);
      lines.add(`header ${quoted(name, limits.bytesMax)}: ${textOrHex(value, limits.bytesMax)}`);
    });
    if (left < 0) lines.add(`… ${-left} more headers`);
  });
}
