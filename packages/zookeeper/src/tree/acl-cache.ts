import { type Acl, OPEN_ACL } from '@biquorum/zookeeper-wire';

/** The index of the ACL that lets everybody do everything, also written for nodes without one. */
export const OPEN_ACL_INDEX = -1;

/** ACLs of nodes, each kept once and counted. Snapshots hold the indexes. Source: Java `ReferenceCountedACLCache`. */
export class AclCache {
  readonly #lists: Map<number, { readonly acl: readonly Acl[]; readonly key: string; uses: number }> = new Map();
  readonly #indexes: Map<string, number> = new Map();
  #last = 0;

  /** One more node has this ACL. @returns Its index. */
  use(acl: readonly Acl[] | null): number {
    if (acl === null || isOpen(acl)) return OPEN_ACL_INDEX;
    const key = keyOf(acl);
    const known = this.#indexes.get(key);
    if (known !== undefined) {
      this.useIndex(known);
      return known;
    }
    const index = ++this.#last;
    this.#lists.set(index, { acl, key, uses: 1 });
    this.#indexes.set(key, index);
    return index;
  }

  /** One more node has the ACL of this index. */
  useIndex(index: number): void {
    const entry = this.#lists.get(index);
    if (entry !== undefined) entry.uses++;
  }

  /**
   * A node of a snapshot has this index. A fuzzy snapshot can hold nodes whose ACL is younger than its list of ACLs: its
   * index would soon be given to another list. Until the log is replayed such a node gives nobody any right.
   *
   * @returns The index to keep with the node.
   */
  useRestored(index: number): number {
    if (index === OPEN_ACL_INDEX) return index;
    if (!this.#lists.has(index)) return this.use(NO_ACL);
    this.useIndex(index);
    return index;
  }

  /** One node less has it. */
  drop(index: number): void {
    const entry = this.#lists.get(index);
    if (entry === undefined || --entry.uses > 0) return;
    this.#lists.delete(index);
    if (this.#indexes.get(entry.key) === index) this.#indexes.delete(entry.key);
  }

  /** An index that nobody knows gives nobody any right. */
  get(index: number): readonly Acl[] {
    return index === OPEN_ACL_INDEX ? OPEN_ACL : (this.#lists.get(index)?.acl ?? NO_ACL);
  }

  /** Takes up an entry of a snapshot; nodes then use its index. */
  restore(index: number, acl: readonly Acl[]): void {
    const key = keyOf(acl);
    this.#lists.set(index, { acl, key, uses: 0 });
    this.#indexes.set(key, index);
    this.#last = Math.max(this.#last, index);
  }

  /** Forgets all, before a restore. */
  clear(): void {
    this.#lists.clear();
    this.#indexes.clear();
    this.#last = 0;
  }

  /** After a restore: what no node uses goes. */
  dropUnused(): void {
    for (const [index, { uses, key }] of this.#lists) {
      if (uses > 0) continue;
      this.#lists.delete(index);
      this.#indexes.delete(key);
    }
  }

  entries(): Iterable<readonly [index: number, acl: readonly Acl[]]> {
    return [...this.#lists].map(([index, { acl }]) => [index, acl] as const);
  }
}

/** Nobody may do anything, but for who is allowed all. */
const NO_ACL: readonly Acl[] = [{ perms: 0, id: { scheme: 'world', id: 'anyone' } }];

function isOpen(acl: readonly Acl[]): boolean {
  const [first] = acl;
  return acl.length === 1 && first?.perms === 31 && first.id.scheme === 'world' && first.id.id === 'anyone';
}

function keyOf(acl: readonly Acl[]): string {
  return JSON.stringify(acl.map(({ perms, id }) => [perms, id.scheme, id.id]));
}
