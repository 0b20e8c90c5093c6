import type { Agent, ProduceRecord } from '../clients/agent-protocol.ts';
import { client as java } from '../clients/agents/java/client.ts';
import { client as kafkajs } from '../clients/agents/kafkajs/client.ts';
import { contentOf, equal, numbered, produce, readAll } from '../clients/scenario.ts';
import type { SuiteContext } from '../suite.ts';
import { until } from './until.ts';

/** Two clients of different make: Apache's writes, kafkajs reads. */
export class Load implements AsyncDisposable {
  readonly #writer: Agent;
  readonly #startReader: () => Promise<Agent>;
  readonly #written: Map<string, ProduceRecord[]> = new Map();
  readonly #committed: Map<string, number> = new Map();

  private constructor(writer: Agent, startReader: () => Promise<Agent>) {
    this.#writer = writer;
    this.#startReader = startReader;
  }

  static async start(
    { java: prepare, scratch }: SuiteContext,
    cache: string,
    bootstrap: readonly string[],
  ): Promise<Load> {
    const context = { cache, scratch, java: prepare };
    const [write, read] = [await java.prepare(context), await kafkajs.prepare(context)];
    return new Load(await write(bootstrap), () => read(bootstrap));
  }

  createTopic(topic: string, partitions: number, replicationFactor: number): Promise<unknown> {
    const configs = { 'min.insync.replicas': `${Math.min(2, replicationFactor)}` };
    return this.#writer.ask('createTopic', { topic, partitions, replicationFactor, configs });
  }

  alterConfigs(topic: string, set: Readonly<Record<string, string>>): Promise<unknown> {
    return this.#writer.ask('alterConfigs', { topic, set, unset: [] });
  }

  /** Effective settings of a topic. */
  async describeTopic(topic: string): Promise<Readonly<Record<string, string | null>>> {
    const { configs } = await this.#writer.ask('describeConfigs', { resource: 'topic', name: topic });
    return configs;
  }

  /** Commits an offset of the first partition for a group, by a member that joins and leaves. */
  async commit(groupId: string, topic: string, offset: number): Promise<void> {
    const timing = { sessionTimeoutMs: 10_000, heartbeatIntervalMs: 1_000 };
    await this.#writer.ask('subscribe', { groupId, topics: [topic], ...timing });
    await until('a member', async () => {
      const { assignment } = await this.#writer.ask('poll', { maxRecords: 1, timeoutMs: 1_000 });
      return (assignment ?? []).length > 0 ? true : undefined;
    });
    await this.#writer.ask('commit', { offsets: [{ topic, partition: 0, offset }] });
    await this.#writer.ask('leave', {});
    this.#committed.set(`${groupId} ${topic}`, offset);
  }

  /** Checks that a group's commit is what was committed last. */
  async checkCommitted(groupId: string, topic: string): Promise<void> {
    const { offsets } = await this.#writer.ask('committed', { groupId, topic, partitions: 1 });
    equal(offsets, [{ topic, partition: 0, offset: this.#committed.get(`${groupId} ${topic}`) }], `of ${groupId}`);
  }

  /** Writes so many records into each of the first partitions, confirmed by all replicas, each once. */
  async write(topic: string, partitions: number, count: number, overMs?: number): Promise<void> {
    const first = this.#written.get(`${topic} 0`)?.length ?? 0;
    const records = Array.from({ length: count }, (_, index) =>
      Array.from({ length: partitions }, (_, partition) => numbered(1, partition, first + index)).flat(),
    ).flat();
    const spread = overMs === undefined ? {} : { overMs };
    await produce(this.#writer, { topic, records, codec: 'none', idempotent: true, ...spread });
    for (const record of records) {
      const key = `${topic} ${record.partition}`;
      this.#written.set(key, [...(this.#written.get(key) ?? []), record]);
    }
  }

  /** Checks that each partition holds what was acknowledged, each record once and in order, and nothing else. */
  async check(topic: string, partitions: number): Promise<string> {
    // A client of its own for each check, which has no leaders of before in mind.
    const reader = await this.#startReader();
    try {
      let count = 0;
      for (let partition = 0; partition < partitions; partition++) {
        const expected = this.#written.get(`${topic} ${partition}`) ?? [];
        const read = await untilLed(() => readAll(reader, topic, partition, expected.length));
        equal(read.map(contentOf), expected.map(contentOf), `what ${topic}-${partition} holds`);
        count += read.length;
      }
      return `${count} records`;
    } finally {
      await reader.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close();
  }
}

/**
 * A leader that was just elected tells no end before it knows again what is committed. To versions of ListOffsets below
 * 5, which kafkajs speaks, it answers LEADER_NOT_AVAILABLE, and kafkajs does not ask again.
 */
async function untilLed<Records>(read: () => Promise<Records>): Promise<Records> {
  const outcome = await until('led', async () => {
    try {
      return { records: await read() };
    } catch (error) {
      return String(error).includes('LEADER_NOT_AVAILABLE') ? undefined : { error };
    }
  });
  if ('error' in outcome) throw outcome.error;
  return outcome.records;
}
