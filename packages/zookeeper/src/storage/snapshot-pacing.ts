import type { Random } from '@biquorum/platform';

/** When a snapshot is due. */
export interface SnapshotPace {
  /** `snapCount`: transactions. */
  readonly snapCount: number;
  /** `snapSizeLimitInKb`, in bytes; 0 or less for no limit. */
  readonly snapBytes: number;
}

/** Java's defaults. */
export const DEFAULT_PACE: SnapshotPace = { snapCount: 100_000, snapBytes: 4 * 1024 * 1024 * 1024 };

/**
 * Counts what is logged, and says when the log is to be rolled and a snapshot made: after half of what is set and a
 * random part of the other half, so that the members of an ensemble do not all do so at once. Source: Java
 * `SyncRequestProcessor.shouldSnapshot`.
 */
export class SnapshotPacing {
  readonly #pace: SnapshotPace;
  readonly #random: Pick<Random, 'uint32'>;
  #countMax = 0;
  #bytesMax = 0;
  #count = 0;
  #bytes = 0;

  constructor(pace: SnapshotPace, random: Pick<Random, 'uint32'>) {
    this.#pace = pace;
    this.#random = random;
    this.#begin();
  }

  /** A transaction was logged before the start, behind the newest snapshot. */
  replayed(bytes: number): void {
    this.#count++;
    this.#bytes += bytes;
  }

  /** Whether a snapshot is due by now. */
  get due(): boolean {
    return this.#count > this.#countMax || (this.#pace.snapBytes > 0 && this.#bytes > this.#bytesMax);
  }

  /** A snapshot is made: the counting begins anew. */
  restart(): void {
    this.#begin();
  }

  /** A transaction was logged. @returns Whether a snapshot is due; then the counting begins anew. */
  logged(bytes: number): boolean {
    this.#count++;
    this.#bytes += bytes;
    const { due } = this;
    if (due) this.#begin();
    return due;
  }

  #begin(): void {
    const { snapCount, snapBytes } = this.#pace;
    this.#count = 0;
    this.#bytes = 0;
    this.#countMax = Math.floor(snapCount / 2) + this.#below(Math.floor(snapCount / 2));
    this.#bytesMax = Math.floor(snapBytes / 2) + this.#below(Math.floor(snapBytes / 2));
  }

  #below(bound: number): number {
    return Math.floor((this.#random.uint32() / 0x1_0000_0000) * bound);
  }
}
