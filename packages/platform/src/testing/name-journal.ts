import type { Prng } from '@biquorum/std';
import type { MemoryInode, UnsyncedFate } from './memory-inode.ts';

/** What a name leads to. */
export type MemoryNode = MemoryInode | MemoryDirectory;

/** A directory: the names that programs see, and those that the device surely holds. */
export class MemoryDirectory {
  readonly kind: 'directory' = 'directory' as const;
  cached: Map<string, MemoryNode> = new Map();
  device: Map<string, MemoryNode> = new Map();
  modifiedMs = 0;
}

/** A name in a directory is set to lead to a node, or removed. */
export interface NameChange {
  readonly directory: MemoryDirectory;
  readonly name: string;
  readonly node: MemoryNode | undefined;
}

/** Changes that happen together or not at all. */
interface JournalEntry {
  readonly changes: readonly NameChange[];
  durable: boolean;
}

/**
 * The changes of names that the device may not hold yet, in order, as a journaling file system keeps them. Syncing a
 * directory makes durable what concerns it; when the power fails, a prefix of the rest survives as well.
 *
 * Invariant: the device's names with all entries applied in order equal the cached names.
 */
export class NameJournal {
  #entries: JournalEntry[] = [];

  /** Makes changes that programs see at once. */
  change(changes: readonly NameChange[]): void {
    for (const { directory, name, node } of changes) setName(directory.cached, name, node);
    this.#entries.push({ changes, durable: false });
  }

  /** Makes durable what has happened in this directory; a rename between two directories is durable in both. */
  sync(directory: MemoryDirectory): void {
    for (const entry of this.#entries) {
      if (entry.changes.some((change) => change.directory === directory)) entry.durable = true;
    }
    // An entry leaves the journal unless an earlier one that stays concerns the same directory: order matters there.
    const staying = new Set<MemoryDirectory>();
    this.#entries = this.#entries.filter((entry) => {
      const stays = !entry.durable || entry.changes.some((change) => staying.has(change.directory));
      if (stays) for (const change of entry.changes) staying.add(change.directory);
      else applyToDevice(entry);
      return stays;
    });
  }

  /** The power fails: afterwards the device holds all that will be found. */
  crash(prng: Prng, fate: UnsyncedFate): void {
    const cut = cuts[fate](this.#entries.length, prng);
    for (const [index, entry] of this.#entries.entries()) {
      if (entry.durable || index < cut) applyToDevice(entry);
    }
    this.#entries = [];
  }

  /** The same journal over copied nodes. */
  fork(copies: ReadonlyMap<MemoryNode, MemoryNode>): NameJournal {
    const fork = new NameJournal();
    fork.#entries = this.#entries.map(({ changes, durable }) => ({
      durable,
      changes: changes.map(({ directory, name, node }) => ({
        directory: copies.get(directory) as MemoryDirectory,
        name,
        node: node === undefined ? undefined : (copies.get(node) as MemoryNode),
      })),
    }));
    return fork;
  }

  /** All nodes that entries speak of. */
  *nodes(): Generator<MemoryNode> {
    for (const { changes } of this.#entries) {
      for (const { directory, node } of changes) {
        yield directory;
        if (node !== undefined) yield node;
      }
    }
  }
}

const cuts: Readonly<Record<UnsyncedFate, (length: number, prng: Prng) => number>> = {
  lost: () => 0,
  kept: (length) => length,
  random: (length, prng) => prng.between(0, length),
};

function applyToDevice(entry: JournalEntry): void {
  for (const { directory, name, node } of entry.changes) setName(directory.device, name, node);
}

function setName(names: Map<string, MemoryNode>, name: string, node: MemoryNode | undefined): void {
  if (node === undefined) names.delete(name);
  else names.set(name, node);
}
