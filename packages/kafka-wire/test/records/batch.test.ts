import {
  BatchCursor,
  batchSizeAt,
  checkBatch,
  checkProducedBatch,
  decrementSequence,
  describeBatchFault,
  incrementSequence,
  RecordBatch,
  UNKNOWN_SIZE,
} from '@biquorum/kafka-wire';
import { describe, expect, test } from 'vitest';
import { bytesOf, headerFacts, recordedBytes, recordings } from './recordings.ts';

describe('the header of a batch that Java wrote', () => {
  test.each(recordings)('reads as Java reads it: $name, $codec', (recording) => {
    const cursor = new BatchCursor(bytesOf(recording));
    const seen = [];
    while (cursor.next()) {
      expect(checkBatch(cursor.batch)).toBeUndefined();
      seen.push(headerFacts(cursor.batch));
    }
    expect(cursor.fault).toBeUndefined();
    expect(cursor.validEnd).toBe(recording.hex.length / 2);
    expect(seen).toEqual(recording.batches.map(({ records: _, ...header }) => header));
  });
});

describe('changing a batch in place', () => {
  test('base offset and leader epoch leave the CRC valid', () => {
    const batch = new RecordBatch(recordedBytes('headers', 'gzip'));
    batch.baseOffset = 2 ** 53 - 5;
    batch.partitionLeaderEpoch = 77;
    expect(batch.baseOffset).toBe(9007199254740987);
    expect(batch.lastOffset).toBe(9007199254740989);
    expect(batch.partitionLeaderEpoch).toBe(77);
    expect(checkBatch(batch)).toBeUndefined();
  });

  test('a base offset that is no offset stops the program', () => {
    const batch = new RecordBatch(recordedBytes('headers', 'gzip'));
    for (const wrong of [-1, 0.5, 2 ** 53, Number.NaN]) {
      expect(() => {
        batch.baseOffset = wrong;
      }).toThrow('base offset');
    }
  });

  test('append time restates the CRC and changes no other field', () => {
    const batch = new RecordBatch(recordedBytes('sequence-wraps'));
    const { producerId, baseTimestamp, isTransactional } = batch;
    batch.setMaxTimestamp('log-append-time', 1_700_000_012_345);
    expect(batch.timestampType).toBe('log-append-time');
    expect(batch.maxTimestamp).toBe(1_700_000_012_345);
    expect(checkBatch(batch)).toBeUndefined();
    expect([batch.producerId, batch.baseTimestamp, batch.isTransactional]).toEqual([
      producerId,
      baseTimestamp,
      isTransactional,
    ]);
    batch.setMaxTimestamp('create-time', -1);
    expect([batch.timestampType, batch.maxTimestamp]).toEqual(['create-time', -1]);
    expect(checkBatch(batch)).toBeUndefined();
  });

  test('the same timestamp again writes nothing', () => {
    const batch = new RecordBatch(recordedBytes('log-append-time'));
    batch.view.setUint32(batch.position + 17, 0xdeadbeef);
    batch.setMaxTimestamp('log-append-time', batch.maxTimestamp);
    expect(batch.crc).toBe(0xdeadbeef);
  });
});

describe('checking a batch', () => {
  const good = (): RecordBatch => new RecordBatch(recordedBytes('headers'));

  test('every cut is told as truncated, with the bytes that are missing', () => {
    const bytes = recordedBytes('headers', 'lz4');
    for (let length = 0; length < bytes.length; length++) {
      const fault = checkBatch(new RecordBatch(bytes.subarray(0, length)));
      expect(fault).toMatchObject({
        kind: 'truncated',
        error: 'CORRUPT_MESSAGE',
        neededBytes: length < 12 ? 61 : bytes.length,
        availableBytes: length,
      });
    }
  });

  test('every flipped bit behind offset, length, epoch and magic is a CRC mismatch', () => {
    const bytes = recordedBytes('headers', 'zstd');
    for (let at = 17; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        bytes[at] = (bytes[at] as number) ^ (1 << bit);
        expect(checkBatch(new RecordBatch(bytes))?.kind).toBe('crc-mismatch');
        bytes[at] = (bytes[at] as number) ^ (1 << bit);
      }
    }
    expect(checkBatch(new RecordBatch(bytes))).toBeUndefined();
  });

  test.each([-2147483648, -1, 0, 13])('a length of %i is invalid in every format', (length) => {
    const batch = good();
    batch.view.setInt32(8, length);
    expect(checkBatch(batch)).toMatchObject({ kind: 'invalid-length', batchLength: length, minimum: 14 });
  });

  test.each([14, 48])('a length of %i is too short for a header of magic 2', (length) => {
    const batch = good();
    batch.view.setInt32(8, length);
    expect(checkBatch(batch)).toMatchObject({ kind: 'invalid-length', batchLength: length, minimum: 49 });
  });

  test.each([0, 1])('magic %i is answered with the remedy', (magic) => {
    const batch = good();
    batch.view.setInt8(16, magic);
    const fault = checkBatch(batch);
    expect(fault).toMatchObject({ kind: 'unsupported-magic', error: 'UNSUPPORTED_FOR_MESSAGE_FORMAT', magic });
    expect(fault && describeBatchFault(fault)).toContain('Produce version 3');
  });

  test.each([-1, 3, 127])('magic %i is corrupt', (magic) => {
    const batch = good();
    batch.view.setInt8(16, magic);
    expect(checkBatch(batch)).toMatchObject({ kind: 'unknown-magic', error: 'CORRUPT_MESSAGE', magic });
  });

  test.each([
    ['baseOffset', 0],
    ['baseTimestamp', 27],
    ['maxTimestamp', 35],
    ['producerId', 43],
  ])('%s beyond 2^53 is refused', (field, at) => {
    for (const value of [2n ** 53n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
      const batch = good();
      batch.view.setBigInt64(at as number, value);
      batch.updateCrc();
      expect(checkBatch(batch)).toMatchObject({ kind: 'unsafe-integer', field });
    }
  });

  test.each([
    ['nonzero-base-offset', 'setBigInt64', 0, 1n],
    ['invalid-count', 'setInt32', 57, 2],
    ['invalid-count', 'setInt32', 57, -1],
    ['invalid-count', 'setInt32', 23, 4],
    ['invalid-count', 'setInt32', 23, -1],
    ['control-from-client', 'setInt16', 21, 0x20],
    ['unknown-compression', 'setInt16', 21, 5],
    ['invalid-sequence', 'setBigInt64', 43, 1n],
  ] as const)('a leader refuses a produced batch with %s', (kind, method, at, value) => {
    const batch = good();
    expect(checkProducedBatch(batch)).toBeUndefined();
    (batch.view[method] as (at: number, value: number | bigint) => void).call(batch.view, at, value);
    expect(checkProducedBatch(batch)).toMatchObject({ kind, error: 'INVALID_RECORD' });
  });

  test('a batch that compaction emptied is sound, but nothing to produce', () => {
    const batch = new RecordBatch(recordedBytes('emptied-by-compaction'));
    expect(checkBatch(batch)).toBeUndefined();
    expect(batch.recordBytes.length).toBe(0);
    batch.baseOffset = 0;
    expect(checkProducedBatch(batch)?.kind).toBe('invalid-count');
  });
});

describe('walking the batches of a range', () => {
  test('a partial batch at the end stops the walk and is told', () => {
    const bytes = recordedBytes('three-in-a-row', 'mixed');
    const cursor = new BatchCursor(bytes, 0, bytes.length - 1);
    const ends = [];
    while (cursor.next()) ends.push(cursor.batch.end);
    expect(ends.length).toBe(2);
    expect(cursor.validEnd).toBe(ends[1]);
    expect(cursor.fault?.kind).toBe('truncated');
    expect(cursor.next()).toBe(false);
  });

  test('an empty range has no batch and no fault', () => {
    const cursor = new BatchCursor(recordedBytes('three-in-a-row', 'mixed'), 5, 5);
    expect(cursor.next()).toBe(false);
    expect(cursor.fault).toBeUndefined();
  });

  test('sizes are known once the length field is there', () => {
    const bytes = recordedBytes('three-in-a-row', 'mixed');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    expect(batchSizeAt(view, 0)).toBe(new RecordBatch(bytes).size);
    expect(batchSizeAt(view, bytes.length - 11)).toBe(UNKNOWN_SIZE);
  });
});

describe('sequence arithmetic', () => {
  // Values of `DefaultRecordBatch.incrementSequence` and `decrementSequence`, kafka-clients 3.9.2.
  test('passes from the largest int32 to 0 and back', () => {
    expect(incrementSequence(2147483647, 1)).toBe(0);
    expect(incrementSequence(2147483645, 5)).toBe(2);
    expect(incrementSequence(0, 2147483647)).toBe(2147483647);
    expect(decrementSequence(0, 1)).toBe(2147483647);
    expect(decrementSequence(2, 5)).toBe(2147483645);
    expect(decrementSequence(7, 7)).toBe(0);
  });
});
