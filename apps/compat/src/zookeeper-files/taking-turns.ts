import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, LOOPBACK } from '../apache/ports.ts';
import type { Properties } from '../apache/properties.ts';
import { ApacheZooKeeper } from '../apache/zookeeper.ts';
import { OurZooKeeper } from '../zookeeper-clients/our-server.ts';

/** Whose server has its turn. */
export type Owner = 'Apache' | 'ours';

/** A server that runs on the directory. */
interface Running {
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/**
 * One data directory and one port, on which Apache's server and ours take turns; clients stay, and go on in their
 * sessions.
 */
export class TakingTurns implements AsyncDisposable {
  readonly #directory: string;
  readonly #port: number;
  readonly #settings: Properties;
  #running: Running | null = null;

  private constructor(directory: string, port: number, settings: Properties) {
    this.#directory = directory;
    this.#port = port;
    this.#settings = settings;
  }

  /** @param ensemble whether the server is the only one of an ensemble, and begins an epoch with each turn */
  static async prepare(directory: string, ensemble = false): Promise<TakingTurns> {
    const data = join(directory, 'data');
    mkdirSync(data, { recursive: true });
    const [port = 0, quorum, election] = await freePorts(3);
    if (!ensemble) return new TakingTurns(directory, port, {});
    writeFileSync(join(data, 'myid'), '1');
    return new TakingTurns(directory, port, {
      standaloneEnabled: false,
      initLimit: 30,
      syncLimit: 30,
      'server.1': `${LOOPBACK}:${quorum}:${election}`,
    });
  }

  /** `host:port` for clients. */
  get connect(): string {
    return `${LOOPBACK}:${this.#port}`;
  }

  /** Where the files are. */
  get files(): string {
    return join(this.#directory, 'data', 'version-2');
  }

  /** Starts a server, and waits until it serves. */
  async start(owner: Owner, settings: Properties = {}): Promise<void> {
    if (this.#running !== null) throw new Error('a server runs already');
    const all: Properties = { clientPort: this.#port, extendedTypesEnabled: true, ...this.#settings, ...settings };
    if (owner === 'Apache') this.#running = await ApacheZooKeeper.start(this.#directory, all);
    else {
      const server = await OurZooKeeper.start(this.#directory, all);
      this.#running = { stop: () => server.stop(), kill: () => server[Symbol.asyncDispose]() };
    }
  }

  /** A clean shutdown. */
  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = null;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.#running?.kill();
    this.#running = null;
  }

  /** Names of the files that begin so, oldest first. */
  named(prefix: 'log.' | 'snapshot.'): readonly string[] {
    const zxidOf = (name: string): number => Number.parseInt(name.slice(prefix.length), 16);
    return readdirSync(this.files)
      .filter((name) => name.startsWith(prefix))
      .toSorted((a, b) => zxidOf(a) - zxidOf(b));
  }

  /** An epoch on the disk. */
  epoch(name: 'acceptedEpoch' | 'currentEpoch'): number {
    return Number(readFileSync(join(this.files, name), 'utf8'));
  }

  /** What the servers have printed so far. */
  output(): string {
    return readFileSync(join(this.#directory, 'zookeeper.log'), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
