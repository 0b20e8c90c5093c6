import { type Disk, DiskError, type DiskFile, type DiskLock } from '@biquorum/platform';
import { assert, Queue } from '@biquorum/std';
import type { Codec, Entry, Filling, Position, Restored, Write } from '../contract.ts';
import type { EngineStorage, StorageEvents } from '../ports.ts';
import { samePosition } from '../position.ts';
import { EntryTable, type Slot } from './entry-table.ts';
import {
  decodeSnapshot,
  encodeSnapshot,
  isWhole,
  type SnapshotFile,
  snapshotIdOf,
  snapshotName,
} from './snapshot-file.ts';
import { StorageError } from './storage-error.ts';
import { type Place, Wal } from './wal.ts';
import type { Frame } from './wal-format.ts';
import { recoverWal } from './wal-recovery.ts';

/** Where a replica's files go and how large they get. */
export interface DiskStorageOptions {
  readonly disk: Disk;
  /** Absolute path of a directory that is this replica's alone; made when missing. */
  readonly directory: string;
  /** A segment of the log is closed once it is this long. */
  readonly segmentBytes?: number;
  /** Payloads of the newest entries kept in memory. */
  readonly cacheBytes?: number;
  /** The largest snapshot that is read or received. */
  readonly snapshotBytesMax?: number;
}

/** Held as long as the storage is open: two replicas in one directory would overwrite each other's log. */
const LOCK_FILE = 'lock';

/**
 * A log, durable state and snapshots in one directory: one write-ahead log for entries and state, so that one fdatasync
 * makes everything of a loop turn durable, and a file per snapshot.
 */
export class DiskStorage<Durable> implements EngineStorage<Durable> {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #codec: Codec<Durable>;
  readonly #snapshotBytesMax: number;
  readonly #entries: EntryTable;
  readonly #wal: Wal;
  #events: StorageEvents | null = null;
  #lock: DiskLock | null = null;
  #start: Position = { epoch: 0, index: 0 };
  #durable: Uint8Array | null = null;
  /** Things to tell once everything written before them is on the disk. */
  readonly #waiting: Queue<() => void> = new Queue();
  #syncing = false;
  #closed = false;
  /** Chained directory and snapshot work, which must not overlap. */
  #background: Promise<void> = Promise.resolve();
  #receiving: { readonly id: Position; readonly file: DiskFile; size: number } | null = null;

  /** @param codec How the engine's durable state looks as bytes. */
  constructor(options: DiskStorageOptions, codec: Codec<Durable>) {
    this.#disk = options.disk;
    this.#directory = options.directory;
    this.#codec = codec;
    this.#snapshotBytesMax = options.snapshotBytesMax ?? 1024 * 1024 * 1024;
    this.#entries = new EntryTable(options.cacheBytes ?? 64 * 1024 * 1024);
    this.#wal = new Wal({
      disk: options.disk,
      directory: options.directory,
      segmentBytes: options.segmentBytes ?? 16 * 1024 * 1024,
      head: () => ({ start: this.#start, durable: this.#durable }),
      onFailure: (error) => this.#fail(error),
    });
  }

  /**
   * @throws StorageError (as a rejection) when acknowledged data is damaged; DiskError `locked` when another replica,
   *   in this process or another, has the directory.
   */
  async open(events: StorageEvents): Promise<Restored<Durable>> {
    assert(this.#events === null, 'storage was opened twice');
    this.#events = events;
    await this.#makeDirectory();
    this.#lock = await this.#disk.lock(this.#path(LOCK_FILE));
    const snapshot = await this.#latestSnapshot();
    const recovered = await recoverWal(this.#disk, this.#directory, this.#entries);
    this.#start = recovered.start;
    this.#durable = recovered.durable;
    await this.#wal.start(recovered);
    if (snapshot !== null && !this.#covers(snapshot.id)) this.#reset(snapshot.id);
    if (this.#start.index > (snapshot?.id.index ?? 0)) {
      throw new StorageError(
        this.#directory,
        `the log starts at ${this.#start.index} and no snapshot reaches that far`,
      );
    }
    await this.#sync();
    return {
      durable: this.#durable === null ? null : this.#codec.decode(this.#durable),
      snapshot: snapshot === null ? null : { id: snapshot.id, context: snapshot.context, size: snapshot.size },
      logStart: this.#start,
      entries: this.#restoredEntries(),
    };
  }

  write({ id, truncateTo, append, durable, deletePrefix }: Write<Durable>): void {
    if (this.#closed) return;
    try {
      const frames: Frame[] = [];
      if (truncateTo !== undefined) {
        this.#entries.truncate(truncateTo);
        frames.push({ type: 'truncate', end: truncateTo });
      }
      if (append !== undefined) for (const entry of append) frames.push({ type: 'entry', entry, position: 0 });
      if (durable !== undefined) {
        this.#durable = this.#codec.encode(durable);
        frames.push({ type: 'durable', durable: this.#durable });
      }
      if (deletePrefix !== undefined) {
        this.#start = deletePrefix;
        this.#entries.deletePrefix(deletePrefix.index);
        frames.push({ type: 'prefix', start: deletePrefix });
      }
      this.#append(frames);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (deletePrefix !== undefined) this.#waiting.push(() => this.#deleteOld(deletePrefix));
    this.#waiting.push(() => this.#events?.written(id));
  }

  flush(): void {
    // Writing into pages that are on their way to the disk would block the loop until they are there.
    if (this.#closed || this.#syncing || this.#waiting.size === 0) return;
    this.#syncing = true;
    this.#sync().then(
      () => {},
      (error: unknown) => this.#fail(error),
    );
  }

  readEntries(from: number, upTo: number, bytesMax: number, done: (filling: Filling) => void): void {
    const slots = this.#entries.range(from, upTo, bytesMax);
    if (slots === null) {
      done({ kind: 'missing' });
      return;
    }
    const cold = slots.filter(({ payload }) => payload === null);
    if (cold.length === 0) {
      done({ kind: 'entries', entries: slots.map((slot) => entryOf(slot, slot.payload as Uint8Array)) });
      return;
    }
    Promise.all(slots.map(async (slot) => entryOf(slot, slot.payload ?? (await this.#wal.readPayload(slot))))).then(
      (entries) => done({ kind: 'entries', entries }),
      (error: unknown) => {
        // The segment may have been deleted meanwhile. What should be there and cannot be read is another matter.
        if (this.#entries.range(from, upTo, bytesMax) !== null) this.#fail(error);
        else done({ kind: 'missing' });
      },
    );
  }

  readSnapshot(id: Position, position: number, bytesMax: number, done: (filling: Filling) => void): void {
    this.#readChunk(id, position, bytesMax).then(done, (error: unknown) => {
      // A newer one may have taken its place.
      if (error instanceof DiskError && error.code === 'not-found') done({ kind: 'missing' });
      else this.#fail(error);
    });
  }

  async loadSnapshot(id: Position): Promise<Uint8Array> {
    const file = await this.#readSnapshotFile(id);
    if (file === null) throw new StorageError(this.#path(snapshotName(id)), 'the snapshot is damaged');
    return file.state;
  }

  writeSnapshot(id: Position, context: Uint8Array, state: Uint8Array): void {
    const bytes = encodeSnapshot({ id, context, state });
    // It could not be read any more.
    if (bytes.length > this.#snapshotBytesMax) {
      this.#fail(this.#tooLong(this.#path(snapshotName(id)), bytes.length));
      return;
    }
    this.#inBackground(async () => {
      await this.#disk.replace(this.#path(snapshotName(id)), bytes);
      this.#events?.snapshotWritten(id, bytes.length);
    });
  }

  receiveSnapshot(id: Position, position: number, bytes: Uint8Array): void {
    if (this.#closed) return;
    try {
      if (position === 0) {
        void this.#receiving?.file.close();
        const path = this.#path(`${snapshotName(id)}.part`);
        this.#receiving = { id, file: this.#disk.open(path, 'create'), size: 0 };
      }
      const receiving = this.#receiving;
      assert(
        receiving !== null && samePosition(receiving.id, id) && position <= receiving.size,
        () => `snapshot bytes at ${position} leave a gap`,
      );
      if (position + bytes.length > this.#snapshotBytesMax) {
        throw this.#tooLong(receiving.file.path, position + bytes.length);
      }
      receiving.file.write(position, [bytes]);
      receiving.size = position + bytes.length;
    } catch (error) {
      this.#fail(error);
    }
  }

  installSnapshot(id: Position, size: number): void {
    const receiving = this.#receiving;
    this.#receiving = null;
    assert(receiving !== null && receiving.size === size, () => `snapshot of ${size} bytes is not all there`);
    this.#inBackground(async () => {
      const { path } = receiving.file;
      await receiving.file.truncate(size);
      await receiving.file.sync();
      await receiving.file.close();
      const snapshot = decodeSnapshot(await this.#disk.readWhole(path, this.#snapshotBytesMax), id);
      if (this.#closed) return;
      if (snapshot === null) {
        await this.#disk.remove(path);
      } else {
        await this.#disk.rename(path, this.#path(snapshotName(id)));
        await this.#disk.syncDirectory(this.#directory);
        if (this.#closed) return;
        this.#reset(id);
      }
      const context = snapshot?.context ?? null;
      this.#waiting.push(() => {
        if (snapshot !== null) this.#deleteOld(id);
        this.#events?.snapshotInstalled(id, size, context);
      });
      this.flush();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.clear();
    await this.#background.catch(() => {});
    await this.#wal.close();
    await this.#receiving?.file.close();
    await this.#lock?.release();
  }

  #path(name: string): string {
    return `${this.#directory}/${name}`;
  }

  #append(frames: readonly Frame[]): void {
    const places = this.#wal.append(frames);
    let at = 0;
    for (const frame of frames) {
      if (frame.type !== 'entry') continue;
      const { index, span, epoch, kind, payload } = frame.entry;
      const { segment, position } = places[at++] as Place;
      this.#entries.push({ index, span, epoch, kind, bytes: payload.length, payload, segment, position });
    }
  }

  /** Makes the directory so that a power loss cannot take it away again, with all that will be in it. */
  async #makeDirectory(): Promise<void> {
    await this.#disk.makeDirectory(this.#directory);
    const names = this.#directory.split('/');
    for (let depth = names.length - 1; depth >= 1; depth--) {
      const path = names.slice(0, depth).join('/') || '/';
      try {
        await this.#disk.syncDirectory(path);
      } catch (error) {
        // What we may not open we have not made either.
        if (!(error instanceof DiskError && error.code === 'not-permitted')) throw error;
      }
    }
  }

  /** Syncs until nobody waits. What is written while a sync is under way waits for the next one: group commit. */
  async #sync(): Promise<void> {
    this.#syncing = true;
    do {
      this.#wal.writeOut();
      const covered = this.#waiting.size;
      await this.#wal.sync();
      if (this.#closed) return;
      for (let count = covered; count > 0; count--) this.#waiting.shift()?.();
      this.#wal.advance();
    } while (this.#waiting.size > 0 && !this.#closed);
    this.#syncing = false;
  }

  /** Whether the log holds this cut, or starts right at it. */
  #covers(id: Position): boolean {
    if (this.#start.index > id.index) return true;
    if (this.#start.index === id.index) return this.#start.epoch === id.epoch;
    for (const { index, span, epoch } of this.#entries) if (index + span === id.index) return epoch === id.epoch;
    return false;
  }

  #reset(start: Position): void {
    this.#entries.clear();
    this.#start = start;
    this.#append([{ type: 'reset', start }]);
    this.#wal.resetEnd(start.index);
  }

  *#restoredEntries(): Generator<Entry, void, void> {
    for (const slot of this.#entries) yield entryOf(slot, slot.payload ?? new Uint8Array(0));
  }

  async #readChunk(id: Position, position: number, bytesMax: number): Promise<Filling> {
    const file = this.#disk.open(this.#path(snapshotName(id)), 'read');
    try {
      const size = file.size();
      // Once for each time that it is sent: whoever receives a damaged one can only ask for it again.
      if (position === 0 && !(await isWhole(file)))
        throw new StorageError(file.path, 'the snapshot had reached the disk and is damaged');
      const bytes = new Uint8Array(Math.max(0, Math.min(bytesMax, size - position)));
      await file.read(position, bytes);
      return { kind: 'snapshot', size, bytes };
    } finally {
      await file.close();
    }
  }

  async #readSnapshotFile(id: Position): Promise<(SnapshotFile & { size: number }) | null> {
    const bytes = await this.#disk.readWhole(this.#path(snapshotName(id)), this.#snapshotBytesMax);
    const snapshot = decodeSnapshot(bytes, id);
    return snapshot === null ? null : { ...snapshot, size: bytes.length };
  }

  /** The newest snapshot that is whole. Half-received ones are removed. */
  async #latestSnapshot(): Promise<(SnapshotFile & { size: number }) | null> {
    const names = (await this.#disk.list(this.#directory)).map(({ name }) => name);
    for (const name of names)
      if (name.endsWith('.part') || name.endsWith('.tmp')) await this.#disk.remove(this.#path(name));
    for (const name of names.reverse()) {
      const id = snapshotIdOf(name);
      const snapshot = id === null ? null : await this.#readSnapshotFile(id);
      if (snapshot !== null) return snapshot;
    }
    return null;
  }

  /** Removes what lies wholly before `start`: segments and snapshots. */
  #deleteOld(start: Position): void {
    for (const file of this.#wal.takeBefore(start.index)) {
      this.#inBackground(async () => {
        await file.close();
        await this.#disk.remove(file.path);
      });
    }
    this.#inBackground(async () => {
      for (const { name } of await this.#disk.list(this.#directory)) {
        const id = snapshotIdOf(name);
        if (id !== null && id.index < start.index) await this.#disk.remove(this.#path(name));
      }
    });
  }

  #tooLong(path: string, bytes: number): StorageError {
    const detail = `the snapshot has ${bytes} bytes or more, and at most ${this.#snapshotBytesMax} are read`;
    return new StorageError(path, detail, 'raise snapshotBytesMax on all members, or keep less state');
  }

  #inBackground(work: () => Promise<void>): void {
    this.#background = this.#background.then(async () => {
      if (!this.#closed) await work();
    });
    this.#background.catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#events?.failed(error);
  }
}

function entryOf({ index, span, epoch, kind }: Slot, payload: Uint8Array): Entry {
  return { index, span, epoch, kind, payload };
}
