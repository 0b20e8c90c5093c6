import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Java, KraftCluster, type NodeProcess } from '@biquorum/compat';
import { createNodePorts, type NodePorts } from '@biquorum/platform/node';
import { NodeClient } from '../client/node-client.ts';
import { quorumLeader } from '../client/requests.ts';
import { untilDefined } from '../measure/wait.ts';
import { type LogLine, readLogLines } from './log-lines.ts';
import { Missing, type RunningSide, type Side, type Succession } from './side.ts';

const ASK_MS = 1_000;

/** Apache Kafka 3.9 in KRaft mode: brokers and controllers, a process each. */
export function apacheKraftSide(java: Java): Side {
  return {
    name: 'apache-kraft',
    title: 'Apache, KRaft mode',
    async start({ brokers, governors, properties }) {
      const root = mkdtempSync(join(tmpdir(), 'biquorum-compare-'));
      const cluster = await KraftCluster.prepare(java, {
        root,
        controllers: Array.from({ length: governors }, () => 'apache' as const),
        brokers: Array.from({ length: brokers }, () => 'apache' as const),
        properties,
      });
      const side = new RunningApacheKraft(cluster, root);
      try {
        // Controllers and brokers wait for one another.
        await Promise.all([...cluster.nodes.keys()].map((id) => cluster.node(id).start()));
        return side;
      } catch (error) {
        await side[Symbol.asyncDispose]();
        throw error;
      }
    },
  };
}

class RunningApacheKraft implements RunningSide {
  readonly name = 'apache-kraft';
  readonly #cluster: KraftCluster;
  readonly #root: string;
  readonly #ports: NodePorts = createNodePorts();

  constructor(cluster: KraftCluster, root: string) {
    this.#cluster = cluster;
    this.#root = root;
  }

  get brokers(): readonly { readonly id: number; readonly address: string }[] {
    return this.#cluster.brokers
      .filter(({ isServing }) => isServing)
      .map(({ plan }) => ({ id: plan.id, address: plan.client }));
  }

  get governors(): readonly number[] {
    return this.#cluster.controllers.map(({ plan }) => plan.id);
  }

  get pids(): readonly number[] {
    return runningPids([...this.#cluster.nodes.values()]);
  }

  controller(): Promise<number> {
    return untilDefined('an active controller', async () => {
      for (const node of this.#cluster.controllers) {
        if (!node.isServing) continue;
        const leader = await this.quorumLeaderBy(node.plan.id);
        if (leader !== undefined && this.#cluster.node(leader).isServing) return leader;
      }
      return undefined;
    });
  }

  controllerEpoch(): Promise<number> {
    return untilDefined(
      'the epoch of the quorum',
      async () => (await this.#quorumSeenBy(await this.controller()))?.epoch,
    );
  }

  governorsLeader(): Promise<number> {
    return this.controller();
  }

  async quorumLeaderBy(id: number): Promise<number | undefined> {
    return (await this.#quorumSeenBy(id))?.id;
  }

  kill(id: number): Promise<void> {
    return this.#cluster.node(id).kill();
  }

  pause(id: number): void {
    this.#cluster.node(id).pause();
  }

  resume(id: number): void {
    const node = this.#cluster.node(id);
    if (node.isRunning) node.resume();
  }

  stop(id: number): Promise<void> {
    return this.#cluster.node(id).stop();
  }

  restart(id: number): Promise<void> {
    return this.#cluster.node(id).start();
  }

  async tellCommits(): Promise<void> {}

  async committedAt(): Promise<Missing> {
    return new Missing('Apache’s controllers do not tell when a record is committed');
  }

  async succession(sinceMs: number): Promise<Succession> {
    const logs = this.#cluster.controllers.map(({ plan, logFile }) => ({ node: plan.id, path: logFile }));
    return successionOf(readLogLines(logs), sinceMs);
  }

  async #quorumSeenBy(id: number): Promise<Awaited<ReturnType<typeof quorumLeader>>> {
    using client = new NodeClient(this.#ports, this.#cluster.node(id).plan.controller, ASK_MS);
    return await quorumLeader(client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cluster[Symbol.asyncDispose]();
    await this.#ports.close();
    rmSync(this.#root, { recursive: true, force: true });
  }
}

/** Who stands, who leads, who is active: as `QuorumState` and `QuorumController` write it into the log. */
export function successionOf(lines: readonly LogLine[], sinceMs: number): Succession {
  const later = lines.filter(({ atMs }) => atMs >= sinceMs);
  const stood = later.find(({ text }) => /Completed transition to (?:Prospective|Candidate)State/.test(text));
  const led =
    stood && later.find(({ atMs, text }) => atMs >= stood.atMs && text.includes('Completed transition to Leader('));
  const active =
    led &&
    later.find(
      ({ node, atMs, text }) =>
        node === led.node && atMs >= led.atMs && /Becoming the active controller at epoch/.test(text),
    );
  const none = new Missing('its log does not tell');
  return {
    detection: stood === undefined ? none : stood.atMs - sinceMs,
    election: stood === undefined || led === undefined ? none : led.atMs - stood.atMs,
    load: led === undefined || active === undefined ? none : active.atMs - led.atMs,
    readyAt: active?.atMs ?? none,
  };
}

/** Processes of the nodes that run. */
export function runningPids(nodes: readonly Pick<NodeProcess, 'isRunning' | 'pid'>[]): readonly number[] {
  return nodes.flatMap(({ isRunning, pid }) => (isRunning && pid !== undefined ? [pid] : []));
}
