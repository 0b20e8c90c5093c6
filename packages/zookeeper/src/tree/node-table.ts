import { assert } from '@biquorum/std';
import type { Stat, StatPersisted } from '@biquorum/zookeeper-wire';
import { DataArena } from './data-arena.ts';

/** Names a node for as long as it exists. */
export type NodeIndex = number;

/** The parent of the root. */
export const NO_NODE: NodeIndex = -1;

/**
 * The nodes' fields in columns: about a hundred bytes a node beside its path, where an object with its numbers would
 * take three times as much. Indexes of removed nodes are used again.
 */
export class NodeTable {
  #capacity = 0;
  #used = 0;
  readonly #free: NodeIndex[] = [];
  readonly #arena: DataArena = new DataArena();

  paths: string[] = [];
  /** Null for nodes that never had a child. */
  children: (NodeIndex[] | null)[] = [];
  parent: Int32Array = new Int32Array(0);
  /** Where a node stands among its parent's children. */
  place: Int32Array = new Int32Array(0);
  czxid: Float64Array = new Float64Array(0);
  mzxid: Float64Array = new Float64Array(0);
  pzxid: Float64Array = new Float64Array(0);
  ctimeMs: Float64Array = new Float64Array(0);
  mtimeMs: Float64Array = new Float64Array(0);
  version: Int32Array = new Int32Array(0);
  /** Counts creations of children. */
  cversion: Int32Array = new Int32Array(0);
  aversion: Int32Array = new Int32Array(0);
  owner: BigInt64Array = new BigInt64Array(0);
  acl: Float64Array = new Float64Array(0);
  /** CRC-32 of the node; see the digest. */
  digest: Uint32Array = new Uint32Array(0);
  #dataPlace: Int32Array = new Int32Array(0);
  /** −1 for null. */
  #dataLength: Int32Array = new Int32Array(0);

  /** How many nodes there are. */
  get size(): number {
    return this.#used - this.#free.length;
  }

  /** A node without data, ACL or children, hung up below its parent. */
  add(path: string, parent: NodeIndex, stat: StatPersisted): NodeIndex {
    const node = this.#free.pop() ?? this.#used++;
    if (node >= this.#capacity) this.#grow();
    this.paths[node] = path;
    this.children[node] = null;
    this.parent[node] = parent;
    this.setStat(node, stat);
    this.acl[node] = -1;
    this.#dataPlace[node] = 0;
    this.#dataLength[node] = -1;
    if (parent !== NO_NODE) {
      const siblings = this.children[parent] ?? [];
      this.children[parent] = siblings;
      this.place[node] = siblings.length;
      siblings.push(node);
    }
    return node;
  }

  /** The node must have no children. */
  remove(node: NodeIndex): void {
    const siblings = this.children[this.parent[node] as NodeIndex] ?? [];
    const last = siblings.pop() as NodeIndex;
    if (last !== node) {
      const place = this.place[node] as number;
      siblings[place] = last;
      this.place[last] = place;
    }
    this.setData(node, null);
    this.paths[node] = '';
    this.children[node] = null;
    this.#free.push(node);
  }

  childCount(node: NodeIndex): number {
    return this.children[node]?.length ?? 0;
  }

  /** As a view that holds until a node is changed. */
  data(node: NodeIndex): Uint8Array | null {
    const length = this.#dataLength[node] as number;
    return length === -1 ? null : this.#arena.get(this.#dataPlace[node] as number, length);
  }

  dataLength(node: NodeIndex): number {
    return Math.max(0, this.#dataLength[node] as number);
  }

  setData(node: NodeIndex, data: Uint8Array | null): void {
    const length = this.#dataLength[node] as number;
    if (length > 0) this.#arena.remove(this.#dataPlace[node] as number, length);
    this.#dataLength[node] = data === null ? -1 : data.length;
    this.#dataPlace[node] = data === null ? 0 : this.#arena.add(data);
  }

  setStat(node: NodeIndex, stat: StatPersisted): void {
    this.czxid[node] = stat.czxid;
    this.mzxid[node] = stat.mzxid;
    this.pzxid[node] = stat.pzxid;
    this.ctimeMs[node] = stat.ctimeMs;
    this.mtimeMs[node] = stat.mtimeMs;
    this.version[node] = stat.version;
    this.cversion[node] = stat.cversion;
    this.aversion[node] = stat.aversion;
    this.owner[node] = stat.ephemeralOwner;
  }

  stored(node: NodeIndex): StatPersisted {
    return {
      czxid: this.czxid[node] as number,
      mzxid: this.mzxid[node] as number,
      ctimeMs: this.ctimeMs[node] as number,
      mtimeMs: this.mtimeMs[node] as number,
      version: this.version[node] as number,
      cversion: this.cversion[node] as number,
      aversion: this.aversion[node] as number,
      ephemeralOwner: this.owner[node] as bigint,
      pzxid: this.pzxid[node] as number,
    };
  }

  /** As clients see it: `cversion` counts removals of children too, and only a session is shown as owner. */
  stat(node: NodeIndex, ephemeral: boolean): Stat {
    const numChildren = this.childCount(node);
    return {
      czxid: this.czxid[node] as number,
      mzxid: this.mzxid[node] as number,
      ctimeMs: this.ctimeMs[node] as number,
      mtimeMs: this.mtimeMs[node] as number,
      version: this.version[node] as number,
      cversion: (2 * (this.cversion[node] as number) - numChildren) | 0,
      aversion: this.aversion[node] as number,
      ephemeralOwner: ephemeral ? (this.owner[node] as bigint) : 0n,
      dataLength: this.dataLength(node),
      numChildren,
      pzxid: this.pzxid[node] as number,
    };
  }

  #grow(): void {
    const capacity = capacityAfter(this.#capacity);
    this.#capacity = capacity;
    this.parent = grown(this.parent, capacity);
    this.place = grown(this.place, capacity);
    this.czxid = grown(this.czxid, capacity);
    this.mzxid = grown(this.mzxid, capacity);
    this.pzxid = grown(this.pzxid, capacity);
    this.ctimeMs = grown(this.ctimeMs, capacity);
    this.mtimeMs = grown(this.mtimeMs, capacity);
    this.version = grown(this.version, capacity);
    this.cversion = grown(this.cversion, capacity);
    this.aversion = grown(this.aversion, capacity);
    this.acl = grown(this.acl, capacity);
    this.digest = grown(this.digest, capacity);
    this.#dataPlace = grown(this.#dataPlace, capacity);
    this.#dataLength = grown(this.#dataLength, capacity);
    this.owner = grown(this.owner, capacity);
  }
}

type Column = Int32Array | Uint32Array | Float64Array | BigInt64Array;

/** Up to here a column is copied when it grows. */
const COPIED_ROWS = 65_536;
/** A longer column grows in place, in address space that is reserved for so many rows. */
const ROWS_MAX = 1 << 26;

/** Columns that are copied double; those that grow in place take a quarter more. */
function capacityAfter(capacity: number): number {
  if (capacity < COPIED_ROWS) return Math.max(64, capacity * 2);
  const next = Math.min(ROWS_MAX, capacity + (capacity >> 2));
  assert(next > capacity, () => `a tree cannot have more than ${ROWS_MAX} nodes`);
  return next;
}

function grown<Kind extends Column>(column: Kind, capacity: number): Kind {
  const { BYTES_PER_ELEMENT } = column;
  const buffer = column.buffer as ArrayBuffer;
  if (buffer.resizable) {
    buffer.resize(capacity * BYTES_PER_ELEMENT);
    return column;
  }
  const make = column.constructor as new (memory: ArrayBuffer) => Kind;
  const memory =
    capacity > COPIED_ROWS
      ? new ArrayBuffer(capacity * BYTES_PER_ELEMENT, { maxByteLength: ROWS_MAX * BYTES_PER_ELEMENT })
      : new ArrayBuffer(capacity * BYTES_PER_ELEMENT);
  const larger = new make(memory);
  (larger as { set(source: Column): void }).set(column);
  return larger;
}
