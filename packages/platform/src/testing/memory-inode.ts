import type { Prng } from '@biquorum/std';
import { PageStore } from './page-store.ts';

/** What becomes of the bytes that were not synced when the power fails; `random` draws one of the fates per file. */
export type UnsyncedFate = 'random' | 'lost' | 'kept';

/** A change of a file that has reached the page cache but, as far as was promised, not the device. */
type Unsynced =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'resize'; readonly size: number };

/** The device writes whole sectors: one is either old or new, never half of each. */
export const SECTOR_BYTES = 512;

/**
 * A file without its name: what programs see, what the device holds, and the changes between the two.
 *
 * Invariant: `device` with all `unsynced` changes applied in order equals `cached`.
 */
export class MemoryInode {
  readonly kind: 'file' = 'file' as const;
  cached: PageStore = new PageStore();
  modifiedMs = 0;
  /** In how many handles it is open: without a name it lives until the last is closed. */
  handles = 0;
  /** How many directory entries lead to it, as programs see them. */
  names = 0;
  #device: PageStore = new PageStore();
  #unsynced: Unsynced[] = [];
  /** How many changes have been synced since the beginning: the number of the first unsynced one. */
  #synced = 0;

  /** What the device surely holds. */
  get device(): PageStore {
    return this.#device;
  }

  /** The number that the next change will have: what a sync called now has to reach. */
  get changes(): number {
    return this.#synced + this.#unsynced.length;
  }

  /** The bytes are copied. */
  write(position: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.cached.write(position, bytes);
    this.#unsynced.push({ kind: 'write', position, bytes: bytes.slice() });
  }

  resize(size: number): void {
    this.cached.resize(size);
    this.#unsynced.push({ kind: 'resize', size });
  }

  /** Makes the changes before number `upTo` durable. */
  sync(upTo: number): void {
    const count = Math.max(0, upTo - this.#synced);
    for (const change of this.#unsynced.splice(0, count)) apply(this.#device, change);
    this.#synced += count;
  }

  /** The power fails: the device keeps what was synced, and of the rest what its fate allows. */
  crash(prng: Prng, fate: UnsyncedFate): void {
    if (this.#unsynced.length > 0) survivors[fate](this.#device, this.#unsynced, prng);
    this.#unsynced = [];
    this.#synced = 0;
    this.cached = this.#device.fork();
    this.handles = 0;
  }

  /** Changes a byte in cache and on the device alike. */
  flipBit(position: number, bit: number): void {
    for (const store of [this.cached, this.#device]) {
      const byte = new Uint8Array(1);
      if (store.read(position, byte) === 1) store.write(position, Uint8Array.of((byte[0] as number) ^ (1 << bit)));
    }
  }

  /** A copy that shares no changes from here on. Open handles stay with the original. */
  fork(): MemoryInode {
    const fork = new MemoryInode();
    fork.cached = this.cached.fork();
    fork.modifiedMs = this.modifiedMs;
    fork.names = this.names;
    fork.#device = this.#device.fork();
    fork.#unsynced = [...this.#unsynced];
    fork.#synced = this.#synced;
    return fork;
  }
}

function apply(store: PageStore, change: Unsynced): void {
  if (change.kind === 'write') store.write(change.position, change.bytes);
  else store.resize(change.size);
}

type Survival = (device: PageStore, unsynced: readonly Unsynced[], prng: Prng) => void;

const lost: Survival = () => {};

const kept: Survival = (device, unsynced) => {
  for (const change of unsynced) apply(device, change);
};

/** The device was written in order, and stopped in the middle of a change. */
const prefix: Survival = (device, unsynced, prng) => {
  const whole = prng.below(unsynced.length);
  kept(device, unsynced.slice(0, whole), prng);
  const torn = unsynced[whole] as Unsynced;
  if (torn.kind !== 'write') return;
  const boundaries = sectorsOf(torn.position, torn.bytes.length);
  const cut = prng.below(boundaries.length);
  device.write(torn.position, torn.bytes.subarray(0, (boundaries[cut] as number) - torn.position));
};

/** The device was written in any order: each sector of each write, and each change of the length, by itself. */
const scattered: Survival = (device, unsynced, prng) => {
  for (const change of unsynced) {
    if (change.kind === 'resize') {
      if (prng.chance(0.5)) device.resize(change.size);
      continue;
    }
    const { position, bytes } = change;
    const starts = sectorsOf(position, bytes.length);
    for (const [index, start] of starts.entries()) {
      const end = starts[index + 1] ?? position + bytes.length;
      if (prng.chance(0.5)) device.write(start, bytes.subarray(start - position, end - position));
    }
  }
};

const survivors: Readonly<Record<UnsyncedFate, Survival>> = {
  lost,
  kept,
  random: (device, unsynced, prng) => prng.pick([lost, kept, prefix, scattered])(device, unsynced, prng),
};

/** Where the pieces of a write begin that lie in one sector each. */
function sectorsOf(position: number, length: number): number[] {
  const starts: number[] = [];
  for (let start = position; start < position + length; ) {
    starts.push(start);
    start += SECTOR_BYTES - (start % SECTOR_BYTES);
  }
  return starts;
}
