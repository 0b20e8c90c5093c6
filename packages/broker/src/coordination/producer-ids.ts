import type { ControlPlane, Outcome, ProducerIdBlock } from '@biquorum/control-plane';

/** At this share of a block the next one is fetched, so that nobody has to wait for it. Source: Java `RPCProducerIdManager`. */
const PREFETCH_AT = 0.9;

/** Hands out producer ids, each once in the life of the cluster. */
export class ProducerIds {
  readonly #plane: Pick<ControlPlane, 'allocateProducerIds'>;
  #block: ProducerIdBlock | undefined;
  #next = 0;
  #following: Promise<Outcome<ProducerIdBlock>> | undefined;

  constructor(plane: Pick<ControlPlane, 'allocateProducerIds'>) {
    this.#plane = plane;
  }

  /** The next id; null when the controller gives none now, and the client should ask again. */
  async take(): Promise<number | null> {
    for (;;) {
      const block = this.#block;
      if (block !== undefined && this.#next < block.first + block.count) {
        const id = this.#next++;
        if (this.#next >= block.first + block.count * PREFETCH_AT) void this.#fetchNext();
        return id;
      }
      const outcome = await this.#fetchNext();
      if (!outcome.ok) return null;
      // Several may have waited for the same block; the first one opens it.
      if (this.#block === block) {
        this.#block = outcome.value;
        this.#next = outcome.value.first;
        this.#following = undefined;
      }
    }
  }

  #fetchNext(): Promise<Outcome<ProducerIdBlock>> {
    this.#following ??= this.#plane.allocateProducerIds().then((outcome) => {
      if (!outcome.ok) this.#following = undefined;
      return outcome;
    });
    return this.#following;
  }
}
