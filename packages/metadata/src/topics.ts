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
 * Partitions lie in columns, since a broker of a large cluster holds a million of them: about 40 bytes each, with the
 * lists of replicas shared between partitions that have equal ones.
 */
export class TopicView {
  readonly name: string;
  readonly id: TopicId;
  readonly #columns: Columns;

  /** Made by a draft only. */
  constructor(name: string, id: TopicId, columns: Columns) {
    this.name = name;
    this.id = id;
    this.#columns = columns;
  }

  /** Partitions are numbered 0 to this minus one. */
  get partitionCount(): number {
    return this.#columns.leader.length;
  }

  /** The partition as a row, or undefined when there is no such partition. */
  partition(index: PartitionIndex): PartitionState | undefined {
    const { leader, leaderEpoch, partitionEpoch, replicas, isr, rare } = this.#columns;
    if (!(index >= 0 && index < leader.length)) return undefined;
    const more = rare.get(index) ?? NOTHING_RARE;
    return {
      leader: leader[index] as NodeId,
      leaderEpoch: leaderEpoch[index] as LeaderEpoch,
      partitionEpoch: partitionEpoch[index] as PartitionEpoch,
      replicas: replicas[index] as readonly NodeId[],
      isr: isr[index] as readonly NodeId[],
      adding: more.adding,
      removing: more.removing,
      offline: more.offline,
      recovering: more.recovering,
      directories: more.directories,
    };
  }

  /** The leader without making a row: −1 when there is none or no such partition. */
  leaderOf(index: PartitionIndex): NodeId {
    return (this.#columns.leader[index] ?? -1) as NodeId;
  }

  /** The leader epoch without making a row: −1 when there is no such partition. */
  leaderEpochOf(index: PartitionIndex): LeaderEpoch {
    return (this.#columns.leaderEpoch[index] ?? -1) as LeaderEpoch;
  }

  /** The replicas without making a row. */
  replicasOf(index: PartitionIndex): readonly NodeId[] {
    return this.#columns.replicas[index] ?? NO_NODES;
  }

  /** The ISR without making a row. */
  isrOf(index: PartitionIndex): readonly NodeId[] {
    return this.#columns.isr[index] ?? NO_NODES;
  }

  /** A private copy to change; this topic stays as it is. */
  edit(lists: NodeLists): TopicDraft {
    return new TopicDraft(this.name, this.id, lists, copyColumns(this.#columns));
  }
}

/** Collects changes to one topic. Partitions are only ever added at the end. */
export class TopicDraft {
  readonly name: string;
  readonly id: TopicId;
  readonly #lists: NodeLists;
  readonly #columns: GrowingColumns;

  constructor(name: string, id: TopicId, lists: NodeLists, columns: GrowingColumns = emptyColumns()) {
    this.name = name;
    this.id = id;
    this.#lists = lists;
    this.#columns = columns;
  }

  get partitionCount(): number {
    return this.#columns.leader.length;
  }

  /** Sets a partition. Neither of its epochs may go back: a source of truth never un-decides. */
  set(index: PartitionIndex, state: PartitionState): void {
    const columns = this.#columns;
    const known = columns.leader.length;
    assert(index >= 0 && index <= known, () => `partition ${index} of ${this.name} leaves a gap after ${known - 1}`);
    if (index < known) {
      const leaderEpoch = columns.leaderEpoch[index] as number;
      const partitionEpoch = columns.partitionEpoch[index] as number;
      assert(
        state.leaderEpoch >= leaderEpoch && state.partitionEpoch >= partitionEpoch,
        () =>
          `${this.name}-${index} would go back from leader epoch ${leaderEpoch}, partition epoch ${partitionEpoch} to ${state.leaderEpoch}, ${state.partitionEpoch}`,
      );
    }
    columns.leader[index] = state.leader;
    columns.leaderEpoch[index] = state.leaderEpoch;
    columns.partitionEpoch[index] = state.partitionEpoch;
    columns.replicas[index] = this.#lists.share(state.replicas);
    columns.isr[index] = this.#lists.share(state.isr);
    if (isRare(state)) columns.rare.set(index, rareOf(state, this.#lists));
    else columns.rare.delete(index);
  }

  finish(): TopicView {
    const { leader, leaderEpoch, partitionEpoch, replicas, isr, rare } = this.#columns;
    return new TopicView(this.name, this.id, {
      leader: Int32Array.from(leader),
      leaderEpoch: Int32Array.from(leaderEpoch),
      partitionEpoch: Int32Array.from(partitionEpoch),
      replicas,
      isr,
      rare,
    });
  }
}

/**
 * Equal lists of node ids kept once: a cluster of three brokers has a million partitions and six assignments.
 * Bounded: past the bound new lists are kept as they come.
 */
export class NodeLists {
  readonly #known: Map<string, readonly NodeId[]> = new Map();

  share(list: readonly NodeId[]): readonly NodeId[] {
    if (list.length === 0) return NO_NODES;
    const key = list.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const own = Object.freeze(list.slice());
    if (this.#known.size < SHARED_LISTS_MAX) this.#known.set(key, own);
    return own;
  }
}

const SHARED_LISTS_MAX = 100_000;
const NO_NODES: readonly NodeId[] = Object.freeze([]);

interface Rare {
  readonly adding: readonly NodeId[];
  readonly removing: readonly NodeId[];
  readonly offline: readonly NodeId[] | null;
  readonly recovering: boolean;
  readonly directories: readonly string[] | null;
}

const NOTHING_RARE: Rare = {
  adding: NO_NODES,
  removing: NO_NODES,
  offline: null,
  recovering: false,
  directories: null,
};

interface Columns {
  readonly leader: Int32Array;
  readonly leaderEpoch: Int32Array;
  readonly partitionEpoch: Int32Array;
  readonly replicas: readonly (readonly NodeId[])[];
  readonly isr: readonly (readonly NodeId[])[];
  /** What few partitions have, by partition. */
  readonly rare: ReadonlyMap<number, Rare>;
}

interface GrowingColumns {
  readonly leader: number[];
  readonly leaderEpoch: number[];
  readonly partitionEpoch: number[];
  readonly replicas: (readonly NodeId[])[];
  readonly isr: (readonly NodeId[])[];
  readonly rare: Map<number, Rare>;
}

function emptyColumns(): GrowingColumns {
  return { leader: [], leaderEpoch: [], partitionEpoch: [], replicas: [], isr: [], rare: new Map() };
}

function copyColumns(columns: Columns): GrowingColumns {
  return {
    leader: Array.from(columns.leader),
    leaderEpoch: Array.from(columns.leaderEpoch),
    partitionEpoch: Array.from(columns.partitionEpoch),
    replicas: columns.replicas.slice(),
    isr: columns.isr.slice(),
    rare: new Map(columns.rare),
  };
}

function isRare(state: PartitionState): boolean {
  return (
    state.recovering ||
    state.adding.length > 0 ||
    state.removing.length > 0 ||
    state.offline !== null ||
    state.directories !== null
  );
}

function rareOf(state: PartitionState, lists: NodeLists): Rare {
  return {
    adding: lists.share(state.adding),
    removing: lists.share(state.removing),
    offline: state.offline === null ? null : lists.share(state.offline),
    recovering: state.recovering,
    directories: state.directories,
  };
}
