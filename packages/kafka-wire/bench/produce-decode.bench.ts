import { deepStrictEqual } from 'node:assert';
import { suite } from '@biquorum/bench';
import { ByteReader } from '@biquorum/std';
import { Reader } from '@platformatic/kafka';
import { produceRequest } from '../src/generated/messages/produce.ts';
import { type ProduceRequest, StringInterner } from '../src/index.ts';
import { Decoder, type KafkajsDecoder } from './foreign/kafkajs.ts';

// What a broker does with each Produce request: everything but the contents of the 16 KiB batches.
const BATCH_BYTES = 16 * 1024;

for (const partitions of [1, 16]) {
  const request = {
    acks: -1,
    timeoutMs: 30_000,
    topicData: [
      {
        name: 'orders-eu-1',
        partitionData: Array.from({ length: partitions }, (_, index) => ({
          index,
          records: new Uint8Array(BATCH_BYTES),
        })),
      },
    ],
  };
  const text = new StringInterner();

  const classic = Buffer.from(produceRequest.toBytes(request, 7));
  const classicView = viewOf(classic);
  deepStrictEqual(toObject(kafkajsV7(classic)), toObject(produceRequest.fromBytes(classic, 7)));
  deepStrictEqual(toObject(platformatic(classic, false)), toObject(produceRequest.fromBytes(classic, 7)));
  await suite({
    title: `decode Produce v7, ${partitions} × 16 KiB`,
    baseline: 'kafkajs',
    bytesPerOp: classic.length,
    cases: {
      kafkajs: () => kafkajsV7(classic),
      platformatic: () => platformatic(classic, false),
      biquorum: () => produceRequest.decode(new ByteReader(classic), 7),
      'biquorum, on a connection': () => produceRequest.decode(received(classic, classicView), 7, text),
    },
  });

  const flexible = Buffer.from(produceRequest.toBytes(request, 9));
  const flexibleView = viewOf(flexible);
  deepStrictEqual(toObject(platformatic(flexible, true)), toObject(produceRequest.fromBytes(flexible, 9)));
  await suite({
    title: `decode Produce v9, ${partitions} × 16 KiB`,
    baseline: 'platformatic',
    bytesPerOp: flexible.length,
    cases: {
      platformatic: () => platformatic(flexible, true),
      biquorum: () => produceRequest.decode(new ByteReader(flexible), 9),
      'biquorum, on a connection': () => produceRequest.decode(received(flexible, flexibleView), 9, text),
    },
  });
}

/** A connection keeps its buffer, the view over it and an interner; a frame is a window. */
function received(bytes: Uint8Array, view: DataView): ByteReader {
  return new ByteReader(bytes, 0, bytes.length, view);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function kafkajsV7(bytes: Buffer): object {
  const decoder = new Decoder(bytes);
  return {
    transactionalId: decoder.readString(),
    acks: decoder.readInt16(),
    timeoutMs: decoder.readInt32(),
    topicData: decoder.readArray(kafkajsTopic),
  };
}

function kafkajsTopic(decoder: KafkajsDecoder): object {
  return { name: decoder.readString(), partitionData: decoder.readArray(kafkajsPartition) };
}

function kafkajsPartition(decoder: KafkajsDecoder): object {
  return { index: decoder.readInt32(), records: decoder.readBytes() };
}

function platformatic(bytes: Buffer, compact: boolean): object {
  const reader = Reader.from(bytes);
  const request = {
    transactionalId: reader.readNullableString(compact),
    acks: reader.readInt16(),
    timeoutMs: reader.readInt32(),
    topicData: reader.readArray(
      (topic) => ({
        name: topic.readString(compact),
        partitionData: topic.readArray(
          (partition) => ({ index: partition.readInt32(), records: partition.readNullableBytes(compact) }),
          compact,
          compact,
        ),
      }),
      compact,
      compact,
    ),
  };
  if (compact) reader.readTaggedFields();
  return request;
}

/** Bytes may be a Buffer or not. */
function toObject(request: object): unknown {
  return (request as ProduceRequest).topicData.map(({ name, partitionData }) => [
    name,
    partitionData.map(({ index, records }) => [index, records?.length]),
  ]);
}
