import type { Cluster } from '@biquorum/cluster';
import { noTelemetry, type Telemetry, type Timer } from '@biquorum/platform';
import { createNodePorts } from '@biquorum/platform/node';
import { type Both, type BothOptions, detectionMsOf, startBoth } from './both.ts';
import { Commands, type Side } from './commands.ts';
import { journalOf } from './event-words.ts';
import { Journal } from './journal.ts';
import { LiveTelemetry } from './live-telemetry.ts';
import { Observer } from './observer.ts';
import { PageServer } from './page-server.ts';
import {
  LIMITS,
  type LiveHello,
  type LiveMode,
  type LiveSample,
  type LiveState,
  type LiveTick,
  MODES,
} from './protocol.ts';
import { Ring } from './ring.ts';
import { Workload } from './workload/workload.ts';
import { ZnodeFeed } from './znode-feed.ts';

/** How to start both clusters, their load and the page. */
export interface LiveOptions extends Omit<BothOptions, 'telemetry'> {
  /** Of the page; 0 by default: the system chooses. */
  readonly pagePort?: number;
  /** Where events of the nodes go beside the page. */
  readonly telemetry?: Telemetry;
  /** What records are made of, line after line. */
  readonly lines: readonly string[];
}

const TOPIC = 'trickle';
const PARTITIONS = 3;
const BATCH = 10;
const EVERY_MS = 100;
const TICK_MS = 250;

/** Both clusters with a steady load on each, and the page that shows them. */
export class Live implements AsyncDisposable {
  readonly clusters: Both;
  /** How long the start of both clusters took. */
  readonly startMs: number;
  readonly #ports: ReturnType<typeof createNodePorts>;
  readonly #options: LiveOptions;
  readonly #originMs: number;
  readonly #journal: Journal;
  readonly #sides: Readonly<Record<LiveMode, Side>>;
  readonly #samples: Ring<LiveSample> = new Ring(LIMITS.samples);
  readonly #znodes: ZnodeFeed | undefined;
  #loads: Readonly<Record<LiveMode, Workload>> | undefined;
  #page: PageServer | undefined;
  #state: LiveState | null = null;
  #timer: Timer | undefined;
  #ticking: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  /**
   * Starts everything and resolves when both clusters serve clients and the page can be opened.
   *
   * @throws what stands in the way of either cluster; NodeStartError of the code `interrupted` when it was given up;
   *   NetworkError for a port of the page that is taken. Then nothing runs.
   */
  static async start(options: LiveOptions): Promise<Live> {
    const ports = createNodePorts();
    const originMs = ports.clock.monotonicMs();
    const journal = new Journal(() => round(ports.clock.monotonicMs() - originMs));
    const behind = options.telemetry ?? noTelemetry;
    let clusters: Both | undefined;
    try {
      clusters = await startBoth({
        ...options,
        telemetry: (mode) => new LiveTelemetry(behind, journalOf(journal, mode)),
      });
      const live = new Live(clusters, ports, originMs, journal, options);
      await live.#open();
      return live;
    } catch (error) {
      if (clusters !== undefined) await Promise.all(MODES.map((mode) => clusters?.[mode].stop()));
      await ports.close();
      throw error;
    }
  }

  private constructor(
    clusters: Both,
    ports: ReturnType<typeof createNodePorts>,
    originMs: number,
    journal: Journal,
    options: LiveOptions,
  ) {
    this.clusters = clusters;
    this.#ports = ports;
    this.#options = options;
    this.#originMs = originMs;
    this.#journal = journal;
    this.startMs = Math.round(this.#nowMs());
    const sideOf = (mode: LiveMode): Side => {
      const observer = new Observer(clusters[mode], mode, TOPIC);
      return { cluster: clusters[mode], look: () => observer.look() };
    };
    this.#sides = { zookeeper: sideOf('zookeeper'), kraft: sideOf('kraft') };
    const connect = clusters.zookeeper.zookeeperConnect;
    this.#znodes =
      connect === undefined ? undefined : new ZnodeFeed({ ports, connect, journal, nowMs: () => this.#nowMs() });
  }

  /** Where the page is. */
  get url(): string {
    return this.#page?.url ?? '';
  }

  /** Records of a cluster's load since its start. */
  total(mode: LiveMode): { readonly produced: number; readonly consumed: number } {
    return this.#loads?.[mode].total ?? { produced: 0, consumed: 0 };
  }

  /** Starts the load on both; the topic it makes is there then. */
  async load(): Promise<void> {
    const { lines } = this.#options;
    const encoded = lines.map((line) => new TextEncoder().encode(line));
    let next = 0;
    const batch = (): readonly Uint8Array[] =>
      Array.from({ length: BATCH }, () => encoded[next++ % encoded.length] as Uint8Array);
    const startOn = async (cluster: Cluster): Promise<Workload> => {
      const load = await Workload.start({
        ports: this.#ports,
        bootstrap: cluster.bootstrap.split(','),
        topic: TOPIC,
        partitions: PARTITIONS,
        replicas: Math.min(3, this.#options.brokers ?? 3),
        everyMs: EVERY_MS,
        batch,
      });
      return load;
    };
    const [zookeeper, kraft] = await Promise.all(MODES.map((mode) => startOn(this.clusters[mode])));
    this.#loads = { zookeeper: zookeeper as Workload, kraft: kraft as Workload };
  }

  /** Stops everything in order. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #open(): Promise<void> {
    const commands = new Commands(this.#sides, this.#journal, TOPIC);
    this.#page = await PageServer.start({
      ...(this.#options.pagePort === undefined ? {} : { port: this.#options.pagePort }),
      hello: () => this.#hello(),
      run: (command) => commands.run(command),
    });
    this.#onTick();
  }

  #nowMs(): number {
    return round(this.#ports.clock.monotonicMs() - this.#originMs);
  }

  #onTick(): void {
    this.#timer = this.#ports.timers.set(TICK_MS, () => {
      this.#ticking = this.#tick().finally(() => {
        if (this.#stopped === undefined) this.#onTick();
      });
    });
  }

  async #tick(): Promise<void> {
    const loads = this.#loads;
    const sample: LiveSample | undefined = loads && {
      atMs: this.#nowMs(),
      rates: { zookeeper: loads.zookeeper.take(), kraft: loads.kraft.take() },
    };
    if (sample !== undefined) this.#samples.add(sample);
    // Where nobody looks at the page, nobody has to look into the clusters.
    const isWatched = this.#page?.isWatched ?? false;
    if (isWatched || this.#state === null) {
      const [zookeeper, kraft] = await Promise.all(MODES.map((mode) => this.#sides[mode].look()));
      if (zookeeper !== undefined && kraft !== undefined) {
        this.#state = { atMs: this.#nowMs(), clusters: { zookeeper, kraft } };
      }
    }
    this.#tell({
      ...(this.#state === null ? {} : { state: this.#state }),
      ...(sample === undefined ? {} : { sample }),
    });
  }

  /** Tells the pages this, and what else is new. */
  #tell(part: Pick<LiveTick, 'state' | 'sample'>): void {
    const { events, arrivals, records } = this.#journal.take();
    this.#page?.tell({
      nowMs: this.#nowMs(),
      ...part,
      ...(events.length === 0 ? {} : { events }),
      ...(arrivals.length === 0 ? {} : { arrivals }),
      ...(records.length === 0 ? {} : { records }),
      ...(this.#znodes?.take() ?? {}),
    });
  }

  #hello(): LiveHello {
    const { properties = {} } = this.#options;
    // A page that comes between two ticks is not to hear anything twice.
    this.#tell({});
    return {
      topic: TOPIC,
      partitions: PARTITIONS,
      startMs: this.startMs,
      detectionMs: { zookeeper: detectionMsOf('zookeeper', properties), kraft: detectionMsOf('kraft', properties) },
      nowMs: this.#nowMs(),
      state: this.#state,
      samples: this.#samples.items,
      events: this.#journal.events,
      records: this.#journal.records,
      ...(this.#znodes?.znodes ?? { znodes: [], znodesMore: 0 }),
    };
  }

  async #stop(): Promise<void> {
    this.#timer?.cancel();
    await this.#ticking;
    await this.#page?.stop();
    await Promise.all(MODES.map((mode) => this.#loads?.[mode].stop()));
    await this.#znodes?.close();
    await Promise.all(MODES.map((mode) => this.#stopCluster(mode)));
    await this.#ports.close();
  }

  async #stopCluster(mode: LiveMode): Promise<void> {
    const { cluster, look } = this.#sides[mode];
    const { quorumLeader } = (await look()).government;
    // Brokers hand over what they lead, and wait for somebody who takes it: not for a majority that is gone, where
    // nobody finds their data again anyway.
    if (quorumLeader === null && this.#options.dataDirectory === undefined) await cluster.killAll();
    cluster.heal();
    await cluster.stop();
  }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
