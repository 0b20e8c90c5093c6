import { HostStopped } from '@biquorum/platform/testing';
import type { Violation } from '@biquorum/simulator';
import { Prng } from '@biquorum/std';
import { LeaderChecker } from './checkers/leader-checker.ts';
import { LogChecker } from './checkers/log-checker.ts';
import { Changes, Churn } from './clients/changes.ts';
import { Committer } from './clients/committer.ts';
import { Consumer } from './clients/consumer.ts';
import { EpochProbe } from './clients/epoch-probe.ts';
import { Producer } from './clients/producer.ts';
import { Setup } from './clients/setup.ts';
import { SimClient } from './clients/sim-client.ts';
import type { ClusterHabits, Worker, WorkerParts } from './clients/worker.ts';
import { type ClusterFamily, drawClusterFamilies } from './families.ts';
import type { ClusterKind } from './government.ts';
import { Ledger, type LedgerTopic } from './ledger.ts';
import { Nemesis } from './nemesis.ts';
import { BROKER_PORT } from './plan.ts';
import { SimulatedCluster } from './simulated-cluster.ts';
import { Verdict } from './verdict.ts';

/** What a run is to be like. */
export interface ClusterSimulationOptions {
  readonly kind: ClusterKind;
  readonly seed: number;
  /** Families of faults instead of those that the seed draws. */
  readonly families?: ReadonlySet<ClusterFamily>;
  /** Takes what happens, line by line. */
  readonly tell?: (line: string) => void;
}

/** What a run came to. */
export interface ClusterSimulationResult {
  readonly seed: number;
  readonly families: ReadonlySet<ClusterFamily>;
  /** The first property that did not hold. */
  readonly violation: Violation | null;
  /** A digest of everything that happened: equal for two runs if they were the same, event for event. */
  readonly traceHash: string;
  readonly virtualMs: number;
  /** Counts worth adding up over many runs. */
  readonly counts: Readonly<Record<string, number>>;
  /** How often faults struck, by family. */
  readonly faults: Readonly<Record<string, number>>;
}

/** A cluster without faults, or healed, must be whole within so many virtual milliseconds. */
const WHOLE_WITHIN_MS = 120_000;
/** Then clients must come to an end. */
const DONE_WITHIN_MS = 60_000;
/** Cheap checks of brokers are made after so many events; those of controllers after each. */
const EVENTS_BETWEEN_LOOKS = 8;
const LOGS_EVERY_MS = 1_000;

/**
 * Runs one simulated cluster: whole nodes of production on hosts in memory, clients that speak Kafka's protocol, faults
 * of some families, and after them a time in which all must become well. Everything follows from the seed.
 */
export async function simulateCluster(options: ClusterSimulationOptions): Promise<ClusterSimulationResult> {
  const run = new ClusterRun(options);
  const fail = (error: unknown): void => run.caught(error);
  process.on('unhandledRejection', fail);
  try {
    await run.whole();
  } catch (error) {
    run.caught(error);
  } finally {
    process.off('unhandledRejection', fail);
  }
  return run.result();
}

class ClusterRun {
  readonly #seed: number;
  readonly #prng: Prng;
  readonly #families: ReadonlySet<ClusterFamily>;
  readonly #habits: ClusterHabits;
  readonly #verdict: Verdict = new Verdict();
  readonly #ledger: Ledger = new Ledger(this.#verdict);
  readonly #cluster: SimulatedCluster;
  readonly #leaders: LeaderChecker = new LeaderChecker(this.#verdict);
  readonly #logs: LogChecker = new LogChecker(this.#verdict, this.#ledger);
  readonly #workers: Worker[] = [];
  readonly #clientHosts: string[] = [];
  #committer: Committer | undefined;
  #nemesis: Nemesis | undefined;
  #events = 0;
  /** Nobody begins to work any more. */
  #isEnding = false;
  #nextLogsMs = 0;

  constructor({ kind, seed, families, tell = () => {} }: ClusterSimulationOptions) {
    this.#seed = seed;
    this.#prng = new Prng(seed);
    const drawn = drawClusterFamilies(this.#prng.fork('families'), kind.families);
    this.#families = families ?? drawn;
    const plans = kind.plan(this.#prng.fork('plan'), this.#families);
    const parts = { kind, plans, families: this.#families, verdict: this.#verdict, tell };
    this.#cluster = new SimulatedCluster(this.#prng.fork('world'), parts);
    const lifeOf = (id: number): number => this.#cluster.brokers.find((node) => node.id === id)?.life ?? -1;
    this.#habits = { excuses: kind.excuses, lifeOf: kind.leadersReturn ? lifeOf : () => 0 };
  }

  /** The whole life of a cluster. */
  async whole(): Promise<void> {
    const { world, nodes } = this.#cluster;
    for (const node of nodes) node.start();
    await this.#until('the cluster comes up', () => this.#cluster.isWhole(), WHOLE_WITHIN_MS);
    const topics = await this.#setUp();
    this.#beginLoad(topics);
    const nemesis = new Nemesis(this.#cluster, this.#families, this.#prng.fork('faults'), this.#clientHosts);
    this.#nemesis = nemesis;
    nemesis.begin(this.#prng.between(6_000, 24_000));
    await this.#until('the faults end', () => nemesis.hasEnded, 600_000);
    await this.#until('all replicas are in sync after healing', () => this.#cluster.isWhole(), WHOLE_WITHIN_MS);
    this.#isEnding = true;
    for (const worker of this.#workers) worker.stop();
    await this.#until(
      'clients get on after healing',
      () => this.#workers.every(({ hasEnded }) => hasEnded),
      DONE_WITHIN_MS,
    );
    await this.#until('all replicas are in sync at the end', () => this.#cluster.isWhole(), WHOLE_WITHIN_MS);
    await this.#until('followers know what is committed', () => this.#isLevel(), DONE_WITHIN_MS);
    const { government } = this.#cluster;
    await this.#until('all see what is decided', () => government.unrest(nodes) === null, DONE_WITHIN_MS);
    this.#committer?.settle();
    await this.#until('committed offsets are found', () => this.#committer?.hasEnded !== false, DONE_WITHIN_MS);
    this.#logs.lookAtAll(this.#cluster.brokers);
    this.#logs.conclude();
    this.#conclude();
    world.time.note(this.#ledger.counts.acknowledged);
  }

  /** Notes what was thrown. */
  caught(error: unknown): void {
    // What still runs of a process that was killed can touch nothing, and is nobody's concern.
    if (error instanceof HostStopped) return;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#verdict.violate('nothing is thrown', text);
  }

  result(): ClusterSimulationResult {
    const { time } = this.#cluster.world;
    const faults = Object.fromEntries(this.#nemesis?.counts ?? []);
    return {
      seed: this.#seed,
      families: this.#families,
      violation: this.#verdict.violation,
      traceHash: time.fingerprint.toString(16).padStart(8, '0'),
      virtualMs: time.nowMs,
      counts: {
        events: this.#events,
        faults: Object.values(faults).reduce((sum, count) => sum + count, 0),
        'records acknowledged': this.#ledger.counts.acknowledged,
        'records read': this.#ledger.counts.read,
        'commands acknowledged': this.#ledger.counts.commands,
        'controller epochs': this.#leaders.controllerEpochs,
        leaderships: this.#leaders.leaderships,
        'views compared': this.#cluster.government.compared,
        'batches compared': this.#logs.compared,
      },
      faults,
    };
  }

  /** Creates the topics that stay. */
  async #setUp(): Promise<readonly LedgerTopic[]> {
    const partitions = [this.#prng.between(1, 3), this.#prng.between(1, 2)];
    const setup = new Setup('setup', this.#parts('setup'), partitions).begin();
    await this.#until('topics are created', () => setup.hasEnded, WHOLE_WITHIN_MS);
    await this.#until('new topics are in sync', () => this.#cluster.isWhole(), WHOLE_WITHIN_MS);
    return setup.topics;
  }

  #beginLoad(topics: readonly LedgerTopic[]): void {
    const produce = (topic: LedgerTopic, partition: number): void => {
      if (this.#isEnding) return;
      const name = `producer ${this.#workers.length}`;
      const task = { topic, partition, batches: Number.POSITIVE_INFINITY, pauseMsMax: 400 };
      this.#workers.push(new Producer(name, this.#parts(name), task).begin());
    };
    for (const topic of topics) {
      for (let partition = 0; partition < topic.partitions; partition++) produce(topic, partition);
      const name = `consumer of ${topic.name}`;
      this.#workers.push(new Consumer(name, this.#parts(name), topic).begin());
    }
    const [first] = topics as [LedgerTopic];
    // A second producer on a partition: theirs must not get in each other's way.
    produce(first, 0);
    this.#committer = new Committer('group', this.#parts('group'), first).begin();
    this.#workers.push(this.#committer);
    this.#workers.push(new EpochProbe('probe', this.#parts('probe'), topics).begin());
    const brokerIds = this.#cluster.brokers.map(({ id }) => id);
    const task = { families: this.#families, topics, brokerIds, pauseMsMax: 2_000, onGrowth: produce };
    this.#workers.push(new Changes('changes', this.#parts('changes'), task).begin());
    if (this.#families.has('topicChurn')) this.#workers.push(new Churn('churn', this.#parts('churn')).begin());
  }

  #parts(name: string): WorkerParts {
    const prng = this.#prng.fork(name);
    const host = `client ${this.#clientHosts.length}`;
    this.#clientHosts.push(host);
    const brokers = this.#cluster.brokers.map(({ id, plan }) => ({ id, host: plan.host, port: BROKER_PORT }));
    const client = new SimClient(this.#cluster.world.addHost(host).ports, prng.fork('client'), brokers);
    return { client, prng, ledger: this.#ledger, habits: this.#habits };
  }

  /** Does every replica have the high watermark of its leader, and that all there is? */
  #isLevel(): boolean {
    for (const { server } of this.#cluster.brokers) {
      for (const { leadership, log, topic, index } of server?.broker?.core?.replicas.partitions() ?? []) {
        if (leadership === undefined) continue;
        if (leadership.highWatermark !== log.endOffset) return false;
        for (const other of this.#cluster.brokers) {
          const replica = other.server?.broker?.core?.replicas.find(topic, index);
          if (replica !== undefined && replica.highWatermark !== log.endOffset) return false;
        }
      }
    }
    return true;
  }

  /** What was promised of the metadata is in what the controllers have at the end. */
  #conclude(): void {
    const view = this.#cluster.decided;
    if (view === undefined) return;
    for (const { id, name, partitions, deleting, deleted } of this.#ledger.topics.values()) {
      const found = [...view.topics.values()].find((topic) => topic.id === id);
      if (deleted && found !== undefined) this.#verdict.violate('what was deleted is gone', `${name} is there`);
      if (!deleting && (found?.partitionCount ?? 0) < partitions) {
        const detail = `${name} has ${found?.partitionCount ?? 0} partitions, ${partitions} were acknowledged`;
        this.#verdict.violate('acknowledged changes are never lost', detail);
      }
    }
    for (const { topic, key, values, acknowledged } of this.#ledger.settings.values()) {
      const found = view.configOf({ type: topic === '' ? 'broker' : 'topic', name: topic }).get(key);
      if (found === undefined ? acknowledged : !values.has(found)) {
        this.#verdict.violate('acknowledged changes are never lost', `${key} of ${topic || 'all brokers'} is ${found}`);
      }
    }
  }

  /** Lets the time run until the condition holds or a property does not; looks at the cluster after every event. */
  async #until(goal: string, condition: () => boolean, limitMs: number): Promise<void> {
    this.#cluster.tell(`until ${goal}`);
    const { time } = this.#cluster.world;
    const endMs = time.nowMs + limitMs;
    const isOver = (): boolean => {
      this.#look();
      return this.#verdict.violation !== null || time.nowMs > endMs || condition();
    };
    await time.runUntil(isOver, { limitMs: limitMs * 2 });
    if (this.#verdict.violation !== null) throw this.#verdict.violation;
    if (!condition()) this.#verdict.violate('liveness', `${goal} within ${limitMs} ms: it did not; ${this.#state()}`);
    if (this.#verdict.violation !== null) throw this.#verdict.violation;
  }

  #look(): void {
    this.#events += 1;
    this.#leaders.lookAtControllers(this.#cluster.controllers);
    if (this.#events % EVENTS_BETWEEN_LOOKS !== 0) return;
    this.#cluster.government.look(this.#cluster.nodes);
    this.#leaders.lookAtBrokers(this.#cluster.brokers);
    const { nowMs } = this.#cluster.world.time;
    if (nowMs < this.#nextLogsMs) return;
    this.#nextLogsMs = nowMs + LOGS_EVERY_MS;
    this.#logs.look(this.#cluster.brokers);
  }

  /** Leaderships whose followers are not all in sync, as the leaders see them. */
  #lagging(): string[] {
    const lines: string[] = [];
    for (const { id, server } of this.#cluster.brokers) {
      for (const { leadership, topic, index, log } of server?.broker?.core?.replicas.partitions() ?? []) {
        if (leadership === undefined || leadership.isr.length === leadership.replicas.length) continue;
        const followers = leadership.replicas.map((node) => {
          const { logEnd, brokerEpoch } = leadership.follower(node) ?? {};
          const held = this.#cluster.brokers.find((other) => other.id === node)?.server?.broker?.core?.replicas;
          const own = held?.find(topic, index);
          return `${node} at ${logEnd ?? '-'} under ${brokerEpoch ?? '-'}, has ${own?.log.endOffset} in epoch ${own?.leaderEpoch}`;
        });
        const proposing = leadership.proposing ? ', proposing' : '';
        lines.push(
          `${id} leads ${topic}-${index} in ${leadership.leaderEpoch}/${leadership.partitionEpoch} to ${log.endOffset}${proposing}: ${followers.join('; ')}`,
        );
      }
    }
    return lines;
  }

  /** What a reader of a liveness violation wants to know first. */
  #state(): string {
    const nodes = this.#cluster.nodes.map((node) => `${node.id} ${node.isWell ? 'well' : node.isUp ? 'up' : 'down'}`);
    const view = this.#cluster.decided;
    const partitions = [...(view?.topics.values() ?? [])].flatMap((topic) =>
      Array.from({ length: topic.partitionCount }, (_, index) => {
        const row = topic.partition(index);
        const moving = row === undefined || row.adding.length + row.removing.length === 0 ? '' : ' moving';
        return `${topic.name}-${index} ${row?.leader}/${row?.leaderEpoch} isr ${row?.isr} of ${row?.replicas}${moving}`;
      }),
    );
    const brokers = [...(view?.brokers.values() ?? [])].filter(({ fenced }) => fenced).map(({ id }) => id);
    const busy = this.#workers.filter(({ hasEnded }) => !hasEnded).map(({ name }) => name);
    const unrest = this.#cluster.government.unrest(this.#cluster.nodes);
    return [
      `nodes: ${nodes.join(', ')}`,
      `controller ${this.#cluster.active?.id ?? 'none'}, fenced: ${brokers.join() || 'none'}`,
      partitions.join('; '),
      ...(unrest === null ? [] : [unrest]),
      ...this.#lagging(),
      `clients at work: ${busy.join(', ') || 'none'}`,
    ].join('\n  ');
  }
}
