import type { EngineStorage, Entry, Filling, Position, Restored, StorageEvents, Write } from '@biquorum/consensus';
import { type Log, logConfig, OffsetOutOfRangeError, type OpenedLog, openLog } from '@biquorum/log';
import type { DiskError, Ports } from '@biquorum/platform';
import { type ControlCodec, type QuorumRecord, VoterHistory, type VoterSet, voterSet } from '@biquorum/raft';
import { assert, Queue } from '@biquorum/std';
import { readControls } from './control-batches.ts';
import { readEntries } from './entries.ts';
import { EntryTail } from './entry-tail.ts';
import { holdsCut, logShape, MetadataLogError } from './log-shape.ts';
import { BATCH_BYTES_MAX } from './metadata-batches.ts';
import { METADATA_LOG_NAME, METADATA_PARTITION, METADATA_TOPIC, METADATA_TOPIC_ID } from './names.ts';
import type { QuorumSettings } from './options.ts';
import { formatQuorumStateV0, formatQuorumStateV1, parseQuorumState, QUORUM_STATE_FILE } from './quorum-state-file.ts';
import { type HeldSnapshot, type LoadedSnapshot, SnapshotDirectory } from './snapshot-directory.ts';
import type { SnapshotContent } from './snapshot-file.ts';

/** What a metadata log is opened with. */
export interface MetadataStorageOptions {
  readonly ports: Pick<Ports, 'clock' | 'disk' | 'random' | 'telemetry' | 'timers'>;
  /** `metadata.log.dir` */
  readonly directory: string;
  readonly settings: Pick<QuorumSettings, 'segmentBytes' | 'segmentMs'>;
  /** Ids of the static voters, as version 0 of `quorum-state` names them. */
  readonly voters: readonly number[];
  readonly controls: ControlCodec;
  readonly listenerName: string;
  /** Gives what a snapshot at this cut is written from; null when the state there is not at hand any more. */
  readonly snapshotContent: (id: Position) => Omit<SnapshotContent, 'id' | 'voters'> | null;
}

/** Bytes of the newest batches kept in memory. */
const CACHE_BYTES = 8 * 1024 * 1024;
const QUORUM_STATE_BYTES_MAX = 1024 * 1024;

/**
 * The metadata log in Apache's files: batches in a partition's log, `quorum-state`, and snapshots, all in
 * `__cluster_metadata-0`.
 *
 * Writes reach the files in their order. An append is one write to the page cache and waits for nothing; whatever has to
 * be waited for (a new quorum state, a cut, a snapshot put in place) holds up what comes after it, which until then is in
 * memory alone, where reads find it. One fdatasync makes durable what a turn of the loop has appended.
 *
 * Source: Java `KafkaMetadataLog`, `FileQuorumStateStore`.
 */
export class MetadataStorage implements EngineStorage<QuorumRecord> {
  readonly #options: MetadataStorageOptions;
  readonly #snapshots: SnapshotDirectory;
  readonly #path: string;
  readonly #tail: EntryTail = new EntryTail(CACHE_BYTES);
  readonly #opened: OpenedLog;
  readonly #log: Log;
  #events: StorageEvents | null = null;
  #restored: Restored<QuorumRecord> | null = null;
  /** What was validated at the start and will be asked for at once. */
  #loaded: LoadedSnapshot | null = null;
  /** The voter sets of the log; an empty one stands before them. */
  readonly #voters: VoterHistory = new VoterHistory(voterSet([]));
  #start: Position = { epoch: 0, index: 0 };
  /** The log's end with everything that was taken in. */
  #end = 0;
  /** Cuts that were taken in and are not made in the files yet, in order: what these hold from the lowest on is void. */
  readonly #openCuts: number[] = [];
  /** Counts cuts, so that a read from the files knows whether it is still true. */
  #cuts = 0;
  /** Work in order: what can be done at once, or what has to be waited for. */
  readonly #work: Queue<Work> = new Queue();
  #busy = false;
  /** The last work that had to be waited for. */
  #waited: Promise<void> = Promise.resolve();
  /** Writes in the page cache that are not durable. */
  readonly #unsynced: Queue<number> = new Queue();
  #syncing: Promise<void> | null = null;
  /** Snapshots are written one after the other. */
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  /** Opens log, state and snapshots. @throws MetadataLogError, QuorumStateError, CorruptLogError, DiskError */
  static async open(options: MetadataStorageOptions): Promise<MetadataStorage> {
    const path = `${options.directory}/${METADATA_LOG_NAME}`;
    let failed: (error: DiskError) => void = () => {};
    const opened = await openLog({
      ports: options.ports,
      partition: { topic: METADATA_TOPIC, partition: METADATA_PARTITION },
      directory: path,
      config: logConfig({
        compact: false,
        delete: false,
        maxMessageBytes: BATCH_BYTES_MAX,
        segmentBytes: options.settings.segmentBytes,
        segmentMs: options.settings.segmentMs,
      }),
      onFailure: (error) => failed(error),
    });
    try {
      const storage = new MetadataStorage(options, opened, path);
      failed = (error) => storage.#fail(error);
      await opened.log.assignTopicId(METADATA_TOPIC_ID);
      await storage.#load();
      return storage;
    } catch (error) {
      await opened.abandon();
      throw error;
    }
  }

  private constructor(options: MetadataStorageOptions, opened: OpenedLog, path: string) {
    this.#options = options;
    this.#opened = opened;
    this.#log = opened.log;
    this.#path = path;
    const { clock, disk, timers } = options.ports;
    const ports = { disk, timers, wallMs: () => clock.wallMs() };
    this.#snapshots = new SnapshotDirectory(ports, path, options.listenerName);
  }

  /** Version of the quorum's protocol that the log has reached: 0 static voters, 1 voters in the log. */
  get kraftVersion(): number {
    return this.voters === null ? 0 : 1;
  }

  /** The voters that stand last in the log, committed or not; null where there are none. */
  get voters(): VoterSet | null {
    const { current } = this.#voters;
    return current.ids.length === 0 ? null : current;
  }

  /** The end of the log with everything that was taken in. */
  get end(): number {
    return this.#end;
  }

  /** The snapshots on disk, the oldest first. */
  get snapshots(): readonly HeldSnapshot[] {
    return this.#snapshots.held;
  }

  /** Bytes of the log's segments. */
  get logBytes(): number {
    return this.#log.byteLength;
  }

  open(events: StorageEvents): Promise<Restored<QuorumRecord>> {
    const restored = this.#restored;
    assert(restored !== null && this.#events === null, 'the storage of the metadata log was opened twice');
    this.#events = events;
    this.#restored = null;
    return Promise.resolve(restored);
  }

  write(write: Write<QuorumRecord>): void {
    if (this.#closed) return;
    const { id, truncateTo, append = [], durable, deletePrefix } = write;
    if (truncateTo !== undefined) {
      this.#tail.truncate(truncateTo);
      this.#voters.truncate(truncateTo);
      this.#openCuts.push(truncateTo);
      this.#end = truncateTo;
      this.#cuts++;
    }
    for (const entry of append) {
      this.#tail.push(entry);
      this.#end = entry.index + entry.span;
      if (entry.kind === 'control') this.#noteVoters(entry.index, entry.payload);
    }
    if (deletePrefix !== undefined) {
      this.#start = deletePrefix;
      this.#voters.deletePrefix(deletePrefix.index);
    }
    if (truncateTo === undefined && durable === undefined && deletePrefix === undefined) {
      this.#work.push({ kind: 'append', id, entries: append });
    } else {
      this.#work.push({
        kind: 'wait',
        run: async () => {
          if (truncateTo !== undefined) await this.#truncate(truncateTo);
          this.#append(append);
          if (durable !== undefined) await this.#writeState(durable);
          else if (append.length > 0) await this.#log.flush();
          if (deletePrefix !== undefined) await this.#deletePrefix(deletePrefix.index);
          this.#events?.written(id);
        },
      });
    }
    this.#advance();
  }

  flush(): void {
    if (this.#closed || this.#busy || this.#unsynced.size === 0) return;
    void this.#sync();
  }

  readEntries(from: number, upTo: number, bytesMax: number, done: (filling: Filling) => void): void {
    if (from < this.#start.index) {
      done({ kind: 'missing' });
      return;
    }
    const recent = this.#tail.range(from, upTo, bytesMax);
    if (recent !== null) done({ kind: 'entries', entries: recent });
    else this.#readFiles(from, upTo, bytesMax).then(done, (error: unknown) => this.#readFailed(error, done));
  }

  readSnapshot(id: Position, position: number, bytesMax: number, done: (filling: Filling) => void): void {
    this.#snapshots.read(id, position, bytesMax).then(
      ({ size, bytes }) => done({ kind: 'snapshot', size, bytes }),
      () => done({ kind: 'missing' }),
    );
  }

  /** The whole file; its records are what the machine is given. */
  async loadSnapshot(id: Position): Promise<Uint8Array> {
    const known = this.#loaded;
    this.#loaded = null;
    if (known !== null && known.id.index === id.index && known.id.epoch === id.epoch) return known.bytes;
    const loaded = await this.#snapshots.load(id);
    if (loaded === null) throw new MetadataLogError(`snapshot ${id.index}-${id.epoch} in ${this.#path} is damaged`);
    return loaded.bytes;
  }

  writeSnapshot(id: Position, context: Uint8Array, _state: Uint8Array): void {
    const content = this.#options.snapshotContent(id);
    if (content === null || this.#closed) return;
    const voters = votersIn(context);
    this.#writing = this.#writing.then(async () => {
      if (this.#closed) return;
      try {
        const size = await this.#snapshots.write({ ...content, id, voters });
        if (!this.#closed) this.#events?.snapshotWritten(id, size);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  receiveSnapshot(id: Position, position: number, bytes: Uint8Array): void {
    if (this.#closed) return;
    try {
      this.#snapshots.receive(id, position, bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  installSnapshot(id: Position, size: number): void {
    this.#work.push({
      kind: 'wait',
      run: async () => {
        const snapshot = await this.#snapshots.install(id, size);
        if (snapshot !== null) {
          await this.#replaceLog(id);
          this.#loaded = snapshot;
          this.#voters.reset(id.index, snapshot.voters);
        }
        this.#events?.snapshotInstalled(id, size, snapshot === null ? null : this.#contextOf(snapshot.voters, id));
      },
    });
    this.#advance();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#work.clear();
    await this.#syncing?.catch(() => {});
    // A state that is being put in place must not replace one that the next run of the node writes.
    await this.#waited;
    await this.#writing;
    await this.#snapshots.close();
    await this.#opened.close();
  }

  /** Does what is to be done, until something has to be waited for. */
  #advance(): void {
    while (!this.#busy && !this.#closed) {
      const work = this.#work.shift();
      if (work === undefined) return;
      if (work.kind === 'append') {
        try {
          this.#append(work.entries);
        } catch (error) {
          this.#fail(error);
          return;
        }
        this.#unsynced.push(work.id);
      } else {
        this.#busy = true;
        this.#waited = this.#wait(work.run).then(
          () => {
            this.#busy = false;
            this.#advance();
            this.flush();
          },
          (error: unknown) => this.#fail(error),
        );
      }
    }
  }

  /** What was appended before is told as durable before anything that comes after. */
  async #wait(run: () => Promise<void>): Promise<void> {
    while (this.#unsynced.size > 0 && !this.#closed) await this.#sync();
    if (!this.#closed) await run();
  }

  /** Makes durable what is in the page cache. Calls that come meanwhile wait for the next round: group commit. */
  #sync(): Promise<void> {
    this.#syncing ??= this.#syncRounds().finally(() => {
      this.#syncing = null;
    });
    return this.#syncing;
  }

  async #syncRounds(): Promise<void> {
    try {
      while (this.#unsynced.size > 0 && !this.#closed) {
        const count = this.#unsynced.size;
        await this.#log.flush();
        if (this.#closed) return;
        for (let left = count; left > 0; left--) this.#events?.written(this.#unsynced.shift() as number);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #append(entries: readonly Entry[]): void {
    for (const { index, payload } of entries) {
      const result = this.#log.appendAsFollower(payload, { origin: 'raft-leader' });
      assert(
        result.kind === 'appended',
        () => `the metadata log takes no batch at ${index}: ${JSON.stringify(result)}`,
      );
    }
    this.#tail.evict(this.#log.endOffset);
  }

  async #truncate(end: number): Promise<void> {
    await this.#log.truncateTo(end);
    assert(this.#log.endOffset === end, () => `the metadata log ends at ${this.#log.endOffset}; it was cut at ${end}`);
    this.#openCuts.shift();
    this.#cuts++;
  }

  async #deletePrefix(start: number): Promise<void> {
    this.#log.setHighWatermark(this.#log.endOffset);
    this.#log.advanceLogStart(start);
    await this.#log.removeOldSegments();
    await this.#snapshots.removeBefore(start);
  }

  async #replaceLog(id: Position): Promise<void> {
    await this.#log.truncateFullyAndStartAt(id.index);
    this.#tail.clear();
    this.#cuts++;
    this.#start = id;
    this.#end = id.index;
  }

  async #writeState(durable: QuorumRecord): Promise<void> {
    const bytes =
      this.kraftVersion === 0 ? formatQuorumStateV0(durable, this.#options.voters) : formatQuorumStateV1(durable);
    await this.#options.ports.disk.replace(`${this.#path}/${QUORUM_STATE_FILE}`, bytes);
  }

  async #readFiles(from: number, upTo: number, bytesMax: number): Promise<Filling> {
    for (;;) {
      const cuts = this.#cuts;
      const upperBound = Math.min(upTo, ...this.#openCuts);
      const found = await this.#log.read({ startOffset: from, maxBytes: bytesMax, upperBound, atLeastOneBatch: true });
      const { slice } = found;
      let entries: readonly Entry[] = [];
      if (slice !== undefined) {
        try {
          entries = readEntries(await slice.read(), from, upperBound);
        } finally {
          slice.release();
        }
      }
      if (cuts === this.#cuts) return { kind: 'entries', entries };
      // What was read may have been cut off meanwhile, and other batches written in its place.
      const recent = this.#tail.range(from, upTo, bytesMax);
      if (recent !== null) return { kind: 'entries', entries: recent };
      if (from < this.#start.index) return { kind: 'missing' };
    }
  }

  #readFailed(error: unknown, done: (filling: Filling) => void): void {
    if (this.#closed) return;
    if (error instanceof OffsetOutOfRangeError) done({ kind: 'missing' });
    else this.#fail(error);
  }

  #noteVoters(index: number, payload: Uint8Array): void {
    for (const control of readControls(payload)) {
      // What a snapshot covers is in its header.
      if (control.kind === 'voters' && index > this.#voters.index) this.#voters.append(index, control.set);
    }
  }

  /** Brings log and snapshots together as they were left, and gathers what the engine is made from. */
  async #load(): Promise<void> {
    const { latest, initial } = await this.#snapshots.open();
    await this.#settleStart(latest);
    const known = latest ?? initial;
    if (known !== null) this.#voters.reset(known.id.index, known.voters);
    const entries = await logShape(this.#log, this.#start.index, (at, control) => this.#noteVoters(at, control));
    this.#end = this.#log.endOffset;
    this.#loaded = latest ?? initial;
    this.#restored = {
      durable: await this.#readState(),
      snapshot:
        known === null ? null : { id: known.id, context: this.#contextOf(known.voters, known.id), size: known.size },
      logStart: this.#start,
      entries,
    };
  }

  /**
   * Where the log starts, as a cut: at the oldest snapshot that its files reach back to. A log that the newest snapshot
   * is not part of was about to be replaced by it when the process ended.
   */
  async #settleStart(latest: LoadedSnapshot | null): Promise<void> {
    const log = this.#log;
    if (latest !== null && !(await holdsCut(this.#log, latest.id))) {
      await this.#replaceLog(latest.id);
      return;
    }
    const first = log.logStartOffset;
    if (first === 0) return;
    const covering = this.#snapshots.held.find(({ id }) => id.index >= first);
    if (covering === undefined) {
      throw new MetadataLogError(
        `the log in ${this.#path} starts at ${first} and no snapshot reaches that far; restore it, or remove the directory's content and let the node fetch the log anew`,
      );
    }
    this.#start = covering.id;
    log.setHighWatermark(log.endOffset);
    log.advanceLogStart(covering.id.index);
  }

  async #readState(): Promise<QuorumRecord | null> {
    const path = `${this.#path}/${QUORUM_STATE_FILE}`;
    const { disk } = this.#options.ports;
    if ((await disk.stat(path)) === undefined) return null;
    return parseQuorumState(path, await disk.readWhole(path, QUORUM_STATE_BYTES_MAX));
  }

  #contextOf(set: VoterSet | null, id: Position): Uint8Array {
    return this.#options.controls.encode(set === null ? [] : [{ kind: 'voters', set }], id);
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#work.clear();
    void this.#opened.abandon().catch(() => {});
    this.#events?.failed(error);
  }
}

type Work =
  | { readonly kind: 'append'; readonly id: number; readonly entries: readonly Entry[] }
  | { readonly kind: 'wait'; readonly run: () => Promise<void> };

function votersIn(context: Uint8Array): VoterSet | null {
  const voters = readControls(context).findLast((control) => control.kind === 'voters');
  return voters?.set ?? null;
}
