/** Agent of kafkajs. */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import kafkajs, {
  type Admin,
  type ConfigResourceTypes,
  type Consumer,
  type IHeaders,
  type KafkaMessage,
  type Message,
  type Producer,
} from 'kafkajs';
import {
  type AgentFailure,
  type ConsumedRecord,
  type Header,
  PATIENCE_MS,
  type ProduceRecord,
  type TopicPartition,
} from '../../agent-protocol.ts';
import { Inbox, serve, slicesOver } from '../javascript/serve.ts';

const { AssignerProtocol, CompressionTypes, ConfigSource, Kafka, logLevel, Partitioners } = kafkajs;
const { TOPIC, BROKER } = kafkajs.ConfigResourceTypes;
const RETRY_MS = 100;
/** How long brokers may take over what an administrator asks; its own 5 s are short for a busy machine. */
const ADMIN_MS = 30_000;
const PLUG_INS = 'only with a plug-in';

let kafka = new Kafka({ brokers: [] });
let admin: Admin | undefined;
const producers = new Map<string, Producer>();
let member: { readonly consumer: Consumer; readonly inbox: Inbox; owned: readonly TopicPartition[] } | undefined;

await serve(
  {
    async hello({ bootstrap }) {
      kafka = new Kafka({
        clientId: 'kafkajs',
        brokers: [...bootstrap],
        logLevel: logLevel.NOTHING,
        connectionTimeout: 1_000,
        requestTimeout: ADMIN_MS,
        retry: { retries: PATIENCE_MS / RETRY_MS, initialRetryTime: RETRY_MS, maxRetryTime: RETRY_MS, factor: 0 },
      });
      const { version } = createRequire(import.meta.url)('kafkajs/package.json') as { readonly version: string };
      return {
        name: 'kafkajs',
        version,
        codecs: ['none', 'gzip'],
        lacksCodecs: { snappy: PLUG_INS, lz4: PLUG_INS, zstd: PLUG_INS },
        partitioners: ['murmur2'],
        lacks: { 'null-headers': 'its producer fails on header values that are null' },
      };
    },

    async produce({ topic, records, acks, codec, idempotent, overMs }) {
      const producer = await producerOf(idempotent);
      const acknowledged: { partition: number | null; offset: number | null }[] = [];
      for (const { slice, pauseMs } of slicesOver(records, overMs)) {
        // One partition a send: in one to several, kafkajs mixes up what it has to repeat when a leader moves meanwhile.
        const byPartition = Map.groupBy(slice.keys(), (index) => slice[index]?.partition);
        const answers: (typeof acknowledged)[number][] = slice.map(() => ({ partition: null, offset: null }));
        for (const [partition, indexes] of byPartition) {
          const messages = indexes.map((index) => messageOf(slice[index] as ProduceRecord));
          const compression = codec === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None;
          const [answer] = await producer.send({ topic, acks, compression, messages });
          if (partition === undefined) continue;
          for (const [place, index] of indexes.entries()) {
            const base = answer?.baseOffset;
            answers[index] = { partition, offset: base === undefined ? null : Number(base) + place };
          }
        }
        acknowledged.push(...answers);
        if (pauseMs > 0) await pause(pauseMs);
      }
      return { acknowledged };
    },

    async consume({ topic, partition, from, count, timeoutMs }) {
      const offset = 'offset' in from ? `${from.offset}` : await offsetAt(topic, partition, from.timestamp);
      const consumer = kafka.consumer({ groupId: `consume-${randomUUID()}`, maxWaitTimeInMs: 100 });
      try {
        await consumer.connect();
        await consumer.subscribe({ topic, fromBeginning: true });
        const inbox = new Inbox();
        await consumer.run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            if (batch.partition !== partition) return;
            inbox.put(...batch.messages.map((message) => recordOf(topic, partition, message)));
          },
        });
        consumer.seek({ topic, partition, offset });
        return { records: await inbox.takeAll(count, timeoutMs) };
      } finally {
        await consumer.disconnect();
      }
    },

    async subscribe({ groupId, topics, sessionTimeoutMs, heartbeatIntervalMs }) {
      const consumer = kafka.consumer({
        groupId,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: sessionTimeoutMs * 3,
        heartbeatInterval: heartbeatIntervalMs,
        maxWaitTimeInMs: 100,
      });
      const own: NonNullable<typeof member> = { consumer, inbox: new Inbox(), owned: [] };
      member = own;
      consumer.on('consumer.group_join', ({ payload }) => {
        own.owned = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
          partitions.map((partition) => ({ topic, partition })),
        );
      });
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch: { topic, partition, messages } }) =>
          own.inbox.put(...messages.map((message) => recordOf(topic, partition, message))),
      });
      return {};
    },

    async poll({ maxRecords, timeoutMs }) {
      const { inbox, owned } = theMember();
      return { records: await inbox.take(maxRecords, timeoutMs), assignment: owned };
    },

    async commit({ offsets }) {
      await theMember().consumer.commitOffsets(offsets.map((it) => ({ ...it, offset: `${it.offset}` })));
      return {};
    },

    async leave() {
      await theMember().consumer.disconnect();
      member = undefined;
      return {};
    },

    async committed({ groupId, topic }) {
      const answer = await (await theAdmin()).fetchOffsets({ groupId, topics: [topic] });
      const offsets = answer
        .flatMap(({ topic, partitions }) => partitions.map(({ partition, offset }) => ({ topic, partition, offset })))
        .map((it) => ({ ...it, offset: Number(it.offset) }))
        .filter(({ offset }) => offset >= 0);
      return { offsets };
    },

    async describeGroup({ groupId }) {
      const { groups } = await (await theAdmin()).describeGroups([groupId]);
      const [group] = groups;
      if (group === undefined) throw new Error(`nothing about group ${groupId} was told`);
      const members = group.members.map(({ memberAssignment }) => {
        const decoded =
          memberAssignment.length === 0 ? null : AssignerProtocol.MemberAssignment.decode(memberAssignment);
        return {
          partitions: Object.entries(decoded?.assignment ?? {}).flatMap(([topic, partitions]) =>
            partitions.map((partition) => ({ topic, partition })),
          ),
        };
      });
      return { state: group.state, members };
    },

    async listOffsets({ topic, partition, at }) {
      if (typeof at !== 'string') return { offset: Number(await offsetAt(topic, partition, at.timestamp)) };
      const found = (await (await theAdmin()).fetchTopicOffsets(topic)).find((it) => it.partition === partition);
      return { offset: Number(at === 'earliest' ? found?.low : found?.high) };
    },

    async createTopic({ topic, partitions, replicationFactor, configs }) {
      const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
      await (await theAdmin()).createTopics({
        // It gives up where a broker has not yet heard of the topic, as brokers of a quorum may not.
        waitForLeaders: false,
        timeout: ADMIN_MS,
        topics: [{ topic, numPartitions: partitions, replicationFactor, configEntries }],
      });
      return {};
    },

    async createPartitions({ topic, partitions }) {
      await (await theAdmin()).createPartitions({ timeout: ADMIN_MS, topicPartitions: [{ topic, count: partitions }] });
      return {};
    },

    async deleteTopic({ topic }) {
      await (await theAdmin()).deleteTopics({ topics: [topic], timeout: ADMIN_MS });
      return {};
    },

    async partitionCount({ topic }) {
      // Of all topics: who asks for one by name may create it.
      const { topics } = await (await theAdmin()).fetchTopicMetadata();
      return { partitions: topics.find(({ name }) => name === topic)?.partitions.length ?? 0 };
    },

    async describeConfigs({ resource, name }) {
      const type = resource === 'topic' ? TOPIC : BROKER;
      const entries = await configsOf(type, name);
      return { configs: Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue])) };
    },

    async alterConfigs({ topic, set, unset }) {
      // It has the request that replaces all settings, not the incremental one.
      const own = (await configsOf(TOPIC, topic)).filter(
        ({ configSource, configName }) => configSource === ConfigSource.TOPIC_CONFIG && !unset.includes(configName),
      );
      const wanted = { ...Object.fromEntries(own.map((it) => [it.configName, it.configValue])), ...set };
      const configEntries = Object.entries(wanted).map(([name, value]) => ({ name, value }));
      await (await theAdmin()).alterConfigs({
        validateOnly: false,
        resources: [{ type: TOPIC, name: topic, configEntries }],
      });
      return {};
    },
  } satisfies Parameters<typeof serve>[0],
  failureOf,
  async () => {
    for (const producer of producers.values()) await producer.disconnect();
    await member?.consumer.disconnect();
    await admin?.disconnect();
  },
);

async function producerOf(idempotent: boolean): Promise<Producer> {
  const kind = String(idempotent);
  let producer = producers.get(kind);
  if (producer === undefined) {
    producer = kafka.producer({ idempotent, createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    producers.set(kind, producer);
  }
  return producer;
}

async function theAdmin(): Promise<Admin> {
  if (admin === undefined) {
    admin = kafka.admin();
    await admin.connect();
  }
  return admin;
}

function theMember(): NonNullable<typeof member> {
  if (member === undefined) throw new Error('there is no member: subscribe comes first');
  return member;
}

async function offsetAt(topic: string, partition: number, timestamp: number): Promise<string> {
  const found = await (await theAdmin()).fetchTopicOffsetsByTimestamp(topic, timestamp);
  return found.find((it) => it.partition === partition)?.offset ?? '-1';
}

async function configsOf(type: ConfigResourceTypes, name: string) {
  const { resources } = await (await theAdmin()).describeConfigs({
    includeSynonyms: false,
    resources: [{ type, name }],
  });
  return resources.flatMap(({ configEntries }) => configEntries);
}

function messageOf({ key, value, headers = [], partition, timestamp }: ProduceRecord): Message {
  const grouped: Record<string, string[]> = {};
  for (const [name, value] of headers) {
    grouped[name] ??= [];
    grouped[name].push(value ?? '');
  }
  return {
    key,
    value,
    headers: grouped,
    ...(partition === undefined ? {} : { partition }),
    ...(timestamp === undefined ? {} : { timestamp: `${timestamp}` }),
  };
}

function recordOf(topic: string, partition: number, message: KafkaMessage): ConsumedRecord {
  return {
    topic,
    partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: message.key?.toString() ?? null,
    value: message.value?.toString() ?? null,
    headers: headersOf(message.headers ?? {}),
  };
}

function headersOf(headers: IHeaders): readonly Header[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const values = Array.isArray(value) ? value : [value];
    return values.map((it) => [name, it?.toString() ?? null] as const);
  });
}

function failureOf(error: Error): AgentFailure {
  for (
    let it: unknown = error;
    it instanceof Error;
    it = it.cause ?? (it as { originalError?: unknown }).originalError
  ) {
    const { type, code } = it as { readonly type?: string; readonly code?: number };
    if (it.name === 'KafkaJSProtocolError' && type !== undefined)
      return { name: type, code: code ?? null, message: it.message };
  }
  return { name: error.name, code: null, message: error.message };
}
