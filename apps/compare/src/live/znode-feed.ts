import type { Ports } from '@biquorum/platform';
import { type WatchEvent, ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';
import type { Journal } from './journal.ts';
import { LIMITS, type LiveZnode } from './protocol.ts';

/** What a feed is made from. */
export interface ZnodeFeedOptions {
  readonly ports: Ports;
  readonly connect: string;
  readonly journal: Journal;
  /** The one clock. */
  readonly nowMs: () => number;
}

const SESSION_MS = 10_000;
const RETRY_MS = 500;
/** ZooKeeper's own. */
const OWN = '/zookeeper';

/**
 * The znodes of an ensemble as any client sees them: read once, then followed by a recursive watch. After a time without
 * a server everything is read anew, for a watch does not tell what it missed.
 */
export class ZnodeFeed {
  readonly #options: ZnodeFeedOptions;
  readonly #known: Map<string, LiveZnode> = new Map();
  #client: ZooKeeperClient;
  #changed = true;
  #seen = 0;
  #closed = false;
  #reading: Promise<void> | undefined;
  #again = false;

  constructor(options: ZnodeFeedOptions) {
    this.#options = options;
    this.#client = this.#connect();
  }

  /** The tree by path, and how many nodes more there are. */
  get znodes(): { readonly znodes: readonly LiveZnode[]; readonly znodesMore: number } {
    const znodes = [...this.#known.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
    return { znodes, znodesMore: Math.max(0, this.#seen - znodes.length) };
  }

  /** The tree, if it has changed since the last call. */
  take(): { readonly znodes: readonly LiveZnode[]; readonly znodesMore: number } | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return this.znodes;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#client.abandon();
    await this.#reading;
  }

  #connect(): ZooKeeperClient {
    const { ports, connect } = this.#options;
    return new ZooKeeperClient({
      connect,
      ports,
      sessionTimeoutMs: SESSION_MS,
      onState: (state) => {
        if (this.#closed) return;
        if (state === 'connected') ports.timers.soon(() => this.#readAnew());
        else if (state === 'expired' || state === 'closed') {
          ports.timers.set(RETRY_MS, () => {
            if (!this.#closed) this.#client = this.#connect();
          });
        }
      },
    });
  }

  #readAnew(): void {
    if (this.#closed) return;
    if (this.#reading !== undefined) {
      this.#again = true;
      return;
    }
    this.#reading = this.#readAll()
      .catch((error: unknown) => {
        // A connection that broke is made again, and then everything is read again.
        if (!(error instanceof ZooKeeperError)) throw error;
      })
      .finally(() => {
        this.#reading = undefined;
        if (!this.#again) return;
        this.#again = false;
        this.#readAnew();
      });
  }

  async #readAll(): Promise<void> {
    const client = this.#client;
    await client.addWatch('/', 'recursive', (event) => this.#heard(client, event));
    const before = new Set(this.#known.keys());
    this.#seen = 0;
    const waiting = ['/'];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      before.delete(path);
      if (!(await this.#read(client, path))) continue;
      // What cannot be shown is counted, not walked through.
      if (this.#seen > LIMITS.znodes * 4) break;
      const { children } = await client.getChildren(path);
      for (const child of children.toSorted().toReversed()) {
        const below = path === '/' ? `/${child}` : `${path}/${child}`;
        if (below !== OWN) waiting.push(below);
      }
    }
    for (const path of before) this.#known.delete(path);
    this.#changed = true;
  }

  /** @returns whether the node is there */
  async #read(client: ZooKeeperClient, path: string): Promise<boolean> {
    try {
      const { data, stat } = await client.getData(path);
      const known = this.#known.get(path);
      const told = { path, data: textOf(data), version: stat.version, ephemeral: stat.ephemeralOwner !== 0n };
      if (known === undefined) this.#seen = Math.max(this.#seen + 1, this.#known.size + 1);
      // A node that was deleted and made again begins with version 0, too.
      else if (known.version === told.version && known.data === told.data) return true;
      if (known === undefined && this.#known.size >= LIMITS.znodes) return true;
      this.#known.set(path, { ...told, changedMs: this.#options.nowMs() });
      this.#changed = true;
      return true;
    } catch (error) {
      if (!(error instanceof ZooKeeperError) || error.code !== 'NoNode') throw error;
      if (this.#known.delete(path)) this.#changed = true;
      return false;
    }
  }

  #heard(client: ZooKeeperClient, { type, path }: WatchEvent): void {
    if (this.#closed || client !== this.#client || path.startsWith(OWN)) return;
    const words = WORDS[type];
    if (words === undefined) return;
    if (type === 'NodeDeleted') {
      this.#known.delete(path);
      this.#seen = Math.max(this.#known.size, this.#seen - 1);
      this.#changed = true;
      this.#tell(words, path, '');
      return;
    }
    this.#read(client, path).then(
      () => this.#tell(words, path, this.#known.get(path)?.data ?? ''),
      (error: unknown) => {
        if (!(error instanceof ZooKeeperError)) throw error;
      },
    );
  }

  #tell(words: string, path: string, data: string): void {
    this.#options.journal.tell({
      mode: 'zookeeper',
      kind: 'znode',
      node: null,
      title: `${path} ${words}`,
      detail: data,
    });
  }
}

const WORDS: Readonly<Record<string, string | undefined>> = {
  NodeCreated: 'created',
  NodeDataChanged: 'set',
  NodeDeleted: 'deleted',
};

function textOf(data: Uint8Array | null): string {
  if (data === null) return '';
  const text = new TextDecoder().decode(data.subarray(0, LIMITS.textLength));
  return data.length > LIMITS.textLength ? `${text}…` : text;
}
