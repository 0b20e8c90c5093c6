import type { Disk, DiskFile } from '@biquorum/platform';
import { LruMap } from '@biquorum/std';

/** How many files one {@link OpenFiles} keeps open by default. */
export const OPEN_FILES_MAX_DEFAULT = 1024;

/**
 * A file that is opened when it is needed and closed when others need the room. `path` changes when the file is
 * renamed; an open handle follows by itself.
 */
export interface LogFile {
  path: string;
}

/** A handle that stays open until it is released as often as it was retained, whatever becomes of the file's name. */
export class FileLease {
  readonly file: DiskFile;
  #holders = 1;

  constructor(file: DiskFile) {
    this.file = file;
  }

  /** Adds a holder. */
  retain(): this {
    this.#holders++;
    return this;
  }

  /** Takes a holder away; the last one closes the handle. */
  release(): void {
    this.#holders--;
    // A close that fails has nothing to say: what must be durable has been synced before.
    if (this.#holders === 0) this.file.close().catch(() => {});
  }
}

/**
 * The open files of many logs, bounded: the least recently used one gives way. Handles that are in use elsewhere
 * (a read on its way to the network) stay open beyond the bound until they are released.
 */
export class OpenFiles {
  readonly #disk: Disk;
  readonly #leases: LruMap<LogFile, FileLease>;
  /** Handles that stay open whatever the bound says. */
  readonly #pinned = new Map<LogFile, FileLease>();

  constructor(disk: Disk, capacity: number = OPEN_FILES_MAX_DEFAULT) {
    this.#disk = disk;
    this.#leases = new LruMap(capacity, (lease) => lease.release());
  }

  /** Number of handles that are kept open here. */
  get size(): number {
    return this.#leases.size;
  }

  /**
   * The open handle of a file, for use before anything else is asked of this object; use `lease` to keep it.
   *
   * @throws DiskError `not-found` and the other reasons of `Disk.open`.
   */
  get(file: LogFile): DiskFile {
    return this.#leaseOf(file).file;
  }

  /** Makes durable what a file holds. @throws DiskError as a rejection, also when the file cannot be opened. */
  async sync(file: LogFile): Promise<void> {
    await this.get(file).sync();
  }

  /** The handle, held until it is released. @throws DiskError as `get`. */
  lease(file: LogFile): FileLease {
    return this.#leaseOf(file).retain();
  }

  /** Keeps the handle of a file open, so that it is not looked for by its path. Returns what ends that. */
  pin(file: LogFile): () => void {
    const lease = this.lease(file);
    this.#pinned.set(file, lease);
    return () => {
      if (this.#pinned.get(file) === lease) this.#pinned.delete(file);
      lease.release();
    };
  }

  /** Makes the file. @throws DiskError `exists` if it is there. */
  create(file: LogFile): DiskFile {
    const lease = new FileLease(this.#disk.open(file.path, 'create-new'));
    this.#leases.set(file, lease);
    return lease.file;
  }

  /** Gives up the handle of a file, if there is one: before its removal, or because it will not be used for long. */
  close(file: LogFile): void {
    const lease = this.#leases.peek(file);
    if (lease === undefined) return;
    this.#leases.delete(file);
    lease.release();
  }

  /** Gives up all handles. */
  closeAll(): void {
    for (const [, lease] of this.#leases) lease.release();
    this.#leases.clear();
  }

  #leaseOf(file: LogFile): FileLease {
    const known = this.#leases.get(file) ?? this.#pinned.get(file);
    if (known !== undefined) return known;
    const lease = new FileLease(this.#disk.open(file.path, 'write'));
    this.#leases.set(file, lease);
    return lease;
  }
}
