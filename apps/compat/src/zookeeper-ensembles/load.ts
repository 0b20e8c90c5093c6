import { setTimeout as sleep } from 'node:timers/promises';
import { createNodePorts } from '@biquorum/platform/node';
import { ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';
import { until } from '../mixed-cluster/until.ts';
import { ensure, inTime, patiently } from './patience.ts';

/** What a {@link Load} has done to one path. */
interface Write {
  readonly path: string;
  readonly value: string;
}

const ROOT = '/load';
const CLIENTS = 4;
const SESSION_MS = 30_000;
const PAUSE_MS = 2;

/**
 * Clients that create nodes and change one of their own, one request after the other, whatever happens to the servers.
 * It remembers what was acknowledged: that must never be lost.
 */
export class Load {
  readonly #clients: readonly ZooKeeperClient[];
  readonly #workers: Promise<void>[] = [];
  readonly #created: Write[] = [];
  /** Creations and changes of which nobody knows. */
  readonly #doubtful: Set<string> = new Set();
  /** The last acknowledged value of each worker's own node, and the one that may have come after it. */
  readonly #own: Map<string, { acknowledged: number; asked: number }> = new Map();
  readonly #ephemerals: string[] = [];
  #stopping = false;
  #faults: unknown[] = [];

  private constructor(clients: readonly ZooKeeperClient[]) {
    this.#clients = clients;
  }

  /** Starts clients that may go to any of these servers. */
  static async start(connect: string, { sessionMs = SESSION_MS }: { readonly sessionMs?: number } = {}): Promise<Load> {
    const clients = Array.from(
      { length: CLIENTS },
      () => new ZooKeeperClient({ connect, ports: createNodePorts(), sessionTimeoutMs: sessionMs }),
    );
    const load = new Load(clients);
    for (const [at, client] of clients.entries()) {
      const ephemeral = `${ROOT}/session-${at}`;
      await until('the load has its nodes', async () => {
        await ensure(client, ROOT);
        await ensure(client, ephemeral, encode('here'), { mode: 'ephemeral' });
        await ensure(client, `${ROOT}/own-${at}`, encode('0'));
        return true;
      });
      load.#ephemerals.push(ephemeral);
      load.#own.set(`${ROOT}/own-${at}`, { acknowledged: 0, asked: 0 });
      load.#workers.push(load.#work(client, at));
    }
    return load;
  }

  /** How many writes were acknowledged so far. */
  get acknowledged(): number {
    return this.#created.length;
  }

  /** Lets so many more writes be acknowledged. */
  async more(count: number): Promise<void> {
    const goal = this.#created.length + count;
    const end = Date.now() + 120_000;
    while (this.#created.length < goal) {
      if (this.#faults.length > 0) throw this.#faults[0];
      if (Date.now() > end) throw new Error(`only ${this.#created.length} of ${goal} writes were acknowledged`);
      await sleep(20);
    }
  }

  /** Ends the work; sessions go on. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await inTime(Promise.all(this.#workers));
    if (this.#faults.length > 0) throw this.#faults[0];
  }

  /** What is not as it was acknowledged, in words. @param connect servers to ask */
  losses(connect: string): Promise<readonly string[]> {
    return patiently('everything is read', connect, (client) => this.#compare(client));
  }

  /** Ends the sessions. */
  async close(): Promise<void> {
    this.#stopping = true;
    try {
      await inTime(Promise.all(this.#workers));
      await inTime(Promise.all(this.#clients.map((client) => client.close())));
    } finally {
      for (const client of this.#clients) client.abandon();
    }
  }

  async #compare(client: ZooKeeperClient): Promise<readonly string[]> {
    await client.sync('/');
    const said: string[] = [];
    for (const { path, value } of this.#created) {
      const seen = await client.getData(path).then(
        ({ data }) => decode(data),
        (error: unknown) => {
          if (error instanceof ZooKeeperError && error.code === 'NoNode') return 'gone';
          throw error;
        },
      );
      if (seen !== value) said.push(`${path} was ${value} and is ${seen}`);
    }
    for (const [path, { acknowledged, asked }] of this.#own) {
      const seen = Number(decode((await client.getData(path)).data));
      if (seen < acknowledged || seen > asked) said.push(`${path} is ${seen}, not ${acknowledged} to ${asked}`);
    }
    const { children } = await client.getChildren(ROOT);
    const known = new Set(this.#created.map(({ path }) => path));
    for (const name of children) {
      const path = `${ROOT}/${name}`;
      if (name.startsWith('node-') && !known.has(path) && !this.#doubtful.has(path))
        said.push(`${path} is there, and nobody was told so`);
    }
    for (const path of this.#ephemerals)
      if (!children.includes(path.slice(ROOT.length + 1))) said.push(`${path} is gone, and its session is not`);
    return said;
  }

  async #work(client: ZooKeeperClient, at: number): Promise<void> {
    for (let turn = 0; !this.#stopping; turn++) {
      const path = `${ROOT}/node-${at}-${turn}`;
      const value = `value ${turn}`;
      await this.#ask(path, async () => {
        await client.create(path, encode(value));
        this.#created.push({ path, value });
      });
      const own = `${ROOT}/own-${at}`;
      const state = this.#own.get(own);
      if (state === undefined) return;
      state.asked = turn;
      await this.#ask(own, async () => {
        await client.setData(own, encode(String(turn)));
        state.acknowledged = turn;
      });
      await sleep(PAUSE_MS);
    }
  }

  async #ask(path: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof ZooKeeperError && error.code === 'ConnectionLoss') this.#doubtful.add(path);
      else {
        this.#faults.push(error);
        this.#stopping = true;
      }
    }
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decode(data: Uint8Array | null): string {
  return new TextDecoder().decode(data ?? undefined);
}
