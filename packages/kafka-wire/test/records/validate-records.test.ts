import {
  RecordBatch,
  RecordCursor,
  type RecordRules,
  type RecordsVerdict,
  validateRecords,
} from '@biquorum/kafka-wire';
import { describe, expect, test } from 'vitest';
import { type CraftOptions, craftBatch, plainRecord, sized, varint } from './craft.ts';
import { nodeCodecs, recordedBytes, recording } from './recordings.ts';

const LOG_APPEND_TIME = 0x08;
const rules: RecordRules = {
  compacted: false,
  timestampType: 'create-time',
  nowMs: 10_000,
  timestampBeforeMaxMs: Number.POSITIVE_INFINITY,
  timestampAfterMaxMs: Number.POSITIVE_INFINITY,
};
const keyless = (offsetDelta: number): number[] => sized([0], [0], varint(offsetDelta), varint(-1), varint(-1), [0]);

// The outcome of every case, but for those of offset deltas, is that of LogValidator (kafka-storage 3.9.2) for the same
// bytes.
describe('validating the records of a produced batch', () => {
  test('tells the largest timestamp, where it is, and the size without compression', () => {
    for (const codec of ['none', 'gzip', 'zstd']) {
      const batch = new RecordBatch(recordedBytes('idempotent', codec));
      expect(validate(batch)).toEqual({
        kind: 'valid',
        maxTimestamp: recording('idempotent').batches[0]?.maxTimestamp,
        offsetDeltaOfMaxTimestamp: 3,
        uncompressedBytes: recordedBytes('idempotent').length - 61,
      });
    }
  });

  test('knows no largest timestamp where no record has one', () => {
    const verdict = validate(craftBatch(plainRecord(0), { baseTimestamp: -1 }));
    expect(verdict).toMatchObject({ kind: 'valid', maxTimestamp: -1, offsetDeltaOfMaxTimestamp: -1 });
  });

  test('refuses every record without a key in a compacted topic', () => {
    const batch = craftBatch([...keyless(0), ...plainRecord(1), ...keyless(2)], { count: 3 });
    expect(validate(batch)).toMatchObject({ kind: 'valid' });
    expect(validate(batch, { compacted: true })).toEqual({
      kind: 'rejected',
      error: 'INVALID_RECORD',
      rejections: [
        { index: 0, reason: 'missing-key', timestamp: 1000 },
        { index: 2, reason: 'missing-key', timestamp: 1000 },
      ],
    });
  });

  test('refuses timestamps beyond the limits, and not those at the limits', () => {
    const deltas = [0, 1, -1, 9000, 9001];
    const batch = craftBatch(
      deltas.flatMap((delta, index) => plainRecord(index, delta)),
      { count: 5 },
    );
    expect(validate(batch, { timestampBeforeMaxMs: 9000, timestampAfterMaxMs: 0 })).toEqual({
      kind: 'rejected',
      error: 'INVALID_TIMESTAMP',
      rejections: [
        { index: 2, reason: 'timestamp-out-of-range', timestamp: 999 },
        { index: 4, reason: 'timestamp-out-of-range', timestamp: 10_001 },
      ],
    });
  });

  test('answers with the timestamp where both a key and a timestamp are wrong', () => {
    const batch = craftBatch([...keyless(0), ...plainRecord(1)], { count: 2 });
    expect(validate(batch, { compacted: true, timestampBeforeMaxMs: 10 })).toMatchObject({
      error: 'INVALID_TIMESTAMP',
      rejections: [
        { index: 0, reason: 'missing-key' },
        { index: 1, reason: 'timestamp-out-of-range' },
      ],
    });
  });

  test('lets a record without a timestamp pass the limits', () => {
    const batch = craftBatch(plainRecord(0), { baseTimestamp: -1 });
    expect(validate(batch, { timestampBeforeMaxMs: 1, timestampAfterMaxMs: 1 }).kind).toBe('valid');
  });

  test.each<[string, CraftOptions, Partial<RecordRules>, string]>([
    ['topic of append time', { maxTimestamp: 5 }, { timestampType: 'log-append-time' }, 'rejected'],
    ['topic of create time', { maxTimestamp: 5 }, {}, 'valid'],
    ['topic of create time, no timestamp', { maxTimestamp: -1 }, {}, 'rejected'],
  ])('takes append time from a client only as an ordinary timestamp: %s', (_, crafted, changes, kind) => {
    const verdict = validate(craftBatch(plainRecord(0), { attributes: LOG_APPEND_TIME, ...crafted }), changes);
    expect(verdict.kind).toBe(kind);
    if (verdict.kind === 'rejected') {
      expect(verdict.error).toBe('INVALID_TIMESTAMP');
      expect(verdict.rejections).toMatchObject([{ index: 0, reason: 'timestamp-type' }]);
    }
  });

  test.each([[[1]], [[0, 2]], [[0, 0]], [[1, 0]], [[0, -1]]])('refuses the offset deltas %j', (deltas) => {
    const batch = craftBatch(
      deltas.flatMap((delta) => plainRecord(delta)),
      { count: deltas.length },
    );
    expect(validate(batch)).toMatchObject({ kind: 'unreadable', fault: { kind: 'invalid-offset-delta' } });
  });

  test('tells the fault of a record that cannot be read, also after others were refused', () => {
    const batch = craftBatch([...keyless(0), ...varint(30), 0], { count: 2 });
    expect(validate(batch, { compacted: true })).toMatchObject({
      kind: 'unreadable',
      fault: { kind: 'truncated-record', index: 1 },
    });
  });

  test('tells a codec that is not at hand', () => {
    const batch = new RecordBatch(recordedBytes('idempotent', 'snappy'));
    expect(validate(batch)).toMatchObject({
      kind: 'unreadable',
      fault: { kind: 'unsupported-compression', error: 'UNSUPPORTED_COMPRESSION_TYPE' },
    });
  });
});

function validate(batch: RecordBatch, changes: Partial<RecordRules> = {}): RecordsVerdict {
  return validateRecords(
    new RecordCursor(),
    batch,
    { ...rules, ...changes },
    { codecs: nodeCodecs, maxBytes: 1 << 24 },
  );
}
