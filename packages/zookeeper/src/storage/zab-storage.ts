import {
  type EngineStorage,
  type Entry,
  type Filling,
  type Position,
  type Restored,
  StorageError,
  type StorageEvents,
  type Write,
  type WriteId,
} from '@biquorum/consensus';
import { DiskError } from '@biquorum/platform';
import { assert, Queue } from '@biquorum/std';
import { epochOf, type Zxid } from '@biquorum/zookeeper-wire';
import { DataDirectory } from './data-directory.ts';
import { type Epochs, readEpochs, removeLeftovers, writeEpochs } from './epoch-files.ts';
import { LogAppender } from './log-appender.ts';
import { cutAfter, LogIndex, zxidBefore } from './log-index.ts';
import { purge } from './purge.ts';
import { entryOf, readPayloads } from './read-payloads.ts';
import { missingSnapshot } from './recover.ts';
import { recoverLog, truncateLog } from './recover-log.ts';
import { loadNewestSnapshot, type SnapshotTarget } from './restore.ts';
import { RestoredLog } from './restored-log.ts';
import type { SnapshotSource } from './snapshot-body.ts';
import { SnapshotPacing } from './snapshot-pacing.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { appenderOptions, type StorageOptions, type StoragePorts, writingOf } from './storage-options.ts';

/** What is to be written next. */
type Task =
  | { readonly kind: 'write'; readonly write: Write<Epochs> }
  | { readonly kind: 'install'; readonly id: Position; readonly size: number };

/**
 * A ZAB engine's log, epochs and snapshots in Java's files: an entry's index is its zxid, its payload the bytes of the
 * log's record, and the jumps between epochs are in no file.
 *
 * Snapshots are taken of, and loaded into, the server's state directly, and not through the driver's machine: they are
 * written in slices while transactions go on being applied. So the machine's `snapshot` gives an empty array, and its
 * `restore` finds the state in place already.
 */
export class ZabStorage implements EngineStorage<Epochs> {
  readonly #options: StorageOptions;
  readonly #ports: StoragePorts;
  readonly #state: SnapshotSource & SnapshotTarget;
  readonly #index: LogIndex;
  readonly #pacing: SnapshotPacing;
  readonly #tasks: Queue<Task> = new Queue();
  #directory: DataDirectory | null = null;
  #snapshots: SnapshotStore | null = null;
  #log: LogAppender | null = null;
  #events: StorageEvents | null = null;
  #epochs: Epochs | null = null;
  /** The state holds the snapshot of this transaction, and nothing was applied since. */
  #loaded: Zxid | null = null;
  #working: Promise<void> | null = null;
  #background: Promise<void> = Promise.resolve();
  /** Writes taken in, and those that are on the disk. */
  #accepted = 0;
  #finished = 0;
  #lastAppended: Zxid = 0;
  /** Cuts that are not made yet: until then a transaction's place may be that of one that goes. */
  #cuts = 0;
  /** How often the state was replaced as a whole: a snapshot of the one before is given up. */
  #replaced = 0;
  #closed = false;
  /** Told when enough has been logged, or this server was elected: the driver is to make a snapshot. */
  onSnapshotDue: () => void = () => {};

  /** @param state the server's; it is filled by {@link open} */
  constructor(options: StorageOptions, ports: StoragePorts, state: SnapshotSource & SnapshotTarget) {
    this.#options = options;
    this.#ports = ports;
    this.#state = state;
    this.#index = new LogIndex(options.cacheBytes);
    this.#pacing = new SnapshotPacing(options, ports.random);
  }

  /** Where the files are. @throws AssertionError before {@link open} has ended. */
  get directory(): DataDirectory {
    assert(this.#directory, 'the storage is not open');
    return this.#directory;
  }

  /**
   * Reads the newest whole snapshot into the state, and where each transaction of the log behind it is; of what comes
   * before, what the same file holds in one piece.
   *
   * @throws StorageError as a rejection when something acknowledged is damaged or missing, or the epochs do not fit;
   *   DiskError `locked` when another server has the directory.
   */
  async open(events: StorageEvents): Promise<Restored<Epochs>> {
    assert(this.#events === null, 'storage was opened twice');
    this.#events = events;
    const directory = await DataDirectory.open({ ...this.#options, disk: this.#ports.disk });
    this.#directory = directory;
    try {
      return await this.#restore(directory);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Takes transactions, a cut or epochs in; the driver is told when they are on the disk. */
  write(write: Write<Epochs>): void {
    if (this.#closed) return;
    if (write.truncateTo !== undefined) {
      this.#index.truncate(write.truncateTo);
      this.#cuts++;
    }
    for (const entry of write.append ?? []) this.#index.append(entry);
    if (write.deletePrefix !== undefined) this.#index.deletePrefix(write.deletePrefix);
    this.#tasks.push({ kind: 'write', write });
    this.#accepted++;
  }

  flush(): void {
    if (this.#working !== null || this.#closed || this.#tasks.size === 0) return;
    this.#working = this.#work().then(
      () => {
        this.#working = null;
        this.flush();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  readEntries(from: number, upTo: number, bytesMax: number, done: (filling: Filling) => void): void {
    const slots = this.#index.range(from, upTo, bytesMax);
    if (slots === null) {
      done({ kind: 'missing' });
      return;
    }
    if (slots.every((slot) => slot.kind !== 'stored')) {
      done({ kind: 'entries', entries: slots.map(entryOf) });
      return;
    }
    readPayloads(this.directory, slots, bytesMax).then(
      (entries) => done({ kind: 'entries', entries }),
      (error: unknown) => {
        // The file may have been removed meanwhile. What should be there and cannot be read is another matter.
        if (this.#index.range(from, upTo, bytesMax) !== null) this.#fail(error);
        else done({ kind: 'missing' });
      },
    );
  }

  readSnapshot(id: Position, position: number, bytesMax: number, done: (filling: Filling) => void): void {
    this.#store.read(zxidBefore(id.index), position, bytesMax).then(
      (piece) => done(piece === null ? { kind: 'missing' } : { kind: 'snapshot', ...piece }),
      (error: unknown) => {
        // A newer one may have taken its place.
        if (error instanceof DiskError && error.code === 'not-found') done({ kind: 'missing' });
        else this.#fail(error);
      },
    );
  }

  /** Puts a snapshot into the state. @returns Nothing: all is in place. */
  async loadSnapshot(id: Position): Promise<Uint8Array> {
    const zxid = zxidBefore(id.index);
    const loaded = this.#loaded === zxid;
    this.#loaded = null;
    if (loaded) return NOTHING;
    this.#replaced++;
    await this.#store.load(zxid, this.#state);
    return NOTHING;
  }

  /** Begins a snapshot of the state, which goes on changing; what the machine hands over is not looked at. */
  writeSnapshot(id: Position, _context: Uint8Array, _state: Uint8Array): void {
    const replaced = this.#replaced;
    const cancelled = (): boolean => this.#closed || this.#replaced !== replaced;
    this.#inBackground(async () => {
      if (cancelled()) return;
      const startMs = this.#ports.clock.monotonicMs();
      const written = await this.#store.write(this.#state, writingOf(this.#options), {
        zxid: zxidBefore(id.index),
        cancelled,
        durable: () => this.#logged(),
      });
      if (written === null) return;
      this.#options.onSnapshot?.(this.#ports.clock.monotonicMs() - startMs);
      this.#events?.snapshotWritten(id, this.#store.sizeOf(written));
    });
  }

  receiveSnapshot(id: Position, position: number, bytes: Uint8Array): void {
    if (this.#closed) return;
    try {
      this.#store.receive(zxidBefore(id.index), position, bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Puts what was received in place of the history; the driver is told when that is done. */
  installSnapshot(id: Position, size: number): void {
    this.#tasks.push({ kind: 'install', id, size });
    this.flush();
  }

  /**
   * This server leads or follows now, and all of its log is applied. Where as much was replayed as calls for a snapshot,
   * one is made: the count goes on over starts. A new leader makes one each time, as Java does, while they are small.
   */
  serving(leads: boolean): void {
    const { newest } = this.#store;
    const small = newest === undefined || this.#store.sizeOf(newest) < SMALL_SNAPSHOT_BYTES;
    if (!this.#pacing.due && !(leads && small)) return;
    this.#pacing.restart();
    this.onSnapshotDue();
  }

  /**
   * Removes old snapshots and the log files that none of the others needs. Source: Java `PurgeTxnLog`.
   *
   * @param retain how many snapshots are kept, at least three
   */
  purge(retain: number): Promise<void> {
    return this.#inTurn(() =>
      purge(this.directory, retain, (names, needed) => {
        this.#store.forget(names);
        // Before the files: whoever reads sees what is missing, and not that it cannot be read.
        if (names.length > 0)
          this.#index.deletePrefix(needed === 1 ? cutAfter(0) : { epoch: epochOf(needed), index: needed });
      }),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#tasks.clear();
    await this.#working?.catch(() => {});
    await this.#background.catch(() => {});
    await this.#log?.close();
    await this.#snapshots?.close();
    await this.#directory?.close();
  }

  get #store(): SnapshotStore {
    assert(this.#snapshots, 'the storage is not open');
    return this.#snapshots;
  }

  #appender(): LogAppender {
    return new LogAppender(appenderOptions(this.#options, this.#ports, this.directory.logs));
  }

  async #restore(directory: DataDirectory): Promise<Restored<Epochs>> {
    const { clock, timers, telemetry } = this.#ports;
    const startMs = clock.monotonicMs();
    const snapshots = new SnapshotStore(directory, timers);
    this.#snapshots = snapshots;
    await snapshots.tidyUp();
    const found = await loadNewestSnapshot(directory, timers, this.#state);
    for (const damaged of found?.damaged ?? []) telemetry.log('warn', 'snapshot is damaged', damaged);
    const readMs = clock.monotonicMs();
    const log = new RestoredLog(this.#index, found);
    const behind = (found?.zxid ?? 0) + 1;
    let transactions = 0;
    await recoverLog(
      directory,
      behind,
      (record, file) => {
        if (found === null && !this.#options.trustEmptySnapshot) throw missingSnapshot(directory);
        log.found(record, file.zxid, `${directory.logs}/${file.name}`);
        this.#pacing.replayed(record.payload.length);
        transactions++;
      },
      (record, file) => log.passed(record, file.zxid),
    );
    log.end(directory.snapshots);
    const logMs = clock.monotonicMs() - readMs;
    this.#options.onLoaded?.({ snapshotMs: readMs - startMs, logMs, transactions });
    const initialize = await directory.takeInitialize();
    if (found !== null) snapshots.add({ ...found, bodyEnd: found.trailer.bodyEnd });
    else if (this.#index.firstZxid === null) await this.#beginEmpty(initialize);
    this.#loaded = found?.zxid ?? 0;
    this.#log = this.#appender();
    this.#epochs = await readEpochs(directory, zxidBefore(this.#index.endIndex));
    await removeLeftovers(directory);
    const { newest } = snapshots;
    return {
      durable: this.#epochs,
      snapshot:
        newest === undefined ? null : { id: cutAfter(newest.zxid), context: NOTHING, size: snapshots.sizeOf(newest) },
      logStart: this.#index.start,
      entries: this.#index.entries(),
    };
  }

  async #beginEmpty(initialize: boolean): Promise<void> {
    if (!this.#options.autocreateDb && !initialize) {
      throw new StorageError(
        this.directory.root,
        'there is no data, and zookeeper.db.autocreate is false',
        'bring the data back; for a new server make an empty file named initialize in dataDir',
      );
    }
    // A log is never without a snapshot to replay it over.
    await this.#store.write(this.#state, writingOf(this.#options), { zxid: 0 });
  }

  /** Does what is to be done by now, and tells of it when it is on the disk. */
  async #work(): Promise<void> {
    const done: (() => void)[] = [];
    let [written, writes]: [WriteId, number] = [0, 0];
    const tellWritten = (): void => {
      const [last, count] = [written, writes];
      if (count === 0) return;
      // The last stands for all before it.
      done.push(() => {
        this.#finished += count;
        this.#events?.written(last);
      });
      writes = 0;
    };
    for (let count = this.#tasks.size; count > 0 && !this.#closed; count--) {
      const task = this.#tasks.shift();
      if (task === undefined) break;
      if (task.kind === 'install') {
        tellWritten();
        await this.#install(task.id, task.size, done);
      } else {
        const { id, truncateTo, append, durable } = task.write;
        if (truncateTo !== undefined) await this.#truncate(zxidBefore(truncateTo));
        for (const entry of append ?? []) this.#append(entry);
        // History first: an epoch must not be adopted whose transactions can still be lost (ZOOKEEPER-4785).
        if (durable !== undefined) await this.#adopt(durable);
        written = id;
        writes++;
      }
    }
    tellWritten();
    await this.#commit();
    if (!this.#closed) for (const tell of done) tell();
  }

  #append({ index: zxid, kind, payload }: Entry): void {
    if (kind === 'control' || this.#log === null) return;
    this.#lastAppended = zxid;
    this.#index.placed(zxid, this.#log.append(zxid, payload));
    if (!this.#pacing.logged(payload.length)) return;
    this.#log.roll();
    this.onSnapshotDue();
  }

  async #commit(): Promise<void> {
    const last = this.#lastAppended;
    if (this.#log?.pending) await this.#log.commit();
    if (this.#cuts === 0) this.#index.committed(last);
  }

  async #adopt(epochs: Epochs): Promise<void> {
    await this.#commit();
    if (this.#closed) return;
    await writeEpochs(this.directory, this.#epochs, epochs);
    this.#epochs = epochs;
  }

  async #truncate(cut: Zxid): Promise<void> {
    await this.#commit();
    await this.#log?.close();
    await this.#store.truncate(cut);
    await truncateLog(this.directory, cut);
    this.#log = this.#appender();
    this.#lastAppended = Math.min(this.#lastAppended, cut);
    this.#cuts--;
  }

  async #install(id: Position, size: number, done: (() => void)[]): Promise<void> {
    await this.#commit();
    this.#replaced++;
    const zxid = zxidBefore(id.index);
    const installed = await this.#store.install(zxid, size, async () => {
      await this.#log?.close();
    });
    if (installed) {
      this.#index.reset(id);
      this.#log = this.#appender();
      this.#loaded = null;
      this.#pacing.restart();
    }
    done.push(() => this.#events?.snapshotInstalled(id, size, installed ? NOTHING : null));
  }

  /** Resolves when all that the engine has written by now is on the disk. */
  async #logged(): Promise<void> {
    const upTo = this.#accepted;
    while (this.#finished < upTo && !this.#closed) {
      this.flush();
      await this.#working;
    }
  }

  #inBackground(work: () => Promise<void>): Promise<void> {
    this.#background = this.#background.then(async () => {
      if (!this.#closed) await work();
    });
    this.#background.catch((error: unknown) => this.#fail(error));
    return this.#background;
  }

  /** Runs behind what is under way; when it fails, that is the caller's matter alone. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#background.then(() => (this.#closed ? undefined : work()));
    this.#background = done.catch(() => {});
    return done;
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#events?.failed(error);
  }
}

const NOTHING: Uint8Array = new Uint8Array(0);
/** Smaller ones are written in a moment, and sent in one to who lacks what was in the log before. */
const SMALL_SNAPSHOT_BYTES = 4 * 1024 * 1024;
