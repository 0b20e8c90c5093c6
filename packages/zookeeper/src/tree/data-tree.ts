import { assert } from '@biquorum/std';
import type { Acl, EventName, Stat, StatPersisted, Zxid } from '@biquorum/zookeeper-wire';
import { AclCache } from './acl-cache.ts';
import { nodeDigest, TreeDigest } from './digest.ts';
import { basicKinds, CONTAINER_OWNER, type NodeKinds } from './node-kinds.ts';
import { NO_NODE, type NodeIndex, NodeTable } from './node-table.ts';
import { bytesOfPath } from './path-bytes.ts';
import { PathIndex } from './path-index.ts';
import { CONFIG, parentOf, QUOTA, ZOOKEEPER } from './paths.ts';
import { QuotaPaths, readQuota, subtreeOf, USAGE_NAME, usagePath, writeUsage } from './quota.ts';
import { walkTree } from './tree-walk.ts';

/** A change that somebody may watch, told when it is made. */
export interface TreeChange {
  readonly event: Extract<EventName, 'NodeCreated' | 'NodeDeleted' | 'NodeDataChanged' | 'NodeChildrenChanged'>;
  readonly path: string;
  readonly zxid: Zxid;
  /** Who may read the node; for one that is gone, who could. */
  readonly acl: readonly Acl[];
}

/** What `createNode` needs to know besides the path. */
export interface NewNode {
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[] | null;
  /** 0 for a persistent node, a session, or what {@link NodeKinds} makes of the kind. */
  readonly owner: bigint;
  /** The parent's `cversion` afterwards; −1 for one more than before. */
  readonly parentCVersion: number;
}

/** Why a change could not be made. */
export type TreeFault = 'NoNode' | 'NodeExists';

/**
 * The tree of znodes, as transactions make it: no checks but for existence, since what stands in a transaction has been
 * checked. Source: Java `DataTree`.
 */
export class DataTree {
  readonly kinds: NodeKinds;
  readonly acls: AclCache = new AclCache();
  /**
   * The transaction at which the snapshot was ended that this tree was read from: replayed up to there, the tree is ahead
   * of what the log says of it.
   */
  aheadUntil: Zxid = 0;
  /** Subtrees that have limits. */
  readonly quotas: QuotaPaths = new QuotaPaths();
  #nodes: NodeTable = new NodeTable();
  readonly #seed: number;
  #byPath: PathIndex;
  readonly #ephemerals: Map<bigint, Set<string>> = new Map();
  readonly #containers: Set<string> = new Set();
  readonly #ttls: Set<string> = new Set();
  readonly #digest: TreeDigest = new TreeDigest();
  readonly #onChange: (change: TreeChange) => void;
  #dataBytes = 0;

  /**
   * A fresh tree: the root, and what a server keeps below `/zookeeper`.
   *
   * @param onChange told of each change, in the order in which watches fire
   * @param seed of the table of paths; drawn at random where clients are not to foresee which paths share a slot
   */
  constructor(onChange: (change: TreeChange) => void = () => {}, kinds: NodeKinds = basicKinds, seed = 0) {
    this.#seed = seed;
    this.#byPath = new PathIndex(this.#nodes, seed);
    this.#onChange = onChange;
    this.kinds = kinds;
    this.#putFixed();
  }

  /** How many nodes there are, as Java counts them: the root twice. */
  get nodeCount(): number {
    return this.#nodes.size + 1;
  }

  /** The digest of the whole tree, as a signed 64-bit number. */
  get digest(): bigint {
    return this.#digest.value;
  }

  /** Makes a sum the same as the digest of the whole tree. */
  copyDigest(into: TreeDigest): void {
    into.copy(this.#digest);
  }

  /** What a node adds to the digest; 0 when there is no such node. */
  digestOf(path: string): number {
    const node = this.#find(path);
    return node === undefined ? 0 : (this.#nodes.digest[node] as number);
  }

  /** Bytes of paths and data, as Java's `approximate_data_size` counts them. */
  get approximateDataBytes(): number {
    return this.#dataBytes;
  }

  get ephemeralsCount(): number {
    let count = 0;
    for (const paths of this.#ephemerals.values()) count += paths.size;
    return count;
  }

  has(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  /** Undefined when there is no such node. */
  stat(path: string): Stat | undefined {
    const node = this.#find(path);
    return node === undefined ? undefined : this.#statOf(node);
  }

  /** The state as snapshots keep it, and as creations and checks go by. */
  stored(path: string): StatPersisted | undefined {
    const node = this.#find(path);
    return node === undefined ? undefined : this.#nodes.stored(node);
  }

  /** The data is a view that holds until the tree is changed. */
  data(path: string): { readonly data: Uint8Array | null; readonly stat: Stat } | undefined {
    const node = this.#find(path);
    return node === undefined ? undefined : { data: this.#nodes.data(node), stat: this.#statOf(node) };
  }

  acl(path: string): readonly Acl[] | undefined {
    const node = this.#find(path);
    return node === undefined ? undefined : this.acls.get(this.#nodes.acl(node));
  }

  /** Names of the children, in no order; undefined when there is no such node. */
  children(path: string): string[] | undefined {
    const node = this.#find(path);
    if (node === undefined) return undefined;
    const names: string[] = [];
    for (const child of this.#childrenOf(node)) names.push(this.#nodes.name(child));
    return names;
  }

  /** Gives the names of the children as UTF-8, each as a view for the call, without making strings of them. */
  eachChildName(path: string, take: (name: Uint8Array) => void): void {
    const node = this.#find(path);
    if (node === undefined) return;
    const nodes = this.#nodes;
    for (let child = nodes.firstChild(node); child !== NO_NODE; child = nodes.nextChild(child)) {
      take(nodes.nameBytes(child));
    }
  }

  childCount(path: string): number {
    const node = this.#find(path);
    return node === undefined ? 0 : this.#nodes.childCount(node);
  }

  /** How many nodes lie below this one, however deep; undefined when there is no such node. */
  descendantCount(path: string): number | undefined {
    const node = this.#find(path);
    if (node === undefined) return undefined;
    let count = 0;
    for (const _ of this.#below(node)) count++;
    return count;
  }

  /** The ephemerals of a session. */
  ephemeralsOf(sessionId: bigint): ReadonlySet<string> {
    return this.#ephemerals.get(sessionId) ?? NO_PATHS;
  }

  /** Sessions that own ephemerals. */
  ephemeralOwners(): Iterable<bigint> {
    return this.#ephemerals.keys();
  }

  /** Nodes that go by themselves when they are empty. */
  get containers(): ReadonlySet<string> {
    return this.#containers;
  }

  /** Nodes with a time to live. */
  get ttls(): ReadonlySet<string> {
    return this.#ttls;
  }

  /** @returns The new node's state, or why there is none. */
  createNode(path: string, node: NewNode, zxid: Zxid, timeMs: number): Stat | TreeFault {
    const parentPath = parentOf(path);
    const parent = this.#find(parentPath);
    if (parent === undefined) return 'NoNode';
    if (this.#byPath.has(path)) return 'NodeExists';
    // What no checked request can ask for: a log that says so changes nothing.
    if (!isBelow(path, parentPath)) return 'NoNode';
    const cversion = node.parentCVersion === -1 ? this.#nodes.cversion(parent) + 1 : node.parentCVersion;
    this.#raise(parent, parentPath, cversion, zxid);
    const created = this.#insert(path, parent, node.data, this.acls.use(node.acl), {
      czxid: zxid,
      mzxid: zxid,
      ctimeMs: timeMs,
      mtimeMs: timeMs,
      version: 0,
      cversion: 0,
      aversion: 0,
      ephemeralOwner: node.owner,
      pzxid: zxid,
    });
    // As the node was asked for: what is counted in a quota's statistics comes afterwards.
    const stat = this.#statOf(created);
    this.#createdQuota(path);
    this.#use(path, 1, node.data?.length ?? 0);
    this.#tell('NodeCreated', path, zxid, created);
    this.#tell('NodeChildrenChanged', parentPath === '' ? '/' : parentPath, zxid, parent);
    return stat;
  }

  /**
   * When a log is replayed over a snapshot that has the node already: what the creation did to its parent, and the ACL,
   * which the snapshot's list of ACLs may lack (ZOOKEEPER-4846).
   */
  recreate(path: string, acl: readonly Acl[] | null, cversion: number, zxid: Zxid): void {
    const parentPath = parentOf(path);
    const parent = this.#find(parentPath);
    if (parent !== undefined) this.#raise(parent, parentPath, cversion, zxid);
    const node = this.#find(path);
    if (node !== undefined) this.#putAcl(node, acl);
  }

  deleteNode(path: string, zxid: Zxid): TreeFault | undefined {
    const node = this.#byPath.get(path);
    if (path === '/') return 'NoNode';
    const parentPath = parentOf(path);
    if (node === undefined) {
      // It may have gone while a snapshot was written that has its parent as it was before (ZOOKEEPER-3145).
      const bereft = this.#find(parentPath);
      if (bereft !== undefined) this.#raisePzxid(bereft, parentPath, zxid);
      return 'NoNode';
    }
    if (this.#nodes.childCount(node) > 0) {
      // A log that is replayed over a later snapshot may delete a node that has children there: the deepest go first.
      for (const below of [...this.#below(node)].reverse()) this.#delete(this.#nodes.path(below), below, zxid);
    }
    this.#delete(path, node, zxid);
    return undefined;
  }

  /** @param version the new one */
  setData(path: string, data: Uint8Array | null, version: number, zxid: Zxid, timeMs: number): Stat | TreeFault {
    const node = this.#find(path);
    if (node === undefined) return 'NoNode';
    const nodes = this.#nodes;
    this.#uncount(node);
    const bytesMore = (data?.length ?? 0) - nodes.dataLength(node);
    this.#dataBytes += bytesMore;
    nodes.setData(node, data);
    nodes.version[node] = version;
    nodes.mzxid[node] = zxid;
    nodes.mtimeMs[node] = timeMs;
    this.#count(node, path);
    this.#use(path, 0, bytesMore);
    this.#tell('NodeDataChanged', path === '' ? '/' : path, zxid, node);
    return this.#statOf(node);
  }

  /** @param aversion the new one */
  setAcl(path: string, acl: readonly Acl[] | null, aversion: number): Stat | TreeFault {
    const node = this.#find(path);
    if (node === undefined) return 'NoNode';
    const nodes = this.#nodes;
    this.#uncount(node);
    this.#putAcl(node, acl);
    nodes.setAversion(node, aversion);
    this.#count(node, path);
    return this.#statOf(node);
  }

  /**
   * The root and all nodes below it, parents before children, as snapshots hold them. The tree may change between two
   * steps: what is made or removed meanwhile may be there or not, but a node's state and its list of children are of
   * one moment, and no node comes without its parent. A node's data is a view that holds until the next change.
   */
  *entries(): Generator<SnapshotNode, void, void> {
    const nodes = this.#nodes;
    for (const { node, path } of walkTree(nodes, this.#find('/') as NodeIndex)) {
      const stat = nodes.stored(node);
      yield { path: path === '/' ? '' : path, data: nodes.data(node), aclIndex: nodes.acl(node), stat };
    }
  }

  /** Empties the tree, root included, before {@link DataTree.restoreNode} fills it from a snapshot. */
  clear(): void {
    this.#nodes = new NodeTable();
    this.#byPath = new PathIndex(this.#nodes, this.#seed);
    this.#ephemerals.clear();
    this.#containers.clear();
    this.#ttls.clear();
    this.quotas.clear();
    this.acls.clear();
    this.#dataBytes = 0;
    this.#digest.value = 0n;
    this.aheadUntil = 0;
  }

  /** @returns False when its parent is not there: the snapshot is damaged. */
  restoreNode({ path, data, aclIndex, stat }: SnapshotNode): boolean {
    const own = path === '' ? '/' : path;
    const parentPath = parentOf(own);
    const parent = own === '/' ? NO_NODE : this.#find(parentPath);
    if (parent === undefined || this.#byPath.has(own)) return false;
    if (parent !== NO_NODE && !isBelow(own, parentPath)) return false;
    this.#insert(own, parent, data, this.acls.useRestored(aclIndex), stat);
    return true;
  }

  /** After the last {@link DataTree.restoreNode}: what every server has must be there. */
  finishRestore(): void {
    this.#putFixed();
    this.acls.dropUnused();
    const quota = this.#find(QUOTA) as NodeIndex;
    for (const node of [...this.#below(quota)]) {
      const subtree = this.quotas.added(this.#nodes.path(node));
      if (subtree !== undefined) this.#measure(subtree);
    }
  }

  /** A node of quotas has come: its limits hold from now on, or its usage is counted. */
  #createdQuota(path: string): void {
    this.quotas.added(path);
    const measured = subtreeOf(path, USAGE_NAME);
    if (measured !== undefined) this.#measure(measured);
  }

  /** Counts what a subtree uses of its quota: its own node too, and no bytes but those of data. */
  #measure(subtree: string): void {
    const root = this.#find(subtree);
    let count = root === undefined ? 0 : 1;
    let bytes = root === undefined ? 0 : this.#nodes.dataLength(root);
    if (root !== undefined) {
      for (const node of this.#below(root)) {
        count++;
        bytes += this.#nodes.dataLength(node);
      }
    }
    this.#writeUsage(subtree, count, bytes);
  }

  /** Usage changes on every server by itself, and is no part of the digest. */
  #use(path: string, countMore: number, bytesMore: number): void {
    const subtree = this.quotas.governing(path);
    const usage = subtree === undefined ? undefined : this.#find(usagePath(subtree));
    if (subtree === undefined || usage === undefined) return;
    const before = readQuota(this.#nodes.data(usage));
    this.#writeUsage(subtree, before.count + countMore, before.bytes + bytesMore);
  }

  #writeUsage(subtree: string, count: number, bytes: number): void {
    const node = this.#find(usagePath(subtree));
    if (node !== undefined) this.#nodes.setData(node, writeUsage(count, bytes));
  }

  /** Takes away a node that has no children. */
  #delete(path: string, node: NodeIndex, zxid: Zxid): void {
    const nodes = this.#nodes;
    const parentPath = parentOf(path);
    const parent = nodes.parent[node] as NodeIndex;
    const acl = this.acls.get(nodes.acl(node));
    const bytes = nodes.dataLength(node);
    this.#remove(path, node);
    this.quotas.removed(path);
    this.#use(path, -1, -bytes);
    this.#raisePzxid(parent, parentPath, zxid);
    this.#onChange({ event: 'NodeDeleted', path, zxid, acl });
    this.#tell('NodeChildrenChanged', parentPath, zxid, parent);
  }

  /** The children of a node; none may come or go meanwhile. */
  *#childrenOf(node: NodeIndex): Generator<NodeIndex, void, void> {
    const nodes = this.#nodes;
    for (let child = nodes.firstChild(node); child !== NO_NODE; child = nodes.nextChild(child)) yield child;
  }

  /** All nodes below one, parents before children; none may come or go meanwhile. */
  *#below(top: NodeIndex): Generator<NodeIndex, void, void> {
    const nodes = this.#nodes;
    for (let node = nodes.firstChild(top); node !== NO_NODE; ) {
      yield node;
      let next = nodes.firstChild(node);
      while (next === NO_NODE && node !== top) {
        next = nodes.nextChild(node);
        if (next === NO_NODE) node = nodes.parent[node] as NodeIndex;
      }
      node = next;
    }
  }

  #putAcl(node: NodeIndex, acl: readonly Acl[] | null): void {
    const before = this.#nodes.acl(node);
    this.#nodes.setAcl(node, this.acls.use(acl));
    this.acls.drop(before);
  }

  #putFixed(): void {
    if (!this.has('/')) this.#insert('/', NO_NODE, EMPTY, -1, { ...NEW_STAT });
    for (const path of [ZOOKEEPER, QUOTA, CONFIG]) {
      const parent = this.#find(parentOf(path)) as NodeIndex;
      if (this.has(path)) continue;
      const isConfig = path === CONFIG;
      const acl = isConfig ? this.acls.use(READ_BY_ALL) : -1;
      this.#insert(path, parent, EMPTY, acl, isConfig ? { ...NEW_STAT, aversion: -1 } : { ...NEW_STAT });
    }
  }

  #insert(path: string, parent: NodeIndex, data: Uint8Array | null, aclIndex: number, stat: StatPersisted): NodeIndex {
    const bytes = bytesOfPath(path);
    const name = parent === NO_NODE ? EMPTY : bytes.subarray(bytes.lastIndexOf(SLASH) + 1);
    const node = this.#nodes.add(name, parent, this.#byPath.hashOf(parent, name), stat);
    this.#nodes.setData(node, data);
    this.#nodes.setAcl(node, aclIndex);
    this.#byPath.add(node);
    this.#dataBytes += path.length + (data?.length ?? 0);
    this.#enroll(path, stat.ephemeralOwner);
    this.#count(node, path);
    return node;
  }

  #remove(path: string, node: NodeIndex): void {
    const nodes = this.#nodes;
    assert(nodes.childCount(node) === 0, () => `${path} still has children`);
    this.#uncount(node);
    this.#dataBytes -= path.length + nodes.dataLength(node);
    this.#strike(path, nodes.owner(node));
    this.acls.drop(nodes.acl(node));
    this.#byPath.delete(node);
    nodes.remove(node);
  }

  #enroll(path: string, owner: bigint): void {
    switch (this.kinds.kindOf(owner)) {
      case 'ephemeral': {
        const paths = this.#ephemerals.get(owner) ?? new Set();
        this.#ephemerals.set(owner, paths.add(path));
        return;
      }
      case 'container':
        this.#containers.add(path);
        return;
      case 'ttl':
        this.#ttls.add(path);
        return;
      default:
    }
  }

  #strike(path: string, owner: bigint): void {
    if (owner === 0n) return;
    if (owner === CONTAINER_OWNER) this.#containers.delete(path);
    this.#ttls.delete(path);
    const paths = this.#ephemerals.get(owner);
    if (paths?.delete(path) && paths.size === 0) this.#ephemerals.delete(owner);
  }

  /** Neither goes back, whatever is replayed. */
  #raise(parent: NodeIndex, path: string, cversion: number, zxid: Zxid): void {
    const nodes = this.#nodes;
    if (cversion <= nodes.cversion(parent)) return;
    this.#uncount(parent);
    nodes.setChildren(parent, cversion, zxid);
    this.#count(parent, path);
  }

  #raisePzxid(parent: NodeIndex, path: string, zxid: Zxid): void {
    const nodes = this.#nodes;
    if (zxid <= nodes.pzxid(parent)) return;
    this.#uncount(parent);
    nodes.setChildren(parent, nodes.cversion(parent), zxid);
    this.#count(parent, path);
  }

  /** The root has two names. */
  #find(path: string): NodeIndex | undefined {
    return this.#byPath.get(path === '' ? '/' : path);
  }

  #statOf(node: NodeIndex): Stat {
    return this.#nodes.stat(node, this.kinds.kindOf(this.#nodes.owner(node)) === 'ephemeral');
  }

  #tell(event: TreeChange['event'], path: string, zxid: Zxid, node: NodeIndex): void {
    this.#onChange({ event, path, zxid, acl: this.acls.get(this.#nodes.acl(node)) });
  }

  /** @param path the node's; the root has two */
  #count(node: NodeIndex, path: string): void {
    const nodes = this.#nodes;
    const value = nodeDigest(path, nodes.data(node), nodes.stored(node));
    nodes.digest[node] = value;
    this.#digest.add(value);
  }

  #uncount(node: NodeIndex): void {
    this.#digest.remove(this.#nodes.digest[node] as number);
  }
}

/** A node of a snapshot; the root's path is empty there. */
export interface SnapshotNode {
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly aclIndex: number;
  readonly stat: StatPersisted;
}

const SLASH = 0x2f;
const NO_PATHS: ReadonlySet<string> = new Set();
const EMPTY = new Uint8Array(0);
const READ_BY_ALL: readonly Acl[] = [{ perms: 1, id: { scheme: 'world', id: 'anyone' } }];

const NEW_STAT: StatPersisted = {
  czxid: 0,
  mzxid: 0,
  ctimeMs: 0,
  mtimeMs: 0,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: 0n,
  pzxid: 0,
};

/** Whether a path is that of a parent and a name behind one slash. */
function isBelow(path: string, parent: string): boolean {
  const at = parent === '/' ? 0 : parent.length;
  return path.length > at + 1 && path.charCodeAt(at) === SLASH && path.lastIndexOf('/') === at;
}
