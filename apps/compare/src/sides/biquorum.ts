import { once } from 'node:events';
import { type Cluster, type ClusterMode, startCluster } from '@biquorum/cluster';
import { createNodePorts, type NodePorts } from '@biquorum/platform/node';
import { NodeClient } from '../client/node-client.ts';
import { quorumLeader } from '../client/requests.ts';
import { untilDefined } from '../measure/wait.ts';
import { measuredMain } from '../node/main-url.ts';
import type { NodeTally } from '../node/tally.ts';
import { ControllerWatch } from './controller-watch.ts';
import { readEvents, type ToldEvent } from './node-events.ts';
import { askProcess, listeningPorts } from './node-process.ts';
import { Missing, type RunningSide, type Side, type Succession } from './side.ts';

/** Our own cluster in one of its modes: a process for each node, watched at its ports. */
export function biquorumSide(mode: ClusterMode): Side {
  return {
    name: mode,
    title: mode === 'kraft' ? 'KRaft mode' : 'ZooKeeper mode',
    async start(options) {
      const cluster = await startCluster({
        mode,
        brokers: options.brokers,
        processes: true,
        properties: options.properties,
        // As Apache does: what is compared waits for its timeouts.
        detectResets: false,
        nodeMain: measuredMain,
        interrupted: once(options.signal, 'abort'),
        ...(mode === 'kraft' ? { controllers: options.governors } : { zookeepers: options.governors }),
      });
      const ports = createNodePorts();
      try {
        const connect = cluster.zookeeperConnect;
        const watch = connect === undefined ? undefined : await ControllerWatch.open(ports, connect);
        return new RunningBiquorum(cluster, ports, watch);
      } catch (error) {
        await cluster.stop();
        await ports.close();
        throw error;
      }
    },
  };
}

const ASK_MS = 5_000;

class RunningBiquorum implements RunningSide {
  readonly name: ClusterMode;
  readonly #cluster: Cluster;
  readonly #ports: NodePorts;
  readonly #watch: ControllerWatch | undefined;

  constructor(cluster: Cluster, ports: NodePorts, watch: ControllerWatch | undefined) {
    this.name = cluster.mode as ClusterMode;
    this.#cluster = cluster;
    this.#ports = ports;
    this.#watch = watch;
  }

  get brokers(): readonly { readonly id: number; readonly address: string }[] {
    return this.#cluster.nodes.filter(({ role, state }) => role === 'broker' && state === 'running');
  }

  get governors(): readonly number[] {
    return this.#cluster.nodes.filter(({ role }) => role !== 'broker').map(({ id }) => id);
  }

  get pids(): readonly number[] {
    return this.#cluster.processes.map(({ pid }) => pid).filter((pid) => pid > 0);
  }

  controller(): Promise<number> {
    return this.#cluster.untilController();
  }

  async controllerEpoch(): Promise<number> {
    if (this.#watch !== undefined) return this.#watch.epoch();
    return untilDefined(
      'the epoch of the quorum',
      async () => (await this.#quorumSeenBy(await this.controller()))?.epoch,
    );
  }

  async governorsLeader(): Promise<number> {
    if (this.name === 'kraft') return this.controller();
    let leader: number | undefined;
    await this.#cluster.until('a leader of the ensemble', () => {
      const events = this.#events();
      leader = this.governors.find((id) => {
        const last = events.findLast(({ node, event }) => node === id && event === 'the role changed');
        const runs = this.#cluster.nodes.some((node) => node.id === id && node.state === 'running');
        return runs && last?.fields['role'] === 'leading';
      });
      return leader !== undefined;
    });
    return leader as number;
  }

  async quorumLeaderBy(id: number): Promise<number | undefined> {
    return (await this.#quorumSeenBy(id))?.id;
  }

  kill(id: number): Promise<void> {
    return this.#cluster.kill(id);
  }

  pause(id: number): void {
    this.#cluster.pause(id);
  }

  resume(id: number): void {
    this.#cluster.resume(id);
  }

  stop(id: number): Promise<void> {
    return this.#cluster.stopNode(id);
  }

  restart(id: number): Promise<void> {
    return this.#cluster.restart(id);
  }

  addBroker(): Promise<number> {
    return this.#cluster.addBroker();
  }

  async tallies(): Promise<readonly NodeTally[]> {
    const awake = new Set(this.#cluster.nodes.filter(({ state }) => state === 'running').map(({ id }) => id));
    const asked = this.#cluster.processes.filter(({ id }) => awake.has(id));
    return (await Promise.all(asked.map(({ directory }) => askProcess(directory, { do: 'tally' })))).flatMap(
      (tally) => tally ?? [],
    );
  }

  async cut(ids: readonly number[]): Promise<void> {
    const nodes = this.#cluster.processes.filter(({ pid }) => pid > 0);
    const portsOf = (inside: boolean): readonly number[] =>
      nodes.filter(({ id }) => ids.includes(id) === inside).flatMap((node) => listeningPorts(node));
    const [within, without] = [portsOf(true), portsOf(false)];
    await Promise.all(
      nodes.map(({ id, directory }) =>
        askProcess(directory, { do: 'cut', ports: ids.includes(id) ? without : within }),
      ),
    );
  }

  async heal(): Promise<void> {
    const nodes = this.#cluster.processes.filter(({ pid }) => pid > 0);
    await Promise.all(nodes.map(({ directory }) => askProcess(directory, { do: 'cut', ports: [] })));
  }

  async tellCommits(): Promise<void> {
    const governors = this.#cluster.processes.filter(({ role, pid }) => role === 'controller' && pid > 0);
    await Promise.all(governors.map(({ directory }) => askProcess(directory, { do: 'commits' })));
  }

  async committedAt(topic: string): Promise<number | Missing> {
    if (this.#watch !== undefined) return this.#watch.createdAt(topic);
    return committedAt(this.#events(), topic);
  }

  async succession(sinceMs: number): Promise<Succession> {
    const events = this.#events().filter(({ atMs }) => atMs >= sinceMs);
    return this.#watch === undefined
      ? kraftSuccession(events, sinceMs)
      : zookeeperSuccession(events, sinceMs, this.#watch);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch?.[Symbol.asyncDispose]().catch(() => {});
    // What is measured is over; nothing is worth an orderly stop.
    await this.#cluster.killAll();
    await this.#cluster.stop();
    await this.#ports.close();
  }

  async #quorumSeenBy(id: number): Promise<Awaited<ReturnType<typeof quorumLeader>>> {
    const address = this.#cluster.nodes.find((node) => node.id === id)?.address ?? '';
    using client = new NodeClient(this.#ports, address, ASK_MS);
    return await quorumLeader(client);
  }

  #events(): readonly ToldEvent[] {
    return readEvents(this.#cluster.processes);
  }
}

/** When the first controller saw the topic's record committed, which is the active one. */
export function committedAt(events: readonly ToldEvent[], topic: string): number | Missing {
  const name = `"name":${JSON.stringify(topic)}`;
  const committed = events.find(({ event, fields }) => {
    const records = event === 'metadata committed' ? (fields['records'] as readonly { content?: unknown }[]) : [];
    return records.some(({ content }) => typeof content === 'string' && content.includes(name));
  });
  return committed?.atMs ?? new Missing('no controller has told of the commit');
}

/** Who stands for election, who leads, who is active: as the controllers tell it themselves. */
export function kraftSuccession(events: readonly ToldEvent[], sinceMs: number): Succession {
  const roles = events.filter(({ event }) => event === 'quorum role changed');
  const stood = roles.find(({ fields }) => fields['role'] === 'prospective' || fields['role'] === 'candidate');
  const led = roles.find(
    ({ atMs, fields }) => fields['role'] === 'leader' && stood !== undefined && atMs >= stood.atMs,
  );
  const active = events.find(
    ({ atMs, event, node }) =>
      event === 'controller became active' && led !== undefined && node === led.node && atMs >= led.atMs,
  );
  const none = new Missing('no other controller was elected');
  return {
    detection: stood === undefined ? none : stood.atMs - sinceMs,
    election: stood === undefined || led === undefined ? none : led.atMs - stood.atMs,
    load: led === undefined || active === undefined ? none : active.atMs - led.atMs,
    readyAt: active?.atMs ?? none,
  };
}

function zookeeperSuccession(events: readonly ToldEvent[], sinceMs: number, watch: ControllerWatch): Succession {
  const { goneAt, backAt } = watch.since(sinceMs);
  const office = events.find(
    ({ atMs, event }) => event === 'controller has taken office' && backAt !== undefined && atMs >= backAt,
  );
  const none = new Missing('no other broker was elected');
  // It says when it has also begun to publish, and how long that took.
  const loadMs = Number(office?.fields['loadMs'] ?? Number.NaN);
  return {
    detection: goneAt === undefined ? none : goneAt - sinceMs,
    election: goneAt === undefined || backAt === undefined ? none : backAt - goneAt,
    load: office === undefined || backAt === undefined ? none : loadMs,
    readyAt: office === undefined || backAt === undefined ? none : backAt + loadMs,
  };
}
