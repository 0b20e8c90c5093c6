import type { SimulatedNode } from '../simulated-node.ts';
import type { Verdict } from '../verdict.ts';

/** Who acts: one active controller in an epoch, one leader of a partition in an epoch, epochs that never fall. */
export class LeaderChecker {
  readonly #verdict: Verdict;
  readonly #controllers: Map<number, number> = new Map();
  /** By topic id, partition and leader epoch. */
  readonly #leaders: Map<string, number> = new Map();
  /** Leaderships that were looked at. */
  readonly #known: WeakSet<object> = new WeakSet();

  constructor(verdict: Verdict) {
    this.#verdict = verdict;
  }

  /** How many epochs had an active controller. */
  get controllerEpochs(): number {
    return this.#controllers.size;
  }

  /** How many leaderships of partitions there were. */
  get leaderships(): number {
    return this.#leaders.size;
  }

  lookAtControllers(nodes: readonly SimulatedNode[]): void {
    for (const { id, server } of nodes) {
      const epoch = server?.activeEpoch;
      if (epoch === undefined) continue;
      const known = this.#controllers.get(epoch);
      if (known === undefined) this.#controllers.set(epoch, id);
      else if (known !== id) {
        this.#verdict.violate('one active controller in an epoch', `${known} and ${id} in epoch ${epoch}`);
      }
    }
  }

  lookAtBrokers(nodes: readonly SimulatedNode[]): void {
    for (const { id, server } of nodes) {
      for (const { leadership, topicId, topic, index } of server?.broker?.core?.replicas.partitions() ?? []) {
        if (leadership === undefined || this.#known.has(leadership)) continue;
        this.#known.add(leadership);
        const key = `${topicId}-${index}-${leadership.leaderEpoch}`;
        const known = this.#leaders.get(key);
        if (known === undefined) this.#leaders.set(key, id);
        else if (known !== id) {
          const detail = `${topic}-${index}: ${known} and ${id} in epoch ${leadership.leaderEpoch}`;
          this.#verdict.violate('one leader in an epoch', detail);
        }
      }
    }
  }
}
