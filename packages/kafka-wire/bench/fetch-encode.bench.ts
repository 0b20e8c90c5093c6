import { strictEqual } from 'node:assert';
import { suite } from '@biquorum/bench';
import { ByteWriter } from '@biquorum/std';
import { Writer } from '@platformatic/kafka';
import { fetchResponse } from '../src/generated/messages/fetch.ts';
import type { FetchResponse, Init } from '../src/index.ts';
import { responseFrame } from '../src/index.ts';
import { Encoder, type KafkajsEncoder } from './foreign/kafkajs.ts';

// A broker's answer over 64 partitions of four topics with 16 KiB of records each.
const records = new Uint8Array(16 * 1024).fill(7);
const recordBytes = Buffer.from(records.buffer);
const response = {
  throttleTimeMs: 0,
  errorCode: 0,
  sessionId: 77,
  responses: Array.from({ length: 4 }, (_, topic) => ({
    topic: `orders-eu-${topic}`,
    partitions: Array.from({ length: 16 }, (_, partitionIndex) => ({
      partitionIndex,
      errorCode: 0,
      highWatermark: 123_456_789 + partitionIndex,
      lastStableOffset: 123_456_789 + partitionIndex,
      logStartOffset: 1000,
      abortedTransactions: [],
      preferredReadReplica: -1,
      records,
    })),
  })),
} satisfies Init<FetchResponse>;

const classic = Buffer.from(fetchResponse.toBytes(response, 11));
strictEqual(kafkajsV11().compare(classic), 0);
strictEqual(platformatic(false).buffer.compare(classic), 0);
await suite({
  title: 'encode Fetch v11, 64 partitions',
  baseline: 'kafkajs',
  cases: {
    kafkajs: () => kafkajsV11(),
    // As it would go to the socket: one buffer where the library makes one, else its list of buffers.
    platformatic: () => platformatic(false).buffers,
    'biquorum, into a writer': () => intoWriter(11),
    'biquorum, frame': () => responseFrame(fetchResponse, 11, 5, response),
    'biquorum, one buffer': () => fetchResponse.toBytes(response, 11),
  },
});

const flexible = Buffer.from(fetchResponse.toBytes(response, 12));
strictEqual(platformatic(true).buffer.compare(flexible), 0);
await suite({
  title: 'encode Fetch v12, 64 partitions',
  baseline: 'platformatic',
  cases: {
    platformatic: () => platformatic(true).buffers,
    'biquorum, into a writer': () => intoWriter(12),
    'biquorum, frame': () => responseFrame(fetchResponse, 12, 5, response),
    'biquorum, one buffer': () => fetchResponse.toBytes(response, 12),
  },
});

function intoWriter(version: number): unknown {
  const writer = new ByteWriter();
  fetchResponse.encode(writer, response, version);
  return writer.segments();
}

function kafkajsV11(): Buffer {
  return new Encoder()
    .writeInt32(response.throttleTimeMs)
    .writeInt16(response.errorCode)
    .writeInt32(response.sessionId)
    .writeArray(response.responses.map(kafkajsTopic)).buffer;
}

function kafkajsTopic({ topic, partitions }: (typeof response.responses)[number]): KafkajsEncoder {
  return new Encoder().writeString(topic).writeArray(partitions.map(kafkajsPartition));
}

function kafkajsPartition(partition: (typeof response.responses)[number]['partitions'][number]): KafkajsEncoder {
  return new Encoder()
    .writeInt32(partition.partitionIndex)
    .writeInt16(partition.errorCode)
    .writeInt64(partition.highWatermark)
    .writeInt64(partition.lastStableOffset)
    .writeInt64(partition.logStartOffset)
    .writeArray(partition.abortedTransactions)
    .writeInt32(partition.preferredReadReplica)
    .writeBytes(recordBytes);
}

function platformatic(compact: boolean): Writer {
  const writer = Writer.create()
    .appendInt32(response.throttleTimeMs)
    .appendInt16(response.errorCode)
    .appendInt32(response.sessionId)
    .appendArray(
      response.responses,
      (topicWriter, { topic, partitions }) =>
        topicWriter.appendString(topic, compact).appendArray(
          partitions,
          (partitionWriter, partition) =>
            partitionWriter
              .appendInt32(partition.partitionIndex)
              .appendInt16(partition.errorCode)
              .appendInt64(BigInt(partition.highWatermark))
              .appendInt64(BigInt(partition.lastStableOffset))
              .appendInt64(BigInt(partition.logStartOffset))
              .appendArray(partition.abortedTransactions, () => {}, compact, compact)
              .appendInt32(partition.preferredReadReplica)
              .appendBytes(recordBytes, compact),
          compact,
          compact,
        ),
      compact,
      compact,
    );
  return compact ? writer.appendTaggedFields() : writer;
}
