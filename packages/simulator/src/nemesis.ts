import { NO_NODE, type NodeId, StorageError } from '@biquorum/consensus';
import { declaredSynced } from '@biquorum/consensus/testing';
import type { Interruption, VirtualTime } from '@biquorum/platform/testing';
import type { Prng } from '@biquorum/std';
import type { Family } from './families.ts';
import type { SimulatedNetwork } from './network.ts';
import type { SimulatedNode } from './node.ts';

/** Does to a cluster what the drawn families allow, at moments drawn from the seed. */
export class Nemesis<Message, Durable> {
  readonly #time: VirtualTime;
  readonly #nodes: readonly SimulatedNode<Message, Durable>[];
  readonly #network: SimulatedNetwork<Message>;
  readonly #families: ReadonlySet<Family>;
  readonly #prng: Prng;
  #active = false;
  #endMs = 0;
  #flipped: NodeId = NO_NODE;
  readonly #counts: Map<Family, number> = new Map();

  constructor(
    time: VirtualTime,
    nodes: readonly SimulatedNode<Message, Durable>[],
    network: SimulatedNetwork<Message>,
    families: ReadonlySet<Family>,
    prng: Prng,
  ) {
    this.#time = time;
    this.#nodes = nodes;
    this.#network = network;
    this.#families = families;
    this.#prng = prng;
  }

  /** Whose disk has decayed, −1 when none has: what it held cannot be told any more. */
  get flipped(): NodeId {
    return this.#flipped;
  }

  /** How often it did what, by family. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  start(durationMs: number): void {
    this.#active = true;
    this.#endMs = durationMs;
    this.#repeat('powerLoss', 350, (prng) => this.#crash(prng, 'powerOff'));
    this.#repeat('kill', 900, (prng) => this.#crash(prng, 'kill'));
    this.#repeat('powerLoss', 250, (prng) => this.#crashVoter(prng, prng.pick(this.#nodes), 'powerOff'));
    this.#repeat('kill', 250, (prng) => this.#crashVoter(prng, prng.pick(this.#nodes), 'kill'));
    this.#repeat('restarts', 500, (prng) => this.#restartAll(prng));
    this.#repeat('pause', 700, (prng) => this.#pause(prng));
    this.#repeat('cut', 800, (prng) => this.#cut(prng));
    this.#repeat('cut', 1600, (prng) => this.#bridge(prng));
    this.#repeat('oneWayCut', 800, (prng) => this.#oneWayCut(prng));
    this.#repeat('diskError', 1000, (prng) => this.#diskError(prng));
    this.#repeat('bitFlip', 1500, (prng) => this.#bitFlip(prng));
    this.#repeat('voterChanges', 250, (prng) => this.#changeVoters(prng));
    this.#repeat('transfers', 500, (prng) => this.#transfer(prng));
  }

  /** A node stopped by itself: it is started again, unless its disk is damaged. */
  stopped(node: SimulatedNode<Message, Durable>, error: unknown): void {
    if (error instanceof StorageError) node.broken = true;
    else this.#time.after(50 + this.#prng.below(300), () => node.start());
  }

  /** Ends all faults; whoever is down comes up. */
  heal(): void {
    this.#active = false;
    this.#network.heal(new Set());
    for (const node of this.#nodes) {
      node.disk.onOperation = undefined;
      node.resume();
      node.start();
    }
  }

  #repeat(family: Family, meanMs: number, act: (prng: Prng) => void): void {
    if (!this.#families.has(family)) return;
    const prng = this.#prng.fork(`${family} ${meanMs}`);
    const next = (): void => {
      const delayMs = 1 + prng.below(2 * meanMs);
      if (this.#time.nowMs + delayMs >= this.#endMs) return;
      this.#time.after(delayMs, () => {
        if (!this.#active) return;
        this.#counts.set(family, (this.#counts.get(family) ?? 0) + 1);
        act(prng);
        next();
      });
    };
    next();
  }

  #crash(prng: Prng, how: 'powerOff' | 'kill'): void {
    // Now and then all at once: whatever was only in memory anywhere is gone.
    const all = prng.chance(0.15);
    for (const node of all ? this.#nodes : [prng.pick(this.#nodes)]) {
      if (!node.up) continue;
      // Often it is back before the others have noticed, in the same epoch and among the same candidates.
      const awayMs = prng.chance(0.5) ? 1 + prng.below(15) : 10 + prng.below(500);
      const crash = (): void => {
        node[how]();
        this.#time.after(awayMs, () => node.start());
      };
      // The worst moment for the power to fail: all is written and sent, and nothing is on the disk yet.
      if (how === 'powerOff' && prng.chance(0.7)) {
        let skipped = prng.below(4);
        this.#atNextSync(
          node,
          () => skipped-- === 0,
          () => ({ kind: 'halt', halt: crash }),
        );
      } else crash();
    }
  }

  /** Everybody starts anew within a few milliseconds of each other, elections collide, and voters restart again. */
  #restartAll(prng: Prng): void {
    const bridge = this.#families.has('cut') && prng.chance(0.5) ? this.#bridge(prng) : null;
    const how = this.#families.has('powerLoss') && prng.chance(0.5) ? 'powerOff' : 'kill';
    const spreadMs = prng.chance(0.5) ? 2 : 20;
    for (const node of this.#nodes) {
      if (!node.up) continue;
      node.kill();
      this.#time.after(1 + prng.below(spreadMs), () => node.start());
      if (bridge === null ? prng.chance(0.5) : node === bridge) this.#crashVoter(prng, node, how);
    }
  }

  /**
   * While nobody leads, what members promise counts most. The next promise that this one makes brings it down at the
   * worst moment, and it is back at once: when the power fails, just before the promise is on its disk; when it is
   * killed, just after.
   */
  #crashVoter(prng: Prng, node: SimulatedNode<Message, Durable>, how: 'powerOff' | 'kill'): void {
    const crash = (): void => {
      if (!node.up) return;
      node[how]();
      this.#time.after(1 + prng.below(3), () => node.start());
    };
    // Who stands itself is left alone, so that its rivals can ask the same voter again.
    const promises = (): boolean => {
      const view = node.driver?.view();
      return view !== undefined && view.leader === NO_NODE && view.role !== 'candidate';
    };
    this.#atNextSync(node, promises, () => {
      if (how === 'powerOff') return { kind: 'halt', halt: crash };
      const { incarnation } = node;
      this.#time.after(1 + prng.below(3), () => {
        if (node.incarnation === incarnation) crash();
      });
      return undefined;
    });
  }

  #atNextSync(
    { disk }: SimulatedNode<Message, Durable>,
    isIt: () => boolean,
    interrupt: () => Interruption | undefined,
  ): void {
    disk.onOperation = ({ operation }) => {
      if (operation !== 'sync' || !isIt()) return undefined;
      disk.onOperation = undefined;
      return interrupt();
    };
  }

  #pause(prng: Prng): void {
    const node = this.#leaderOrAny(prng);
    node.pause();
    this.#time.after(20 + prng.below(800), () => node.resume());
  }

  #cut(prng: Prng): void {
    const sides = new Map(this.#nodes.map(({ id }) => [id, prng.chance(0.5)]));
    // Half of the time it is the leader that is left alone.
    if (prng.chance(0.5)) {
      const alone = this.#leaderOrAny(prng);
      for (const { id } of this.#nodes) sides.set(id, id !== alone.id);
    }
    for (const a of this.#nodes) {
      for (const b of this.#nodes) if (sides.get(a.id) !== sides.get(b.id)) this.#network.cut(a.id, b.id);
    }
    this.#time.after(50 + prng.below(900), () => this.#network.heal());
  }

  /** Two halves that do not hear each other, and one node between them that both need. @returns That node. */
  #bridge(prng: Prng): SimulatedNode<Message, Durable> {
    const bridge = prng.pick(this.#nodes);
    const others = prng.shuffle(this.#nodes.filter((node) => node !== bridge));
    const half = others.length >> 1;
    for (const a of others.slice(0, half)) {
      for (const b of others.slice(half)) {
        this.#network.cut(a.id, b.id);
        this.#network.cut(b.id, a.id);
      }
    }
    this.#time.after(50 + prng.below(900), () => this.#network.heal());
    return bridge;
  }

  #oneWayCut(prng: Prng): void {
    const deaf = this.#leaderOrAny(prng);
    const silent = prng.chance(0.5);
    for (const other of this.#nodes) {
      if (other === deaf || prng.chance(0.3)) continue;
      if (silent) this.#network.cut(deaf.id, other.id);
      else this.#network.cut(other.id, deaf.id);
    }
    this.#time.after(50 + prng.below(900), () => this.#network.heal());
  }

  #diskError(prng: Prng): void {
    const node = prng.pick(this.#nodes);
    const { disk } = node;
    let countdown = prng.below(4);
    disk.onOperation = ({ changes }) => {
      if (!changes || countdown-- > 0) return undefined;
      disk.onOperation = undefined;
      return { kind: 'fail', code: 'io' };
    };
  }

  /**
   * Decay, found at the next start or when what has left the memory is read again. Only one disk, and only those bytes
   * of a log that later ones vouch for: damage beyond them looks like a write that was cut short.
   */
  #bitFlip(prng: Prng): void {
    if (this.#nodes.length < 4 || this.#nodes.some(({ broken }) => broken)) return;
    const node = this.#nodes.find(({ id }) => id === this.#flipped) ?? prng.pick(this.#nodes);
    this.#flipped = node.id;
    if (prng.chance(0.7)) node.kill();
    const contents = (path: string): Uint8Array => node.disk.contents(path) ?? new Uint8Array(0);
    const vouched = node.disk.paths().map((path) => {
      if (path.endsWith('.snapshot')) return { path, bytes: usedBytes(contents(path)) };
      return { path, bytes: path.endsWith('.wal') ? declaredSynced(contents(path), path) : 0 };
    });
    const files = vouched.filter(({ bytes }) => bytes > 0);
    if (files.length > 0) {
      const { path, bytes } = prng.pick(files);
      node.disk.flipBit(path, prng.below(bytes), prng.below(8));
    }
    this.#time.after(10 + prng.below(300), () => node.start());
  }

  #changeVoters(prng: Prng): void {
    const leader = this.#leader();
    const view = leader?.driver?.view();
    if (leader?.driver == null || view === undefined) return;
    // Two at once now and then: the second must be refused.
    for (let changes = prng.chance(0.4) ? 2 : 1; changes > 0; changes--) {
      const node = prng.pick(this.#nodes);
      const isVoter = view.voters.includes(node.id);
      if (isVoter && view.voters.length > (this.#families.has('bitFlip') ? 3 : 2))
        leader.driver.command({ kind: 'removeVoter', id: node.id, directory: '' });
      else if (!isVoter && !node.broken) {
        leader.driver.command({ kind: 'addVoter', peer: { id: node.id, address: '' }, directory: `disk-${node.id}` });
      }
    }
  }

  #transfer(prng: Prng): void {
    this.#leader()?.driver?.command({ kind: 'transferLeadership', to: prng.pick(this.#nodes).id });
  }

  #leader(): SimulatedNode<Message, Durable> | undefined {
    return this.#nodes.find((node) => !node.paused && node.driver?.view().leading);
  }

  #leaderOrAny(prng: Prng): SimulatedNode<Message, Durable> {
    const any = prng.pick(this.#nodes);
    return prng.chance(0.5) ? (this.#leader() ?? any) : any;
  }
}

/** How far a file is filled: zeros at its end were only put there to make room. */
function usedBytes(contents: Uint8Array): number {
  let used = contents.length;
  while (used > 0 && contents[used - 1] === 0) used--;
  return used;
}
