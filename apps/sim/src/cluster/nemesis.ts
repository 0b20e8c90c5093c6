import type { Prng } from '@biquorum/std';
import type { ClusterFamily } from './families.ts';
import { LateJoin } from './late-join.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';
import type { SimulatedNode } from './simulated-node.ts';

/** Families that befall a cluster while it runs; the others lie in how it is made, or in what clients ask for. */
const SUDDEN: readonly ClusterFamily[] = [
  'delay',
  'cut',
  'oneWayCut',
  'reset',
  'pause',
  'killBroker',
  'killController',
  'brokerPowerLoss',
  'controllerPowerLoss',
  'wipedDisk',
  'controlledShutdown',
  'diskError',
  'ensembleRestart',
  'ensemblePause',
  'sessionExpiry',
  'officeRemoved',
  'lateJoin',
];
/** Longer than followers may lag: no change of an ISR is under way that was begun before. */
const CALM_MS = 6_000;
const LOOK_MS = 200;

/**
 * Lets faults befall a cluster, drawn from the generator.
 *
 * Kafka acknowledges what is in the page cache of every in-sync replica, so it loses records when the last of an ISR
 * comes back without what was not synced (KIP-966). So the power of a broker fails, or its disk is lost, only while all
 * replicas are in sync and nothing else is wrong, and until they are so again nothing happens to the other brokers.
 */
export class Nemesis {
  readonly #cluster: SimulatedCluster;
  readonly #prng: Prng;
  readonly #clients: readonly string[];
  readonly #families: readonly ClusterFamily[];
  /** What lasts, with how it ends. */
  readonly #lasting: Set<() => void> = new Set();
  /** At most so long between two faults. */
  readonly #pauseMsMax: number;
  #endMs = 0;
  #mode: 'free' | 'calming' | 'staging' | 'refilling' = 'free';
  #hasEnded = true;
  readonly counts: Map<ClusterFamily, number> = new Map();

  constructor(cluster: SimulatedCluster, families: ReadonlySet<ClusterFamily>, prng: Prng, clients: readonly string[]) {
    this.#cluster = cluster;
    this.#prng = prng;
    this.#clients = clients;
    this.#families = SUDDEN.filter((family) => families.has(family));
    this.#pauseMsMax = prng.pick([250, 800, 2_000]);
  }

  /** Whether the faults are over, and the cluster is healed. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Begins; after so many virtual milliseconds all is healed. */
  begin(forMs: number): void {
    this.#endMs = this.#cluster.world.time.nowMs + forMs;
    this.#hasEnded = false;
    // All is well at this moment, and may not be again for long.
    if (this.#families.includes('lateJoin') && this.#prng.chance(0.6)) this.#stage();
    this.#later(this.#prng.between(0, 1_000), () => this.#next());
  }

  #next(): void {
    if (this.#cluster.world.time.nowMs >= this.#endMs && this.#mode !== 'staging') {
      this.#healAll();
      this.#hasEnded = true;
      return;
    }
    if (this.#families.length > 0) {
      if (this.#mode === 'free') this.#befall(this.#prng.pick(this.#families));
      else if (this.#mode === 'refilling') this.#befallWhileRefilling();
    }
    this.#later(this.#prng.between(20, this.#pauseMsMax), () => this.#next());
  }

  #befall(family: ClusterFamily): void {
    switch (family) {
      case 'delay':
        return this.#delay();
      case 'cut':
        return this.#cut(true);
      case 'oneWayCut':
        return this.#cut(false);
      case 'reset':
        return this.#reset();
      case 'pause':
        return this.#pause();
      case 'killBroker':
        return this.#killBroker();
      case 'killController':
        return this.#killController();
      case 'controllerPowerLoss':
        return this.#controllerPowerLoss();
      case 'controlledShutdown':
        return this.#shutDown();
      case 'diskError':
        return this.#failDisk();
      case 'ensembleRestart':
      case 'ensemblePause':
      case 'sessionExpiry':
      case 'officeRemoved':
        return this.#befallGovernment(family);
      case 'brokerPowerLoss':
      case 'wipedDisk':
      case 'lateJoin':
        // It takes long to get there: other faults are to have their time as well.
        return this.#prng.chance(0.4) ? this.#seekCalm(family) : undefined;
    }
  }

  /** Only what leaves brokers alone. */
  #befallWhileRefilling(): void {
    if (this.#isCombined) return;
    const allowed = this.#families.filter((family) => family === 'killController' || family === 'controllerPowerLoss');
    if (allowed.length > 0 && this.#prng.chance(0.3)) this.#befall(this.#prng.pick(allowed));
  }

  #delay(): void {
    this.#count('delay');
    const { network } = this.#cluster.world;
    const slowest = this.#prng.pick([20, 200, 1_500]);
    const ways = this.#ways(this.#prng.between(1, 4));
    this.#cluster.tell(`up to ${slowest} ms: ${ways.map(([from, to]) => `${from}>${to}`).join(' ')}`);
    for (const [from, to] of ways) {
      network.setLatency(from, to, (_from, _to, prng) => (prng.chance(0.2) ? prng.between(1, slowest) : 1));
    }
    this.#last(8_000, () => {
      for (const [from, to] of ways) network.setLatency(from, to, undefined);
    });
  }

  /** One node loses its ways to some others, or to all; or several ways are cut at random. */
  #cut(both: boolean): void {
    this.#count(both ? 'cut' : 'oneWayCut');
    const { network } = this.#cluster.world;
    const names = this.#hosts;
    const one = this.#prng.chance(0.4) ? this.#activeOr(names) : this.#prng.pick(names);
    const ways: (readonly [string, string])[] = this.#prng.chance(0.5)
      ? names.filter((name) => name !== one && this.#prng.chance(0.7)).map((name) => [one, name] as const)
      : [...this.#ways(this.#prng.between(1, 5))];
    const directed = ways.flatMap(([from, to]): (readonly [string, string])[] => {
      if (both) return [[from, to] as const, [to, from] as const];
      return this.#prng.chance(0.5) ? [[from, to] as const] : [[to, from] as const];
    });
    this.#cluster.tell(`cut: ${directed.map(([from, to]) => `${from}>${to}`).join(' ')}`);
    for (const [from, to] of directed) network.cut(from, to);
    this.#last(9_000, () => {
      for (const [from, to] of directed) {
        network.heal(from, to);
        // Half of the connections do not outlive it.
        if (this.#prng.chance(0.5)) network.reset(from, to);
      }
    });
  }

  #reset(): void {
    this.#count('reset');
    for (const [from, to] of this.#ways(this.#prng.between(1, 6))) this.#cluster.world.network.reset(from, to);
  }

  #pause(): void {
    const well = this.#cluster.nodes.filter((node) => node.isUp && !node.isPaused);
    if (well.length === 0 || !this.#maySpare()) return;
    this.#count('pause');
    const active = this.#cluster.active;
    const node = active !== undefined && !active.isPaused && this.#prng.chance(0.3) ? active : this.#prng.pick(well);
    node.pause();
    const run = node.server;
    this.#last(9_000, () => {
      if (node.server === run) node.resume();
    });
  }

  #killBroker(): void {
    const live = this.#cluster.brokers.filter(({ isUp }) => isUp);
    const all = this.#prng.chance(0.1);
    if (live.length === 0 || !(all || this.#maySpare())) return;
    this.#count('killBroker');
    for (const node of all ? live : [this.#prng.pick(live)]) this.#bringDown(node, () => node.kill());
  }

  #killController(): void {
    const live = this.#cluster.controllers.filter(({ isUp }) => isUp);
    if (live.length === 0) return;
    this.#count('killController');
    const active = this.#cluster.active;
    const one = active?.isUp === true && this.#prng.chance(0.7) ? active : this.#prng.pick(live);
    const all = this.#prng.chance(0.1);
    for (const node of all ? live : [one]) this.#bringDown(node, () => node.kill());
  }

  #controllerPowerLoss(): void {
    // Where brokers are on the same machines, it is a power failure of brokers.
    if (this.#isCombined) return;
    const live = this.#cluster.controllers.filter(({ isUp }) => isUp);
    if (live.length === 0) return;
    this.#count('controllerPowerLoss');
    const victims = this.#prng.shuffle([...live]).slice(0, this.#prng.chance(0.25) ? 3 : 1);
    for (const node of victims) this.#bringDown(node, () => node.powerOff());
  }

  #shutDown(): void {
    const well = this.#cluster.brokers.filter(({ isWell }) => isWell);
    if (well.length === 0 || !this.#maySpare()) return;
    this.#count('controlledShutdown');
    const node = this.#prng.pick(well);
    node.stop();
    const look = (): void => {
      if (!node.isUp) this.#later(this.#prng.between(1, 4_000), () => node.start());
      else if (!node.isWell) this.#later(LOOK_MS, look);
    };
    this.#later(LOOK_MS, look);
  }

  #failDisk(): void {
    if (!this.#maySpare()) return;
    this.#count('diskError');
    const node = this.#prng.pick(this.#cluster.nodes);
    const chance = this.#prng.pick([0.002, 0.02, 0.3]);
    const prng = this.#prng.fork(`disk ${this.counts.get('diskError')}`);
    node.setDiskFault(() => prng.chance(chance));
    this.#last(3_000, () => node.setDiskFault(null));
  }

  #befallGovernment(family: ClusterFamily): void {
    this.#count(family);
    const end = this.#cluster.government.befall(family, this.#prng);
    if (end !== null) this.#last(6_000, end);
  }

  /** Heals everything, waits until all is well and has been for a while, and then takes one broker down. */
  #seekCalm(family: 'brokerPowerLoss' | 'wipedDisk' | 'lateJoin'): void {
    this.#cluster.tell(`calm before ${family}`);
    this.#mode = 'calming';
    this.#healAll();
    let wholeSince = Number.POSITIVE_INFINITY;
    const look = (): void => {
      const now = this.#cluster.world.time.nowMs;
      if (now >= this.#endMs) {
        this.#mode = 'free';
        return;
      }
      if (!this.#cluster.isWhole()) wholeSince = Number.POSITIVE_INFINITY;
      else if (wholeSince === Number.POSITIVE_INFINITY) wholeSince = now;
      if (now - wholeSince >= CALM_MS) {
        if (family === 'lateJoin') this.#stage();
        else this.#strike(family);
      } else this.#later(LOOK_MS, look);
    };
    look();
  }

  #strike(family: 'brokerPowerLoss' | 'wipedDisk'): void {
    this.#mode = 'refilling';
    const { active } = this.#cluster;
    const victims = this.#cluster.brokers.filter((node) => {
      const { quorum, isController } = node.plan;
      // The next controller may find it registered anew, and not know that it was gone: as with Apache's, it leads on.
      if (quorum === null) return node !== active;
      // A controller that loses its disk loses its votes: no quorum survives that for sure.
      return family === 'brokerPowerLoss' || !isController;
    });
    if (victims.length > 0) {
      this.#count(family);
      const node = this.#prng.pick(victims);
      if (family === 'wipedDisk') node.kill();
      else node.powerOff();
      this.#later(this.#prng.between(1, 5_000), () => node.start(family === 'wipedDisk'));
    }
    this.#refill();
  }

  #stage(): void {
    this.#mode = 'staging';
    this.#count('lateJoin');
    const prng = this.#prng.fork(`late join ${this.counts.get('lateJoin')}`);
    new LateJoin(this.#cluster, prng, () => this.#refill()).begin();
  }

  /** Leaves brokers alone until all replicas are in sync again. */
  #refill(): void {
    this.#mode = 'refilling';
    const look = (): void => {
      if (this.#cluster.isWhole()) this.#mode = 'free';
      else this.#later(LOOK_MS, look);
    };
    this.#later(CALM_MS, look);
  }

  #bringDown(node: SimulatedNode, how: () => void): void {
    how();
    const delayMs = this.#prng.chance(0.3) ? this.#prng.between(1, 300) : this.#prng.between(300, 8_000);
    this.#later(delayMs, () => node.start());
  }

  /** More than half of the cluster stays, most of the time. */
  #maySpare(): boolean {
    const brokers = this.#cluster.brokers;
    const gone = brokers.filter(({ isWell }) => !isWell).length;
    return gone * 2 < brokers.length - 1 || this.#prng.chance(0.15);
  }

  get #isCombined(): boolean {
    return this.#cluster.nodes.some(({ plan }) => plan.isBroker && plan.isController);
  }

  get #hosts(): readonly string[] {
    const { nodes, government } = this.#cluster;
    return [...nodes.map(({ plan }) => plan.host), ...government.hosts, ...this.#clients];
  }

  #activeOr(names: readonly string[]): string {
    return this.#cluster.active?.plan.host ?? this.#prng.pick(names);
  }

  #ways(count: number): readonly (readonly [string, string])[] {
    return Array.from({ length: count }, () => {
      const [from, to] = this.#prng.shuffle([...this.#hosts]);
      return [from as string, to as string] as const;
    });
  }

  /** Lets something last for a while. */
  #last(msMax: number, end: () => void): void {
    this.#lasting.add(end);
    const ms = this.#prng.chance(0.3) ? this.#prng.between(1, 500) : this.#prng.between(500, msMax);
    this.#later(ms, () => {
      if (this.#lasting.delete(end)) end();
    });
  }

  #healAll(): void {
    this.#cluster.tell('everything is healed');
    for (const end of [...this.#lasting]) {
      this.#lasting.delete(end);
      end();
    }
    this.#cluster.world.network.healAll();
    for (const node of this.#cluster.nodes) {
      if (node.isPaused) node.resume();
      node.start();
    }
  }

  #later(delayMs: number, run: () => void): void {
    this.#cluster.world.time.after(delayMs, run);
  }

  #count(family: ClusterFamily): void {
    this.counts.set(family, (this.counts.get(family) ?? 0) + 1);
  }
}
