import type { FetchBeat, FollowerProgress } from './follower-progress.ts';
import type { Partition } from './partition.ts';
import type { Waiter } from './waiters.ts';

/**
 * A follower that has all there is of a partition, and has been told all that there is to tell. Until the partition
 * changes nobody looks at it on the follower's behalf: an idle partition costs a fetch session nothing.
 */
export class RestingFollower implements Waiter {
  readonly #partition: Partition;
  readonly #progress: FollowerProgress;
  readonly #beat: FetchBeat;
  readonly #onStir: () => void;

  private constructor(partition: Partition, progress: FollowerProgress, beat: FetchBeat, onStir: () => void) {
    this.#partition = partition;
    this.#progress = progress;
    this.#beat = beat;
    this.#onStir = onStir;
  }

  /**
   * @param wakes what {@link Partition.waiters} had counted when the partition was looked at
   * @returns Undefined when it has changed since.
   */
  static begin(
    partition: Partition,
    progress: FollowerProgress,
    wakes: number,
    beat: FetchBeat,
    onStir: () => void,
  ): RestingFollower | undefined {
    if (partition.waiters.wakes !== wakes) return undefined;
    const resting = new RestingFollower(partition, progress, beat, onStir);
    progress.restOn(beat);
    partition.waiters.add(resting);
    return resting;
  }

  check(): void {
    this.end();
    this.#onStir();
  }

  /** Ends it without telling. */
  end(): void {
    this.#partition.waiters.delete(this);
    this.#progress.stir(this.#beat);
  }
}
