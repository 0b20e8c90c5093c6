import type { ControlPlane, IsrChange } from '@biquorum/control-plane';
import type { Timers } from '@biquorum/platform';
import type { Proposal } from './leadership.ts';
import type { Partition } from './partition.ts';

/** Gathers the proposals of one turn of the loop, so that a broker's death costs one request and not one per partition. */
export class IsrProposals {
  readonly #plane: Pick<ControlPlane, 'alterPartitions'>;
  readonly #timers: Timers;
  #waiting: { readonly partition: Partition; readonly proposal: Proposal }[] = [];

  constructor(plane: Pick<ControlPlane, 'alterPartitions'>, timers: Timers) {
    this.#plane = plane;
    this.#timers = timers;
  }

  add(partition: Partition, proposal: Proposal): void {
    this.#waiting.push({ partition, proposal });
    if (this.#waiting.length === 1) this.#timers.soon(() => void this.#send());
  }

  async #send(): Promise<void> {
    const sent = this.#waiting;
    this.#waiting = [];
    const changes = sent.map(({ partition, proposal }): IsrChange => {
      const { topic, topicId, index } = partition;
      const { leaderEpoch, partitionEpoch, isr } = proposal;
      // A leader of 3.9 confirms its state at once: what it proposes is never marked as recovering.
      return { partition: { topic, topicId, partition: index }, leaderEpoch, partitionEpoch, isr, recovering: false };
    });
    const outcomes = await this.#plane.alterPartitions(changes);
    for (const [index, { partition, proposal }] of sent.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined) partition.answered(proposal, outcome);
    }
  }
}
