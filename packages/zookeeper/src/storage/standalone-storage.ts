import type { Ports } from '@biquorum/platform';
import { assert, Queue } from '@biquorum/std';
import type { LoggedTxn } from '@biquorum/zookeeper-wire';
import { DataDirectory } from './data-directory.ts';
import { encodeTxn } from './encode-txn.ts';
import { LogAppender } from './log-appender.ts';
import { purge } from './purge.ts';
import { type Recovered, recover } from './recover.ts';
import { dropDeadEphemerals, type SnapshotTarget } from './restore.ts';
import type { SnapshotSource } from './snapshot-body.ts';
import { SnapshotPacing } from './snapshot-pacing.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { appenderOptions, type StorageOptions, type StoragePorts, writingOf } from './storage-options.ts';

/** What the storage of a server alone tells. */
export interface StandaloneStorageEvents {
  /** The transaction is on the disk, and all before it: it is to be applied. */
  committed(txn: LoggedTxn): void;
  /** The disk failed: nothing more will be written, the server must stop. */
  failed(error: unknown): void;
}

/**
 * The files of a server alone: its state is rebuilt from them, and each transaction is on the disk before it is applied
 * and acknowledged. What comes while a sync is under way shares the next one. Source: Java `SyncRequestProcessor`.
 */
export class StandaloneStorage {
  /** What was found at the start. */
  readonly recovered: Recovered;
  readonly directory: DataDirectory;
  readonly #options: StorageOptions;
  readonly #clock: Ports['clock'];
  readonly #timers: Ports['timers'];
  readonly #state: SnapshotSource;
  readonly #snapshots: SnapshotStore;
  readonly #log: LogAppender;
  readonly #pacing: SnapshotPacing;
  readonly #events: StandaloneStorageEvents;
  readonly #waiting: Queue<LoggedTxn> = new Queue();
  #scheduled = false;
  #committing: Promise<void> | null = null;
  #snapshot: Promise<void> | null = null;
  #background: Promise<void> = Promise.resolve();
  #closed = false;

  /**
   * Rebuilds the state from the files.
   *
   * @param state filled by this; snapshots are taken of it as it changes
   * @throws StorageError as a rejection when something that was there is missing or damaged; DiskError `locked` when
   *   another server has the directory.
   */
  static async open(
    options: StorageOptions,
    ports: StoragePorts,
    state: SnapshotSource & SnapshotTarget,
    events: StandaloneStorageEvents,
  ): Promise<StandaloneStorage> {
    const directory = await DataDirectory.open({ ...options, disk: ports.disk });
    try {
      const snapshots = new SnapshotStore(directory, ports.timers);
      await snapshots.tidyUp();
      const recovered = await recover(directory, ports, state, options);
      options.onLoaded?.({ ...recovered, transactions: recovered.replayed });
      // A log is never without a snapshot to replay it over, and no transaction tells of ephemerals that go here.
      const unsaid = dropDeadEphemerals(state, recovered.lastZxid) > 0 || recovered.snapshotZxid === null;
      if (unsaid) await snapshots.write(state, writingOf(options), { zxid: recovered.lastZxid });
      const storage = new StandaloneStorage(options, ports, state, events, directory, snapshots, recovered);
      if (!unsaid && recovered.replayed > 0) storage.takeSnapshot();
      return storage;
    } catch (error) {
      await directory.close();
      throw error;
    }
  }

  private constructor(
    options: StorageOptions,
    ports: StoragePorts,
    state: SnapshotSource,
    events: StandaloneStorageEvents,
    directory: DataDirectory,
    snapshots: SnapshotStore,
    recovered: Recovered,
  ) {
    this.#options = options;
    this.#clock = ports.clock;
    this.#timers = ports.timers;
    this.#state = state;
    this.#events = events;
    this.directory = directory;
    this.#snapshots = snapshots;
    this.recovered = recovered;
    this.#log = new LogAppender(appenderOptions(options, ports, directory.logs));
    this.#pacing = new SnapshotPacing(options, ports.random);
  }

  /** How many transactions are not applied yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Takes a transaction in; it is on its way to the disk at the end of this turn. */
  append(txn: LoggedTxn): void {
    if (this.#closed) return;
    this.#waiting.push(txn);
    const payload = encodeTxn(txn);
    this.#log.append(txn.header.zxid, payload);
    if (this.#pacing.logged(payload.length)) {
      this.#log.roll();
      this.takeSnapshot();
    }
    if (this.#scheduled || this.#committing !== null) return;
    this.#scheduled = true;
    this.#timers.soon(() => {
      this.#scheduled = false;
      this.#commit();
    });
  }

  /** Begins a snapshot of the state as it is, unless one is being written; Java skips it then, too. */
  takeSnapshot(): void {
    if (this.#snapshot !== null || this.#closed) return;
    this.#snapshot = this.#inBackground(async () => {
      const startMs = this.#clock.monotonicMs();
      await this.#snapshots.write(this.#state, writingOf(this.#options), { cancelled: () => this.#closed });
      this.#options.onSnapshot?.(this.#clock.monotonicMs() - startMs);
      this.#snapshot = null;
    });
  }

  /** Resolves when no snapshot is being written. */
  async idle(): Promise<void> {
    await this.#background;
  }

  /**
   * Removes old snapshots and the log files that none of the others needs.
   *
   * @param retain how many snapshots are kept, at least three
   */
  purge(retain: number): Promise<void> {
    return this.#inTurn(() => purge(this.directory, retain, (names) => this.#snapshots.forget(names)));
  }

  /** Gives up the files. What was not committed may be lost; nobody was told of it. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#committing?.catch(() => {});
    await this.#background.catch(() => {});
    await this.#log.close();
    await this.#snapshots.close();
    await this.directory.close();
  }

  #commit(): void {
    if (this.#closed || this.#committing !== null || this.#waiting.size === 0) return;
    const count = this.#waiting.size;
    this.#committing = this.#log.commit().then(() => {
      this.#committing = null;
      if (this.#closed) return;
      for (let index = 0; index < count; index++) this.#apply();
      this.#commit();
    });
    this.#committing.catch((error: unknown) => this.#fail(error));
  }

  #apply(): void {
    const txn = this.#waiting.shift();
    assert(txn !== undefined, 'a transaction is gone before it was applied');
    this.#events.committed(txn);
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
    this.#events.failed(error);
  }
}
