import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Address } from '@biquorum/platform';
import { createNodePorts, makeTemporaryDirectory } from '@biquorum/platform/node';
import type { Surroundings } from '../quorum/roaming-client.ts';
import { SocketClient } from '../quorum/socket-client.ts';
import type { Cables } from './cables.ts';
import { ServerProcess, until } from './server-process.ts';
import { type Break, TcpProxy } from './tcp-proxy.ts';

const LOOPBACK = '127.0.0.1';
const TICK_MS = 500;
const SYNC_LIMIT = 5;
/** Clients, transactions and votes, on hosts that have nothing else. */
const USUAL_PORTS = [2181, 2888, 3888] as const;
/** Sessions of ten seconds, twenty ticks. A server hears nothing of its leader for `syncLimit` ticks before it gives up, and so does a leader of its followers. */
const SILENCE_MS_MIN = 10_000 - 2 * (SYNC_LIMIT + 1) * TICK_MS;

/** What an ensemble is made of. */
export interface ProcessPlan {
  readonly servers: number;
  /** Lines of each server's `zoo.cfg` besides the usual ones. */
  readonly lines?: readonly string[];
  /** Where a server's data is, where that is not among the others'. */
  readonly dataDir?: (id: number) => string | undefined;
  /** Hosts of their own; without them all are on this one, with proxies between them. */
  readonly cables?: Cables;
}

/**
 * An ensemble of processes on this machine. Each server reaches each other one through proxies of their own, for votes
 * and for transactions, so that any link can be cut and any server killed or stopped. On hosts of their own their cables
 * are pulled instead.
 */
export class ProcessEnsemble implements AsyncDisposable {
  readonly ids: readonly number[];
  readonly directory: string;
  readonly #servers: ReadonlyMap<number, ServerProcess>;
  /** By the ids of who calls and who is called. */
  readonly #links: ReadonlyMap<string, readonly TcpProxy[]>;
  readonly #ports = createNodePorts();
  readonly #plan: ProcessPlan;

  /** Writes the configurations, and starts all servers. */
  static async start(plan: ProcessPlan): Promise<ProcessEnsemble> {
    const directory = await makeTemporaryDirectory('biquorum-faults-');
    const ids = Array.from({ length: plan.servers }, (_, at) => at + 1);
    const { cables } = plan;
    const { ports, letGo } = await reservePorts(cables === undefined ? 3 * ids.length : 0);
    const portOf = (id: number, at: 0 | 1 | 2): number => ports[3 * (id - 1) + at] ?? USUAL_PORTS[at];
    const links = new Map<string, readonly TcpProxy[]>();
    const servers = new Map<number, ServerProcess>();
    for (const id of ids) {
      const lines: string[] = [];
      for (const other of ids) {
        const own = [portOf(other, 1), portOf(other, 2)];
        const isDirect = id === other || cables !== undefined;
        const proxies = isDirect ? [] : await Promise.all(own.map((port) => TcpProxy.to(port)));
        links.set(`${id}>${other}`, proxies);
        const [quorum, election] = isDirect ? own : proxies.map(({ port }) => port);
        lines.push(`server.${other}=${cables?.quorumHost(other) ?? LOOPBACK}:${quorum}:${election}`);
      }
      const dataDir = plan.dataDir?.(id) ?? join(directory, `server-${id}`);
      mkdirSync(dataDir, { recursive: true });
      writeFileSync(join(dataDir, 'myid'), `${id}\n`);
      const file = join(directory, `zoo-${id}.cfg`);
      const place = { host: cables?.clientHost(id) ?? LOOPBACK, port: portOf(id, 0) };
      const members = ids.length === 1 ? [] : lines;
      writeFileSync(file, [...commonLines(dataDir, place), ...(plan.lines ?? []), ...members, ''].join('\n'));
      servers.set(id, new ServerProcess(file, place, cables?.command(id)));
    }
    const ensemble = new ProcessEnsemble(directory, ids, servers, links, plan);
    letGo();
    await ensemble.start();
    return ensemble;
  }

  private constructor(
    directory: string,
    ids: readonly number[],
    servers: ReadonlyMap<number, ServerProcess>,
    links: ReadonlyMap<string, readonly TcpProxy[]>,
    plan: ProcessPlan,
  ) {
    this.directory = directory;
    this.ids = ids;
    this.#servers = servers;
    this.#links = links;
    this.#plan = plan;
  }

  /** What clients in this process live in. */
  get surroundings(): Surroundings {
    const { network, timers, clock } = this.#ports;
    return {
      network,
      timers,
      nowMs: () => clock.monotonicMs(),
      place: (id) => this.server(id).place,
      silenceMsMin: SILENCE_MS_MIN,
    };
  }

  server(id: number): ServerProcess {
    return this.#servers.get(id) as ServerProcess;
  }

  dataDir(id: number): string {
    return this.#plan.dataDir?.(id) ?? join(this.directory, `server-${id}`);
  }

  /** Starts servers, all by default. */
  async start(ids: readonly number[] = this.ids): Promise<void> {
    await Promise.all(ids.map((id) => this.server(id).start()));
  }

  async kill(...ids: readonly number[]): Promise<void> {
    await Promise.all(ids.map((id) => this.server(id).kill()));
  }

  /** Waits until one of these leads and all others of them follow. @returns The leader. */
  async untilServing(ids: readonly number[] = this.ids): Promise<number> {
    let leader = 0;
    await until(async () => {
      const modes = await Promise.all(ids.map((id) => this.server(id).mode()));
      leader = ids[modes.indexOf('leader')] ?? 0;
      return modes.filter((mode) => mode === 'leader').length === 1 && !modes.includes('none');
    });
    return leader;
  }

  /** Waits until these serve nobody. */
  async untilIdle(ids: readonly number[]): Promise<void> {
    await until(async () =>
      (await Promise.all(ids.map((id) => this.server(id).mode()))).every((mode) => mode === 'none'),
    );
  }

  /** Breaks the links between two servers that have proxies between them, whoever calls. */
  cut(one: number, other: number, how: Break): void {
    for (const link of [`${one}>${other}`, `${other}>${one}`])
      for (const proxy of this.#links.get(link) ?? []) proxy.cut(how);
  }

  /** Breaks the links of one server to all others. Clients still reach it. */
  isolate(id: number, how: Break): void {
    for (const other of this.ids) if (other !== id) this.cut(id, other, how);
  }

  heal(): void {
    for (const proxies of this.#links.values()) for (const proxy of proxies) proxy.heal();
  }

  /** A client with a session of its own at a server; it tries until it has one. */
  async client(id: number): Promise<SocketClient> {
    let client: SocketClient | undefined;
    await until(async () => {
      client = await this.tryClient(id);
      return client !== undefined;
    });
    return client as SocketClient;
  }

  /** Undefined when the server has not taken the client in soon. */
  async tryClient(id: number): Promise<SocketClient | undefined> {
    const { network, timers, place } = this.surroundings;
    const late = new Promise<undefined>((resolve) => timers.set(2_000, () => resolve(undefined)));
    const connecting = SocketClient.connect(network, place(id));
    const client = await Promise.race([connecting, late]);
    if (client === undefined) void connecting.then((tooLate) => tooLate?.close());
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill(...this.ids);
    for (const proxies of this.#links.values()) for (const proxy of proxies) proxy.close();
    await this.#ports.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function commonLines(dataDir: string, { host, port }: Address): string[] {
  return [
    `tickTime=${TICK_MS}`,
    'initLimit=20',
    `syncLimit=${SYNC_LIMIT}`,
    `dataDir=${dataDir}`,
    `clientPort=${port}`,
    `clientPortAddress=${host}`,
    'maxClientCnxns=0',
    '4lw.commands.whitelist=*',
    // Files of the usual 64 MiB take long to make where many tests run.
    'preAllocSize=64',
  ];
}

/** Ports that nobody else is given until they are let go, no two the same. */
async function reservePorts(count: number): Promise<{ readonly ports: readonly number[]; readonly letGo: () => void }> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  return {
    ports: servers.map((server) => (server.address() as { readonly port: number }).port),
    letGo: () => {
      for (const server of servers) server.close();
    },
  };
}
