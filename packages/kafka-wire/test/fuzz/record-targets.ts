import { deepStrictEqual } from 'node:assert';
import { dumpRecords, dumpRequest } from '../../src/dump/index.ts';
import {
  BatchCursor,
  type CompressionCodec,
  checkBatch,
  openRecords,
  RecordBatch,
  RecordCursor,
  validateRecords,
} from '../../src/records/index.ts';
import { recordings } from '../records/recordings.ts';
import { fromHex } from '../support/hex.ts';
import { javaFrames } from '../support/java-frames.ts';
import type { Target } from './targets.ts';

// Node's zlib gives back the memory of what it refuses only in a later turn of the event loop, which a fuzzer never sees;
// the codecs have tests of their own.
const stored: CompressionCodec = { compress: (bytes) => bytes, decompress: (bytes) => bytes };
const options = { codecs: { gzip: stored, snappy: stored, lz4: stored, zstd: stored }, maxBytes: 1 << 20 };
const rules = {
  compacted: true,
  timestampType: 'create-time',
  nowMs: 1_700_000_000_000,
  timestampBeforeMaxMs: 1000,
  timestampAfterMaxMs: 1000,
} as const;
const LINES_MAX = 500;

/** Targets for what reads records, and for what shows frames and records. Nothing may be thrown by them. */
export function recordTargets(): Target[] {
  const corpus = recordings.filter(({ hex }) => hex.length < 4000).map(({ hex }) => fromHex(hex));
  const requests = [...javaFrames].filter(([title]) => title.startsWith('request')).map(([, bytes]) => bytes);
  return [
    { title: 'record batches', corpus, check: checkBatches },
    { title: 'records', corpus, check: checkRecords },
    {
      title: 'dump of records',
      corpus,
      check: (bytes) => checkText(dumpRecords(mended(bytes), { ...options, records: true, linesMax: LINES_MAX })),
    },
    {
      title: 'dump of a request',
      corpus: requests,
      check: (bytes) => checkText(dumpRequest(bytes, { records: true, linesMax: LINES_MAX })),
    },
  ];
}

function checkBatches(bytes: Uint8Array): void {
  const cursor = new BatchCursor(bytes);
  let end = 0;
  while (cursor.next()) {
    deepStrictEqual(cursor.batch.position, end);
    end = cursor.batch.end;
    checkBatch(cursor.batch);
  }
  if (cursor.validEnd !== end || end > bytes.length) throw new Error(`the walk ended at ${end}`);
}

/** Gives the bytes a header that lets them through to the records. */
function checkRecords(input: Uint8Array): void {
  const bytes = mended(input);
  const batch = new RecordBatch(bytes);
  if (bytes.length < 61 || checkBatch(batch) !== undefined) return;
  const cursor = new RecordCursor();
  validateRecords(cursor, batch, rules, options);
  if (openRecords(cursor, batch, options) !== undefined) return;
  let end = cursor.end;
  while (cursor.next()) {
    deepStrictEqual(cursor.position, end);
    end = cursor.end;
    const size = (cursor.key()?.length ?? 0) + (cursor.value()?.length ?? 0);
    if (size >= end - cursor.position) throw new Error(`key and value of ${size} bytes in ${end - cursor.position}`);
    cursor.forEachHeader((keyPosition, keyLength, valuePosition, valueLength) => {
      if (keyPosition + keyLength > valuePosition || valuePosition + Math.max(valueLength, 0) > end) {
        throw new Error('a header beyond its record');
      }
    });
  }
}

function mended(input: Uint8Array): Uint8Array {
  const bytes = input.slice();
  if (bytes.length < 61) return bytes;
  const batch = new RecordBatch(bytes);
  batch.view.setInt32(8, bytes.length - 12);
  batch.view.setInt8(16, 2);
  batch.updateCrc();
  return bytes;
}

function checkText(text: string): void {
  const lines = text.split('\n').length;
  if (lines > LINES_MAX + 2) throw new Error(`${lines} lines`);
}
