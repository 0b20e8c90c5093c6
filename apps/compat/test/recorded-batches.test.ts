import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compressionCodecs } from '@biquorum/compression';
import { describe, expect, it } from 'vitest';
import { decodeFixture, FIXTURES } from '../src/oracle/fixtures.ts';
import type { BatchRecording } from '../src/oracle/oracle.ts';
import { checkRecordedBatches } from '../src/records/check-recorded.ts';

const [, ...lines] = decodeFixture(readFileSync(join(FIXTURES, 'record-batches.jsonl.zst')));
const recordings = lines.map((line): BatchRecording => JSON.parse(line));
const codecs = new Set(recordings.map(({ codec }) => codec));

describe('the batches that Java wrote', () => {
  it.each([...codecs])('read as in Java and are built again: %s', (codec) => {
    checkRecordedBatches(
      recordings.filter((recording) => recording.codec === codec || recording.codec === 'none'),
      compressionCodecs(),
    );
  });

  it('are there for every codec, at its default level and at the ends of its range', () => {
    expect([...codecs].sort()).toEqual(
      [
        'gzip',
        'gzip-1',
        'gzip-9',
        'lz4',
        'lz4-1',
        'lz4-17',
        'mixed',
        'none',
        'snappy',
        'zstd',
        'zstd-19',
        'zstd-fast',
      ].sort(),
    );
  });
});

describe('the check of recorded batches', () => {
  const plain = recordings.find(({ name, codec }) => name === 'headers' && codec === 'none') as BatchRecording;

  it.each([
    ['a record', { records: plain.batches[0]?.records.slice(1) }],
    ['an offset', { lastOffset: 3 }],
    ['a flag', { transactional: true }],
  ])('fails when Java tells another %s', (_, change) => {
    const changed = { ...plain, batches: [{ ...plain.batches[0], ...change }] } as BatchRecording;
    expect(() => checkRecordedBatches([changed], {})).toThrow(/^headers, none: /);
  });

  it('fails when our builder makes other bytes', () => {
    const twin = { ...plain, hex: recordings.find(({ name }) => name === 'nulls')?.hex as string, name: 'nulls' };
    expect(() => checkRecordedBatches([{ ...plain, codec: 'gzip', name: 'nulls' }, twin], {})).toThrow(
      /^nulls, gzip: it is built/,
    );
  });
});
