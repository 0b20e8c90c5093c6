import { readFileSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';
import { compressionCodecs } from '@biquorum/compression';
import {
  BatchBuilder,
  BatchCursor,
  checkBatch,
  decompressRecords,
  forEachRecord,
  RecordBatch,
  recompressBatch,
} from '@biquorum/kafka-wire';
import { describe, expect, test } from 'vitest';

interface Recording {
  readonly name: string;
  readonly codec: string;
  readonly hex: string;
  readonly batches: readonly {
    readonly compression: string;
    readonly records: readonly { readonly value: string | null }[];
  }[];
}

// What apps/compat recorded from kafka-clients 3.9.2; the first line of the file names jar and command.
const fixture = new URL('../../kafka-wire/test/fixtures/record-batches.jsonl.zst', import.meta.url);
const recordings: readonly Recording[] = zstdDecompressSync(readFileSync(fixture))
  .toString()
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => JSON.parse(line));
const compressed = recordings.filter(({ batches }) => batches.some(({ compression }) => compression !== 'none'));
const codecs = compressionCodecs();
const options = { codecs, maxBytes: 1 << 20 };

describe('batches that Java compressed', () => {
  test.each(compressed)('are read: $name, $codec', ({ hex, batches }) => {
    const cursor = new BatchCursor(Buffer.from(hex, 'hex'));
    const values: (string | null)[] = [];
    while (cursor.next()) {
      const fault = forEachRecord(cursor.batch, options, (record) => {
        const value = record.value();
        values.push(value && Buffer.from(value).toString('base64'));
      });
      expect(fault).toBeUndefined();
    }
    expect(values).toEqual(batches.flatMap(({ records }) => records.map(({ value }) => value)));
  });

  test('hold the very bytes that Java wrote without compression', () => {
    const plain = new Map(recordings.filter(({ codec }) => codec === 'none').map(({ name, hex }) => [name, hex]));
    let compared = 0;
    for (const { name, hex, codec } of compressed) {
      const expected = plain.get(name);
      if (expected === undefined) continue;
      const batch = new RecordBatch(Buffer.from(hex, 'hex'));
      const records = decompressRecords(batch, options);
      if (!(records instanceof Uint8Array)) throw new Error(`${name}, ${codec}: ${records.detail}`);
      expect(Buffer.from(recompressBatch(batch, records, undefined)).toString('hex'), `${name}, ${codec}`).toBe(
        expected,
      );
      compared++;
    }
    expect(compared).toBeGreaterThan(100);
  });
});

// `Compression.of(type).build().wrapForOutput` of kafka-clients 3.9.2, closed after writing these bytes at once.
describe('framing is that of Java', () => {
  const helloWorld = Buffer.from('hello world');
  test.each([
    ['snappy', helloWorld, '82534e415050590000000001000000010000000d0b2868656c6c6f20776f726c64'],
    ['snappy', Buffer.alloc(0), '82534e41505059000000000100000001'],
    ['lz4', helloWorld, '04224d186040820b00008068656c6c6f20776f726c6400000000'],
    ['lz4', Buffer.alloc(0), '04224d1860408200000000'],
  ] as const)('%s', (type, bytes, hex) => {
    expect(Buffer.from(codecs[type].compress(bytes)).toString('hex')).toBe(hex);
  });
});

test('a batch built with each codec is sound and reads back', () => {
  for (const type of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
    const builder = new BatchBuilder({ compression: { type, codec: codecs[type] } });
    for (let index = 0; index < 5000; index++)
      builder.append(index, Buffer.from(`key-${index % 9}`), Buffer.from('value'));
    const batch = new RecordBatch(builder.build());
    expect(checkBatch(batch)).toBeUndefined();
    expect(batch.size).toBeLessThan(builder.uncompressedSize / 2);
    let next = 0;
    const fault = forEachRecord(batch, options, (record) => record.timestamp === next && record.offset === next++);
    expect([fault, next]).toEqual([undefined, 5000]);
  }
});
