import { deepStrictEqual, strictEqual } from 'node:assert';
import { suite } from '@biquorum/bench';
import { ByteReader } from '@biquorum/std';
import { Reader, Writer } from '@platformatic/kafka';
import { metadataResponse } from '../src/generated/messages/metadata.ts';
import { uuidFromBytes } from '../src/index.ts';
import { Decoder, Encoder, type KafkajsDecoder, type KafkajsEncoder } from './foreign/kafkajs.ts';

// 100 topics of ten partitions with three replicas each, on three brokers.
const brokers = Array.from({ length: 3 }, (_, nodeId) => ({
  nodeId,
  host: `broker-${nodeId}.example.org`,
  port: 9092,
  rack: `rack-${nodeId}`,
}));
const topics = Array.from({ length: 100 }, (_, topic) => ({
  errorCode: 0,
  name: `topic-number-${topic}`,
  isInternal: false,
  partitions: Array.from({ length: 10 }, (_, partitionIndex) => {
    const replicaNodes = [0, 1, 2].map((replica) => (topic + partitionIndex + replica) % 3);
    return {
      errorCode: 0,
      partitionIndex,
      leaderId: replicaNodes[0] as number,
      replicaNodes,
      isrNodes: replicaNodes.slice(),
      offlineReplicas: [] as number[],
    };
  }),
}));
const classicResponse = { throttleTimeMs: 0, brokers, clusterId: 'bench-cluster', controllerId: 1, topics };
const ids = topics.map((_, index) => uuidFromBytes(new Uint8Array(16).fill(index + 1)));
const hyphenated = topics.map((_, index) => {
  const hex = (index + 1).toString(16).padStart(2, '0').repeat(16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
});
const flexibleResponse = {
  ...classicResponse,
  topics: topics.map((topic, index) => ({
    ...topic,
    topicId: ids[index],
    topicAuthorizedOperations: -(2 ** 31),
    partitions: topic.partitions.map((partition) => ({ ...partition, leaderEpoch: 7 })),
  })),
};

const classic = Buffer.from(metadataResponse.toBytes(classicResponse, 6));
const flexible = Buffer.from(metadataResponse.toBytes(flexibleResponse, 12));
const classicShape = metadataResponse.fromBytes(classic, 6).topics.map(({ partitions }) => partitions.length);
deepStrictEqual(
  kafkajsDecode(classic).topics.map(({ partitions }) => partitions.length),
  classicShape,
);
deepStrictEqual(
  platformaticDecode(classic, false).topics.map(({ partitions }) => partitions.length),
  classicShape,
);
deepStrictEqual(
  platformaticDecode(flexible, true).topics.map(({ partitions }) => partitions.length),
  classicShape,
);
strictEqual(kafkajsEncode().compare(classic), 0);
strictEqual(platformaticEncode(false).buffer.compare(classic), 0);
strictEqual(platformaticEncode(true).buffer.compare(flexible), 0);

await suite({
  title: 'decode Metadata v6, 1,000 partitions',
  baseline: 'kafkajs',
  bytesPerOp: classic.length,
  cases: {
    kafkajs: () => kafkajsDecode(classic),
    platformatic: () => platformaticDecode(classic, false),
    biquorum: () => metadataResponse.decode(new ByteReader(classic), 6),
  },
});

await suite({
  title: 'encode Metadata v6, 1,000 partitions',
  baseline: 'kafkajs',
  bytesPerOp: classic.length,
  cases: {
    kafkajs: () => kafkajsEncode(),
    platformatic: () => platformaticEncode(false).buffers,
    biquorum: () => metadataResponse.toBytes(classicResponse, 6),
  },
});

await suite({
  title: 'decode Metadata v12, 1,000 partitions',
  baseline: 'platformatic',
  bytesPerOp: flexible.length,
  cases: {
    platformatic: () => platformaticDecode(flexible, true),
    biquorum: () => metadataResponse.decode(new ByteReader(flexible), 12),
  },
});

await suite({
  title: 'encode Metadata v12, 1,000 partitions',
  baseline: 'platformatic',
  bytesPerOp: flexible.length,
  cases: {
    platformatic: () => platformaticEncode(true).buffers,
    biquorum: () => metadataResponse.toBytes(flexibleResponse, 12),
  },
});

interface Decoded {
  readonly topics: readonly { readonly partitions: readonly unknown[] }[];
}

function kafkajsDecode(bytes: Buffer): Decoded {
  const decoder = new Decoder(bytes);
  return {
    throttleTimeMs: decoder.readInt32(),
    brokers: decoder.readArray(kafkajsBroker),
    clusterId: decoder.readString(),
    controllerId: decoder.readInt32(),
    topics: decoder.readArray(kafkajsTopic),
  } as Decoded;
}

function kafkajsBroker(decoder: KafkajsDecoder): object {
  return {
    nodeId: decoder.readInt32(),
    host: decoder.readString(),
    port: decoder.readInt32(),
    rack: decoder.readString(),
  };
}

function kafkajsTopic(decoder: KafkajsDecoder): Decoded['topics'][number] {
  return {
    errorCode: decoder.readInt16(),
    name: decoder.readString(),
    isInternal: decoder.readBoolean(),
    partitions: decoder.readArray(kafkajsPartition),
  } as Decoded['topics'][number];
}

function kafkajsPartition(decoder: KafkajsDecoder): object {
  return {
    errorCode: decoder.readInt16(),
    partitionIndex: decoder.readInt32(),
    leaderId: decoder.readInt32(),
    replicaNodes: decoder.readArray(readInt32),
    isrNodes: decoder.readArray(readInt32),
    offlineReplicas: decoder.readArray(readInt32),
  };
}

function readInt32(decoder: KafkajsDecoder): number {
  return decoder.readInt32();
}

function kafkajsEncode(): Buffer {
  return new Encoder()
    .writeInt32(classicResponse.throttleTimeMs)
    .writeArray(
      brokers.map((broker) =>
        new Encoder()
          .writeInt32(broker.nodeId)
          .writeString(broker.host)
          .writeInt32(broker.port)
          .writeString(broker.rack),
      ),
    )
    .writeString(classicResponse.clusterId)
    .writeInt32(classicResponse.controllerId)
    .writeArray(topics.map(kafkajsTopicEncoder)).buffer;
}

function kafkajsTopicEncoder(topic: (typeof topics)[number]): KafkajsEncoder {
  const partitions = topic.partitions.map((partition) =>
    new Encoder()
      .writeInt16(partition.errorCode)
      .writeInt32(partition.partitionIndex)
      .writeInt32(partition.leaderId)
      .writeArray(partition.replicaNodes, 'int32')
      .writeArray(partition.isrNodes, 'int32')
      .writeArray(partition.offlineReplicas, 'int32'),
  );
  return new Encoder()
    .writeInt16(topic.errorCode)
    .writeString(topic.name)
    .writeBoolean(topic.isInternal)
    .writeArray(partitions);
}

function platformaticDecode(bytes: Buffer, compact: boolean): Decoded {
  const reader = Reader.from(bytes);
  const response = {
    throttleTimeMs: reader.readInt32(),
    brokers: reader.readArray(
      (broker) => ({
        nodeId: broker.readInt32(),
        host: broker.readString(compact),
        port: broker.readInt32(),
        rack: broker.readNullableString(compact),
      }),
      compact,
      compact,
    ),
    clusterId: reader.readNullableString(compact),
    controllerId: reader.readInt32(),
    topics: reader.readArray((topic) => platformaticTopic(topic, compact), compact, compact),
  };
  if (compact) reader.readTaggedFields();
  return response;
}

function platformaticTopic(reader: Reader, compact: boolean): Decoded['topics'][number] {
  const int32 = (): number => reader.readInt32();
  return {
    errorCode: reader.readInt16(),
    name: reader.readNullableString(compact),
    topicId: compact ? reader.readUUID() : undefined,
    isInternal: reader.readBoolean(),
    partitions: reader.readArray(
      (partition) => ({
        errorCode: partition.readInt16(),
        partitionIndex: partition.readInt32(),
        leaderId: partition.readInt32(),
        leaderEpoch: compact ? partition.readInt32() : -1,
        replicaNodes: partition.readArray(int32, compact, false),
        isrNodes: partition.readArray(int32, compact, false),
        offlineReplicas: partition.readArray(int32, compact, false),
      }),
      compact,
      compact,
    ),
    topicAuthorizedOperations: compact ? reader.readInt32() : -(2 ** 31),
  } as Decoded['topics'][number];
}

function platformaticEncode(compact: boolean): Writer {
  const writer = Writer.create()
    .appendInt32(flexibleResponse.throttleTimeMs)
    .appendArray(
      brokers,
      (inner, broker) =>
        inner
          .appendInt32(broker.nodeId)
          .appendString(broker.host, compact)
          .appendInt32(broker.port)
          .appendString(broker.rack, compact),
      compact,
      compact,
    )
    .appendString(flexibleResponse.clusterId, compact)
    .appendInt32(flexibleResponse.controllerId)
    .appendArray(
      flexibleResponse.topics,
      (inner, topic, index) => platformaticTopicInto(inner, topic, index, compact),
      compact,
      compact,
    );
  return compact ? writer.appendTaggedFields() : writer;
}

function platformaticTopicInto(
  writer: Writer,
  topic: (typeof flexibleResponse.topics)[number],
  index: number,
  compact: boolean,
): void {
  const int32 = (inner: Writer, value: number): unknown => inner.appendInt32(value);
  writer.appendInt16(topic.errorCode).appendString(topic.name, compact);
  if (compact) writer.appendUUID(hyphenated[index]);
  writer.appendBoolean(topic.isInternal).appendArray(
    topic.partitions,
    (inner, partition) => {
      inner.appendInt16(partition.errorCode).appendInt32(partition.partitionIndex).appendInt32(partition.leaderId);
      if (compact) inner.appendInt32(partition.leaderEpoch);
      inner
        .appendArray(partition.replicaNodes, int32, compact, false)
        .appendArray(partition.isrNodes, int32, compact, false)
        .appendArray(partition.offlineReplicas, int32, compact, false);
    },
    compact,
    compact,
  );
  if (compact) writer.appendInt32(topic.topicAuthorizedOperations);
}
