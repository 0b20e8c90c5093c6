import type { Disk, FileStatus } from '@biquorum/platform';
import { type CheckpointedOffset, formatOffsetCheckpoint } from '../files/offset-checkpoint.ts';
import type { LogState } from '../log/log-state.ts';
import { LatestWins } from './latest-wins.ts';

/** Tells of which logs and with which offsets a checkpoint speaks. */
export interface CheckpointSource {
  readonly logs: Iterable<LogState>;
  /** Undefined where a log needs no entry. */
  readonly offsetOf: (log: LogState) => number | undefined;
}

/**
 * Keeps one of a log directory's checkpoints. Most of the time nothing happens to most directories: what is durable
 * already, in the file as it was left, is not written again. A file that was removed or changed meanwhile is.
 */
export class CheckpointWriter {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #source: CheckpointSource;
  readonly #writes = new LatestWins(() => this.#write());
  /** What the file holds durably; undefined as long as nobody here has written it, or when that failed. */
  #written: Written | undefined;
  #mustWrite = false;

  constructor(disk: Disk, path: string, source: CheckpointSource) {
    this.#disk = disk;
    this.#path = path;
    this.#source = source;
  }

  /** Resolves when the offsets as they are at this call, or later ones, are durable. @throws DiskError (as rejection) */
  run(): Promise<void> {
    return this.#writes.run();
  }

  /** As `run`, and writes the file whatever it may hold. */
  rewrite(): Promise<void> {
    this.#mustWrite = true;
    return this.#writes.run();
  }

  /** Resolves when nothing is being written, however that ended. */
  idle(): Promise<void> {
    return this.#writes.idle();
  }

  async #write(): Promise<void> {
    const logs: LogState[] = [];
    const offsets: number[] = [];
    for (const log of this.#source.logs) {
      const offset = this.#source.offsetOf(log);
      if (offset === undefined) continue;
      logs.push(log);
      offsets.push(offset);
    }
    if (!this.#mustWrite && isSame(this.#written, logs, offsets) && (await this.#isUntouched())) return;
    this.#mustWrite = false;
    this.#written = undefined;
    const entries = logs.map(({ partition }, at): CheckpointedOffset => ({ ...partition, offset: offsets[at] ?? 0 }));
    await this.#disk.replace(this.#path, formatOffsetCheckpoint(entries));
    this.#written = { logs, offsets, file: await this.#status() };
  }

  async #isUntouched(): Promise<boolean> {
    const now = await this.#status();
    const before = this.#written?.file;
    return now !== undefined && before?.size === now.size && before.modifiedMs === now.modifiedMs;
  }

  /** Undefined also where it cannot be found out: then the file is written, which tells what is wrong. */
  #status(): Promise<FileStatus | undefined> {
    return this.#disk.stat(this.#path).catch(() => undefined);
  }
}

interface Written {
  readonly logs: readonly LogState[];
  readonly offsets: readonly number[];
  readonly file: FileStatus | undefined;
}

function isSame(written: Written | undefined, logs: readonly LogState[], offsets: readonly number[]): boolean {
  if (written?.logs.length !== logs.length) return false;
  for (let at = 0; at < logs.length; at++) {
    if (written.logs[at] !== logs[at] || written.offsets[at] !== offsets[at]) return false;
  }
  return true;
}
