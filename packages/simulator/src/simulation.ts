import {
  type EngineKind,
  hasMajority,
  type LinkKind,
  type NodeId,
  type Outcome,
  StorageError,
  type Token,
} from '@biquorum/consensus';
import { DiskError } from '@biquorum/platform';
import { MemoryWorld, type VirtualTime } from '@biquorum/platform/testing';
import { Heap, Prng } from '@biquorum/std';
import { SafetyChecker } from './checkers.ts';
import { Clients } from './clients.ts';
import { drawFamilies, type Family } from './families.ts';
import { checkByKey } from './linearizability.ts';
import { Nemesis } from './nemesis.ts';
import { SimulatedNetwork } from './network.ts';
import { type NodeWorld, SimulatedNode } from './node.ts';
import { registerModel } from './register.ts';
import { Violation } from './violation.ts';

/** What to simulate. */
export interface SimulationOptions<Message, Durable> {
  /** The engine; made anew for each run. */
  readonly kind: EngineKind<Message, Durable>;
  readonly seed: number;
  /** What may happen; drawn from the seed by default. */
  readonly families?: ReadonlySet<Family>;
  /** How long faults go on, in virtual milliseconds. */
  readonly faultsMs?: number;
  /** How long the healed cluster may take to make progress everywhere. */
  readonly healingMs?: number;
  /** Milliseconds between two ticks of an engine. */
  readonly tickMs?: number;
  /**
   * Whether an engine that stops on a broken assertion of its own counts as found. Off to judge the checkers alone.
   */
  readonly assertionsCount?: boolean;
}

/** What came of a run. */
export interface SimulationResult {
  readonly seed: number;
  readonly families: ReadonlySet<Family>;
  readonly violation: Violation | null;
  /** Equal for two runs that were the same, event for event. */
  readonly traceHash: number;
  readonly nodes: number;
  readonly events: number;
  readonly operations: number;
  /** Operations that were answered. */
  readonly answered: number;
  readonly committed: number;
  readonly virtualMs: number;
  /** The linearizability search was given up. */
  readonly undecided: boolean;
  /** How often faults struck, by family; of links, clocks and disks that are only worse than usual there is no count. */
  readonly faults: Readonly<Record<string, number>>;
}

/**
 * Runs a cluster of one engine through a schedule of faults that follows from the seed, watches it after every event,
 * then heals it and waits for progress, and looks at last at what the clients saw.
 */
export async function simulate<Message, Durable>(
  options: SimulationOptions<Message, Durable>,
): Promise<SimulationResult> {
  const simulation = new Simulation(options);
  return simulation.run();
}

class Simulation<Message, Durable> implements NodeWorld<Message, Durable> {
  readonly hosts: MemoryWorld;
  readonly kind: EngineKind<Message, Durable>;
  readonly network: SimulatedNetwork<Message>;
  readonly checker: SafetyChecker = new SafetyChecker();
  readonly peers: readonly { readonly id: NodeId; readonly address: string }[];
  readonly snapshotEvery: number;
  readonly tickMs: number;
  readonly #options: SimulationOptions<Message, Durable>;
  readonly #families: ReadonlySet<Family>;
  readonly #nodes: SimulatedNode<Message, Durable>[];
  readonly #clients: Clients<Message, Durable>;
  readonly #nemesis: Nemesis<Message, Durable>;
  /** Microseconds at which promises may have reactions to run, the soonest first. */
  readonly #promises: Heap<number> = new Heap((a, b) => a - b);
  #soon: (() => void)[] = [];
  #promised = false;
  #slowDisk: boolean;
  #violation: Violation | null = null;
  #events = 0;

  constructor(options: SimulationOptions<Message, Durable>) {
    this.#options = options;
    const prng = new Prng(options.seed);
    this.#families = options.families ?? drawFamilies(prng.fork('families'));
    this.kind = options.kind;
    this.tickMs = options.tickMs ?? 20;
    this.hosts = new MemoryWorld({ seed: options.seed });
    const shape = prng.fork('shape');
    const total = shape.between(3, 7);
    // Some of them only watch at first.
    const voters = Math.max(3, total - shape.below(3));
    this.peers = Array.from({ length: voters }, (_, id) => ({ id, address: '' }));
    this.snapshotEvery = this.#families.has('snapshots') ? shape.between(5, 30) : 0;
    this.#slowDisk = this.#families.has('slowDisk');
    const channels = new Map<string, LinkKind>(options.kind.channels.map(({ name, link }) => [name, link]));
    this.network = new SimulatedNetwork(
      {
        after: (delayMs, run) => this.#time.after(delayMs, run),
        enter: (id, incarnation, run) => this.#nodes[id]?.enter(incarnation, run),
      },
      prng.fork('network'),
      channels,
      this.#families,
      () => this.#time.nowMs,
    );
    this.#nodes = Array.from({ length: total }, (_, id) => {
      const drift = this.#families.has('clockDrift') ? 0.8 + shape.below(400) / 1000 : 1;
      return new SimulatedNode(id, this, drift);
    });
    this.#clients = new Clients(this.#time, this.#nodes, prng.fork('clients'));
    this.#nemesis = new Nemesis(this.#time, this.#nodes, this.network, this.#families, prng.fork('faults'));
  }

  async run(): Promise<SimulationResult> {
    try {
      const faultsMs = this.#options.faultsMs ?? 3000;
      for (const node of this.#nodes) node.start();
      this.#clients.start();
      this.#nemesis.start(faultsMs);
      await this.#runUntil(faultsMs, () => false);
      const voters = await this.#heal();
      this.#checkHistory();
      await this.#checkDisks(voters);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.#violation = error;
    }
    for (const node of this.#nodes) node.kill();
    const operations = this.#clients.history.operations();
    return {
      seed: this.#options.seed,
      families: this.#families,
      violation: this.#violation,
      traceHash: this.#time.fingerprint,
      nodes: this.#nodes.length,
      events: this.#events,
      operations: operations.length,
      answered: operations.filter(({ end }) => end < Number.POSITIVE_INFINITY).length,
      committed: this.checker.deliveredEnd,
      virtualMs: this.#time.nowMs,
      undecided: this.#undecided,
      faults: this.#nemesis.counts,
    };
  }

  syncLatencyMs(prng: Prng): number {
    const usual = (200 + prng.below(1000)) / 1000;
    return this.#slowDisk && prng.chance(0.1) ? usual + prng.below(60) : usual;
  }

  soon(run: () => void): void {
    this.#soon.push(run);
  }

  promised(): void {
    this.#promised = true;
  }

  promisedIn(delayMs: number): void {
    this.#promises.push(Math.round((this.#time.nowMs + delayMs) * 1000));
  }

  settled(node: SimulatedNode<Message, Durable>, token: Token, outcome: Outcome): void {
    this.#clients.settled(node, token, outcome);
  }

  applied(node: SimulatedNode<Message, Durable>): void {
    this.#clients.applied(node);
  }

  stopped(node: SimulatedNode<Message, Durable>, error: unknown): void {
    if (error instanceof Violation) {
      this.#violation ??= error;
      return;
    }
    this.#nemesis.stopped(node, error);
    const expected = error instanceof DiskError || error instanceof StorageError;
    if (!expected && this.#options.assertionsCount !== false) {
      this.#violation ??= new Violation('engines keep their own invariants', `node ${node.id}: ${error}`);
    }
  }

  #undecided = false;

  /** @returns The voters at the end; none when there is no leader to ask. */
  async #heal(): Promise<readonly NodeId[]> {
    this.#slowDisk = false;
    this.#nemesis.heal();
    this.#clients.stop();
    const healingMs = this.#options.healingMs ?? 15_000;
    const start = this.#time.nowMs;
    const target = { index: -1 };
    const converged = await this.#runUntil(start + healingMs, () =>
      this.#clients.probe(target, this.checker.deliveredEnd),
    );
    // With a voter lost for good in the middle of voter changes, there may be no majority of the set that counts.
    const hopeless = this.#families.has('voterChanges') && this.#nodes.some(({ broken }) => broken);
    if (!converged && !hopeless) {
      const views = this.#nodes.map((node) => {
        const view = node.driver?.view();
        return view === undefined
          ? `${node.id}: ${node.broken ? 'broken' : 'down'}`
          : `${node.id}: ${view.role} ${view.epoch} leader ${view.leader} log ${view.logStart}..${view.logEnd} ` +
              `committed ${view.highWatermark} applied ${node.driver?.applied} voters ${view.voters} (${view.reason})`;
      });
      throw new Violation('a healed cluster makes progress', `not within ${healingMs} ms\n  ${views.join('\n  ')}`);
    }
    const digests = this.#nodes.flatMap(({ id, store }) =>
      store === null ? [] : [{ id, index: store.index, digest: store.digest }],
    );
    for (const { id, index, digest } of digests) this.checker.restore(id, index, digest);
    return this.#nodes.find(({ driver }) => driver?.view().leading)?.driver?.view().voters ?? [];
  }

  /** At last the power fails everywhere: what was committed must be on the disks of a majority, byte for byte. */
  async #checkDisks(voters: readonly NodeId[]): Promise<void> {
    if (voters.length === 0) return;
    for (const node of this.#nodes) {
      node.retired = true;
      if (node.up) node.powerOff();
    }
    const holding = new Set<NodeId>();
    for (const node of this.#nodes.filter(({ id, broken }) => voters.includes(id) && !broken)) {
      let done = false;
      node.bytesOnDisk().then(
        ({ start, entries }) => {
          if (this.checker.holdsCommitted(start, entries)) holding.add(node.id);
          done = true;
        },
        () => {
          // Nobody but the simulation has spoiled it, and it may have found out just now.
          if (node.id === this.#nemesis.flipped) holding.add(node.id);
          done = true;
        },
      );
      await this.#runUntil(this.#time.nowMs + 1000, () => done);
      node.kill();
    }
    if (!hasMajority(voters, holding)) {
      throw new Violation(
        'what is committed is on a majority of disks',
        `of the voters ${voters} only ${[...holding]} have it`,
      );
    }
  }

  #checkHistory(): void {
    const verdict = checkByKey(this.#clients.history.operations(), registerModel, ({ key }) => key, 100_000);
    if (verdict.kind === 'violation') {
      const { input, output } = verdict.stuck;
      throw new Violation('histories are linearizable', `${JSON.stringify(input)} answered ${output} fits nowhere`);
    }
    this.#undecided = verdict.kind === 'undecided';
  }

  async #runUntil(endMs: number, done: () => boolean): Promise<boolean> {
    for (;;) {
      await this.#rest();
      if (this.#violation !== null) throw this.#violation;
      if (done()) return true;
      // The nemesis and the ticks see to it that there is always a next event.
      if (this.#time.nowMs >= endMs || !this.#time.step()) return false;
      this.#events++;
      this.#noticePromises();
    }
  }

  /** Whether the event that is just over may have settled a promise; several events may have the same moment. */
  #noticePromises(): void {
    if (this.#promises.size === 0) return;
    const nowMicros = Math.round(this.#time.nowMs * 1000);
    while ((this.#promises.peek() ?? Number.POSITIVE_INFINITY) < nowMicros) {
      this.#promises.pop();
      this.#promised = true;
    }
    if (this.#promises.peek() === nowMicros) this.#promised = true;
  }

  get #time(): VirtualTime {
    return this.hosts.time;
  }

  /** Lets everything that the last event set going come to rest. */
  async #rest(): Promise<void> {
    for (;;) {
      while (this.#soon.length > 0) {
        const soon = this.#soon;
        this.#soon = [];
        for (const run of soon) run();
      }
      if (!this.#promised) return;
      this.#promised = false;
      await this.#time.settle();
      if (this.#soon.length === 0 && !this.#promised) return;
    }
  }
}
