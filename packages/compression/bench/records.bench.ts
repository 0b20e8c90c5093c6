import { createRequire } from 'node:module';
import { suite } from '@biquorum/bench';
import { compressionCodecs } from '@biquorum/compression';
import { BatchBuilder, forEachRecord, RecordBatch } from '@biquorum/kafka-wire';
import { Reader, readRecordsBatch } from '@platformatic/kafka';
import { events } from './text.ts';

const RECORDS = 10_000;
const VALUE_BYTES = 100;
const MAX_BYTES = 1 << 24;

// kafkajs has only gzip of its own; its decoder answers with a promise per batch.
const require = createRequire(import.meta.url);
const KafkajsDecoder = require('kafkajs/src/protocol/decoder');
const decodeKafkajs = require('kafkajs/src/protocol/recordBatch/v0/decoder');

const codecs = compressionCodecs();
const options = { codecs, maxBytes: MAX_BYTES, scratch: new Uint8Array(MAX_BYTES) };
const values = events(RECORDS * VALUE_BYTES);

for (const type of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
  const builder = new BatchBuilder({ compression: type === 'none' ? undefined : { type, codec: codecs[type] } });
  for (let index = 0; index < RECORDS; index++) {
    const value = values.subarray(index * VALUE_BYTES, (index + 1) * VALUE_BYTES);
    builder.append(1_700_000_000_000 + index, Buffer.from(`key-${index}`), value);
  }
  const bytes = Buffer.from(builder.build());
  await suite({
    title: `iterate ${RECORDS} records, ${type}`,
    baseline: '@platformatic/kafka',
    bytesPerOp: builder.uncompressedSize,
    cases: {
      '@platformatic/kafka': () => readRecordsBatch(Reader.from(bytes)).records.length,
      ...((type === 'none' || type === 'gzip') && { kafkajs: () => decodeKafkajs(new KafkajsDecoder(bytes)) }),
      'biquorum, keys and values built': () => {
        const kept: (Uint8Array | null)[] = [];
        forEachRecord(new RecordBatch(bytes), options, (record) => {
          kept.push(record.key(), record.value());
        });
        return kept.length;
      },
      biquorum: () => {
        let sum = 0;
        forEachRecord(new RecordBatch(bytes), options, (record) => {
          sum += record.offset + record.keyLength + record.valueLength;
        });
        return sum;
      },
    },
  });
}
