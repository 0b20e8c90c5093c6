import type { Prng } from '@biquorum/std';
import type { Disk, DiskLock } from '../disk.ts';
import type { DiskErrorCode, DiskOperation } from '../disk-error.ts';
import { DiskSession } from './disk-session.ts';
import type { HostLoop } from './host-loop.ts';
import type { UnsyncedFate } from './memory-inode.ts';
import { MemoryTree } from './memory-tree.ts';
import { MountedDisk } from './mounted-disk.ts';

/** What a {@link MemoryDisk} is like. */
export interface MemoryDiskOptions {
  /** Draws latencies, and what is lost when the power fails. */
  readonly prng: Prng;
  /** By default without limit. */
  readonly capacityBytes?: number;
  /** How many files a process may have open at once. By default without limit. */
  readonly openFilesMax?: number;
  /** How long an asynchronous operation takes. By default 0.2 ms for a sync and 0.05 ms for the others. */
  readonly latencyMs?: (operation: DiskOperation, prng: Prng) => number;
}

/** An operation that is about to begin, as {@link MemoryDisk.onOperation} sees it. */
export interface DiskStep {
  /** Its number since the disk was made, from 0. */
  readonly index: number;
  readonly operation: DiskOperation;
  readonly path: string;
  /** Whether it changes anything, or makes it durable: only then does it matter where a crash falls. */
  readonly changes: boolean;
}

/**
 * What happens instead of the operation: it fails, or its process comes to an end by `halt`, which has to stop the host
 * (`host.kill()`, `host.powerOff()`).
 */
export type Interruption =
  | { readonly kind: 'fail'; readonly code: DiskErrorCode }
  | { readonly kind: 'halt'; readonly halt: () => void };

/**
 * A disk in memory, as a piece of hardware: it outlives the processes that use it, and loses what was not synced when
 * the power fails. Processes see it through {@link MemoryDisk.mount}.
 */
export class MemoryDisk {
  readonly #prng: Prng;
  readonly #latencyMs: (operation: DiskOperation, prng: Prng) => number;
  #tree = new MemoryTree();
  #steps = 0;
  #usedBytes = 0;
  #locks = new Map<string, DiskLock>();
  /** May be changed at any time: a full disk is one with no more capacity than is used. */
  capacityBytes: number;
  /** May be changed at any time. */
  openFilesMax: number;
  /** How many files are open. */
  openFiles = 0;
  /** Asked before every operation, and may interrupt it. Several primitive steps make up a `replace`. */
  onOperation: ((step: DiskStep) => Interruption | undefined) | undefined;

  constructor(options: MemoryDiskOptions) {
    this.#prng = options.prng;
    this.#latencyMs = options.latencyMs ?? defaultLatencyMs;
    this.capacityBytes = options.capacityBytes ?? Number.MAX_SAFE_INTEGER;
    this.openFilesMax = options.openFilesMax ?? Number.POSITIVE_INFINITY;
  }

  /** Bytes of all files, open ones without a name included. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** How many operations have begun. */
  get steps(): number {
    return this.#steps;
  }

  /** The disk as one process sees it. */
  mount(loop: HostLoop, wallMs: () => number): Disk {
    return new MountedDisk(new DiskSession(this, loop, wallMs));
  }

  /** The power fails: of what was not synced, only what `fate` allows is left. Call it once the process is stopped. */
  powerOff(fate: UnsyncedFate = 'random'): void {
    this.#tree.crash(this.#prng, fate);
    this.#settle();
  }

  /** The process that used the disk has ended: its files are closed and its locks gone; nothing is lost. */
  kill(): void {
    for (const [, file] of this.#tree.files()) file.handles = 0;
    this.#settle();
  }

  /** The disk as it is, with what is durable and what is not, to be put back with {@link restore}. */
  snapshot(): MemoryDiskSnapshot {
    return new MemoryDiskSnapshot(this.#tree.fork());
  }

  /** Puts a snapshot in place of the content; the snapshot stays good for further use. */
  restore(snapshot: MemoryDiskSnapshot): void {
    this.#tree = snapshot.tree.fork();
    this.kill();
  }

  /** The content of a file as programs see it; undefined when there is none. */
  contents(path: string): Uint8Array | undefined {
    const node = this.#tree.find(path);
    return node?.kind === 'file' ? node.cached.readAll() : undefined;
  }

  /** The paths of all files, sorted. */
  paths(): string[] {
    return this.#tree.files().map(([path]) => path);
  }

  /** Lets the medium decay: flips one bit of a file for good. */
  flipBit(path: string, position: number, bit: number): void {
    this.#tree.file(path, 'read').flipBit(position, bit);
  }

  /** For the disk's sessions. */
  get tree(): MemoryTree {
    return this.#tree;
  }

  /** For the disk's sessions: the locks that are held. */
  get locks(): Map<string, DiskLock> {
    return this.#locks;
  }

  /** For the disk's sessions: counts a step and asks whether it may go on. */
  beginStep(operation: DiskOperation, path: string): Interruption | undefined {
    const index = this.#steps++;
    return this.onOperation?.({ index, operation, path, changes: !readOnly.has(operation) });
  }

  /** For the disk's sessions. */
  drawLatencyMs(operation: DiskOperation): number {
    return this.#latencyMs(operation, this.#prng);
  }

  /** For the disk's sessions: room taken, or given back if negative. */
  charge(bytes: number): void {
    this.#usedBytes += bytes;
  }

  #settle(): void {
    this.#locks = new Map();
    this.openFiles = 0;
    const files = new Set(this.#tree.files().map(([, file]) => file));
    this.#usedBytes = [...files].reduce((total, file) => total + file.cached.size, 0);
  }
}

/** The content of a {@link MemoryDisk} at one moment. */
export class MemoryDiskSnapshot {
  readonly tree: MemoryTree;

  constructor(tree: MemoryTree) {
    this.tree = tree;
  }
}

const readOnly: ReadonlySet<DiskOperation> = new Set(['size', 'read', 'close', 'list', 'stat', 'readWhole', 'space']);

function defaultLatencyMs(operation: DiskOperation): number {
  return operation === 'sync' || operation === 'syncDirectory' ? 0.2 : 0.05;
}
