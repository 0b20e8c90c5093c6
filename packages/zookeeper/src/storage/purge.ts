import type { Timer, Timers } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import type { Zxid } from '@biquorum/zookeeper-wire';
import type { DataDirectory } from './data-directory.ts';
import { filesFrom } from './recover-log.ts';
import { plausibleSnapshots } from './snapshot-files.ts';

/** `autopurge.snapRetainCount`: fewer are never kept. */
export const SNAP_RETAIN_COUNT_MIN = 3;

/**
 * Removes all but the newest snapshots, and the log files that none of those needs: a log file may hold transactions
 * behind a snapshot of a later zxid, so the newest one that begins before the oldest snapshot stays. Source: Java
 * `PurgeTxnLog`.
 *
 * @param retain how many snapshots are kept, at least three
 * @param goes told, before anything is removed, what will be, and the oldest transaction that is still needed
 */
export async function purge(
  directory: DataDirectory,
  retain: number,
  goes: (names: readonly string[], needed: Zxid) => void = () => {},
): Promise<void> {
  assert(retain >= SNAP_RETAIN_COUNT_MIN, () => `${retain} snapshots are too few to keep`);
  const kept = await plausibleSnapshots(directory, retain);
  const oldest = kept.at(-1);
  if (oldest === undefined) return;
  const { disk, logs, snapshots } = directory;
  const files = await directory.logFiles();
  const needed = new Set(filesFrom(files, oldest.zxid));
  const oldLogs = files.filter((file) => !needed.has(file) && file.zxid < oldest.zxid);
  const oldSnapshots = (await directory.snapshotFiles()).filter(({ zxid }) => zxid < oldest.zxid).reverse();
  const names = [...oldSnapshots, ...oldLogs].map(({ name }) => name);
  const first = files.find((file) => !oldLogs.includes(file))?.zxid ?? oldest.zxid + 1;
  goes(names, Math.min(first, oldest.zxid + 1));
  // Snapshots first: one whose log is gone would be taken for good.
  for (const { name } of oldSnapshots) await disk.remove(`${snapshots}/${name}`);
  for (const { name } of oldLogs) await disk.remove(`${logs}/${name}`);
}

const HOUR_MS = 3_600_000;

/** Purges from time to time: `autopurge.purgeInterval`. Source: Java `DatadirCleanupManager`. */
export class Autopurge {
  readonly #timers: Timers;
  readonly #purge: () => Promise<unknown>;
  readonly #onFailure: (error: unknown) => void;
  readonly #intervalMs: number;
  #timer: Timer | null = null;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  /** @param intervalHours 0 for never. The first time comes at once. */
  constructor(
    timers: Timers,
    intervalHours: number,
    work: () => Promise<unknown>,
    onFailure: (error: unknown) => void,
  ) {
    this.#timers = timers;
    this.#purge = work;
    this.#onFailure = onFailure;
    this.#intervalMs = intervalHours * HOUR_MS;
    if (this.#intervalMs > 0) this.#next(0);
  }

  /** Ends it. Resolves when nothing is being removed any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#running;
  }

  #next(delayMs: number): void {
    this.#timer = this.#timers.set(delayMs, () => {
      this.#running = this.#purge().then(
        () => this.#again(),
        (error: unknown) => {
          this.#onFailure(error);
          this.#again();
        },
      );
    });
  }

  #again(): void {
    if (!this.#closed) this.#next(this.#intervalMs);
  }
}
