import {
  type MemoryHost,
  type MemoryHostOptions,
  MemoryWorld,
  type MemoryWorldOptions,
} from '@biquorum/platform/testing';
import type { ConnectResponse } from '@biquorum/zookeeper-wire';
import { ClientListener } from '../../src/index.ts';
import type { EnsembleConfig } from '../../src/quorum/ensemble-config.ts';
import { EnsembleNode } from '../../src/quorum/ensemble-node.ts';
import { storageOptions } from '../../src/storage/storage-options.ts';
import type { Surroundings } from './roaming-client.ts';
import { SocketClient } from './socket-client.ts';

const CLIENT_PORT = 2181;
const TICK_MS = 1_000;

/** Who takes part. */
export interface MemoryEnsemblePlan extends Partial<MemoryWorldOptions> {
  readonly voters: number;
  /** They have the ids after those of the voters. */
  readonly observers?: number;
  readonly config?: Partial<EnsembleConfig>;
  /** Room on the disk of the first server. */
  readonly firstDiskBytes?: number;
  readonly diskLatencyMs?: NonNullable<MemoryHostOptions['diskLatencyMs']>;
}

/** An ensemble of hosts `zoo1`, `zoo2`, … in a world of its own, with disks that outlive the servers. */
export class MemoryEnsemble {
  readonly world: MemoryWorld;
  readonly #plan: MemoryEnsemblePlan;
  readonly #ids: readonly number[];
  readonly #nodes: Map<number, EnsembleNode> = new Map();
  readonly failures: unknown[] = [];

  constructor(plan: MemoryEnsemblePlan) {
    this.#plan = plan;
    this.world = new MemoryWorld({ seed: 1, ...plan });
    this.#ids = Array.from({ length: plan.voters + (plan.observers ?? 0) }, (_, at) => at + 1);
    const { firstDiskBytes, diskLatencyMs } = plan;
    for (const id of this.#ids) {
      const isSmall = id === 1 && firstDiskBytes !== undefined;
      this.world.addHost(`zoo${id}`, {
        ...(isSmall ? { diskCapacityBytes: firstDiskBytes } : {}),
        ...(diskLatencyMs === undefined ? {} : { diskLatencyMs }),
      });
    }
    this.world.addHost('client');
  }

  /** Connects a client to a server, for a new session or one that there is. It tries until it has a connection. */
  client(id: number, session?: ConnectResponse): Promise<SocketClient> {
    const { network, timers } = this.world.host('client').ports;
    return this.world.run(async () => {
      for (;;) {
        const client = await SocketClient.connect(network, { host: `zoo${id}`, port: CLIENT_PORT }, session);
        if (client !== undefined) return client;
        await new Promise<void>((resolve) => timers.set(100, resolve));
      }
    });
  }

  /** What clients on a host of their own live in. */
  get surroundings(): Surroundings {
    const { network, timers } = this.world.host('client').ports;
    return {
      network,
      timers,
      nowMs: () => this.world.time.nowMs,
      place: (id) => ({ host: `zoo${id}`, port: CLIENT_PORT }),
      // Sessions last ten seconds; who has lost its leader notices after five and a tick.
      silenceMsMin: 4_000,
    };
  }

  /** Connects a client, or not: undefined when the server has not answered soon. */
  async tryClient(id: number): Promise<SocketClient | undefined> {
    const { network } = this.world.host('client').ports;
    return this.within(SocketClient.connect(network, { host: `zoo${id}`, port: CLIENT_PORT }), 2_000);
  }

  /** Waits for something, but no longer than that. */
  within<Result>(work: Promise<Result>, limitMs: number): Promise<Result | undefined> {
    const { timers } = this.world.host('client').ports;
    const late = new Promise<undefined>((resolve) => timers.set(limitMs, () => resolve(undefined)));
    return this.world.run(Promise.race([work, late]));
  }

  /** Takes all files of a server that does not run. */
  async wipe(id: number): Promise<void> {
    const { disk } = this.host(id).start();
    await this.world.run(async () => {
      for (const { name } of await disk.list('/data/version-2')) await disk.remove(`/data/version-2/${name}`);
    });
    this.host(id).kill();
  }

  host(id: number): MemoryHost {
    return this.world.host(`zoo${id}`);
  }

  node(id: number): EnsembleNode {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new Error(`server ${id} does not run`);
    return node;
  }

  /** Servers that run. */
  get nodes(): readonly EnsembleNode[] {
    return [...this.#nodes.values()];
  }

  /** Starts servers, all of them by default. */
  async start(ids: readonly number[] = this.#ids): Promise<void> {
    await this.world.run(async () => {
      await Promise.all(ids.map((id) => this.#start(id)));
    });
  }

  /** Ends a server as a crash of its process does, or of its machine. */
  kill(id: number, how: 'process' | 'power' = 'process'): void {
    this.#nodes.delete(id);
    if (how === 'process') this.host(id).kill();
    else this.host(id).powerOff();
  }

  /** Waits until all servers that run serve. @returns The leader. */
  async untilServing(): Promise<EnsembleNode> {
    const leaders = (): EnsembleNode[] => this.nodes.filter(({ state }) => state === 'leader');
    await this.world.time.runUntil(() => this.nodes.every(({ isServing }) => isServing) && leaders().length === 1, {
      limitMs: 300_000,
    });
    const [leader] = leaders();
    if (leader === undefined) throw new Error('nobody leads');
    return leader;
  }

  /** Waits until all servers that run have applied the same. */
  async untilLevel(): Promise<void> {
    await this.world.time.runUntil(() => new Set(this.nodes.map(({ server }) => server.lastZxid)).size === 1, {
      limitMs: 60_000,
    });
  }

  idOf(node: EnsembleNode): number {
    for (const [id, one] of this.#nodes) if (one === node) return id;
    throw new Error('it does not run');
  }

  async #start(id: number): Promise<void> {
    const host = this.host(id);
    const ports = host.running ? host.ports : host.start();
    const { voters, config } = this.#plan;
    const node = await EnsembleNode.start({
      ports,
      ensemble: {
        id,
        servers: this.#ids.map((one) => ({
          id: one,
          addresses: [{ host: `zoo${one}`, quorumPort: 2888, electionPort: 3888 }],
          role: one <= voters ? 'participant' : 'observer',
          client: null,
        })),
        tickMs: TICK_MS,
        initLimit: 10,
        syncLimit: 5,
        ...config,
      },
      storage: storageOptions({ dataDir: '/data', preAllocBytes: 64 * 1024 }),
      onFailure: (error) => this.failures.push(error),
    });
    const listener = new ClientListener(node.server, {
      host: `zoo${id}`,
      port: CLIENT_PORT,
      isServing: () => node.isServing,
      ports,
    });
    await listener.open(ports.network);
    this.#nodes.set(id, node);
  }
}
