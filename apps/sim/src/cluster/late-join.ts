import type { Prng } from '@biquorum/std';
import type { SimulatedCluster } from './simulated-cluster.ts';
import type { SimulatedNode } from './simulated-node.ts';

/** Who takes part: a follower that falls behind, its leader, and what they have in common. */
interface Cast {
  readonly topic: string;
  readonly index: number;
  readonly leader: SimulatedNode;
  readonly follower: SimulatedNode;
}

const LOOK_MS = 5;
/** By then a controller that takes resets for an end has seen one. */
const SEEN_MS = 30;
/** Longer than any follower may lag. */
const LAG_MS_MAX = 12_000;
const JOIN_MS_MAX = 10_000;

/**
 * A follower falls behind, catches up, and is lost, with all that it had or with its way to its leader, in the moment in
 * which its leader asks for it to be in sync again. What the leader hears of that comes late; a little later the leader
 * is gone, too.
 *
 * Whoever joins holds the high watermark back before the controller has decided, or is elected without what was
 * acknowledged meanwhile; and a broker that comes back with an empty disk must not be taken for the one before (KIP-497,
 * KIP-903). No record may be lost: what is acknowledged is on a third replica that nothing happens to, so all must be
 * whole when it begins, and no other fault may befall brokers until it is so again.
 */
export class LateJoin {
  readonly #cluster: SimulatedCluster;
  readonly #prng: Prng;
  readonly #over: () => void;
  #undo: (() => void)[] = [];

  /** @param over called once, when all that it did is undone, or will be by itself */
  constructor(cluster: SimulatedCluster, prng: Prng, over: () => void) {
    this.#cluster = cluster;
    this.#prng = prng;
    this.#over = over;
  }

  begin(): void {
    const cast = this.#pick();
    if (cast === undefined) return this.#over();
    const { topic, index, leader, follower } = cast;
    this.#cluster.tell(`${topic}-${index}: node ${follower.id} falls behind its leader ${leader.id}`);
    const together = this.#part(leader, follower);
    this.#when(
      () => this.#isInSync(cast) === false,
      LAG_MS_MAX,
      () => {
        const isLost = this.#mayLose(cast) && this.#prng.chance(0.7);
        this.#deafen(leader, !isLost);
        together();
        this.#when(
          () => this.#isProposed(cast),
          JOIN_MS_MAX,
          () => this.#strike(cast, isLost),
        );
      },
    );
  }

  /** The follower comes before all others when its leader is gone: who is elected first decides what is lost. */
  #pick(): Cast | undefined {
    const casts: Cast[] = [];
    const nodeOf = (id: number | undefined) => this.#cluster.brokers.find((node) => node.id === id && node.isWell);
    for (const { name, partitionCount, partition } of this.#topics()) {
      for (let index = 0; index < partitionCount; index++) {
        const { leader: leads, replicas = [], isr = [] } = partition(index) ?? {};
        const leader = nodeOf(leads);
        const follower = nodeOf(replicas.find((id) => id !== leads));
        if (leader === undefined || follower === undefined || isr.length < 3) continue;
        casts.push({ topic: name, index, leader, follower });
      }
    }
    return casts.length === 0 ? undefined : this.#prng.pick(casts);
  }

  /** The leader's ways from the controllers are cut, or those to them are slow: its question comes late. */
  #deafen(leader: SimulatedNode, isCut: boolean): void {
    const { network } = this.#cluster.world;
    const slowMs = this.#prng.between(500, 1_500);
    for (const { plan } of this.#cluster.controllers) {
      const [here, there] = [leader.plan.host, plan.host];
      if (here === there) continue;
      if (isCut) network.cut(there, here);
      else network.setLatency(here, there, () => slowMs);
      this.#undo.push(() => {
        if (isCut) network.heal(there, here);
        else network.setLatency(here, there, undefined);
        network.reset(here, there);
      });
    }
  }

  #strike(cast: Cast, isLost: boolean): void {
    const { leader, follower } = cast;
    this.#part(leader, follower);
    if (isLost && this.#mayLose(cast)) {
      // That its process is gone is seen at once where resets are, and what it had not synced goes with the power.
      // With an empty disk its directory would be another, of which the partition's state tells.
      follower.kill();
      this.#later(SEEN_MS, () => follower.host.disk.powerOff('lost'));
      this.#later(SEEN_MS + this.#prng.between(1, 20), () => follower.start());
    }
    const endsMs = this.#prng.between(200, 3_000);
    const startedMs = this.#cluster.world.time.nowMs;
    const look = (): void => {
      // Once it is in sync for the controller, clients have a moment to write what it has not.
      if (this.#isInSync(cast) === true) this.#later(this.#prng.between(1, 1_500), () => this.#end(cast));
      else if (this.#cluster.world.time.nowMs - startedMs > endsMs) this.#end(cast);
      else this.#later(LOOK_MS, look);
    };
    look();
  }

  #end({ leader }: Cast): void {
    if (leader.isUp) leader.kill();
    this.#later(this.#prng.between(2_000, 8_000), () => leader.start());
    this.#finish();
  }

  #finish(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#over();
  }

  /** Are all records that the follower answers for on a replica that nothing will happen to? A vote is nowhere else. */
  #mayLose({ leader, follower }: Cast): boolean {
    if (follower.plan.isController) return false;
    for (const { partitionCount, partition } of this.#topics()) {
      for (let index = 0; index < partitionCount; index++) {
        const isr = partition(index)?.isr ?? [];
        if (isr.includes(follower.id) && isr.every((id) => id === follower.id || id === leader.id)) return false;
      }
    }
    return true;
  }

  #isProposed({ topic, index, leader, follower }: Cast): boolean {
    const leadership = leader.server?.broker?.core?.replicas.find(topic, index)?.leadership;
    if (leadership === undefined || !leadership.proposing) return false;
    const { isr, maximalIsr } = leadership;
    return maximalIsr.some((id) => id === follower.id) && !isr.some((id) => id === follower.id);
  }

  /** Is the follower in the ISR, as the controller has decided? Undefined while nobody decides. */
  #isInSync({ topic, index, follower }: Cast): boolean | undefined {
    const row = [...this.#topics()].find(({ name }) => name === topic)?.partition(index);
    return row?.isr.some((id) => id === follower.id);
  }

  *#topics() {
    for (const topic of this.#cluster.decided?.topics.values() ?? []) {
      const { name, partitionCount } = topic;
      yield { name, partitionCount, partition: (index: number) => topic.partition(index) };
    }
  }

  /** Cuts the ways between two nodes. @returns what heals them */
  #part(one: SimulatedNode, other: SimulatedNode): () => void {
    const { network } = this.#cluster.world;
    const [here, there] = [one.plan.host, other.plan.host];
    network.cut(here, there);
    network.cut(there, here);
    const heal = (): void => {
      network.heal(here, there);
      network.heal(there, here);
      network.reset(here, there);
    };
    this.#undo.push(heal);
    return heal;
  }

  /** Goes on once the condition holds; gives everything up when it does not for long. */
  #when(condition: () => boolean, limitMs: number, next: () => void): void {
    const endMs = this.#cluster.world.time.nowMs + limitMs;
    const look = (): void => {
      if (condition()) next();
      else if (this.#cluster.world.time.nowMs > endMs) this.#finish();
      else this.#later(LOOK_MS, look);
    };
    look();
  }

  #later(delayMs: number, run: () => void): void {
    this.#cluster.world.time.after(delayMs, run);
  }
}
