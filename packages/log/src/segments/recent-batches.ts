/** Batches that are remembered. */
const CAPACITY = 32;
/** Base offset, last offset, position, size. */
const FIELDS = 4;

/**
 * Where the newest batches of the active segment lie. Consumers and followers that keep up ask for just these, and the
 * high watermark moves among them, so that most reads need neither an index nor a look at the file.
 */
export class RecentBatches {
  readonly #ring = new Float64Array(CAPACITY * FIELDS);
  /** Number of batches noted since the last reset; the ring holds the newest `CAPACITY` of them. */
  #noted = 0;

  /** Notes the batch that was written last. */
  note(baseOffset: number, lastOffset: number, position: number, size: number): void {
    const at = (this.#noted % CAPACITY) * FIELDS;
    this.#ring[at] = baseOffset;
    this.#ring[at + 1] = lastOffset;
    this.#ring[at + 2] = position;
    this.#ring[at + 3] = size;
    this.#noted++;
  }

  /** Forgets all: another segment is active, or the log was cut. */
  reset(): void {
    this.#noted = 0;
  }

  /**
   * The number of the first remembered batch whose last offset is at least `offset`, to be asked for with the methods
   * below; −1 if an older batch, or none at all, may be the one.
   */
  find(offset: number): number {
    const oldest = Math.max(0, this.#noted - CAPACITY);
    if (this.#noted === 0 || offset < this.#field(oldest, 0) || offset > this.#field(this.#noted - 1, 1)) return -1;
    // Those who keep up are near the end.
    let batch = this.#noted - 1;
    while (batch > oldest && this.#field(batch - 1, 1) >= offset) batch--;
    return batch;
  }

  /** Position in the segment of a batch that `find` found. */
  positionOf(batch: number): number {
    return this.#field(batch, 2);
  }

  /** Size of a batch that `find` found. */
  sizeOf(batch: number): number {
    return this.#field(batch, 3);
  }

  #field(batch: number, field: number): number {
    return this.#ring[(batch % CAPACITY) * FIELDS + field] as number;
  }
}
