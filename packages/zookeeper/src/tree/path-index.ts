import { NO_NODE, type NodeIndex, type NodeTable } from './node-table.ts';

/** Slots at first; always a power of two. */
const SLOTS_MIN = 64;
/** What an empty slot holds. */
const EMPTY = -1;

/**
 * Finds nodes by their paths: open addressing over the table's own paths, eight to sixteen bytes a node where a `Map`
 * takes six times as much and moves all of it at once when it grows.
 */
export class PathIndex {
  readonly #nodes: NodeTable;
  readonly #seed: number;
  #slots: Int32Array = new Int32Array(SLOTS_MIN).fill(EMPTY);
  #size = 0;

  /** @param seed makes which paths share a slot unforeseeable for clients, where it is drawn at random */
  constructor(nodes: NodeTable, seed: number) {
    this.#nodes = nodes;
    this.#seed = seed | 0;
  }

  /** How many paths there are. */
  get size(): number {
    return this.#size;
  }

  has(path: string): boolean {
    return this.get(path) !== undefined;
  }

  get(path: string): NodeIndex | undefined {
    const mask = this.#slots.length - 1;
    for (let slot = this.#hash(path) & mask; ; slot = (slot + 1) & mask) {
      const node = this.#slots[slot] as NodeIndex;
      if (node === EMPTY) return undefined;
      if (this.#nodes.paths[node] === path) return node;
    }
  }

  /** The path, which the table must know already, must not be here. */
  add(node: NodeIndex): void {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    this.#put(node);
    this.#size++;
  }

  /** To be called before the table forgets the path. */
  delete(node: NodeIndex): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(this.#nodes.paths[node] as string) & mask;
    while (this.#slots[slot] !== node) {
      if (this.#slots[slot] === EMPTY) return;
      slot = (slot + 1) & mask;
    }
    this.#size--;
    // Those behind it move up, so that no search ends too early.
    for (let next = (slot + 1) & mask; this.#slots[next] !== EMPTY; next = (next + 1) & mask) {
      const other = this.#slots[next] as NodeIndex;
      const home = this.#hash(this.#nodes.paths[other] as string) & mask;
      // It may stand in the gap if its home does not lie between the gap and where it stands.
      if (((next - home) & mask) < ((next - slot) & mask)) continue;
      this.#slots[slot] = other;
      slot = next;
    }
    this.#slots[slot] = EMPTY;
  }

  #put(node: NodeIndex): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(this.#nodes.paths[node] as string) & mask;
    while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
    this.#slots[slot] = node;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Int32Array(before.length * 2).fill(EMPTY);
    for (const node of before) if (node !== NO_NODE) this.#put(node);
  }

  /** FNV-1a of the code units, mixed so that the low bits depend on all of them. */
  #hash(path: string): number {
    let hash = 0x811c_9dc5 ^ this.#seed;
    for (let at = 0; at < path.length; at++) hash = Math.imul(hash ^ path.charCodeAt(at), 0x0100_0193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ this.#seed, 0xc2b2_ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}
