import {
  BatchBuilder,
  BatchCursor,
  describeRecordFault,
  forEachRecord,
  RecordBatch,
  RecordCursor,
  type RecordFaultKind,
  validateRecords,
} from '@biquorum/kafka-wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { craftBatch, plainRecord, sized, varint } from './craft.ts';
import { bytesOf, nodeCodecs, recordedBytes, recordFacts, recordings } from './recordings.ts';

const MAX_BYTES = 1 << 24;
const readable = recordings.filter(({ batches }) =>
  batches.every(({ compression }) => compression !== 'snappy' && compression !== 'lz4'),
);

describe('the records of a batch that Java wrote', () => {
  test.each(readable)('read as Java reads them: $name, $codec', (recording) => {
    const batches = new BatchCursor(bytesOf(recording));
    const seen: unknown[] = [];
    while (batches.next()) {
      const fault = forEachRecord(batches.batch, { codecs: nodeCodecs, maxBytes: MAX_BYTES }, (record) => {
        seen.push(recordFacts(record));
      });
      expect(fault).toBeUndefined();
    }
    expect(seen).toEqual(recording.batches.flatMap(({ records }) => records));
  });

  test('one cursor serves batch after batch', () => {
    const cursor = new RecordCursor();
    const first = cursor.open(new RecordBatch(recordedBytes('thousand')));
    expect([first.next(), first.next(), first.index]).toEqual([true, true, 1]);
    const second = cursor.open(new RecordBatch(recordedBytes('nulls')));
    expect([second.next(), second.index, second.next(), second.fault]).toEqual([true, 0, false, undefined]);
  });

  test('a callback that answers false ends the walk', () => {
    let visits = 0;
    const fault = forEachRecord(
      new RecordBatch(recordedBytes('thousand')),
      { codecs: {}, maxBytes: 0 },
      () => ++visits < 7,
    );
    expect([visits, fault]).toEqual([7, undefined]);
  });
});

describe('compressed records', () => {
  const batch = (): RecordBatch => new RecordBatch(recordedBytes('headers', 'gzip'));

  test('a codec that is not at hand is told by name', () => {
    const fault = forEachRecord(batch(), { codecs: {}, maxBytes: MAX_BYTES }, () => {});
    expect(fault).toMatchObject({
      kind: 'unsupported-compression',
      error: 'UNSUPPORTED_COMPRESSION_TYPE',
      compressionType: 'gzip',
    });
  });

  test('a codec that does not exist is told by number', () => {
    const unknown = batch();
    unknown.view.setInt16(21, 6);
    const fault = forEachRecord(unknown, { codecs: nodeCodecs, maxBytes: MAX_BYTES }, () => {});
    expect(fault).toMatchObject({ kind: 'unsupported-compression', compressionId: 6, compressionType: undefined });
  });
});

// What `DefaultRecord.readFrom` and `DefaultRecordBatch.RecordIterator` of kafka-clients 3.9.2 throw
// InvalidRecordException for.
describe('records that are refused', () => {
  const key = [...varint(1), 0x6b];
  const value = [...varint(1), 0x76];
  const rows: [RecordFaultKind, string, readonly number[], number?][] = [
    ['truncated-record', 'a record longer than the batch', [...varint(60), 0, 0, 0], 1],
    ['truncated-record', 'no byte where a record should be', plainRecord(0), 2],
    ['truncated-record', 'a length varint that the batch cuts off', [0x80], 1],
    ['inconsistent-length', 'a negative length', [...varint(-7), 0, 0, 0, 1, 1, 0, 0, 0, 0], 1],
    ['inconsistent-length', 'a key longer than the record', sized([0], [0], [0], varint(40), [0x6b], value, [0])],
    ['inconsistent-length', 'a value longer than the record', sized([0], [0], [0], key, varint(2), [0x76])],
    ['inconsistent-length', 'a byte behind the headers', sized([0], [0], [0], key, value, varint(0), [0])],
    ['inconsistent-length', 'no header count', sized([0], [0], [0], key, value)],
    ['invalid-header-count', 'a negative header count', sized([0], [0], [0], key, value, varint(-1))],
    ['invalid-header-count', 'more headers than bytes', sized([0], [0], [0], key, value, varint(3), [2, 0])],
    ['null-header-key', 'a header without a key', sized([0], [0], [0], key, value, varint(1), varint(-1), [0])],
    ['inconsistent-length', 'a header key too long', sized([0], [0], [0], key, value, varint(1), varint(9), [0, 0])],
    ['overlong-varint', 'an offset delta of six bytes', sized([0], [0], [128, 128, 128, 128, 128, 0], key, value, [0])],
    [
      'overlong-varint',
      'a timestamp delta of eleven bytes',
      sized([0], [...new Array(10).fill(128), 0], [0], key, value, [0]),
    ],
    ['unsafe-timestamp', 'a timestamp delta of 2^53', plainRecord(0, 2n ** 53n)],
    ['unsafe-timestamp', 'a timestamp delta of -2^63', plainRecord(0, -(2n ** 63n))],
    ['unsafe-timestamp', 'a timestamp delta of 2^63 - 1', plainRecord(0, 2n ** 63n - 1n)],
    ['unsafe-timestamp', 'base and delta that add up to 2^53', plainRecord(0, 2n ** 53n - 1000n)],
    ['trailing-bytes', 'a byte behind the last record', [...plainRecord(0), 0]],
    ['trailing-bytes', 'a byte where no record is counted', [0], 0],
    ['invalid-record-count', 'a negative count', plainRecord(0), -1],
  ];

  test.each(rows)('%s: %s', (kind, _, records, count = 1) => {
    // Sound bytes follow the batch in memory: reading on into them must not help.
    const { bytes } = craftBatch(records, { count });
    const longer = new Uint8Array(bytes.length + 50);
    longer.set(bytes);
    longer.set(plainRecord(1), bytes.length);
    for (const batch of [new RecordBatch(bytes), new RecordBatch(longer)]) {
      const cursor = new RecordCursor().open(batch);
      let seen = 0;
      while (cursor.next()) seen++;
      expect(cursor.fault).toMatchObject({ kind, error: 'INVALID_RECORD', index: seen });
      expect(cursor.fault && describeRecordFault(cursor.fault)).toMatch(/^record \d at byte \d+: /);
      expect(cursor.next()).toBe(false);
    }
  });

  test('numbers at the ends of their range are read exactly', () => {
    const deltas = [2n ** 53n - 1n, -(2n ** 53n) + 1n, 2n ** 31n, -(2n ** 34n) - 1n, 134217727n, -134217729n];
    const records = deltas.flatMap((delta, index) => plainRecord(index - 3, delta));
    const cursor = new RecordCursor().open(craftBatch(records, { count: deltas.length, baseTimestamp: 0 }));
    for (const [index, delta] of deltas.entries()) {
      expect(cursor.next()).toBe(true);
      expect(BigInt(cursor.timestampDelta)).toBe(delta);
      expect(cursor.offsetDelta).toBe(index - 3);
    }
  });

  test('any negative length of key, value and header value means null', () => {
    const record = sized([0], [0], [0], varint(-5), varint(-9), varint(1), varint(1), [0x68], varint(-3));
    const cursor = new RecordCursor().open(craftBatch(record));
    expect(cursor.next()).toBe(true);
    expect(recordFacts(cursor)).toMatchObject({ key: null, value: null, headers: [['h', null]] });
    expect(cursor.next()).toBe(false);
    expect(cursor.fault).toBeUndefined();
  });
});

test('whatever the bytes, the walk ends with records that lie in the batch or with a fault', () => {
  const cursor = new RecordCursor();
  fc.assert(
    fc.property(
      fc.constantFrom('thousand', 'headers', 'random-0', 'random-1', 'random-2'),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.nat(200),
      (name, changes, cut) => {
        const source = recordedBytes(name);
        const bytes = source.slice(0, Math.max(source.length - cut, 61));
        for (const [at, byte] of changes) bytes[61 + (at % Math.min(bytes.length - 61 || 1, 300))] = byte;
        const batch = new RecordBatch(bytes);
        batch.view.setInt32(8, bytes.length - 12);
        cursor.open(batch);
        let end = 61;
        while (cursor.next()) {
          expect(cursor.position).toBe(end);
          end = cursor.end;
          const { keyPosition, keyLength, valuePosition, valueLength } = cursor;
          expect(keyPosition + Math.max(keyLength, 0)).toBeLessThan(valuePosition + 1);
          expect(valuePosition + Math.max(valueLength, 0)).toBeLessThan(end + 1);
          cursor.forEachHeader((keyAt, keySize, valueAt, valueSize) => {
            expect(keyAt + keySize).toBeLessThan(valueAt + 1);
            expect(valueAt + Math.max(valueSize, 0)).toBeLessThan(end + 1);
          });
          expect(Number.isSafeInteger(cursor.timestamp)).toBe(true);
        }
        if (cursor.fault === undefined) expect([end, cursor.index + 1]).toEqual([bytes.length, batch.recordCount]);
      },
    ),
    { numRuns: 2000 },
  );
});

const recordArbitrary = fc.record({
  timestamp: fc.oneof(fc.constant(-1), fc.nat({ max: 2 ** 41 })),
  key: fc.option(fc.uint8Array({ maxLength: 200 })),
  value: fc.option(fc.uint8Array({ maxLength: 200 })),
  headers: fc.array(fc.record({ key: fc.string({ unit: 'grapheme' }), value: fc.option(fc.uint8Array()) }), {
    maxLength: 3,
  }),
});

test('what the builder appends is what the cursor reads', () => {
  fc.assert(
    fc.property(
      fc.array(recordArbitrary, { minLength: 1, maxLength: 20 }),
      fc.nat({ max: 2 ** 52 }),
      (records, base) => {
        const builder = new BatchBuilder({ baseOffset: base }, 16);
        for (const { timestamp, key, value, headers } of records) builder.append(timestamp, key, value, headers);
        const cursor = new RecordCursor().open(new RecordBatch(builder.build()));
        for (const [index, { timestamp, key, value, headers }] of records.entries()) {
          expect(cursor.next()).toBe(true);
          expect([cursor.offset, cursor.timestamp]).toEqual([base + index, timestamp]);
          expect([cursor.key(), cursor.value()]).toEqual([key, value]);
          expect(recordFacts(cursor).headers).toEqual(
            headers.map((header) => [header.key, header.value && Buffer.from(header.value).toString('base64')]),
          );
        }
        expect([cursor.next(), cursor.fault]).toEqual([false, undefined]);
      },
    ),
  );
});

test('walking and validating records allocates nothing for a record, once it is compiled', () => {
  const batch = new RecordBatch(recordedBytes('thousand'));
  const cursor = new RecordCursor();
  const rules = {
    compacted: true,
    timestampType: 'create-time',
    nowMs: 0,
    timestampBeforeMaxMs: Number.POSITIVE_INFINITY,
    timestampAfterMaxMs: Number.POSITIVE_INFINITY,
  } as const;
  const round = (): number => {
    let sum = 0;
    for (let left = BATCHES_PER_ROUND; left > 0; left--) {
      cursor.open(batch);
      while (cursor.next()) sum += cursor.offset + cursor.timestamp + cursor.keyLength + cursor.valuePosition;
      validateRecords(cursor, batch, rules, { codecs: {}, maxBytes: 0 });
    }
    return sum;
  };
  // Each record is walked and validated. A number on the heap takes 16 bytes: for one in four of either, this is too little.
  const limit = BATCHES_PER_ROUND * batch.recordCount * 4;
  // The compiler has threads of its own, which a busy machine keeps waiting: so rounds go on until it is done.
  const growths: number[] = [];
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) {
    const before = process.memoryUsage().heapUsed;
    expect(round()).toBeGreaterThan(0);
    growths.push(process.memoryUsage().heapUsed - before);
    if (rounds >= WINDOW && median(growths.slice(-WINDOW)) < limit) break;
  }
  expect(median(growths.slice(-WINDOW))).toBeLessThan(limit);
});

/** So few that the collector, which waits for some 16 MB, does not hide in most rounds what they allocate. */
const BATCHES_PER_ROUND = 100;
const ROUNDS_MAX = 300;
/** Rounds whose median counts: neither a collection nor somebody else's objects in one of them changes it. */
const WINDOW = 9;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
