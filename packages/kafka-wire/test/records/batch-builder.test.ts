import {
  BatchBuilder,
  type BatchOptions,
  checkBatch,
  RecordBatch,
  RecordCursor,
  type RecordHeader,
  recordSizeMax,
} from '@biquorum/kafka-wire';
import { describe, expect, test } from 'vitest';
import { bytesOf, headerFacts, nodeCodecs, type RecordedBatch, recordedBytes, recordings } from './recordings.ts';

const plain = recordings.filter(
  ({ codec, batches }) => codec === 'none' && batches[0] !== undefined && batches[0].records.length > 0,
);

describe('a batch built from the records that Java was given', () => {
  // What a producer appended cannot be told from a batch with append time: Java's reader hides its timestamps.
  const told = plain.filter(({ batches }) => batches[0]?.timestampType === 'CreateTime');

  test.each(told)('has the bytes that Java wrote: $name', (recording) => {
    const batch = recording.batches[0] as RecordedBatch;
    const builder = new BatchBuilder(optionsOf(batch));
    for (const record of batch.records) {
      const headers = record.headers.map(([key, value]): RecordHeader => ({ key, value: bytes(value) }));
      builder.appendAt(record.offset, record.timestamp, bytes(record.key), bytes(record.value), headers);
    }
    expect(hex(builder.build(batch.lastOffset))).toBe(recording.hex);
  });

  test.each(plain)('has those bytes too when records are copied from a cursor: $name', (recording) => {
    const source = new RecordBatch(bytesOf(recording));
    const facts = recording.batches[0] as RecordedBatch;
    const builder = new BatchBuilder(optionsOf(facts));
    const cursor = new RecordCursor().open(source);
    while (cursor.next()) builder.appendFrom(cursor);
    const built = builder.build(source.lastOffset);
    // The records of a batch with append time all carry that time; Java's copy does the same.
    if (facts.timestampType === 'CreateTime') expect(hex(built)).toBe(recording.hex);
    else expect(new RecordBatch(built).maxTimestamp).toBe(source.maxTimestamp);
  });
});

describe('a builder', () => {
  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

  test('compresses the records and marks the codec', () => {
    for (const type of ['gzip', 'zstd'] as const) {
      const codec = nodeCodecs[type];
      if (codec === undefined) throw new Error(type);
      const builder = new BatchBuilder({ compression: { type, codec } });
      for (let index = 0; index < 100; index++) builder.append(index, null, utf8('the same again'));
      const batch = new RecordBatch(builder.build());
      expect(checkBatch(batch)).toBeUndefined();
      expect([batch.compressionType, batch.recordCount, batch.maxTimestamp]).toEqual([type, 100, 99]);
      expect(batch.size).toBeLessThan(builder.uncompressedSize / 4);
      const cursor = new RecordCursor().open(batch, codec.decompress(batch.recordBytes, 1 << 20));
      let count = 0;
      while (cursor.next()) if (cursor.timestamp === count) count++;
      expect([count, cursor.fault]).toEqual([100, undefined]);
    }
  });

  test('makes one batch after the other in the same memory', () => {
    const builder = new BatchBuilder({ producerId: 7, producerEpoch: 0, baseSequence: 0 }, 16);
    builder.append(5, utf8('a'), utf8('b'));
    const first = builder.build().slice();
    builder.start({ ...headerOptions, baseOffset: 40 });
    builder.append(9, utf8('c'), null);
    const second = new RecordBatch(builder.build());
    expect(headerFacts(second)).toMatchObject({ baseOffset: 40, lastOffset: 40, producerId: -1, baseTimestamp: 9 });
    expect(headerFacts(new RecordBatch(first))).toMatchObject({ producerId: 7, baseTimestamp: 5, count: 1 });
  });

  test('goes on after a build', () => {
    const builder = new BatchBuilder();
    builder.append(1, null, null);
    expect(new RecordBatch(builder.build()).recordCount).toBe(1);
    builder.append(2, null, null);
    const batch = new RecordBatch(builder.build());
    expect(checkBatch(batch)).toBeUndefined();
    expect([batch.recordCount, batch.lastOffset, batch.maxTimestamp]).toEqual([2, 1, 2]);
  });

  test('never exceeds the size that was told beforehand', () => {
    const headers = [
      { key: 'trace', value: utf8('x'.repeat(300)) },
      { key: '', value: null },
    ];
    for (const [timestamp, key] of [
      [-1, null],
      [2 ** 53 - 1, utf8('k'.repeat(9000))],
    ] as const) {
      const builder = new BatchBuilder();
      builder.append(0, null, null);
      const before = builder.uncompressedSize;
      builder.append(timestamp, key, null, headers);
      expect(builder.uncompressedSize - before).toBeLessThanOrEqual(recordSizeMax(key, null, headers));
    }
  });

  test('stops the program at what only a mistake of ours can ask for', () => {
    const builder = new BatchBuilder({ baseOffset: 10 });
    expect(() => builder.build()).toThrow('a batch needs a record');
    expect(() => builder.append(-2, null, null)).toThrow('timestamp -2');
    expect(() => builder.append(0.5, null, null)).toThrow('timestamp 0.5');
    expect(() => builder.appendAt(9, 0, null, null)).toThrow('offset 9');
    expect(() => builder.appendAt(10 + 2 ** 31, 0, null, null)).toThrow('offset 2147483658');
    builder.appendAt(12, 0, null, null);
    expect(() => builder.build(11)).toThrow('last offset 11');
  });
});

const headerOptions: BatchOptions = {};

function optionsOf(batch: RecordedBatch): BatchOptions {
  return {
    baseOffset: batch.baseOffset,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    appendTimestampMs: batch.timestampType === 'LogAppendTime' ? batch.maxTimestamp : undefined,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.transactional,
    isControl: batch.control,
    deleteHorizonMs: batch.deleteHorizonMs < 0 ? undefined : batch.deleteHorizonMs,
  };
}

function bytes(base64: string | null): Uint8Array | null {
  return base64 === null ? null : Uint8Array.from(Buffer.from(base64, 'base64'));
}

function hex(built: Uint8Array): string {
  return Buffer.from(built).toString('hex');
}

test('recordings with records are there to compare with', () => {
  expect(plain.length).toBeGreaterThan(20);
  expect(recordedBytes('nulls').length).toBe(68);
});
