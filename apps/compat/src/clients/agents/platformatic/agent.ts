/** Agent of @platformatic/kafka. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import {
  Admin,
  type BaseOptions,
  ConfigResourceTypes,
  Consumer,
  compatibilityPartitioner,
  findErrorBy,
  type GroupOptions,
  IncrementalAlterConfigOperationTypes,
  type Message,
  type MessagesStream,
  type MessageToProduce,
  Producer,
  ProtocolError,
} from '@platformatic/kafka';
import type { AgentFailure, ConsumedRecord, ProduceRecord } from '../../agent-protocol.ts';
import { PATIENCE_MS } from '../../agent-protocol.ts';
import { Inbox, serve, slicesOver } from '../javascript/serve.ts';

const RETRY_MS = 100;
const EARLIEST = -2n;
const LATEST = -1n;
const UNSETTLED: ReadonlySet<string> = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']);

interface Member {
  readonly consumer: Consumer;
  readonly stream: MessagesStream<Buffer, Buffer, Buffer, Buffer>;
  readonly inbox: Inbox;
}

let base: BaseOptions = { clientId: '', bootstrapBrokers: [] };
let admin: Admin | undefined;
let looker: Admin | undefined;
const producers = new Map<boolean, Producer>();
let member: Member | undefined;

await serve(
  {
    async hello({ bootstrap }) {
      base = {
        clientId: 'platformatic',
        bootstrapBrokers: [...bootstrap],
        connectTimeout: 1_000,
        retries: PATIENCE_MS / RETRY_MS,
        retryDelay: RETRY_MS,
        // What it knows of leaders is asked for again this soon: a send that was refused twice does not do it by itself.
        metadataMaxAge: 200,
        autocreateTopics: false,
      };
      // Its package does not export what names the version.
      const manifest = new URL('../package.json', import.meta.resolve('@platformatic/kafka'));
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
      return {
        name: '@platformatic/kafka',
        version,
        codecs: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
        lacksCodecs: {},
        partitioners: ['murmur2'],
        lacks: {},
      };
    },

    async produce({ topic, records, acks, codec, idempotent, partitioner, overMs }) {
      const producer = producerOf(idempotent);
      const acknowledged: { partition: number | null; offset: number | null }[] = [];
      for (const { slice, pauseMs } of slicesOver(records, overMs)) {
        // One partition a send: what has to be repeated in one to several goes to one leader, though they may have parted.
        const byPartition = Map.groupBy(slice.keys(), (index) => slice[index]?.partition);
        const answers: (typeof acknowledged)[number][] = slice.map(() => ({ partition: null, offset: null }));
        for (const [partition, indexes] of byPartition) {
          const { offsets = [] } = await producer.send({
            messages: indexes.map((index) => messageOf(topic, slice[index] as ProduceRecord)),
            acks,
            compression: codec,
            // Its default differs from Java's where the hash is negative.
            ...(partitioner === 'murmur2' ? { partitioner: compatibilityPartitioner } : {}),
          });
          if (partition === undefined) continue;
          const [base] = offsets;
          for (const [place, index] of indexes.entries())
            answers[index] = { partition, offset: base === undefined ? null : Number(base.offset) + place };
        }
        acknowledged.push(...answers);
        if (pauseMs > 0) await pause(pauseMs);
      }
      return { acknowledged };
    },

    async consume({ topic, partition, from, count, timeoutMs }) {
      const offset = 'offset' in from ? BigInt(from.offset) : await offsetAt(topic, partition, BigInt(from.timestamp));
      const partitions = await partitionsOf(topic);
      const consumer = consumerOf(`consume-${randomUUID()}`);
      try {
        const stream = await consumer.consume({
          topics: [topic],
          mode: 'manual',
          offsets: Array.from({ length: partitions }, (_, index) => ({
            topic,
            partition: index,
            offset: index === partition ? offset : 0n,
          })),
          autocommit: false,
        });
        const inbox = inboxOf(stream, (message) => message.partition === partition);
        return { records: await inbox.takeAll(count, timeoutMs) };
      } finally {
        await consumer.close(true);
      }
    },

    async subscribe({ groupId, topics, sessionTimeoutMs, heartbeatIntervalMs }) {
      const consumer = consumerOf(groupId, {
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: sessionTimeoutMs * 3,
        heartbeatInterval: heartbeatIntervalMs,
      });
      const stream = await consumer.consume({
        topics: [...topics],
        mode: 'committed',
        fallbackMode: 'earliest',
        autocommit: false,
      });
      member = { consumer, stream, inbox: inboxOf(stream, () => true) };
      return {};
    },

    async poll({ maxRecords, timeoutMs }) {
      const { inbox, consumer } = theMember();
      const records = await inbox.take(maxRecords, timeoutMs);
      const assignment = (consumer.assignments ?? []).flatMap(({ topic, partitions }) =>
        partitions.map((partition) => ({ topic, partition })),
      );
      return { records, assignment };
    },

    async commit({ offsets }) {
      await theMember().consumer.commit({
        offsets: offsets.map((it) => ({ ...it, offset: BigInt(it.offset), leaderEpoch: -1 })),
      });
      return {};
    },

    async leave() {
      await theMember().consumer.close(true);
      member = undefined;
      return {};
    },

    async committed({ groupId, topic, partitions }) {
      const partitionIndexes = Array.from({ length: partitions }, (_, index) => index);
      const [group] = await theAdmin().listConsumerGroupOffsets({
        groups: [{ groupId, topics: [{ name: topic, partitionIndexes }] }],
      });
      const offsets = (group?.topics ?? []).flatMap(({ name, partitions }) =>
        partitions.map((it) => ({ topic: name, partition: it.partitionIndex, offset: Number(it.committedOffset) })),
      );
      return { offsets: offsets.filter(({ offset }) => offset >= 0) };
    },

    async describeGroup({ groupId }) {
      const group = (await theAdmin().describeGroups({ groups: [groupId] })).get(groupId);
      if (group === undefined) throw new Error(`nothing about group ${groupId} was told`);
      const members = [...group.members.values()].map(({ assignments }) => ({
        partitions: [...(assignments?.values() ?? [])].flatMap(({ topic, partitions }) =>
          partitions.map((partition) => ({ topic, partition })),
        ),
      }));
      return { state: group.state, members };
    },

    async listOffsets({ topic, partition, at }) {
      const timestamp = at === 'earliest' ? EARLIEST : at === 'latest' ? LATEST : BigInt(at.timestamp);
      return { offset: Number(await offsetAt(topic, partition, timestamp)) };
    },

    async createTopic({ topic, partitions, replicationFactor, configs }) {
      await theAdmin().createTopics({
        topics: [topic],
        partitions,
        replicas: replicationFactor,
        configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
      });
      return {};
    },

    async createPartitions({ topic, partitions }) {
      await theAdmin().createPartitions({ topics: [{ name: topic, count: partitions, assignments: null }] });
      return {};
    },

    async deleteTopic({ topic }) {
      await theAdmin().deleteTopics({ topics: [topic] });
      return {};
    },

    async partitionCount({ topic }) {
      if (!(await theLooker().listTopics()).includes(topic)) return { partitions: 0 };
      // Another broker is asked now, which may not have heard of the topic yet, or no longer knows it.
      return { partitions: await partitionsOf(topic, theLooker()).catch(zeroIfUnknown) };
    },

    async describeConfigs({ resource, name }) {
      const resourceType = resource === 'topic' ? ConfigResourceTypes.TOPIC : ConfigResourceTypes.BROKER;
      const described = await theAdmin().describeConfigs({ resources: [{ resourceType, resourceName: name }] });
      const configs = described.flatMap(({ configs }) => configs);
      return { configs: Object.fromEntries(configs.map(({ name, value }) => [name, value ?? null])) };
    },

    async alterConfigs({ topic, set, unset }) {
      const { SET, DELETE } = IncrementalAlterConfigOperationTypes;
      await theAdmin().incrementalAlterConfigs({
        resources: [
          {
            resourceType: ConfigResourceTypes.TOPIC,
            resourceName: topic,
            configs: [
              ...Object.entries(set).map(([name, value]) => ({ name, configOperation: SET, value })),
              ...unset.map((name) => ({ name, configOperation: DELETE })),
            ],
          },
        ],
      });
      return {};
    },
  },
  failureOf,
  async () => {
    for (const producer of producers.values()) await producer.close();
    await member?.consumer.close(true);
    await admin?.close();
    await looker?.close();
  },
);

function producerOf(idempotent: boolean): Producer {
  let producer = producers.get(idempotent);
  if (producer === undefined) {
    producer = new Producer({ ...base, idempotent });
    producers.set(idempotent, producer);
  }
  return producer;
}

function consumerOf(groupId: string, group: GroupOptions = {}): Consumer {
  return new Consumer({ ...base, ...group, groupId, maxWaitTime: 100, maxBytes: 32 << 20 });
}

/** Tells what one broker says now: the others of a topic that is gone are asked in vain, for as long as there are retries. */
function theLooker(): Admin {
  looker ??= new Admin({ ...base, retries: 0 });
  return looker;
}

function theAdmin(): Admin {
  admin ??= new Admin(base);
  return admin;
}

function theMember(): Member {
  if (member === undefined) throw new Error('there is no member: subscribe comes first');
  return member;
}

function inboxOf(
  stream: MessagesStream<Buffer, Buffer, Buffer, Buffer>,
  wanted: (message: Message<Buffer, Buffer, Buffer, Buffer>) => boolean,
): Inbox {
  const inbox = new Inbox();
  stream.on('data', (message) => {
    if (wanted(message)) inbox.put(recordOf(message));
  });
  stream.on('error', (error) => console.error(error));
  return inbox;
}

async function offsetAt(topic: string, partition: number, timestamp: bigint): Promise<bigint> {
  const [found] = await theAdmin().listOffsets({
    topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp }] }],
  });
  return found?.partitions[0]?.offset ?? -1n;
}

async function partitionsOf(topic: string, who: Admin = theAdmin()): Promise<number> {
  const metadata = await who.metadata({ topics: [topic], forceUpdate: true });
  return metadata.topics.get(topic)?.partitionsCount ?? 0;
}

function messageOf(topic: string, record: ProduceRecord): MessageToProduce<Buffer, Buffer, Buffer, Buffer> {
  // The library writes null where there is nothing; its types do not say so.
  const bytes = (text: string | null): Buffer => (text === null ? null : Buffer.from(text)) as Buffer;
  return {
    topic,
    key: bytes(record.key),
    value: bytes(record.value),
    // Keys of a map, yet names may repeat: each is a buffer of its own.
    headers: new Map((record.headers ?? []).map(([name, value]) => [Buffer.from(name), bytes(value)])),
    ...(record.partition === undefined ? {} : { partition: record.partition }),
    ...(record.timestamp === undefined ? {} : { timestamp: BigInt(record.timestamp) }),
  };
}

function recordOf(message: Message<Buffer, Buffer, Buffer, Buffer>): ConsumedRecord {
  const text = (bytes: Buffer | null | undefined): string | null => bytes?.toString() ?? null;
  return {
    topic: message.topic,
    partition: message.partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: text(message.key),
    value: text(message.value),
    headers: message.headerEntries.map(([name, value]) => [text(name) ?? '', text(value)] as const),
  };
}

function failureOf(error: Error): AgentFailure {
  const answered = findErrorBy(error, 'code', ProtocolError.code) as {
    readonly apiId?: string;
    readonly apiCode?: number;
    readonly message: string;
  } | null;
  if (answered?.apiId !== undefined)
    return { name: answered.apiId, code: answered.apiCode ?? null, message: answered.message };
  return { name: error.name, code: null, message: error.message };
}

/** A topic that the broker does not know (for which the client has only a sentence), or not all about yet. */
function zeroIfUnknown(error: unknown): number {
  if (!(error instanceof Error)) throw error;
  if (error.message.includes('Unknown topic') || UNSETTLED.has(failureOf(error).name)) return 0;
  throw error;
}
