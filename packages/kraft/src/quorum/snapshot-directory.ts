import type { Position } from '@biquorum/consensus';
import { type Disk, DiskError, type DiskFile, type Timers } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import {
  checkSnapshot,
  DELETED_ENDING,
  PART_ENDING,
  type SnapshotContent,
  type SnapshotHead,
  snapshotBatches,
  snapshotFileName,
  snapshotIdOf,
} from './snapshot-file.ts';

/** The largest snapshot that is read or received, in bytes. */
const SNAPSHOT_BYTES_MAX = 1024 * 1024 * 1024;

/** A snapshot that lies in the directory. */
export interface HeldSnapshot {
  readonly id: Position;
  /** Bytes of the file. */
  readonly size: number;
  /** Time of the last batch that went into it. */
  readonly lastContainedMs: number;
}

/** A snapshot that was read and found whole. */
export interface LoadedSnapshot extends HeldSnapshot, SnapshotHead {
  readonly bytes: Uint8Array;
}

/**
 * The snapshots in the directory of the metadata log. They are written, and received, under another name, made durable
 * and then renamed, so that under its own name there is only ever a whole one.
 */
export class SnapshotDirectory {
  readonly #disk: Disk;
  readonly #timers: Timers;
  readonly #wallMs: () => number;
  readonly #listener: string;
  readonly #path: string;
  readonly #held: Map<string, HeldSnapshot> = new Map();
  #receiving: { readonly name: string; readonly file: DiskFile; size: number } | null = null;

  constructor(
    ports: { readonly disk: Disk; readonly timers: Timers; readonly wallMs: () => number },
    path: string,
    listener: string,
  ) {
    this.#disk = ports.disk;
    this.#timers = ports.timers;
    this.#wallMs = ports.wallMs;
    this.#path = path;
    this.#listener = listener;
  }

  /** The snapshots with state in them, the oldest first. */
  get held(): readonly HeldSnapshot[] {
    return [...this.#held.values()].sort((a, b) => a.id.index - b.id.index);
  }

  /**
   * Looks what there is, and removes what a crash has left unfinished.
   *
   * @returns The newest whole snapshot, and the one of nothing with which a dynamic quorum begins (`0-0.checkpoint`).
   */
  async open(): Promise<{ readonly latest: LoadedSnapshot | null; readonly initial: LoadedSnapshot | null }> {
    let latest: LoadedSnapshot | null = null;
    let initial: LoadedSnapshot | null = null;
    const names = (await this.#disk.list(this.#path)).map(({ name }) => name);
    for (const name of names.toReversed()) {
      if (name.endsWith(PART_ENDING) || name.endsWith(DELETED_ENDING)) {
        await this.#disk.remove(this.#pathOf(name));
        continue;
      }
      const id = snapshotIdOf(name);
      if (id === null) continue;
      if (id.index === 0) initial = await this.load(id);
      else if (latest === null) latest = await this.load(id);
      else await this.#note(id);
    }
    if (latest !== null) this.#hold(latest);
    return { latest, initial };
  }

  /** Reads and checks a snapshot; null when it is damaged. @throws DiskError (as a rejection), `not-found` among others. */
  async load(id: Position): Promise<LoadedSnapshot | null> {
    const bytes = await this.#disk.readWhole(this.#pathOf(snapshotFileName(id)), SNAPSHOT_BYTES_MAX);
    const head = checkSnapshot(bytes);
    return head === null ? null : { ...head, id, size: bytes.length, bytes };
  }

  /** Bytes of a snapshot from `position` on. @throws DiskError (as a rejection) */
  async read(id: Position, position: number, bytesMax: number): Promise<{ size: number; bytes: Uint8Array }> {
    const file = this.#disk.open(this.#pathOf(snapshotFileName(id)), 'read');
    try {
      const size = file.size();
      const bytes = new Uint8Array(Math.max(0, Math.min(bytesMax, size - position)));
      const count = await file.read(position, bytes);
      return { size, bytes: bytes.subarray(0, count) };
    } finally {
      await file.close();
    }
  }

  /** Writes a snapshot, piece by piece with turns of the loop between. Resolves with its size once it is durable. */
  async write(content: SnapshotContent): Promise<number> {
    const { id, lastContainedMs } = content;
    const part = this.#pathOf(snapshotFileName(id, PART_ENDING));
    const file = this.#disk.open(part, 'create');
    let size = 0;
    try {
      await file.truncate(0);
      for (const batch of snapshotBatches(content, this.#wallMs, this.#listener)) {
        file.write(size, [batch]);
        size += batch.length;
        await new Promise<void>((resolve) => this.#timers.soon(resolve));
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await this.#publish(part, id);
    this.#hold({ id, size, lastContainedMs });
    return size;
  }

  /** Keeps bytes of a snapshot that is being received; position 0 starts over. @throws DiskError */
  receive(id: Position, position: number, bytes: Uint8Array): void {
    const name = snapshotFileName(id, PART_ENDING);
    if (position === 0) {
      void this.#receiving?.file.close();
      this.#receiving = { name, file: this.#disk.open(this.#pathOf(name), 'create'), size: 0 };
    }
    const receiving = this.#receiving;
    assert(
      receiving !== null && receiving.name === name && position <= receiving.size,
      () => `snapshot bytes at ${position} leave a gap`,
    );
    if (position + bytes.length > SNAPSHOT_BYTES_MAX) {
      throw new DiskError('too-large', { operation: 'write', path: receiving.file.path });
    }
    receiving.file.write(position, [bytes]);
    receiving.size = position + bytes.length;
  }

  /** Puts the received snapshot in its place; null when it is damaged, and then it is gone. */
  async install(id: Position, size: number): Promise<LoadedSnapshot | null> {
    const receiving = this.#receiving;
    this.#receiving = null;
    assert(receiving !== null && receiving.size === size, () => `snapshot of ${size} bytes is not all there`);
    const { file } = receiving;
    await file.truncate(size);
    await file.sync();
    await file.close();
    const bytes = await this.#disk.readWhole(file.path, SNAPSHOT_BYTES_MAX);
    const head = checkSnapshot(bytes);
    if (head === null) {
      await this.#disk.remove(file.path);
      return null;
    }
    await this.#publish(file.path, id);
    const loaded = { ...head, id, size, bytes };
    this.#hold(loaded);
    return loaded;
  }

  /** Removes the snapshots that end before `start`. */
  async removeBefore(start: number): Promise<void> {
    for (const { id } of this.held) {
      if (id.index >= start) continue;
      const name = snapshotFileName(id);
      this.#held.delete(name);
      try {
        await this.#disk.remove(this.#pathOf(name));
      } catch (error) {
        if (!(error instanceof DiskError) || error.code !== 'not-found') throw error;
      }
    }
  }

  async close(): Promise<void> {
    await this.#receiving?.file.close();
    this.#receiving = null;
  }

  async #publish(part: string, id: Position): Promise<void> {
    await this.#disk.rename(part, this.#pathOf(snapshotFileName(id)));
    await this.#disk.syncDirectory(this.#path);
  }

  async #note(id: Position): Promise<void> {
    const status = await this.#disk.stat(this.#pathOf(snapshotFileName(id)));
    if (status !== undefined) this.#hold({ id, size: status.size, lastContainedMs: status.modifiedMs });
  }

  #hold({ id, size, lastContainedMs }: HeldSnapshot): void {
    this.#held.set(snapshotFileName(id), { id, size, lastContainedMs });
  }

  #pathOf(name: string): string {
    return `${this.#path}/${name}`;
  }
}
