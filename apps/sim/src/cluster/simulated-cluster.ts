import type { MetadataImage } from '@biquorum/kraft';
import type { ClusterView } from '@biquorum/metadata';
import { MemoryWorld } from '@biquorum/platform/testing';
import type { Prng } from '@biquorum/std';
import type { PlannedNode } from './plan.ts';
import { SimulatedNode } from './simulated-node.ts';
import type { Verdict } from './verdict.ts';

const CLUSTER_ID = 'simulatedsimulatedsimA';

/** The nodes of one run, and the world that they live in. */
export class SimulatedCluster {
  readonly world: MemoryWorld;
  readonly nodes: readonly SimulatedNode[];

  readonly #tell: (line: string) => void;

  /** @param tell takes what happens, line by line, for somebody who wants to understand a seed */
  constructor(prng: Prng, plans: readonly PlannedNode[], verdict: Verdict, tell: (line: string) => void) {
    this.#tell = tell;
    this.world = new MemoryWorld({
      seed: prng.uint32(),
      pieces: prng.chance(0.3) ? 'random' : 'whole',
      latency: (_from, _to, draws) => draws.between(100, 1_000) / 1_000,
    });
    this.nodes = plans.map(
      (plan) => new SimulatedNode(this.world, plan, CLUSTER_ID, verdict, (what) => this.tell(what)),
    );
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

  /** What the active controller has committed. */
  get image(): MetadataImage | undefined {
    return this.active?.server?.node.loader?.image;
  }

  /** Tells what happens now. */
  tell(what: string): void {
    this.#tell(`${this.world.time.nowMs.toFixed(1).padStart(9)}  ${what}`);
  }

  /** Is every broker live, under its present registration, and every replica in sync? */
  isWhole(): boolean {
    const view = this.image?.view;
    if (view === undefined) return false;
    return this.brokers.every((node) => isMember(node, view)) && partitionsAreInSync(view);
  }
}

function isMember(node: SimulatedNode, view: ClusterView): boolean {
  const known = [...view.brokers.values()].find(({ id }) => id === node.id);
  return node.isWell && known !== undefined && !known.fenced && !known.shuttingDown;
}

function partitionsAreInSync(view: ClusterView): boolean {
  for (const topic of view.topics.values()) {
    for (let index = 0; index < topic.partitionCount; index++) {
      const row = topic.partition(index);
      if (row === undefined || row.leader < 0 || row.isr.length < row.replicas.length) return false;
      if (row.adding.length + row.removing.length > 0) return false;
    }
  }
  return true;
}
