import { assert } from '@biquorum/std';
import type { LogFile, OpenFiles } from '../handles/open-files.ts';
import type { Evictable, IndexCache } from './index-cache.ts';

/** Entries that may wait in memory before they are written: an index is rebuilt from the log where it lags behind. */
const PENDING_MAX = 512;
/** Newest entries that stay in memory while a log is in use, for look-ups near its end. */
const HOT_ENTRIES = 512;
const FIRST_CAPACITY = 16;

const NO_BYTES = new Uint8Array(0);
const NO_VIEW = new DataView(NO_BYTES.buffer);

/** What the index files of all logs share. */
export interface IndexContext {
  readonly files: OpenFiles;
  readonly cache: IndexCache;
}

/**
 * A file of equally long entries that only grows at its end, with its newest entries in memory and the older ones
 * read when they are asked for.
 *
 * Entries are numbered from 0. In memory are those from `firstLoaded` on, in the bytes of the file; those from
 * `persisted` on are nowhere else yet: `firstLoaded <= persisted <= count`, or all three are equal.
 */
export class IndexFile implements Evictable {
  readonly file: LogFile;
  readonly entrySize: number;
  readonly #context: IndexContext;
  #bytes: Uint8Array = NO_BYTES;
  #view: DataView = NO_VIEW;
  #firstLoaded: number;
  #persisted: number;
  #count: number;
  /** Whether the cache counts the memory; otherwise only the newest entries are kept. */
  #held = false;
  /** Goes up with each truncation, so that a load in flight notices. */
  #truncations = 0;
  #loading: Promise<void> | undefined;

  /** @param count how many entries the file holds. */
  constructor(context: IndexContext, file: LogFile, entrySize: number, count: number) {
    this.#context = context;
    this.file = file;
    this.entrySize = entrySize;
    this.#firstLoaded = count;
    this.#persisted = count;
    this.#count = count;
  }

  /** Number of entries. */
  get count(): number {
    return this.#count;
  }

  /** Number of the first entry that can be read without I/O. */
  get firstLoaded(): number {
    return this.#firstLoaded;
  }

  /** Entries that are not in the file yet. */
  get pending(): number {
    return this.#count - this.#persisted;
  }

  /** Over the entries in memory. Stands until the next append, load or truncation. */
  get view(): DataView {
    return this.#view;
  }

  /** Where in `view` an entry lies. */
  positionOf(entry: number): number {
    return (entry - this.#firstLoaded) * this.entrySize;
  }

  /** Makes room for an entry at the end, to be filled at the returned position of `view`. */
  push(): number {
    if (this.pending >= PENDING_MAX) {
      this.persist();
      if (!this.#held) this.#keepLast(HOT_ENTRIES);
    }
    const position = this.positionOf(this.#count);
    if (position + this.entrySize > this.#bytes.length) this.#grow(position);
    this.#count++;
    return position;
  }

  /** Writes what is not in the file yet, into the page cache. @throws DiskError */
  persist(): void {
    if (this.#persisted === this.#count) return;
    const pending = this.#bytes.subarray(this.positionOf(this.#persisted), this.positionOf(this.#count));
    this.#context.files.get(this.file).write(this.#persisted * this.entrySize, [pending]);
    this.#persisted = this.#count;
  }

  /** Makes durable what the file holds. @throws DiskError (as rejection) */
  sync(): Promise<void> {
    return this.#context.files.sync(this.file);
  }

  /** Reads the entries that are not in memory. @throws DiskError (as rejection) */
  async load(): Promise<void> {
    // Entries may be cut off or let go while the file is read: look again until nothing is missing.
    while (this.#firstLoaded > 0) {
      this.#loading ??= this.#loadOnce().finally(() => {
        this.#loading = undefined;
      });
      await this.#loading;
    }
    this.#held = true;
    this.#context.cache.hold(this, this.#bytes.length);
  }

  /**
   * Runs `use` with all entries in memory. What is loaded may be evicted before its loader goes on, when other indexes
   * are loaded at the same time: then it is loaded again. @throws DiskError (as rejection)
   */
  async whileLoaded<T>(use: () => T): Promise<T> {
    do await this.load();
    while (this.#firstLoaded > 0);
    return use();
  }

  /** Drops the entries from `count` on, in memory and in the file. @throws DiskError (as rejection) */
  async truncate(count: number): Promise<void> {
    assert(count <= this.#count, () => `index ${this.file.path} has ${this.#count} entries and cannot keep ${count}`);
    const inFile = this.#persisted > count;
    this.#truncations++;
    this.#count = count;
    this.#persisted = Math.min(this.#persisted, count);
    if (this.#firstLoaded > count) this.#forget();
    if (inFile) await this.#context.files.get(this.file).truncate(count * this.entrySize);
  }

  /** Lets go of what the file holds as well. Look-ups read it again. */
  evict(): void {
    this.#held = false;
    this.#keepLast(this.pending);
  }

  /** The file is being removed, or will not be used for long. */
  close(): void {
    this.#held = false;
    this.#context.cache.forget(this);
    this.#context.files.close(this.file);
  }

  async #loadOnce(): Promise<void> {
    const missing = this.#firstLoaded;
    const truncations = this.#truncations;
    const older = new Uint8Array(missing * this.entrySize);
    const read = await this.#context.files.get(this.file).read(0, older);
    if (this.#truncations !== truncations) return;
    assert(
      read === older.length,
      () => `index ${this.file.path} holds ${read} bytes where ${older.length} were written`,
    );
    // Meanwhile entries may have left memory for the file: then they are missing too, and the loop goes on.
    if (this.#firstLoaded > missing) return;
    const newer = this.#bytes.subarray(0, this.positionOf(this.#count));
    const joined = new Uint8Array(older.length + newer.length + FIRST_CAPACITY * this.entrySize);
    joined.set(older);
    joined.set(newer, older.length);
    this.#firstLoaded = 0;
    this.#hold(joined);
  }

  /** Keeps the newest `entries` in memory, and all that are pending. */
  #keepLast(entries: number): void {
    const first = Math.max(this.#firstLoaded, Math.min(this.#persisted, this.#count - entries));
    if (first === this.#firstLoaded) return;
    const kept = this.#bytes.slice(this.positionOf(first), this.positionOf(this.#count));
    this.#firstLoaded = first;
    this.#hold(kept);
  }

  #forget(): void {
    this.#firstLoaded = this.#count;
    this.#hold(NO_BYTES);
  }

  #grow(used: number): void {
    const bytes = new Uint8Array(Math.max(2 * this.#bytes.length, FIRST_CAPACITY * this.entrySize));
    bytes.set(this.#bytes.subarray(0, used));
    this.#hold(bytes);
    if (this.#held) this.#context.cache.hold(this, bytes.length);
  }

  #hold(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}
