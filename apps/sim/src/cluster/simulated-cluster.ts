import { MemoryWorld } from '@biquorum/platform/testing';
import type { Prng } from '@biquorum/std';
import type { ClusterFamily } from './families.ts';
import type { ClusterKind, DecidedCluster, Government } from './government.ts';
import type { PlannedNode } from './plan.ts';
import { SimulatedNode } from './simulated-node.ts';
import type { Verdict } from './verdict.ts';

/** What a simulated cluster is made from. */
export interface SimulatedClusterParts {
  readonly kind: ClusterKind;
  readonly plans: readonly PlannedNode[];
  readonly families: ReadonlySet<ClusterFamily>;
  readonly verdict: Verdict;
  /** Takes what happens, line by line, for somebody who wants to understand a seed. */
  readonly tell: (line: string) => void;
}

/** The nodes of one run, and the world that they live in. */
export class SimulatedCluster {
  readonly world: MemoryWorld;
  readonly nodes: readonly SimulatedNode[];
  readonly government: Government;
  readonly #tell: (line: string) => void;

  constructor(prng: Prng, { kind, plans, families, verdict, tell }: SimulatedClusterParts) {
    this.#tell = tell;
    this.world = new MemoryWorld({
      seed: prng.uint32(),
      pieces: prng.chance(0.3) ? 'random' : 'whole',
      latency: (_from, _to, draws) => draws.between(100, 1_000) / 1_000,
    });
    const told = (what: string): void => this.tell(what);
    this.government = kind.govern({ world: this.world, prng: prng.fork('government'), families, verdict, tell: told });
    const { world, government } = this;
    this.nodes = plans.map((plan) => new SimulatedNode(plan, { world, government, verdict, tell: told }));
  }

  get brokers(): readonly SimulatedNode[] {
    return this.nodes.filter(({ plan }) => plan.isBroker);
  }

  get controllers(): readonly SimulatedNode[] {
    return this.nodes.filter(({ plan }) => plan.isController);
  }

  /** The active controller of the newest epoch, as it sees itself. */
  get active(): SimulatedNode | undefined {
    let newest: SimulatedNode | undefined;
    for (const node of this.controllers) {
      const epoch = node.server?.activeEpoch;
      if (epoch !== undefined && epoch > (newest?.server?.activeEpoch ?? -1)) newest = node;
    }
    return newest;
  }

  /** What is decided; undefined while nobody governs. */
  get decided(): DecidedCluster | undefined {
    return this.government.decided(this.active);
  }

  /** Tells what happens now. */
  tell(what: string): void {
    this.#tell(`${this.world.time.nowMs.toFixed(1).padStart(9)}  ${what}`);
  }

  /** Is every broker live, under its present registration, and every replica in sync? */
  isWhole(): boolean {
    const { decided } = this;
    if (decided === undefined) return false;
    return this.brokers.every((node) => isMember(node, decided)) && partitionsAreInSync(decided);
  }
}

function isMember(node: SimulatedNode, decided: DecidedCluster): boolean {
  const known = [...decided.brokers.values()].find(({ id }) => id === node.id);
  return node.isWell && known !== undefined && !known.fenced && !known.shuttingDown;
}

function partitionsAreInSync(decided: DecidedCluster): boolean {
  for (const topic of decided.topics.values()) {
    for (let index = 0; index < topic.partitionCount; index++) {
      const row = topic.partition(index);
      if (row === undefined || row.leader < 0 || row.isr.length < row.replicas.length) return false;
      if (row.adding.length + row.removing.length > 0) return false;
    }
  }
  return true;
}
