import { type Acl, OPEN_ACL, type StatPersisted, type Zxid } from '@biquorum/zookeeper-wire';
import type { DataTree } from './data-tree.ts';
import { nodeDigest, TreeDigest } from './digest.ts';

/** A node as it will be when everything that was prepared is applied. */
export interface PendingNode {
  readonly zxid: Zxid;
  readonly path: string;
  /** Null: it will be gone. */
  readonly stat: StatPersisted | null;
  readonly childCount: number;
  readonly acl: readonly Acl[];
  readonly data: Uint8Array | null;
}

/**
 * The tree as it will be: what was prepared and not applied yet lies over what is applied. A leader checks requests
 * against it, so that they need not wait for each other. Source: Java `PrepRequestProcessor`'s change records; unlike
 * Java's, a pending ACL counts at once.
 */
export class OutstandingTree {
  readonly #tree: DataTree;
  /** The newest of each path. */
  readonly #byPath: Map<string, Kept> = new Map();
  /** Paths changed by each prepared transaction, oldest first. */
  readonly #changes: { readonly zxid: Zxid; readonly path: string }[] = [];
  #head = 0;
  /** While something is pending, what the tree's digest will be. */
  readonly #digest: TreeDigest = new TreeDigest();
  #digests = false;

  constructor(tree: DataTree) {
    this.#tree = tree;
  }

  /** How many changes wait to be applied. */
  get size(): number {
    return this.#changes.length - this.#head;
  }

  /** The tree's digest when all is applied, as a signed 64-bit number. */
  get digest(): bigint {
    return this.#digests ? this.#digest.value : this.#tree.digest;
  }

  /** Undefined when there will be no such node. */
  get(path: string): (PendingNode & { readonly stat: StatPersisted }) | undefined {
    const pending = this.#byPath.get(path);
    if (pending !== undefined) return pending.stat === null ? undefined : (pending as Kept & { stat: StatPersisted });
    const stat = this.#tree.stored(path);
    if (stat === undefined) return undefined;
    const acl = this.#tree.acl(path) ?? OPEN_ACL;
    const data = this.#tree.data(path)?.data ?? null;
    return { zxid: stat.mzxid, path, stat, childCount: this.#tree.childCount(path), acl, data };
  }

  /**
   * What will have become of a node. Its data is not copied: it is the request's, or the tree's own, which changes by a
   * transaction that was set here before, and then it is that one's.
   */
  set({ zxid, path, stat, childCount, acl, data }: PendingNode): void {
    if (!this.#digests) this.#tree.copyDigest(this.#digest);
    this.#digests = true;
    this.#digest.remove(this.#byPath.get(path)?.digest ?? this.#tree.digestOf(path));
    const digest = stat === null ? 0 : nodeDigest(path, data, stat);
    this.#digest.add(digest);
    this.#byPath.set(path, { zxid, path, stat, childCount, acl, data, digest });
    this.#changes.push({ zxid, path });
  }

  /** The ephemerals that a session will have. */
  ephemeralsOf(sessionId: bigint): Set<string> {
    const paths = new Set(this.#tree.ephemeralsOf(sessionId));
    for (const { path, stat } of this.#byPath.values()) {
      if (stat === null) paths.delete(path);
      else if (stat.ephemeralOwner === sessionId) paths.add(path);
    }
    return paths;
  }

  /** A point to go back to, for a multi that fails half-way. */
  mark(): OutstandingMark {
    return { changes: this.#changes.length, before: [] };
  }

  /** Keeps what is known of a path before it changes. */
  remember(mark: OutstandingMark, path: string): void {
    mark.before.push({ path, node: this.#byPath.get(path) });
  }

  /** Undoes everything since the mark. */
  rollBack(mark: OutstandingMark): void {
    this.#changes.length = mark.changes;
    for (let last = mark.before.pop(); last !== undefined; last = mark.before.pop()) {
      const { path, node } = last;
      this.#digest.remove(this.#byPath.get(path)?.digest ?? 0);
      this.#digest.add(node?.digest ?? this.#tree.digestOf(path));
      if (node === undefined) this.#byPath.delete(path);
      else this.#byPath.set(path, node);
    }
  }

  /** Everything up to this transaction is applied. */
  applied(zxid: Zxid): void {
    while (this.#head < this.#changes.length) {
      const { zxid: changed, path } = this.#changes[this.#head] as { zxid: Zxid; path: string };
      if (changed > zxid) break;
      this.#head++;
      if ((this.#byPath.get(path)?.zxid ?? Number.POSITIVE_INFINITY) <= zxid) this.#byPath.delete(path);
    }
    if (this.size === 0) this.clear();
    else if (this.#head > 1_024 && this.#head * 2 > this.#changes.length) {
      this.#changes.splice(0, this.#head);
      this.#head = 0;
    }
  }

  /** Leadership was lost, or nothing waits: what is applied is all there is. */
  clear(): void {
    this.#byPath.clear();
    this.#changes.length = 0;
    this.#head = 0;
    this.#digests = false;
  }
}

/** With what it will add to the digest of the tree. */
type Kept = PendingNode & { readonly digest: number };

/** See {@link OutstandingTree.mark}. */
export interface OutstandingMark {
  readonly changes: number;
  /** What was known of paths before they changed, in the order of the changes. */
  readonly before: { readonly path: string; readonly node: Kept | undefined }[];
}
