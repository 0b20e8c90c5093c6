import type { DataTree } from '../tree/data-tree.ts';

/** When nodes go by themselves. Names are those of the properties `znode.container.…`. */
export interface ContainerCleanerOptions {
  readonly checkIntervalMs: number;
  /** Deletions in a minute. */
  readonly maxPerMinute: number;
  /** A container that never had a child goes after so long; 0 for never. */
  readonly maxNeverUsedIntervalMs: number;
}

/** Java's defaults. */
export const CONTAINER_CLEANING: ContainerCleanerOptions = {
  checkIntervalMs: 60_000,
  maxPerMinute: 10_000,
  maxNeverUsedIntervalMs: 0,
};

/**
 * Finds containers that are empty again and nodes whose time to live is over, and asks for their deletion, which is
 * checked again when it is prepared. Runs on a leader, or on a server alone. Source: Java `ContainerManager`.
 */
export class ContainerCleaner {
  readonly #tree: DataTree;
  readonly #options: ContainerCleanerOptions;
  readonly #remove: (path: string) => void;
  #candidates: string[] = [];
  #checkedMs: number;
  #removedMs: number;

  /** @param remove asks for the deletion of a node, for session 0 */
  constructor(tree: DataTree, options: ContainerCleanerOptions, monotonicMs: number, remove: (path: string) => void) {
    this.#tree = tree;
    this.#options = options;
    this.#remove = remove;
    this.#checkedMs = monotonicMs;
    this.#removedMs = monotonicMs;
  }

  /** To be called now and then, at least once per check interval. */
  tick(monotonicMs: number, wallMs: number): void {
    const { checkIntervalMs, maxPerMinute } = this.#options;
    if (this.#candidates.length === 0) {
      if (monotonicMs - this.#checkedMs < checkIntervalMs) return;
      this.#checkedMs = monotonicMs;
      this.#removedMs = monotonicMs - 60_000 / maxPerMinute;
      this.#candidates = this.#find(wallMs);
    }
    // As many as the time since the last tick allows.
    const due = Math.floor(((monotonicMs - this.#removedMs) * maxPerMinute) / 60_000);
    if (due <= 0) return;
    this.#removedMs = monotonicMs;
    for (const path of this.#candidates.splice(0, due)) this.#remove(path);
  }

  #find(wallMs: number): string[] {
    const tree = this.#tree;
    const found: string[] = [];
    for (const path of tree.containers) {
      const stat = tree.stored(path);
      if (stat === undefined || tree.childCount(path) > 0) continue;
      const { maxNeverUsedIntervalMs } = this.#options;
      const unusedTooLong = maxNeverUsedIntervalMs !== 0 && wallMs - stat.mtimeMs > maxNeverUsedIntervalMs;
      // One that never had a child may be about to get one.
      if (stat.cversion > 0 || unusedTooLong) found.push(path);
    }
    for (const path of tree.ttls) {
      const stat = tree.stored(path);
      if (stat === undefined || tree.childCount(path) > 0) continue;
      const ttlMs = tree.kinds.ttlOf(stat.ephemeralOwner);
      if (ttlMs !== 0 && wallMs - stat.mtimeMs > ttlMs) found.push(path);
    }
    return found;
  }
}
