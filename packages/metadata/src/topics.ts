import { assert } from '@biquorum/std';
import type { LeaderEpoch, NodeId, PartitionEpoch, TopicId } from './ids.ts';

/** What the cluster has decided about one partition. */
export interface PartitionState {
  /** −1 while nobody leads. */
  readonly leader: NodeId;
  readonly leaderEpoch: LeaderEpoch;
  readonly partitionEpoch: PartitionEpoch;
  /** The assignment in its order of preference; during a reassignment it holds old and new replicas. */
  readonly replicas: readonly NodeId[];
  readonly isr: readonly NodeId[];
  /** Replicas that a reassignment adds (KIP-455). */
  readonly adding: readonly NodeId[];
  /** Replicas that a reassignment removes (KIP-455). */
  readonly removing: readonly NodeId[];
  /** Replicas whose broker or directory is known to be down, where the mode tells; null: derive it from live brokers. */
  readonly offline: readonly NodeId[] | null;
  /** The leader came from an unclean election and has not confirmed its state (KIP-704). */
  readonly recovering: boolean;
  /** The directory id of each replica, in the order of `replicas`; null where the mode does not know (KIP-858). */
  readonly directories: readonly string[] | null;
}

/** Numbers a topic's partitions. */
export type PartitionIndex = number;

/**
 * A topic and its partitions; immutable.
 *
 * Partitions lie in chunks of columns: a broker of a large cluster holds a million of them, about 60 bytes each with the
 * lists of replicas and directories shared between partitions that have equal ones; and a change of one partition
 * copies its chunk alone.
 */
export class TopicView {
  readonly name: string;
  readonly id: TopicId;
  /** Partitions are numbered 0 to this minus one. */
  readonly partitionCount: number;
  readonly #chunks: readonly Chunk[];

  /** Made by a draft only. */
  constructor(name: string, id: TopicId, partitionCount: number, chunks: readonly Chunk[]) {
    this.name = name;
    this.id = id;
    this.partitionCount = partitionCount;
    this.#chunks = chunks;
  }

  /** The partition as a row, or undefined when there is no such partition. */
  partition(index: PartitionIndex): PartitionState | undefined {
    return rowOf(this.#chunks, this.partitionCount, index);
  }

  /** The leader without making a row: −1 when there is none or no such partition. */
  leaderOf(index: PartitionIndex): NodeId {
    return (this.#chunks[index >> CHUNK_BITS]?.numbers[(index & CHUNK_MASK) * NUMBERS] ?? -1) as NodeId;
  }

  /** The leader epoch without making a row: −1 when there is no such partition. */
  leaderEpochOf(index: PartitionIndex): LeaderEpoch {
    return (this.#chunks[index >> CHUNK_BITS]?.numbers[(index & CHUNK_MASK) * NUMBERS + 1] ?? -1) as LeaderEpoch;
  }

  /** The replicas without making a row. */
  replicasOf(index: PartitionIndex): readonly NodeId[] {
    return this.#chunks[index >> CHUNK_BITS]?.replicas[index & CHUNK_MASK] ?? NO_NODES;
  }

  /** The ISR without making a row. */
  isrOf(index: PartitionIndex): readonly NodeId[] {
    return this.#chunks[index >> CHUNK_BITS]?.isr[index & CHUNK_MASK] ?? NO_NODES;
  }

  /** The directories of the replicas without making a row. */
  directoriesOf(index: PartitionIndex): readonly string[] | null {
    return this.#chunks[index >> CHUNK_BITS]?.directories?.[index & CHUNK_MASK] ?? null;
  }

  /** Partitions that may differ from `other`'s: whole chunks that both have in common are passed over. */
  *differingFrom(other: TopicView): IterableIterator<PartitionIndex> {
    for (const [position, chunk] of this.#chunks.entries()) {
      if (chunk === other.#chunks[position]) continue;
      const first = position << CHUNK_BITS;
      for (let index = first; index < Math.min(first + CHUNK_SIZE, this.partitionCount); index++) yield index;
    }
  }

  /** Partitions whose replicas are being reassigned, in no particular order. */
  *reassigning(): IterableIterator<PartitionIndex> {
    for (const [position, chunk] of this.#chunks.entries()) {
      for (const [slot, { adding, removing }] of chunk.rare) {
        if (adding.length > 0 || removing.length > 0) yield (position << CHUNK_BITS) + slot;
      }
    }
  }

  /** A private copy to change; this topic stays as it is. */
  edit(lists: NodeLists): TopicDraft {
    return new TopicDraft(this.name, this.id, lists, this.partitionCount, this.#chunks);
  }
}

/** Collects changes to one topic. Partitions are only ever added at the end. */
export class TopicDraft {
  readonly name: string;
  readonly id: TopicId;
  readonly #lists: NodeLists;
  readonly #chunks: Chunk[];
  readonly #owned: Map<number, GrowingChunk> = new Map();
  #partitionCount: number;

  constructor(name: string, id: TopicId, lists: NodeLists, partitionCount: number = 0, chunks: readonly Chunk[] = []) {
    this.name = name;
    this.id = id;
    this.#lists = lists;
    this.#partitionCount = partitionCount;
    this.#chunks = chunks.slice();
  }

  get partitionCount(): number {
    return this.#partitionCount;
  }

  /** The partition as it stands in this draft, or undefined when there is no such partition. */
  partition(index: PartitionIndex): PartitionState | undefined {
    return rowOf(this.#chunks, this.#partitionCount, index);
  }

  /** Sets a partition. Neither of its epochs may go back: a source of truth never un-decides. */
  set(index: PartitionIndex, state: PartitionState): void {
    const known = this.#partitionCount;
    assert(index >= 0 && index <= known, () => `partition ${index} of ${this.name} leaves a gap after ${known - 1}`);
    const chunk = this.#ownChunk(index >> CHUNK_BITS);
    const slot = index & CHUNK_MASK;
    if (index < known) {
      const leaderEpoch = chunk.numbers[slot * NUMBERS + 1] as number;
      const partitionEpoch = chunk.numbers[slot * NUMBERS + 2] as number;
      assert(
        state.leaderEpoch >= leaderEpoch && state.partitionEpoch >= partitionEpoch,
        () =>
          `${this.name}-${index} would go back from leader epoch ${leaderEpoch}, partition epoch ${partitionEpoch} to ${state.leaderEpoch}, ${state.partitionEpoch}`,
      );
    } else {
      this.#partitionCount = known + 1;
      growTo(chunk, slot + 1);
    }
    const { numbers, replicas, isr, rare } = chunk;
    numbers[slot * NUMBERS] = state.leader;
    numbers[slot * NUMBERS + 1] = state.leaderEpoch;
    numbers[slot * NUMBERS + 2] = state.partitionEpoch;
    if (replicas[slot] !== state.replicas) replicas[slot] = this.#lists.share(state.replicas);
    if (isr[slot] !== state.isr) isr[slot] = this.#lists.share(state.isr);
    this.#setDirectories(chunk, slot, state.directories);
    if (isRare(state)) rare.set(slot, rareOf(state, this.#lists));
    else rare.delete(slot);
  }

  finish(): TopicView {
    for (const [position, chunk] of this.#owned) {
      const used = chunk.replicas.length * NUMBERS;
      this.#chunks[position] =
        chunk.numbers.length === used ? chunk : { ...chunk, numbers: chunk.numbers.slice(0, used) };
    }
    this.#owned.clear();
    return new TopicView(this.name, this.id, this.#partitionCount, this.#chunks);
  }

  #setDirectories(chunk: GrowingChunk, slot: number, directories: readonly string[] | null): void {
    if (chunk.directories === null) {
      if (directories === null) return;
      chunk.directories = new Array<readonly string[] | null>(chunk.replicas.length).fill(null);
    }
    const before = chunk.directories[slot];
    if (before !== directories) {
      chunk.directories[slot] = directories === null ? null : this.#lists.shareDirectories(directories);
    }
  }

  #ownChunk(position: number): GrowingChunk {
    const own = this.#owned.get(position);
    if (own !== undefined) return own;
    const shared = this.#chunks[position];
    const chunk = shared === undefined ? emptyChunk() : copyChunk(shared);
    this.#owned.set(position, chunk);
    this.#chunks[position] = chunk;
    return chunk;
  }
}

/**
 * Equal lists of node ids kept once: a cluster of three brokers has a million partitions and six assignments; and equal
 * lists of directories likewise. Bounded: past the bound new lists are kept as they come.
 */
export class NodeLists {
  readonly #nodes: SharedLists<NodeId> = new SharedLists((node) => node);
  readonly #directories: SharedLists<string> = new SharedLists(hashOfId);

  share(list: readonly NodeId[]): readonly NodeId[] {
    return list.length === 0 ? NO_NODES : this.#nodes.share(list);
  }

  shareDirectories(list: readonly string[]): readonly string[] {
    return this.#directories.share(list);
  }
}

class SharedLists<T> {
  readonly #hash: (item: T) => number;
  /** What was asked for last, by hash: nearly every question is answered here, without making a key. */
  readonly #recent: (readonly T[] | undefined)[] = [];
  readonly #known: Map<string, readonly T[]> = new Map();

  constructor(hash: (item: T) => number) {
    this.#hash = hash;
  }

  share(list: readonly T[]): readonly T[] {
    let hash = list.length;
    for (let index = 0; index < list.length; index++) {
      hash = Math.imul(hash, 0x01000193) ^ this.#hash(list[index] as T);
    }
    const slot = (hash ^ (hash >>> 15)) & (RECENT_LISTS - 1);
    const recent = this.#recent[slot];
    if (recent !== undefined && sameItems(recent, list)) return recent;
    const found = this.#find(list);
    this.#recent[slot] = found;
    return found;
  }

  #find(list: readonly T[]): readonly T[] {
    const key = list.join();
    const found = this.#known.get(key);
    if (found !== undefined) return found;
    const own = Object.freeze(list.slice());
    if (this.#known.size < SHARED_LISTS_MAX) this.#known.set(key, own);
    return own;
  }
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

function hashOfId(id: string): number {
  return (id.charCodeAt(2) << 24) ^ (id.charCodeAt(7) << 16) ^ (id.charCodeAt(12) << 8) ^ id.charCodeAt(17);
}

/** A power of two. */
const RECENT_LISTS = 1_024;
const SHARED_LISTS_MAX = 100_000;
const NO_NODES: readonly NodeId[] = Object.freeze([]);

const CHUNK_BITS = 7;
const CHUNK_SIZE: number = 1 << CHUNK_BITS;
const CHUNK_MASK: number = CHUNK_SIZE - 1;
/** Leader, leader epoch, partition epoch. */
const NUMBERS = 3;

interface Rare {
  readonly adding: readonly NodeId[];
  readonly removing: readonly NodeId[];
  readonly offline: readonly NodeId[] | null;
  readonly recovering: boolean;
}

const NOTHING_RARE: Rare = { adding: NO_NODES, removing: NO_NODES, offline: null, recovering: false };

/** Up to {@link CHUNK_SIZE} partitions. */
interface Chunk {
  /** {@link NUMBERS} for each partition. */
  readonly numbers: Int32Array;
  readonly replicas: readonly (readonly NodeId[])[];
  readonly isr: readonly (readonly NodeId[])[];
  /** Null while no partition has any. */
  readonly directories: readonly (readonly string[] | null)[] | null;
  /** What few partitions have, by place in the chunk. */
  readonly rare: ReadonlyMap<number, Rare>;
}

interface GrowingChunk {
  numbers: Int32Array;
  readonly replicas: (readonly NodeId[])[];
  readonly isr: (readonly NodeId[])[];
  directories: (readonly string[] | null)[] | null;
  readonly rare: Map<number, Rare>;
}

function rowOf(chunks: readonly Chunk[], count: number, index: PartitionIndex): PartitionState | undefined {
  if (!(index >= 0 && index < count)) return undefined;
  const chunk = chunks[index >> CHUNK_BITS] as Chunk;
  const slot = index & CHUNK_MASK;
  const more = chunk.rare.get(slot) ?? NOTHING_RARE;
  return {
    leader: chunk.numbers[slot * NUMBERS] as NodeId,
    leaderEpoch: chunk.numbers[slot * NUMBERS + 1] as LeaderEpoch,
    partitionEpoch: chunk.numbers[slot * NUMBERS + 2] as PartitionEpoch,
    replicas: chunk.replicas[slot] as readonly NodeId[],
    isr: chunk.isr[slot] as readonly NodeId[],
    adding: more.adding,
    removing: more.removing,
    offline: more.offline,
    recovering: more.recovering,
    directories: chunk.directories?.[slot] ?? null,
  };
}

function emptyChunk(): GrowingChunk {
  return { numbers: new Int32Array(NUMBERS), replicas: [], isr: [], directories: null, rare: new Map() };
}

function copyChunk(chunk: Chunk): GrowingChunk {
  return {
    numbers: chunk.numbers.slice(),
    replicas: chunk.replicas.slice(),
    isr: chunk.isr.slice(),
    directories: chunk.directories === null ? null : chunk.directories.slice(),
    rare: new Map(chunk.rare),
  };
}

function growTo(chunk: GrowingChunk, partitions: number): void {
  if (chunk.numbers.length >= partitions * NUMBERS) return;
  const wider = new Int32Array(Math.min(CHUNK_SIZE, partitions * 2) * NUMBERS);
  wider.set(chunk.numbers);
  chunk.numbers = wider;
}

function isRare(state: PartitionState): boolean {
  return state.recovering || state.adding.length > 0 || state.removing.length > 0 || state.offline !== null;
}

function rareOf(state: PartitionState, lists: NodeLists): Rare {
  return {
    adding: lists.share(state.adding),
    removing: lists.share(state.removing),
    offline: state.offline === null ? null : lists.share(state.offline),
    recovering: state.recovering,
  };
}
