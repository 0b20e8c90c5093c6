import { NO_NODE, type NodeIndex, type NodeTable } from './node-table.ts';
import { bytesOfPath } from './path-bytes.ts';

/** Slots at first; always a power of two. */
const SLOTS_MIN = 64;
/** What an empty slot holds. */
const EMPTY = -1;
const SLASH = 0x2f;

/**
 * Finds nodes by their paths: open addressing over the hashes that the table keeps, eight to sixteen bytes a node where
 * a `Map` takes six times as much and moves all of it at once when it grows. Whether a node is the one that is looked for
 * is told by its name and those of all above it.
 */
export class PathIndex {
  readonly #nodes: NodeTable;
  readonly #seed: number;
  #slots: Int32Array = new Int32Array(SLOTS_MIN).fill(EMPTY);
  #size = 0;
  #root: NodeIndex = NO_NODE;
  /** What was asked for last: a request asks for the same path several times. */
  #asked = '';
  #answer: NodeIndex | undefined;

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
    if (path !== this.#asked || path === '') {
      this.#answer = this.#find(path);
      this.#asked = path;
    }
    return this.#answer;
  }

  /** The hash of a child's path, which the table is to keep. The root's is that of no parent. */
  hashOf(parent: NodeIndex, name: Uint8Array): number {
    if (parent === NO_NODE) return FNV_BASIS ^ this.#seed;
    return hashed(Math.imul((this.#nodes.hash[parent] as number) ^ SLASH, FNV_PRIME), name);
  }

  /** The path, which the table must know already, must not be here. */
  add(node: NodeIndex): void {
    this.#asked = '';
    this.#size++;
    if (this.#nodes.parent[node] === NO_NODE) {
      this.#root = node;
      return;
    }
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    this.#put(node);
  }

  /** To be called before the table forgets the path. */
  delete(node: NodeIndex): void {
    this.#asked = '';
    if (node === this.#root) {
      this.#root = NO_NODE;
      this.#size--;
      return;
    }
    const mask = this.#slots.length - 1;
    let slot = this.#home(node) & mask;
    while (this.#slots[slot] !== node) {
      if (this.#slots[slot] === EMPTY) return;
      slot = (slot + 1) & mask;
    }
    this.#size--;
    // Those behind it move up, so that no search ends too early.
    for (let next = (slot + 1) & mask; this.#slots[next] !== EMPTY; next = (next + 1) & mask) {
      const other = this.#slots[next] as NodeIndex;
      const home = this.#home(other) & mask;
      // It may stand in the gap if its home does not lie between the gap and where it stands.
      if (((next - home) & mask) < ((next - slot) & mask)) continue;
      this.#slots[slot] = other;
      slot = next;
    }
    this.#slots[slot] = EMPTY;
  }

  #find(path: string): NodeIndex | undefined {
    if (path === '/') return this.#root === NO_NODE ? undefined : this.#root;
    const bytes = bytesOfPath(path);
    const hash = hashed(FNV_BASIS ^ this.#seed, bytes);
    const mask = this.#slots.length - 1;
    for (let slot = this.#mixed(hash) & mask; ; slot = (slot + 1) & mask) {
      const node = this.#slots[slot] as NodeIndex;
      if (node === EMPTY) return undefined;
      if (this.#nodes.hash[node] === hash && this.#isAt(node, bytes)) return node;
    }
  }

  #isAt(node: NodeIndex, path: Uint8Array): boolean {
    const nodes = this.#nodes;
    let end = path.length;
    for (let at = node; at !== this.#root; at = nodes.parent[at] as NodeIndex) {
      if (!nodes.nameEndsAt(at, path, end)) return false;
      end -= nodes.nameLength(at) + 1;
      if (end < 0 || path[end] !== SLASH) return false;
    }
    return end === 0;
  }

  #put(node: NodeIndex): void {
    const mask = this.#slots.length - 1;
    let slot = this.#home(node) & mask;
    while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
    this.#slots[slot] = node;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Int32Array(before.length * 2).fill(EMPTY);
    for (const node of before) if (node !== EMPTY) this.#put(node);
  }

  #home(node: NodeIndex): number {
    return this.#mixed(this.#nodes.hash[node] as number);
  }

  /** So that the low bits depend on all of them. */
  #mixed(value: number): number {
    let hash = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ this.#seed, 0xc2b2_ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}

const FNV_BASIS = 0x811c_9dc5 | 0;
const FNV_PRIME = 0x0100_0193;

/** FNV-1a: a path's hash goes on from its parent's. */
function hashed(from: number, bytes: Uint8Array): number {
  let hash = from | 0;
  for (let at = 0; at < bytes.length; at++) hash = Math.imul(hash ^ (bytes[at] as number), FNV_PRIME);
  return hash;
}
