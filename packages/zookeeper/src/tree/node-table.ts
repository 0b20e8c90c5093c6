import { decodeUtf8 } from '@biquorum/std';
import type { Stat, StatPersisted, Zxid } from '@biquorum/zookeeper-wire';
import { capacityAfter, grown } from './columns.ts';
import { DataArena } from './data-arena.ts';
import { NO_ROW, RareFields, type RareRow } from './rare-fields.ts';

/** Names a node for as long as it exists. */
export type NodeIndex = number;

/** The parent of the root, and what stands where there is no other node. */
export const NO_NODE: NodeIndex = -1;

/**
 * The nodes' fields in columns, their names and data in pages: about seventy bytes a node beside its name and data,
 * where an object with its numbers and path would take five times as much. Nothing of a node is an object of the heap.
 * Indexes of removed nodes are used again.
 */
export class NodeTable {
  #capacity = 0;
  #used = 0;
  readonly #free: NodeIndex[] = [];
  readonly #names: DataArena = new DataArena();
  readonly #data: DataArena = new DataArena();
  readonly #rare: RareFields = new RareFields();

  parent: Int32Array = new Int32Array(0);
  /** Children of one parent are a list, the youngest first. */
  #next: Int32Array = new Int32Array(0);
  #previous: Int32Array = new Int32Array(0);
  czxid: Float64Array = new Float64Array(0);
  mzxid: Float64Array = new Float64Array(0);
  ctimeMs: Float64Array = new Float64Array(0);
  mtimeMs: Float64Array = new Float64Array(0);
  version: Int32Array = new Int32Array(0);
  /** CRC-32 of the node; see the digest. */
  digest: Uint32Array = new Uint32Array(0);
  /** Of the path, for the index of paths. */
  hash: Int32Array = new Int32Array(0);
  #row: Int32Array = new Int32Array(0);
  #namePlace: Int32Array = new Int32Array(0);
  /** {@link LONG_NAME} for what is as long or longer. */
  #nameLength: Uint16Array = new Uint16Array(0);
  #dataPlace: Int32Array = new Int32Array(0);
  /** −1 for null. */
  #dataLength: Int32Array = new Int32Array(0);

  /** How many nodes there are. */
  get size(): number {
    return this.#used - this.#free.length;
  }

  /**
   * A node without data and children, with an open ACL, hung up below its parent.
   *
   * @param name its last part, as UTF-8; empty for the root
   */
  add(name: Uint8Array, parent: NodeIndex, hash: number, stat: StatPersisted): NodeIndex {
    const node = this.#free.pop() ?? this.#used++;
    if (node >= this.#capacity) this.#grow();
    this.#namePlace[node] = this.#names.add(name);
    this.#nameLength[node] = Math.min(name.length, LONG_NAME);
    this.hash[node] = hash;
    this.#row[node] = NO_ROW;
    this.#dataPlace[node] = 0;
    this.#dataLength[node] = -1;
    this.parent[node] = parent;
    this.#previous[node] = NO_NODE;
    this.#next[node] = NO_NODE;
    this.#setStat(node, stat);
    if (parent !== NO_NODE) this.#hangUp(node, parent);
    return node;
  }

  /** The node must have no children. */
  remove(node: NodeIndex): void {
    const parent = this.parent[node] as NodeIndex;
    if (parent !== NO_NODE) this.#takeDown(node, parent);
    this.setData(node, null);
    this.#names.remove(this.#namePlace[node] as number, this.nameLength(node));
    this.#rare.remove(this.#row[node] as RareRow);
    this.parent[node] = GONE;
    this.#free.push(node);
  }

  /** In bytes. */
  nameLength(node: NodeIndex): number {
    const length = this.#nameLength[node] as number;
    return length === LONG_NAME ? this.#names.longLength(this.#namePlace[node] as number) : length;
  }

  name(node: NodeIndex): string {
    const bytes = this.nameBytes(node);
    return decodeUtf8(bytes, 0, bytes.length);
  }

  /** As a view that holds until a node is changed. */
  nameBytes(node: NodeIndex): Uint8Array {
    return this.#names.get(this.#namePlace[node] as number, this.nameLength(node));
  }

  /** Whether a path ends with the node's name at `end`. */
  nameEndsAt(node: NodeIndex, path: Uint8Array, end: number): boolean {
    const length = this.nameLength(node);
    return end >= length && this.#names.matches(this.#namePlace[node] as number, length, path, end - length);
  }

  path(node: NodeIndex): string {
    if (this.parent[node] === NO_NODE) return '/';
    let length = 0;
    for (let at = node; this.parent[at] !== NO_NODE; at = this.parent[at] as NodeIndex)
      length += this.nameLength(at) + 1;
    const bytes = length <= scratch.length ? scratch : new Uint8Array(length);
    let start = length;
    for (let at = node; this.parent[at] !== NO_NODE; at = this.parent[at] as NodeIndex) {
      const own = this.nameLength(at);
      start -= own;
      this.#names.copyInto(this.#namePlace[at] as number, own, bytes, start);
      bytes[--start] = SLASH;
    }
    return decodeUtf8(bytes, 0, length);
  }

  childCount(node: NodeIndex): number {
    return this.#rare.childCount[this.#row[node] as RareRow] as number;
  }

  /** The youngest child; {@link NO_NODE} when there is none. */
  firstChild(node: NodeIndex): NodeIndex {
    return this.#rare.firstChild[this.#row[node] as RareRow] as NodeIndex;
  }

  /** The next child of the same parent; {@link NO_NODE} behind the last. */
  nextChild(node: NodeIndex): NodeIndex {
    return this.#next[node] as NodeIndex;
  }

  /** Counts creations of children. */
  cversion(node: NodeIndex): number {
    return this.#rare.cversion[this.#row[node] as RareRow] as number;
  }

  /** The node's children have changed. */
  setChildren(node: NodeIndex, cversion: number, pzxid: Zxid): void {
    const row = this.#ownRow(node);
    this.#rare.cversion[row] = cversion;
    this.#rare.pzxid[row] = pzxid;
  }

  pzxid(node: NodeIndex): Zxid {
    const row = this.#row[node] as RareRow;
    return row === NO_ROW ? (this.czxid[node] as Zxid) : (this.#rare.pzxid[row] as Zxid);
  }

  aversion(node: NodeIndex): number {
    return this.#rare.aversion[this.#row[node] as RareRow] as number;
  }

  setAversion(node: NodeIndex, aversion: number): void {
    const row = this.#ownRow(node);
    this.#rare.aversion[row] = aversion;
  }

  owner(node: NodeIndex): bigint {
    const row = this.#row[node] as RareRow;
    return row === NO_ROW ? 0n : (this.#rare.owner[row] as bigint);
  }

  /** The index of its ACL. */
  acl(node: NodeIndex): number {
    return this.#rare.acl[this.#row[node] as RareRow] as number;
  }

  setAcl(node: NodeIndex, acl: number): void {
    if (this.acl(node) === acl) return;
    const row = this.#ownRow(node);
    this.#rare.acl[row] = acl;
  }

  /** As a view that holds until a node is changed. */
  data(node: NodeIndex): Uint8Array | null {
    const length = this.#dataLength[node] as number;
    return length === -1 ? null : this.#data.get(this.#dataPlace[node] as number, length);
  }

  dataLength(node: NodeIndex): number {
    return Math.max(0, this.#dataLength[node] as number);
  }

  setData(node: NodeIndex, data: Uint8Array | null): void {
    const length = this.#dataLength[node] as number;
    if (length > 0) this.#data.remove(this.#dataPlace[node] as number, length);
    this.#dataLength[node] = data === null ? -1 : data.length;
    this.#dataPlace[node] = data === null ? 0 : this.#data.add(data);
  }

  stored(node: NodeIndex): StatPersisted {
    return {
      czxid: this.czxid[node] as number,
      mzxid: this.mzxid[node] as number,
      ctimeMs: this.ctimeMs[node] as number,
      mtimeMs: this.mtimeMs[node] as number,
      version: this.version[node] as number,
      cversion: this.cversion(node),
      aversion: this.aversion(node),
      ephemeralOwner: this.owner(node),
      pzxid: this.pzxid(node),
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
      cversion: (2 * this.cversion(node) - numChildren) | 0,
      aversion: this.aversion(node),
      ephemeralOwner: ephemeral ? this.owner(node) : 0n,
      dataLength: this.dataLength(node),
      numChildren,
      pzxid: this.pzxid(node),
    };
  }

  #setStat(node: NodeIndex, stat: StatPersisted): void {
    this.czxid[node] = stat.czxid;
    this.mzxid[node] = stat.mzxid;
    this.ctimeMs[node] = stat.ctimeMs;
    this.mtimeMs[node] = stat.mtimeMs;
    this.version[node] = stat.version;
    const { cversion, aversion, ephemeralOwner, pzxid } = stat;
    if (cversion === 0 && aversion === 0 && ephemeralOwner === 0n && pzxid === stat.czxid) return;
    this.setChildren(node, cversion, pzxid);
    this.setAversion(node, aversion);
    const row = this.#ownRow(node);
    this.#rare.owner[row] = ephemeralOwner;
  }

  #hangUp(node: NodeIndex, parent: NodeIndex): void {
    const row = this.#ownRow(parent);
    const first = this.#rare.firstChild[row] as NodeIndex;
    this.#next[node] = first;
    if (first !== NO_NODE) this.#previous[first] = node;
    this.#rare.firstChild[row] = node;
    this.#rare.childCount[row] = (this.#rare.childCount[row] as number) + 1;
  }

  #takeDown(node: NodeIndex, parent: NodeIndex): void {
    const row = this.#ownRow(parent);
    const next = this.#next[node] as NodeIndex;
    const previous = this.#previous[node] as NodeIndex;
    if (previous === NO_NODE) this.#rare.firstChild[row] = next;
    else this.#next[previous] = next;
    if (next !== NO_NODE) this.#previous[next] = previous;
    this.#rare.childCount[row] = (this.#rare.childCount[row] as number) - 1;
  }

  /** The row of what is rare, made when the node has none: to be asked for before a column, which it may replace. */
  #ownRow(node: NodeIndex): RareRow {
    const row = this.#row[node] as RareRow;
    if (row !== NO_ROW) return row;
    const own = this.#rare.add(this.czxid[node] as Zxid);
    this.#row[node] = own;
    return own;
  }

  #grow(): void {
    const capacity = capacityAfter(this.#capacity);
    this.#capacity = capacity;
    this.parent = grown(this.parent, capacity);
    this.#next = grown(this.#next, capacity);
    this.#previous = grown(this.#previous, capacity);
    this.czxid = grown(this.czxid, capacity);
    this.mzxid = grown(this.mzxid, capacity);
    this.ctimeMs = grown(this.ctimeMs, capacity);
    this.mtimeMs = grown(this.mtimeMs, capacity);
    this.version = grown(this.version, capacity);
    this.digest = grown(this.digest, capacity);
    this.hash = grown(this.hash, capacity);
    this.#row = grown(this.#row, capacity);
    this.#namePlace = grown(this.#namePlace, capacity);
    this.#nameLength = grown(this.#nameLength, capacity);
    this.#dataPlace = grown(this.#dataPlace, capacity);
    this.#dataLength = grown(this.#dataLength, capacity);
  }
}

/** The parent of a node that was removed. */
const GONE = -2;
const LONG_NAME = 0xffff;
const SLASH = 0x2f;
const scratch = new Uint8Array(4_096);
