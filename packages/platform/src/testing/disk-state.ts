import type { Prng } from '@biquorum/std';
import type { DiskLock } from '../disk.ts';
import type { DiskOperation } from '../disk-error.ts';
import type { DiskStep, Interruption, MemoryDiskOptions } from './memory-disk.ts';
import { MemoryTree } from './memory-tree.ts';

/** What the sessions of a disk share: content, room, limits, locks, and the hook that may interrupt them. */
export class DiskState {
  readonly #prng: Prng;
  readonly #latencyMs: (operation: DiskOperation, prng: Prng, path: string) => number;
  tree: MemoryTree = new MemoryTree();
  locks: Map<string, DiskLock> = new Map();
  onOperation: ((step: DiskStep) => Interruption | undefined) | undefined;
  capacityBytes: number;
  openFilesMax: number;
  usedBytes = 0;
  openFiles = 0;
  steps = 0;

  constructor(options: MemoryDiskOptions) {
    this.#prng = options.prng;
    this.#latencyMs = options.latencyMs ?? defaultLatencyMs;
    this.capacityBytes = options.capacityBytes ?? Number.MAX_SAFE_INTEGER;
    this.openFilesMax = options.openFilesMax ?? Number.POSITIVE_INFINITY;
  }

  /** Counts a step, and asks whether it may go on. */
  beginStep(operation: DiskOperation, path: string): Interruption | undefined {
    const index = this.steps++;
    return this.onOperation?.({ index, operation, path, changes: !readOnly.has(operation) });
  }

  drawLatencyMs(operation: DiskOperation, path: string): number {
    return this.#latencyMs(operation, this.#prng, path);
  }

  /** Files are closed, locks are gone, and what has no name any more takes no room. */
  processEnded(): void {
    const files = new Set(this.tree.files().map(([, file]) => file));
    for (const file of files) file.handles = 0;
    this.locks = new Map();
    this.openFiles = 0;
    this.usedBytes = [...files].reduce((total, file) => total + file.cached.size, 0);
  }
}

const readOnly: ReadonlySet<DiskOperation> = new Set(['size', 'read', 'close', 'list', 'stat', 'readWhole', 'space']);

function defaultLatencyMs(operation: DiskOperation): number {
  return operation === 'sync' || operation === 'syncDirectory' ? 0.2 : 0.05;
}
