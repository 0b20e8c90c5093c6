import { StorageError } from '@biquorum/consensus';
import type { DiskFile, Timers } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import { formatZxid, type Zxid } from '@biquorum/zookeeper-wire';
import type { DataDirectory } from './data-directory.ts';
import { type SnapshotName, snapshotName, snapshotOf } from './file-names.ts';
import { BEGIN_EMPTY, START_WITH_OLDER } from './remedies.ts';
import { checking, fuzzyEnd, loadSnapshot, type SnapshotTarget } from './restore.ts';
import type { SnapshotSource } from './snapshot-body.ts';
import {
  damagedSnapshot,
  readDecompressed,
  readSnapshotFile,
  removeIfThere,
  type SnapshotRun,
  type SnapshotWriting,
  sealReceived,
  type WrittenSnapshot,
  writeSnapshot,
} from './snapshot-files.ts';
import { SNAPSHOT_HEADER, SnapshotError } from './snapshot-parser.ts';

/** A snapshot whose inside is known. */
type Known = Omit<WrittenSnapshot, 'size'>;

/** A received snapshot that is whole, and whose log has to make way for it: what a crash interrupts is gone on with. */
const INSTALLING = '.installing';
const RECEIVING = '.part';

/**
 * The snapshots in a server's directory, written, sent and received. Between servers goes the body alone: its size is
 * the snapshot's size to the engine.
 */
export class SnapshotStore {
  readonly #directory: DataDirectory;
  readonly #timers: Pick<Timers, 'soon'>;
  /** Newest first. */
  #known: Known[] = [];
  #receiving: { readonly zxid: Zxid; readonly file: DiskFile; size: number } | null = null;
  /** A compressed snapshot that is being sent. */
  #sending: { readonly zxid: Zxid; readonly bytes: Uint8Array } | null = null;

  constructor(directory: DataDirectory, timers: Pick<Timers, 'soon'>) {
    this.#directory = directory;
    this.#timers = timers;
  }

  get newest(): Known | undefined {
    return this.#known[0];
  }

  /** Takes up a snapshot that is in place. */
  add(snapshot: Known): void {
    this.#known = [snapshot, ...this.#known.filter(({ name }) => name !== snapshot.name)];
    this.#known.sort((a, b) => b.zxid - a.zxid);
  }

  /** Bytes of the body. */
  sizeOf({ bodyEnd }: Pick<Known, 'bodyEnd'>): number {
    return bodyEnd - SNAPSHOT_HEADER.length;
  }

  /** Removes what was not finished, and finishes what only had to be put in place. To be called before all is read. */
  async tidyUp(): Promise<void> {
    const { disk, snapshots } = this.#directory;
    for (const { name } of await disk.list(snapshots)) {
      const unfinished = name.startsWith('snapshot.') && (name.endsWith(RECEIVING) || name.endsWith('.tmp'));
      if (unfinished) await disk.remove(`${snapshots}/${name}`);
    }
    for (const { name } of await disk.list(snapshots)) {
      if (name.endsWith(INSTALLING)) await this.#finishInstall(name);
    }
  }

  async write(source: SnapshotSource, writing: SnapshotWriting, run: SnapshotRun): Promise<Known | null> {
    const written = await writeSnapshot(this.#directory, this.#timers, source, writing, run);
    if (written !== null) this.add(written);
    return written;
  }

  /** Reads one into a server's state. @throws StorageError as a rejection when it is damaged or not there. */
  async load(zxid: Zxid, target: SnapshotTarget): Promise<void> {
    const snapshot = this.#find(zxid);
    if (snapshot === undefined) {
      throw new StorageError(
        this.#directory.snapshots,
        `there is no snapshot of ${formatZxid(zxid)}`,
        START_WITH_OLDER,
      );
    }
    try {
      await loadSnapshot(this.#directory, this.#timers, snapshot, target);
    } catch (error) {
      if (error instanceof SnapshotError) throw damagedSnapshot(this.#directory, snapshot.name, error);
      throw error;
    }
  }

  /**
   * Bytes of a body. The file is checked each time that its first bytes are asked for: who receives damaged ones can only
   * ask again.
   *
   * @returns Null when there is none.
   */
  async read(
    zxid: Zxid,
    position: number,
    bytesMax: number,
  ): Promise<{ readonly size: number; readonly bytes: Uint8Array } | null> {
    const snapshot = this.#find(zxid);
    if (snapshot === undefined) return null;
    const size = this.sizeOf(snapshot);
    const length = Math.max(0, Math.min(bytesMax, size - position));
    const start = SNAPSHOT_HEADER.length + position;
    if (position === 0) await this.#check(snapshot);
    if (snapshot.compression !== 'none') {
      if (this.#sending?.zxid !== zxid)
        this.#sending = { zxid, bytes: await readDecompressed(this.#directory, snapshot) };
      const bytes = this.#sending.bytes.slice(start, start + length);
      if (position + length === size) this.#sending = null;
      return { size, bytes };
    }
    const file = this.#directory.disk.open(`${this.#directory.snapshots}/${snapshot.name}`, 'read');
    try {
      const bytes = new Uint8Array(length);
      await file.read(start, bytes);
      return { size, bytes };
    } finally {
      await file.close();
    }
  }

  /** Keeps bytes of a body that is being received; position 0 starts over. */
  receive(zxid: Zxid, position: number, bytes: Uint8Array): void {
    if (position === 0) {
      void this.#receiving?.file.close();
      const path = `${this.#directory.snapshots}/${snapshotName(zxid)}${RECEIVING}`;
      const file = this.#directory.disk.open(path, 'create');
      file.write(0, [SNAPSHOT_HEADER]);
      this.#receiving = { zxid, file, size: 0 };
    }
    const receiving = this.#receiving;
    assert(
      receiving !== null && receiving.zxid === zxid && position <= receiving.size,
      () => `snapshot bytes at ${position} leave a gap`,
    );
    receiving.file.write(SNAPSHOT_HEADER.length + position, [bytes]);
    receiving.size = position + bytes.length;
  }

  /**
   * Puts a received snapshot in place of the log and all other snapshots.
   *
   * @param giveUpLog called before the log's files go, once it is certain that the snapshot is whole
   * @returns False when it is damaged; it was dropped.
   */
  async install(zxid: Zxid, size: number, giveUpLog: () => Promise<void>): Promise<boolean> {
    const receiving = this.#receiving;
    this.#receiving = null;
    assert(
      receiving !== null && receiving.zxid === zxid && receiving.size === size,
      () => `snapshot of ${size} bytes is not all there`,
    );
    const { disk, snapshots } = this.#directory;
    const { file } = receiving;
    await file.truncate(SNAPSHOT_HEADER.length + size);
    const sealed = await sealReceived(file, this.#timers, checking());
    await file.close();
    if (sealed === null) {
      await disk.remove(file.path);
      return false;
    }
    await giveUpLog();
    const name = snapshotName(zxid);
    await disk.rename(file.path, `${snapshots}/${name}${INSTALLING}`);
    await disk.syncDirectory(snapshots);
    await this.#finishInstall(`${name}${INSTALLING}`);
    this.#known = [{ name, zxid, compression: 'none', bodyEnd: sealed.bodyEnd }];
    return true;
  }

  /**
   * The log is to be cut behind a transaction: snapshots that hold something of later ones go before it is
   * (ZOOKEEPER-4837).
   *
   * @throws StorageError as a rejection when no snapshot would be left to begin with.
   */
  async truncate(cut: Zxid): Promise<void> {
    const { disk, snapshots } = this.#directory;
    const beyond: SnapshotName[] = [];
    let left = false;
    for (const snapshot of await this.#directory.snapshotFiles()) {
      left = snapshot.zxid <= cut && (await this.#endsBy(snapshot, cut));
      if (left) break;
      beyond.push(snapshot);
    }
    if (beyond.length === 0) return;
    if (!left) {
      throw new StorageError(
        snapshots,
        `all snapshots hold transactions beyond ${formatZxid(cut)}, where the log is to be cut`,
        BEGIN_EMPTY,
      );
    }
    for (const { name } of beyond) await disk.remove(`${snapshots}/${name}`);
    await disk.syncDirectory(snapshots);
    this.forget(beyond.map(({ name }) => name));
  }

  /** These files are gone. */
  forget(names: readonly string[]): void {
    this.#known = this.#known.filter(({ name }) => !names.includes(name));
  }

  /** Gives up what is being received. */
  async close(): Promise<void> {
    await this.#receiving?.file.close();
  }

  #find(zxid: Zxid): Known | undefined {
    return this.#known.find((snapshot) => snapshot.zxid === zxid);
  }

  async #check(snapshot: Known): Promise<void> {
    try {
      await readSnapshotFile(this.#directory, snapshot, this.#timers, checking());
    } catch (error) {
      if (error instanceof SnapshotError) throw damagedSnapshot(this.#directory, snapshot.name, error);
      throw error;
    }
  }

  /** Whether a snapshot can be read and holds nothing of transactions behind `cut`. */
  async #endsBy(snapshot: SnapshotName, cut: Zxid): Promise<boolean> {
    try {
      const trailer = await readSnapshotFile(this.#directory, snapshot, this.#timers, checking());
      return fuzzyEnd(snapshot.zxid, trailer) <= cut;
    } catch (error) {
      if (error instanceof SnapshotError) return false;
      throw error;
    }
  }

  /** The log's newest files go first: whatever is left is a log without holes. */
  async #finishInstall(installing: string): Promise<void> {
    const { disk, snapshots, logs } = this.#directory;
    for (const { name } of (await this.#directory.logFiles()).reverse()) await disk.remove(`${logs}/${name}`);
    await disk.syncDirectory(logs);
    const name = installing.slice(0, -INSTALLING.length);
    for (const other of await this.#directory.snapshotFiles()) {
      if (other.name !== name) await disk.remove(`${snapshots}/${other.name}`);
    }
    await disk.rename(`${snapshots}/${installing}`, `${snapshots}/${name}`);
    await disk.syncDirectory(snapshots);
    assert(snapshotOf(name) !== null, () => `${installing} is no snapshot that was received`);
    await removeIfThere(disk, `${snapshots}/${name}${RECEIVING}`);
  }
}
