import { errorName } from '@biquorum/kafka-wire';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import { fetch, produce } from './data.ts';
import { commitOffset, committedOffset } from './group-member.ts';
import type { TestClient, TestCluster } from './test-cluster.ts';

/** How long a client waits for an answer before it asks somebody else. */
const PATIENCE_MS = 3_000;
const RETRY_MS = 100;

/** Errors after which a client has to ask again, the same or somebody else. Kafka's retriable ones. */
const RETRIABLE: ReadonlySet<string> = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REQUEST_TIMED_OUT',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
]);

/** Somebody who asks again until he gets an answer, whatever happens to the brokers. */
abstract class Worker {
  protected readonly cluster: TestCluster;
  readonly #name: string;
  readonly #timers: ReturnType<TestCluster['world']['addHost']>['ports']['timers'];
  #client: TestClient;
  #clients = 0;
  #stopped = false;
  #ended: Promise<void> | undefined;
  failure: unknown;

  constructor(cluster: TestCluster, name: string) {
    this.cluster = cluster;
    this.#name = name;
    this.#timers = cluster.world.addHost(`${name} timers`).ports.timers;
    this.#client = cluster.client(name);
  }

  /** One piece of work; called again and again. */
  protected abstract work(): Promise<void>;

  begin(): this {
    this.#ended = this.#run();
    return this;
  }

  /** Ends after the piece of work under way. */
  async end(): Promise<void> {
    this.#stopped = true;
    await this.cluster.run(this.#ended ?? Promise.resolve());
    if (this.failure !== undefined) throw this.failure;
  }

  /** Asks brokers until the answer is none that asks for a retry. */
  protected async insist<Answer>(
    leader: () => number | undefined,
    ask: (client: TestClient, broker: number) => Promise<Answer>,
    errorOf: (answer: Answer) => string,
  ): Promise<Answer> {
    for (;;) {
      const broker = leader();
      if (broker === undefined) {
        await this.pause(RETRY_MS);
        continue;
      }
      const answer = await this.#patiently(ask(this.#client, broker));
      if (answer !== undefined && !RETRIABLE.has(errorOf(answer))) return answer;
      // Who did not answer may do so late: that answer must not be taken for the next one's.
      if (answer === undefined) this.#client = this.cluster.client(`${this.#name} ${++this.#clients}`);
      await this.pause(RETRY_MS);
    }
  }

  protected pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.#timers.set(delayMs, resolve));
  }

  /** Undefined when there is no answer in time, or the connection breaks. */
  #patiently<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const timer = this.#timers.set(PATIENCE_MS, () => resolve(undefined));
      const done = (answer?: Answer): void => {
        timer.cancel();
        resolve(answer);
      };
      asked.then(done, () => done());
    });
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopped) await this.work();
    } catch (error) {
      this.failure = error;
    }
  }
}

/** An idempotent producer with one batch at a time, which it repeats until it is acknowledged. */
export class Producing extends Worker {
  readonly acknowledged: string[] = [];
  readonly #topic: string;
  readonly #producerId: number;

  constructor(cluster: TestCluster, topic: string, producerId: number) {
    super(cluster, `producer ${producerId}`);
    this.#topic = topic;
    this.#producerId = producerId;
  }

  protected async work(): Promise<void> {
    const count = this.acknowledged.length;
    const value = `${this.#producerId}-${count}`;
    const sequence = { producerId: this.#producerId, producerEpoch: 0, baseSequence: count };
    const { error } = await this.insist(
      () => this.cluster.leaderOf(this.#topic, 0)?.id,
      (client, broker) => produce(client, broker, this.#topic, [value], { sequence, timeoutMs: 1_000 }),
      (answer) => answer.error,
    );
    if (error !== 'NONE') throw new Error(`${value} was answered with ${error}`);
    this.acknowledged.push(value);
    await this.pause(100);
  }
}

/** Reads on and on, and notes whatever a later read takes back. */
export class Reading extends Worker {
  readonly seen: string[] = [];
  readonly #topic: string;
  /** The newest that it has heard of. A consumer says it, so that no leader of old answers (KIP-320). */
  #leaderEpoch = -1;

  constructor(cluster: TestCluster, topic: string) {
    super(cluster, 'reader');
    this.#topic = topic;
  }

  protected async work(): Promise<void> {
    // A step back: what was read before must be there still, whoever leads now.
    const offset = Math.max(0, this.seen.length - 5);
    const { error, records } = await this.insist(
      () => {
        const leader = this.cluster.leaderOf(this.#topic, 0);
        const { leaderEpoch = -1 } = leader?.core?.replicas.find(this.#topic, 0) ?? {};
        this.#leaderEpoch = Math.max(this.#leaderEpoch, leaderEpoch);
        return leader?.id;
      },
      (client, broker) => fetch(client, broker, this.#topic, { offset, currentLeaderEpoch: this.#leaderEpoch }),
      (answer) => answer.error,
    );
    if (error !== 'NONE') throw new Error(`reading at ${offset} of ${this.seen.length} seen: ${error}`);
    for (const record of records) {
      const before = this.seen[record.offset];
      if (before !== undefined && before !== record.value) {
        throw new Error(`offset ${record.offset} was ${before} and is ${record.value}`);
      }
      this.seen[record.offset] = record.value;
    }
    await this.pause(250);
  }
}

/** Commits growing offsets for a group, and looks that no acknowledged one is lost. */
export class Committing extends Worker {
  acknowledged = -1;
  readonly #groupId: string;
  readonly #topic: string;

  constructor(cluster: TestCluster, groupId: string, topic: string) {
    super(cluster, `group ${groupId}`);
    this.#groupId = groupId;
    this.#topic = topic;
  }

  protected async work(): Promise<void> {
    const next = this.acknowledged + 1;
    const commit = await this.insist(
      this.#coordinator,
      (client, broker) => commitOffset(client, broker, this.#groupId, this.#topic, 0, next),
      (error) => error,
    );
    if (commit !== 'NONE') throw new Error(`commit of ${next} was answered with ${commit}`);
    this.acknowledged = next;
    await this.look();
    await this.pause(200);
  }

  async look(): Promise<void> {
    const found = await this.insist(
      this.#coordinator,
      (client, broker) => committedOffset(client, broker, this.#groupId, this.#topic, 0),
      (answer) => (typeof answer === 'string' ? answer : 'NONE'),
    );
    if (found !== this.acknowledged) throw new Error(`${this.acknowledged} was committed, ${found} is found`);
  }

  readonly #coordinator = (): number | undefined => {
    const partition = this.cluster.brokers[0]?.core?.groups.partitionOf(this.#groupId) ?? 0;
    return this.cluster.leaderOf('__consumer_offsets', partition)?.id;
  };
}

/** Makes topics, writes a record to each and deletes them again. */
export class Churning extends Worker {
  /** How many topics have come and gone. */
  gone = 0;

  constructor(cluster: TestCluster) {
    super(cluster, 'churner');
  }

  protected async work(): Promise<void> {
    const name = `churn-${this.gone}`;
    const topics = [{ name, numPartitions: 2, replicationFactor: 3 }];
    const created = await this.insist(
      this.#anybody,
      async (client, broker) => {
        const answer = await client.send(broker, createTopicsRequest, createTopicsResponse, 7, { topics });
        return errorName(answer.topics[0]?.errorCode ?? -1);
      },
      // With a broker away there are too few for three replicas.
      (error) => (error === 'INVALID_REPLICATION_FACTOR' ? 'REQUEST_TIMED_OUT' : error),
    );
    // Asked again after an answer was lost, it is there already.
    if (created !== 'NONE' && created !== 'TOPIC_ALREADY_EXISTS') throw new Error(`creating ${name}: ${created}`);
    const { error } = await this.insist(
      () => this.cluster.leaderOf(name, 0)?.id,
      (client, broker) => produce(client, broker, name, ['a'], { timeoutMs: 1_000 }),
      (answer) => answer.error,
    );
    if (error !== 'NONE') throw new Error(`writing to ${name}: ${error}`);
    const deleted = await this.insist(
      this.#anybody,
      async (client, broker) => {
        const body = { topicNames: [name], timeoutMs: 2_000 };
        const answer = await client.send(broker, deleteTopicsRequest, deleteTopicsResponse, 5, body);
        const outcome = errorName(answer.responses[0]?.errorCode ?? -1);
        return outcome === 'UNKNOWN_TOPIC_OR_PARTITION' ? 'GONE' : outcome;
      },
      (answer) => answer,
    );
    if (deleted !== 'NONE' && deleted !== 'GONE') throw new Error(`deleting ${name}: ${deleted}`);
    this.gone += 1;
    await this.pause(500);
  }

  readonly #anybody = (): number | undefined => this.cluster.brokers.find(({ core }) => core !== undefined)?.id;
}
