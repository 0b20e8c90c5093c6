import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Java, MixedEnsemble, ZooKeeperCluster } from '@biquorum/compat';
import { createNodePorts, type NodePorts } from '@biquorum/platform/node';
import { untilDefined } from '../measure/wait.ts';
import { runningPids } from './apache-kraft.ts';
import { ControllerWatch } from './controller-watch.ts';
import { readLogLines } from './log-lines.ts';
import { Missing, type RunningSide, type Side, type Succession } from './side.ts';

/** Servers of the ensemble are numbered from here on, as ours are. */
const FIRST_SERVER = 201;

/** Apache Kafka 3.9 in ZooKeeper mode on an ensemble of Apache ZooKeeper 3.9: brokers and servers, a process each. */
export function apacheZooKeeperSide(java: Java): Side {
  return {
    name: 'apache-zookeeper',
    title: 'Apache, ZooKeeper mode',
    async start({ brokers, governors, properties }) {
      const root = mkdtempSync(join(tmpdir(), 'biquorum-compare-'));
      const ensemble = await MixedEnsemble.prepare({
        root,
        makes: Array.from({ length: governors }, () => 'apache' as const),
        settings: { maxSessionTimeout: 600_000, syncLimit: 20, initLimit: 120 },
      });
      const cluster = await ZooKeeperCluster.prepare(java, {
        root,
        brokers: Array.from({ length: brokers }, () => 'apache' as const),
        connect: ensemble.connect(),
        sessionTimeoutMs: Number(properties['zookeeper.session.timeout.ms']),
        properties,
      });
      const side = new RunningApacheZooKeeper(ensemble, cluster, root);
      try {
        await Promise.all([ensemble.start(), cluster.start()]);
        await side.watch();
        return side;
      } catch (error) {
        await side[Symbol.asyncDispose]();
        throw error;
      }
    },
  };
}

class RunningApacheZooKeeper implements RunningSide {
  readonly name = 'apache-zookeeper';
  readonly #ensemble: MixedEnsemble;
  readonly #cluster: ZooKeeperCluster;
  readonly #root: string;
  readonly #ports: NodePorts = createNodePorts();
  #watch: ControllerWatch | undefined;

  constructor(ensemble: MixedEnsemble, cluster: ZooKeeperCluster, root: string) {
    this.#ensemble = ensemble;
    this.#cluster = cluster;
    this.#root = root;
  }

  get brokers(): readonly { readonly id: number; readonly address: string }[] {
    return this.#cluster.serving.map((id) => ({ id, address: this.#cluster.node(id).plan.client }));
  }

  get governors(): readonly number[] {
    return this.#ensemble.members.map(({ id }) => FIRST_SERVER + id - 1);
  }

  get pids(): readonly number[] {
    return runningPids([...this.#cluster.nodes.values(), ...this.#ensemble.members]);
  }

  async watch(): Promise<void> {
    this.#watch = await ControllerWatch.open(this.#ports, this.#ensemble.connect());
  }

  controller(): Promise<number> {
    return this.#cluster.untilController('active');
  }

  controllerEpoch(): Promise<number> {
    if (this.#watch === undefined) throw new Error('nobody watches the ensemble');
    return this.#watch.epoch();
  }

  governorsLeader(): Promise<number> {
    return untilDefined('a leader of the ensemble', async () => {
      for (const member of this.#ensemble.members) {
        if ((await member.mode()) === 'leader') return FIRST_SERVER + member.id - 1;
      }
      return undefined;
    });
  }

  kill(id: number): Promise<void> {
    return this.#node(id).kill();
  }

  pause(id: number): void {
    this.#node(id).pause();
  }

  resume(id: number): void {
    const node = this.#node(id);
    if (node.isRunning) node.resume();
  }

  stop(id: number): Promise<void> {
    return this.#node(id).stop();
  }

  restart(id: number): Promise<void> {
    return id < FIRST_SERVER ? this.#cluster.restart(id) : this.#node(id).start();
  }

  async tellCommits(): Promise<void> {}

  async committedAt(topic: string): Promise<number | Missing> {
    return (await this.#watch?.createdAt(topic)) ?? new Missing('nobody watches the ensemble');
  }

  async succession(sinceMs: number): Promise<Succession> {
    const { goneAt, backAt } = this.#watch?.since(sinceMs) ?? { goneAt: undefined, backAt: undefined };
    const logs = [...this.#cluster.nodes.values()].map(({ plan, logFile }) => ({ node: plan.id, path: logFile }));
    // `KafkaController` writes it when it has loaded everything and begins to publish.
    const ready = readLogLines(logs).find(
      ({ atMs, text }) => backAt !== undefined && atMs >= backAt && text.includes('Sending update metadata request'),
    );
    const none = new Missing('no other broker was elected');
    return {
      detection: goneAt === undefined ? none : goneAt - sinceMs,
      election: goneAt === undefined || backAt === undefined ? none : backAt - goneAt,
      load: ready === undefined || backAt === undefined ? none : ready.atMs - backAt,
      readyAt: ready?.atMs ?? none,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch?.[Symbol.asyncDispose]().catch(() => {});
    await this.#cluster[Symbol.asyncDispose]();
    await this.#ensemble[Symbol.asyncDispose]();
    await this.#ports.close();
    rmSync(this.#root, { recursive: true, force: true });
  }

  #node(id: number) {
    return id < FIRST_SERVER ? this.#cluster.node(id) : this.#ensemble.member(id - FIRST_SERVER + 1);
  }
}
