import type { Ports } from '@biquorum/platform';
import { HostStopped, type MemoryHost } from '@biquorum/platform/testing';
import { ClientListener, type EnsembleConfig, EnsembleNode, storageOptions } from '@biquorum/zookeeper';
import type { LoggedTxn } from '@biquorum/zookeeper-wire';
import { CLIENT_PORT } from './plan-zookeeper.ts';

/** What a server tells those who look after it. */
export interface QuorumServerEvents {
  /** It has applied a transaction, in one life of its process. */
  applied(server: QuorumServer, txn: LoggedTxn): void;
  /** It cannot start, or has stopped by itself: on machines without faults of their own, neither may be. */
  failed(server: QuorumServer, error: unknown): void;
}

/** Small, so that runs hold many files. */
const LOG_PADDING_BYTES = 16 * 1024;
const TXNS_BETWEEN_SNAPSHOTS = 200;

/** One server of a simulated ensemble: a host in memory with a disk, and on it what production runs. */
export class QuorumServer {
  readonly #host: MemoryHost;
  readonly #config: EnsembleConfig;
  readonly #events: QuorumServerEvents;
  #node: EnsembleNode | undefined;
  #isPaused = false;
  #life = 0;

  /** @param host with a process, which is ended */
  constructor(host: MemoryHost, config: EnsembleConfig, events: QuorumServerEvents) {
    this.#host = host;
    this.#config = config;
    this.#events = events;
    host.kill();
  }

  get id(): number {
    return this.#config.id;
  }

  /** What runs there; undefined while nothing does, and while its storage is being read. */
  get node(): EnsembleNode | undefined {
    return this.#node;
  }

  /** Whether its process runs, and not stands still. */
  get isAwake(): boolean {
    return this.#host.running && !this.#isPaused;
  }

  /** Starts its process, on what its disk holds. */
  start(): void {
    if (this.#host.running) return;
    const life = ++this.#life;
    this.#start(this.#host.start(), life).catch((error: unknown) => {
      // What still runs of a process that was ended is nobody's concern.
      if (life === this.#life && !(error instanceof HostStopped)) this.#events.failed(this, error);
    });
  }

  /** Ends its process, or takes the power of its machine away. */
  end(how: 'kill' | 'powerOff'): void {
    this.#life += 1;
    this.#node = undefined;
    this.#isPaused = false;
    this.#host[how]();
  }

  pause(): void {
    this.#isPaused = this.#host.running;
    this.#host.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#host.resume();
  }

  async #start(ports: Ports, life: number): Promise<void> {
    const node = await EnsembleNode.start({
      ports,
      ensemble: this.#config,
      storage: storageOptions({
        dataDir: '/zookeeper',
        preAllocBytes: LOG_PADDING_BYTES,
        snapCount: TXNS_BETWEEN_SNAPSHOTS,
      }),
      onFailure: (error) => {
        if (life === this.#life) this.#events.failed(this, error);
      },
    });
    const { server } = node;
    const apply = server.apply.bind(server);
    server.apply = (txn: LoggedTxn): void => {
      apply(txn);
      this.#events.applied(this, txn);
    };
    this.#node = node;
    const listener = new ClientListener(server, {
      host: this.#host.name,
      port: CLIENT_PORT,
      connectionsPerHostMax: 0,
      isServing: () => node.isServing,
      ports,
    });
    await listener.open(ports.network);
  }
}
