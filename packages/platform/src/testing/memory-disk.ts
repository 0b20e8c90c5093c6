import type { Prng } from '@biquorum/std';
import type { Disk } from '../disk.ts';
import type { DiskErrorCode, DiskOperation } from '../disk-error.ts';
import { DiskSession } from './disk-session.ts';
import { DiskState } from './disk-state.ts';
import type { HostLoop } from './host-loop.ts';
import type { UnsyncedFate } from './memory-inode.ts';
import type { MemoryTree } from './memory-tree.ts';
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
  readonly latencyMs?: (operation: DiskOperation, prng: Prng, path: string) => number;
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
 * The disk of a host in memory, as a piece of hardware: it outlives the processes that use it through their `Disk`
 * port, and loses what was not synced when the power fails. Its host tells it of both.
 */
export class MemoryDisk {
  readonly #state: DiskState;
  readonly #prng: Prng;

  constructor(options: MemoryDiskOptions) {
    this.#state = new DiskState(options);
    this.#prng = options.prng;
  }

  /** Asked before every operation, and may interrupt it. Several primitive steps make up a `replace`. */
  get onOperation(): ((step: DiskStep) => Interruption | undefined) | undefined {
    return this.#state.onOperation;
  }

  set onOperation(hook: ((step: DiskStep) => Interruption | undefined) | undefined) {
    this.#state.onOperation = hook;
  }

  /** May be changed at any time: a full disk is one with no more capacity than is used. */
  get capacityBytes(): number {
    return this.#state.capacityBytes;
  }

  set capacityBytes(bytes: number) {
    this.#state.capacityBytes = bytes;
  }

  /** May be changed at any time. */
  get openFilesMax(): number {
    return this.#state.openFilesMax;
  }

  set openFilesMax(files: number) {
    this.#state.openFilesMax = files;
  }

  /** Bytes of all files, open ones without a name included. */
  get usedBytes(): number {
    return this.#state.usedBytes;
  }

  /** How many files are open. */
  get openFiles(): number {
    return this.#state.openFiles;
  }

  /** How many operations have begun. */
  get steps(): number {
    return this.#state.steps;
  }

  /** The content of a file as programs see it; undefined when there is none. */
  contents(path: string): Uint8Array | undefined {
    const node = this.#state.tree.find(path);
    return node?.kind === 'file' ? node.cached.readAll() : undefined;
  }

  /** The paths of all files, sorted. */
  paths(): string[] {
    return this.#state.tree.files().map(([path]) => path);
  }

  /** Lets the medium decay: flips one bit of a file for good. @throws DiskError when there is no such file. */
  flipBit(path: string, position: number, bit: number): void {
    this.#state.tree.file(path, 'read').flipBit(position, bit);
  }

  /** The disk as it is, with what is durable and what is not, to be put back with {@link restore}. */
  snapshot(): MemoryDiskSnapshot {
    return createSnapshot(this.#state.tree.fork());
  }

  /**
   * Puts a snapshot, of this disk or another, in place of the content. Call it while no process runs. The snapshot stays
   * good for further use.
   */
  restore(snapshot: MemoryDiskSnapshot): void {
    this.#state.tree = treeOf(snapshot).fork();
    this.#state.processEnded();
  }

  /** For the host: the disk as a process of it sees it. */
  mount(loop: HostLoop, wallMs: () => number): Disk {
    return new MountedDisk(new DiskSession(this.#state, loop, wallMs));
  }

  /** For the host: its process has ended. Files are closed and locks are gone; nothing is lost. */
  kill(): void {
    this.#state.processEnded();
  }

  /** For the host: its power has failed. Of what was not synced, only what `fate` allows is left. */
  powerOff(fate: UnsyncedFate = 'random'): void {
    this.#state.tree.crash(this.#prng, fate);
    this.#state.processEnded();
  }
}

let createSnapshot: (tree: MemoryTree) => MemoryDiskSnapshot;
let treeOf: (snapshot: MemoryDiskSnapshot) => MemoryTree;

/** The content of a {@link MemoryDisk} at one moment; good for nothing but {@link MemoryDisk.restore}. */
export class MemoryDiskSnapshot {
  readonly #tree: MemoryTree;

  static {
    createSnapshot = (tree) => new MemoryDiskSnapshot(tree);
    treeOf = (snapshot) => snapshot.#tree;
  }

  private constructor(tree: MemoryTree) {
    this.#tree = tree;
  }
}
