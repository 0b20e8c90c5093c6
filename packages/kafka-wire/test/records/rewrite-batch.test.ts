import {
  BatchBuilder,
  checkBatch,
  decompressRecords,
  emptyBatchOf,
  RecordBatch,
  recompressBatch,
} from '@biquorum/kafka-wire';
import { expect, test } from 'vitest';
import { headerFacts, nodeCodecs, recordedBytes } from './recordings.ts';

const options = { codecs: nodeCodecs, maxBytes: 1 << 24 };

test('taking the compression away gives the bytes that Java writes without it', () => {
  for (const name of ['thousand', 'headers', 'idempotent', 'log-append-time', 'delete-horizon', 'large-value']) {
    for (const codec of ['gzip', 'zstd']) {
      const batch = new RecordBatch(recordedBytes(name, codec));
      const records = decompressRecords(batch, options) as Uint8Array;
      expect(recompressBatch(batch, records, undefined)).toEqual(recordedBytes(name));
    }
  }
});

test('another codec changes the codec, the records and the CRC alone', () => {
  const batch = new RecordBatch(recordedBytes('transactional', 'gzip'));
  const records = decompressRecords(batch, options) as Uint8Array;
  const codec = nodeCodecs.zstd;
  if (codec === undefined) throw new Error('zstd');
  const changed = new RecordBatch(recompressBatch(batch, records, { type: 'zstd', codec }));
  expect(checkBatch(changed)).toBeUndefined();
  expect(decompressRecords(changed, options)).toEqual(records);
  const { crc, sizeInBytes, compression, ...rest } = headerFacts(changed);
  expect(headerFacts(batch)).toMatchObject(rest);
  expect([compression, sizeInBytes, crc]).toEqual(['zstd', changed.bytes.length, changed.computeCrc()]);
});

test('an emptied batch has the bytes that Java leaves of it', () => {
  const builder = new BatchBuilder({
    baseOffset: 1000,
    partitionLeaderEpoch: 8,
    producerId: 4711,
    producerEpoch: 2,
    baseSequence: 33,
    isTransactional: true,
    deleteHorizonMs: 5,
  });
  builder.append(1_700_000_000_000, null, null);
  expect(emptyBatchOf(new RecordBatch(builder.build(1009)))).toEqual(recordedBytes('emptied-by-compaction'));
});

test('the batch that is rewritten stays as it is, in a Buffer too', () => {
  const bytes = Buffer.from(recordedBytes('idempotent'));
  const before = bytes.toString('hex');
  const batch = new RecordBatch(bytes);
  emptyBatchOf(batch);
  recompressBatch(batch, batch.recordBytes, undefined);
  expect(bytes.toString('hex')).toBe(before);
});
