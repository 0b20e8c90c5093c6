import { type Disk, DiskError, type Telemetry, type Timer, type Timers } from '@biquorum/platform';

/**
 * Files and directories that wait for their removal. What still waits at the end of the process is removed at the next
 * start.
 */
export class Removals {
  readonly #disk: Disk;
  readonly #timers: Timers;
  readonly #telemetry: Telemetry;
  readonly #waiting = new Set<Timer>();
  readonly #running = new Set<Promise<void>>();

  constructor(disk: Disk, timers: Timers, telemetry: Telemetry) {
    this.#disk = disk;
    this.#timers = timers;
    this.#telemetry = telemetry;
  }

  /** Removes files when the delay has passed. */
  removeFiles(paths: readonly string[], delayMs: number): void {
    this.#later(delayMs, async () => {
      for (const path of paths) await this.#remove(path);
    });
  }

  /** Removes a directory with all that is in it when the delay has passed. */
  removeDirectory(path: string, delayMs: number): void {
    this.#later(delayMs, async () => {
      await this.#disk.removeTree(path);
      this.#telemetry.log('info', 'log removed', { directory: path });
    });
  }

  /** Begins nothing more; resolves when what was begun has ended. */
  async close(): Promise<void> {
    for (const timer of this.#waiting) timer.cancel();
    this.#waiting.clear();
    await Promise.all(this.#running);
  }

  #later(delayMs: number, task: () => Promise<void>): void {
    const timer = this.#timers.set(Math.min(delayMs, DELAY_MAX_MS), () => {
      this.#waiting.delete(timer);
      const run = task().catch((error: unknown) => {
        this.#telemetry.log('error', 'removal failed', { error: error instanceof Error ? error : String(error) });
      });
      const settled = run.finally(() => this.#running.delete(settled));
      this.#running.add(settled);
    });
    this.#waiting.add(timer);
  }

  async #remove(path: string): Promise<void> {
    try {
      await this.#disk.remove(path);
    } catch (error) {
      // Its directory may have been removed, or the process has met it at its start.
      if (!(error instanceof DiskError) || error.code !== 'not-found') throw error;
    }
  }
}

/** Longer than any process waits; timers take finite delays only. */
const DELAY_MAX_MS = 2 ** 31 - 1;
