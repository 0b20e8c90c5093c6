import { strictEqual } from 'node:assert';
import { suite } from '@biquorum/bench';
import { ByteReader } from '@biquorum/std';
import { crc32c, Reader, readRecordsBatch } from '@platformatic/kafka';
import { produceRequest } from '../src/generated/messages/produce.ts';
import {
  BatchBuilder,
  checkBatch,
  checkProducedBatch,
  RecordBatch,
  RecordCursor,
  StringInterner,
  validateRecords,
} from '../src/index.ts';
import { Decoder, type KafkajsDecoder, kafkajsBatch, kafkajsCrc32c } from './foreign/kafkajs.ts';

// What a broker does with a Produce request before it appends: decode it, read the header of each batch, check its CRC,
// look at its records. Four partitions of 16 KiB.
const PARTITIONS = 4;
const BATCH_BYTES = 16 * 1024;
const CRC_FROM = 21;
const NOW_MS = 1_700_000_000_000;
const text = new StringInterner();
const cursor = new RecordCursor();
const decompression = { codecs: {}, maxBytes: BATCH_BYTES };
const rules = {
  compacted: false,
  timestampType: 'create-time',
  nowMs: NOW_MS,
  timestampBeforeMaxMs: Number.POSITIVE_INFINITY,
  timestampAfterMaxMs: Number.POSITIVE_INFINITY,
} as const;

for (const valueBytes of [100, 1000]) {
  const records = batchOf(valueBytes);
  const partitionData = Array.from({ length: PARTITIONS }, (_, index) => ({ index, records }));
  const bytes = Buffer.from(
    produceRequest.toBytes({ acks: -1, timeoutMs: 30_000, topicData: [{ name: 'orders-eu-1', partitionData }] }, 7),
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = PARTITIONS * new RecordBatch(records).recordCount;

  const biquorum = (withRecords: boolean): number =>
    biquorumPath(new ByteReader(bytes, 0, bytes.length, view), withRecords);
  strictEqual(biquorum(false), count);
  strictEqual(countOf(kafkajsHeaders(bytes)), count);
  strictEqual(countOf(platformaticHeaders(bytes)), count);
  await suite({
    title: `produce path v7, ${PARTITIONS} × 16 KiB: request, headers and CRC of batches with ${count} records`,
    baseline: 'kafkajs',
    bytesPerOp: bytes.length,
    cases: {
      kafkajs: () => kafkajsHeaders(bytes),
      platformatic: () => platformaticHeaders(bytes),
      biquorum: () => biquorum(false),
    },
  });

  strictEqual(biquorum(true), count);
  strictEqual((await kafkajsRecords(bytes)).flat().length, count);
  strictEqual(platformaticRecords(bytes).flat().length, count);
  await suite({
    title: `produce path v7, ${PARTITIONS} × 16 KiB: the same and ${count} records of ${valueBytes} bytes`,
    baseline: 'kafkajs',
    bytesPerOp: bytes.length,
    cases: {
      kafkajs: () => kafkajsRecords(bytes),
      platformatic: () => platformaticRecords(bytes),
      biquorum: () => biquorum(true),
    },
  });
}

function batchOf(valueBytes: number): Uint8Array {
  const builder = new BatchBuilder();
  const value = new Uint8Array(valueBytes).fill(7);
  for (let record = 0; record < Math.floor(BATCH_BYTES / (valueBytes + 10)); record++)
    builder.append(NOW_MS + record, null, value);
  return builder.build().slice();
}

/** What the header of a batch promises, and what it carries. */
interface Batch {
  readonly bytes: Buffer;
  readonly recordCount: number;
}

function countOf(batches: readonly Batch[]): number {
  return batches.reduce((sum, { recordCount }) => sum + recordCount, 0);
}

function biquorumPath(reader: ByteReader, withRecords: boolean): number {
  let count = 0;
  for (const { partitionData } of produceRequest.decode(reader, 7, text).topicData) {
    for (const { records } of partitionData) {
      const batch = new RecordBatch(records as Uint8Array);
      if (checkBatch(batch) !== undefined || checkProducedBatch(batch) !== undefined) throw new Error('refused');
      if (withRecords && validateRecords(cursor, batch, rules, decompression).kind !== 'valid')
        throw new Error('refused');
      count += batch.recordCount;
    }
  }
  return count;
}

function kafkajsHeaders(bytes: Buffer): Batch[] {
  const decoder = new Decoder(bytes);
  decoder.readString();
  decoder.readInt16();
  decoder.readInt32();
  const topics = decoder.readArray((topic) => ({
    name: topic.readString(),
    partitions: topic.readArray((partition) => ({
      index: partition.readInt32(),
      records: partition.readBytes() as Buffer,
    })),
  }));
  return topics.flatMap(({ partitions }) =>
    partitions.map(({ records }) => {
      const header = kafkajsHeader(new Decoder(records));
      if (header.baseOffset !== 0n || header.crc !== kafkajsCrc32c(records.subarray(CRC_FROM)))
        throw new Error('refused');
      return { bytes: records, recordCount: header.recordCount };
    }),
  );
}

function kafkajsHeader(decoder: KafkajsDecoder) {
  return {
    baseOffset: decoder.readInt64(),
    batchLength: decoder.readInt32(),
    partitionLeaderEpoch: decoder.readInt32(),
    magic: decoder.readInt8(),
    crc: decoder.readInt32() >>> 0,
    attributes: decoder.readInt16(),
    lastOffsetDelta: decoder.readInt32(),
    baseTimestamp: decoder.readInt64(),
    maxTimestamp: decoder.readInt64(),
    producerId: decoder.readInt64(),
    producerEpoch: decoder.readInt16(),
    baseSequence: decoder.readInt32(),
    recordCount: decoder.readInt32(),
  };
}

/** Its own decoder of batches, which checks no CRC. */
async function kafkajsRecords(bytes: Buffer): Promise<(readonly unknown[])[]> {
  const records: (readonly unknown[])[] = [];
  for (const batch of kafkajsHeaders(bytes)) records.push((await kafkajsBatch(new Decoder(batch.bytes))).records);
  return records;
}

function platformaticHeaders(bytes: Buffer): Batch[] {
  const reader = Reader.from(bytes);
  reader.readNullableString(false);
  reader.readInt16();
  reader.readInt32();
  const readPartition = () => ({ index: reader.readInt32(), records: reader.readBytes(false) });
  const readTopic = () => ({
    name: reader.readString(false),
    partitions: reader.readArray(readPartition, false, false),
  });
  return reader.readArray(readTopic, false, false).flatMap(({ partitions }) =>
    partitions.map(({ records }) => {
      const header = platformaticHeader(Reader.from(records));
      if (header.baseOffset !== 0n || header.crc !== crc32c(records.subarray(CRC_FROM))) throw new Error('refused');
      return { bytes: records, recordCount: header.recordCount };
    }),
  );
}

function platformaticHeader(reader: Reader) {
  return {
    baseOffset: reader.readInt64(),
    batchLength: reader.readInt32(),
    partitionLeaderEpoch: reader.readInt32(),
    magic: reader.readInt8(),
    crc: reader.readUnsignedInt32(),
    attributes: reader.readInt16(),
    lastOffsetDelta: reader.readInt32(),
    baseTimestamp: reader.readInt64(),
    maxTimestamp: reader.readInt64(),
    producerId: reader.readInt64(),
    producerEpoch: reader.readInt16(),
    baseSequence: reader.readInt32(),
    recordCount: reader.readInt32(),
  };
}

function platformaticRecords(bytes: Buffer): (readonly unknown[])[] {
  return platformaticHeaders(bytes).map((batch) => readRecordsBatch(Reader.from(batch.bytes)).records);
}
