import {
  DiskStorage,
  Driver,
  type EngineKind,
  type EngineStorage,
  type Entry,
  type NodeId,
  type Outcome,
  type Peer,
  type Token,
} from '@biquorum/consensus';
import type { Ports, Timers } from '@biquorum/platform';
import type { MemoryDisk, MemoryHost, MemoryWorld } from '@biquorum/platform/testing';
import type { Prng } from '@biquorum/std';
import type { SafetyChecker } from './checkers.ts';
import type { SimulatedNetwork } from './network.ts';
import { NoticedStorage } from './noticed-storage.ts';
import { Store } from './store.ts';

/** What a simulated node needs of the world around it. */
export interface NodeWorld<Message, Durable> {
  readonly hosts: MemoryWorld;
  readonly kind: EngineKind<Message, Durable>;
  readonly network: SimulatedNetwork<Message>;
  readonly checker: SafetyChecker;
  readonly peers: readonly Peer[];
  readonly snapshotEvery: number;
  readonly tickMs: number;
  syncLatencyMs(prng: Prng): number;
  /** Runs `run` once the event under way is over. */
  soon(run: () => void): void;
  /** Promises may have reactions to run when the event under way is over. */
  promised(): void;
  /** Promises may have reactions to run after so many milliseconds. */
  promisedIn(delayMs: number): void;
  settled(node: SimulatedNode<Message, Durable>, token: Token, outcome: Outcome): void;
  applied(node: SimulatedNode<Message, Durable>): void;
  /** The node stopped itself. */
  stopped(node: SimulatedNode<Message, Durable>, error: unknown): void;
}

/** A machine with a disk and, while it is up, a process with a driver. */
export class SimulatedNode<Message, Durable> {
  readonly id: NodeId;
  readonly #world: NodeWorld<Message, Durable>;
  readonly #host: MemoryHost;
  #driver: Driver<Message, Durable> | null = null;
  #store: Store | null = null;
  #paused = false;
  /** Counts the starts of the process. */
  incarnation = 0;
  /** Its disk is damaged: it can never start again. */
  broken = false;
  /** Its part in the simulation is over; only its disk is still of interest. */
  retired = false;

  constructor(id: NodeId, world: NodeWorld<Message, Durable>, clockRate: number) {
    this.id = id;
    this.#world = world;
    this.#host = world.hosts.addHost(`node-${id}`, {
      clockRate,
      diskLatencyMs: (operation, prng) => {
        const latencyMs = operation === 'sync' ? world.syncLatencyMs(prng) : 0.05;
        world.promisedIn(latencyMs);
        return latencyMs;
      },
    });
    this.#host.kill();
  }

  get disk(): MemoryDisk {
    return this.#host.disk;
  }

  get up(): boolean {
    return this.#host.running;
  }

  get paused(): boolean {
    return this.#paused;
  }

  get driver(): Driver<Message, Durable> | null {
    return this.#driver;
  }

  get store(): Store | null {
    return this.#store;
  }

  start(): void {
    if (this.up || this.broken || this.retired) return;
    const world = this.#world;
    const incarnation = ++this.incarnation;
    const ports = this.#host.start();
    world.checker.restarted(this.id);
    world.promised();
    const store = new Store(this.id, world.checker);
    Driver.start({
      kind: this.#watched(),
      id: this.id,
      directory: `disk-${this.id}`,
      address: '',
      peers: world.peers,
      storage: this.#storage(ports),
      transport: world.network.attach(this.id, incarnation),
      machine: store,
      ports: { clock: ports.clock, timers: this.#timers(ports, incarnation), random: ports.random },
      limits: { tickMs: world.tickMs, snapshotEvery: world.snapshotEvery, inboxInputs: 1024 },
      events: {
        settled: (token, outcome) => world.settled(this, token, outcome),
        applied: () => world.applied(this),
        failed: (error) => this.#failed(error, incarnation),
      },
    }).then(
      (driver) => {
        if (this.incarnation !== incarnation || !this.up) driver.stop();
        else {
          this.#driver = driver;
          this.#store = store;
        }
      },
      (error: unknown) => this.#failed(error, incarnation),
    );
  }

  /** The power fails: the process is gone, and what was not synced is lost or torn. Nobody is told. */
  powerOff(): void {
    this.#end(false);
    this.#host.powerOff();
  }

  /** The process is killed; the operating system keeps what it wrote. */
  kill(): void {
    this.#end(true);
    this.#host.kill();
  }

  /** What a new process finds on the disk of this machine, which is down. Rejects when the disk is damaged. */
  async bytesOnDisk(): Promise<{ readonly start: number; readonly entries: readonly Entry[] }> {
    this.incarnation++;
    this.#world.promised();
    const storage = this.#storage(this.#host.start());
    const ignore = (): void => {};
    const events = { written: ignore, snapshotWritten: ignore, snapshotInstalled: ignore, failed: ignore };
    const { logStart, entries } = await storage.open(events);
    const shape = [...entries];
    const end = shape.reduce((last, { index, span }) => Math.max(last, index + span), logStart.index);
    // Payloads of older entries are not in memory.
    return new Promise((resolve) => {
      storage.readEntries(logStart.index, end, Number.MAX_SAFE_INTEGER, (filling) =>
        resolve({ start: logStart.index, entries: filling.kind === 'entries' ? filling.entries : [] }),
      );
    });
  }

  pause(): void {
    if (!this.up) return;
    this.#paused = true;
    this.#host.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#world.promisedIn(0);
    this.#host.resume();
  }

  /** Runs something of this incarnation when it can: now, when it is resumed, or never. */
  enter(incarnation: number, run: () => void): void {
    if (incarnation !== this.incarnation || !this.up) return;
    if (this.#paused) this.#host.ports.timers.soon(run);
    else run();
  }

  #end(told: boolean): void {
    this.#driver?.stop();
    this.#driver = null;
    this.#store = null;
    this.#paused = false;
    this.#world.network.detach(this.id, told);
  }

  #failed(error: unknown, incarnation: number): void {
    if (this.incarnation !== incarnation || !this.up) return;
    this.kill();
    this.#world.stopped(this, error);
  }

  /** The engine, with every step followed by a look at what it shows. */
  #watched(): EngineKind<Message, Durable> {
    const { kind, checker } = this.#world;
    return {
      ...kind,
      create: (setup) => {
        const engine = kind.create(setup);
        checker.observe(engine.view());
        return {
          step(input) {
            const effects = engine.step(input);
            checker.observe(engine.view());
            return effects;
          },
          view: () => engine.view(),
        };
      },
    };
  }

  /** The storage of production on the simulated disk; calls that leave promises behind are noticed. */
  #storage(ports: Ports): EngineStorage<Durable> {
    const { kind } = this.#world;
    const options = { disk: ports.disk, directory: '/replica', segmentBytes: 2048, cacheBytes: 4096 };
    return new NoticedStorage(new DiskStorage(options, kind.durable), () => this.#world.promised());
  }

  #timers(ports: Ports, incarnation: number): Timers {
    return {
      set: (delayMs, callback) => ports.timers.set(delayMs, callback),
      soon: (callback) => this.#world.soon(() => this.enter(incarnation, callback)),
    };
  }
}
