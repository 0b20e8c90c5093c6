import { strictEqual } from 'node:assert';
import { suite } from '@biquorum/bench';
import { ByteReader } from '@biquorum/std';
import { crc32c, Reader } from '@platformatic/kafka';
import { produceRequest } from '../src/generated/messages/produce.ts';
import { BatchBuilder, checkBatch, checkProducedBatch, RecordBatch, StringInterner } from '../src/index.ts';
import { Decoder, type KafkajsDecoder, kafkajsCrc32c } from './foreign/kafkajs.ts';

// What a broker does with a Produce request before it appends: decode it, read the header of each batch and check its
// CRC. Four partitions of 16 KiB.
const builder = new BatchBuilder();
const value = new Uint8Array(1000).fill(7);
for (let record = 0; record < 16; record++) builder.append(1_700_000_000_000 + record, null, value);
const batch = builder.build().slice();
const CRC_FROM = 21;

const bytes = Buffer.from(
  produceRequest.toBytes(
    {
      acks: -1,
      timeoutMs: 30_000,
      topicData: [{ name: 'orders-eu-1', partitionData: [0, 1, 2, 3].map((index) => ({ index, records: batch })) }],
    },
    7,
  ),
);
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
const text = new StringInterner();

strictEqual(biquorum(), 64);
strictEqual(kafkajs(), 64);
strictEqual(platformatic(), 64);
await suite({
  title: `produce path v7, 4 × ${batch.length} bytes`,
  baseline: 'kafkajs',
  bytesPerOp: bytes.length,
  cases: { kafkajs, platformatic, biquorum },
});

/** Each counts the records that the headers promise, so that none can skip them. */
function biquorum(): number {
  let records = 0;
  const request = produceRequest.decode(new ByteReader(bytes, 0, bytes.length, view), 7, text);
  for (const { partitionData } of request.topicData) {
    for (const partition of partitionData) {
      const produced = new RecordBatch(partition.records as Uint8Array);
      if (checkBatch(produced) !== undefined || checkProducedBatch(produced) !== undefined) return -1;
      records += produced.recordCount;
    }
  }
  return records;
}

function kafkajs(): number {
  let records = 0;
  const decoder = new Decoder(bytes);
  decoder.readString();
  decoder.readInt16();
  decoder.readInt32();
  const topics = decoder.readArray((topic) => ({
    name: topic.readString(),
    partitions: topic.readArray((partition) => ({ index: partition.readInt32(), records: partition.readBytes() })),
  }));
  for (const { partitions } of topics) {
    for (const partition of partitions) {
      const header = kafkajsHeader(partition.records as Buffer);
      if (header.baseOffset !== 0n || header.crc !== kafkajsCrc32c((partition.records as Buffer).subarray(CRC_FROM)))
        return -1;
      records += header.recordCount;
    }
  }
  return records;
}

function kafkajsHeader(batchBytes: Buffer) {
  const decoder: KafkajsDecoder = new Decoder(batchBytes);
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

function platformatic(): number {
  let records = 0;
  const reader = Reader.from(bytes);
  reader.readNullableString(false);
  reader.readInt16();
  reader.readInt32();
  const topics = reader.readArray(
    (topic) => ({
      name: topic.readString(false),
      partitions: topic.readArray(
        (partition) => ({ index: partition.readInt32(), records: partition.readBytes(false) }),
        false,
        false,
      ),
    }),
    false,
    false,
  );
  for (const { partitions } of topics) {
    for (const partition of partitions) {
      const header = platformaticHeader(partition.records);
      if (header.baseOffset !== 0n || header.crc !== crc32c(partition.records.subarray(CRC_FROM))) return -1;
      records += header.recordCount;
    }
  }
  return records;
}

function platformaticHeader(batchBytes: Buffer) {
  const reader = Reader.from(batchBytes);
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
