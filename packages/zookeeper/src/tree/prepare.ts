import {
  type Acl,
  type CreateMode,
  type CreateRequest,
  type CreateTxn,
  createModeOf,
  ErrorCode,
  type ErrorName,
  type Id,
  type LoggedTxn,
  type MultiOp,
  OpCode,
  type PathVersionRequest,
  Perms,
  type SetAclRequest,
  type SetDataRequest,
  type StatPersisted,
  type Txn,
  type Zxid,
} from '@biquorum/zookeeper-wire';
import { type AuthSchemes, defaultSchemes, fixAcl, isAllowed } from './access.ts';
import type { DataTree } from './data-tree.ts';
import { DIGEST_VERSION } from './digest.ts';
import { CONTAINER_OWNER, TTL_MS_MAX } from './node-kinds.ts';
import { type OutstandingMark, OutstandingTree, type PendingNode } from './outstanding.ts';
import { CONFIG, faultOfPath, parentOf, QUOTA, ZOOKEEPER } from './paths.ts';
import { exceedsQuota } from './quota.ts';
import { fitsInto } from './txn-size.ts';

/** A request that changes something, decoded. */
export type WriteRequest =
  | Exclude<MultiOp, { type: typeof OpCode.check | typeof OpCode.getData | typeof OpCode.getChildren }>
  | { readonly type: typeof OpCode.setACL; readonly request: SetAclRequest }
  /** Null when they cannot be read: that takes a transaction all the same, as in Java and for a multi alone. */
  | { readonly type: typeof OpCode.multi; readonly ops: readonly MultiOp[] | null }
  | { readonly type: typeof OpCode.deleteContainer; readonly path: string }
  | { readonly type: typeof OpCode.createSession; readonly timeoutMs: number }
  | { readonly type: typeof OpCode.closeSession };

/** Who asks, and when. */
export interface RequestOrigin {
  readonly sessionId: bigint;
  readonly cxid: number;
  /** The identities of the connection. */
  readonly ids: readonly Id[];
}

/** What a server allows. */
export interface PrepareOptions {
  readonly schemes?: AuthSchemes;
  /** `extendedTypesEnabled`: nodes with a time to live. */
  readonly extendedTypes?: boolean;
  /** `skipACL`. */
  readonly skipAcl?: boolean;
  /** `enforceQuota`: writes over a hard limit are refused. */
  readonly enforceQuota?: boolean;
  /**
   * The most bytes of a transaction: `jute.maxbuffer` and its extra size, 2,097,150 by default. A larger one could be
   * logged and never read again (ZOOKEEPER-4306), so it fails with MarshallingError.
   */
  readonly txnBytesMax?: number;
}

const TXN_BYTES_MAX = 2 * 0xfffff;

/**
 * Turns requests into transactions, each checked against what all before it will have made. A request that fails
 * becomes a transaction too: it takes its zxid, and is logged as an error. Source: Java `PrepRequestProcessor`.
 */
export class Preparer {
  readonly #outstanding: OutstandingTree;
  readonly #tree: DataTree;
  readonly #schemes: AuthSchemes;
  readonly #extendedTypes: boolean;
  readonly #skipAcl: boolean;
  readonly #enforceQuota: boolean;
  readonly #txnBytesMax: number;

  constructor(tree: DataTree, options: PrepareOptions = {}) {
    this.#tree = tree;
    this.#outstanding = new OutstandingTree(tree);
    this.#schemes = options.schemes ?? defaultSchemes;
    this.#extendedTypes = options.extendedTypes ?? false;
    this.#skipAcl = options.skipAcl ?? false;
    this.#enforceQuota = options.enforceQuota ?? false;
    this.#txnBytesMax = options.txnBytesMax ?? TXN_BYTES_MAX;
  }

  /** How many changes wait to be applied. */
  get outstanding(): number {
    return this.#outstanding.size;
  }

  /**
   * @param sessionFault what is wrong with the session that asks, if anything: the request fails with it
   * @returns The transaction, which is prepared: the next request sees its effect.
   */
  prepare(
    request: WriteRequest,
    origin: RequestOrigin,
    zxid: Zxid,
    timeMs: number,
    sessionFault?: ErrorName,
  ): LoggedTxn {
    const header = { clientId: origin.sessionId, cxid: origin.cxid, zxid, timeMs };
    const mark = this.#outstanding.mark();
    try {
      const body = this.#prepare(request, { ...origin, zxid, timeMs, sessionFault, mark });
      if (!fitsInto(this.#txnBytesMax, body)) throw new Refused('MarshallingError');
      return { header, body, digest: { version: DIGEST_VERSION, treeDigest: this.#outstanding.digest } };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#outstanding.rollBack(mark);
      return { header, body: { type: OpCode.error, txn: { err: error.err } }, digest: null };
    }
  }

  /** Everything up to this transaction is applied to the tree. */
  applied(zxid: Zxid): void {
    this.#outstanding.applied(zxid);
  }

  /** Leadership was lost: what was prepared may never happen. */
  forget(): void {
    this.#outstanding.clear();
  }

  #prepare(request: WriteRequest, context: Context): Txn {
    switch (request.type) {
      case OpCode.multi:
        if (request.ops === null) throw new Refused('MarshallingError');
        return this.#multi(request.ops, context);
      case OpCode.createSession:
        return { type: request.type, txn: { timeoutMs: request.timeoutMs } };
      case OpCode.closeSession:
        return this.#closeSession(context);
      case OpCode.deleteContainer:
        return this.#deleteContainer(request.path, context);
      case OpCode.setACL:
        return this.#setAcl(request.request, context);
      default:
        return this.#one(request, context);
    }
  }

  #one(op: MultiOp, context: Context): Txn {
    switch (op.type) {
      case OpCode.getData:
      case OpCode.getChildren:
        throw new Refused('MarshallingError');
      case OpCode.delete:
        return this.#delete(op.request, context);
      case OpCode.setData:
        return this.#setData(op.request, context);
      case OpCode.check:
        return this.#check(op.request, context);
      case OpCode.createTTL:
        return this.#create(op.type, op.request, op.request.ttlMs, context);
      default:
        return this.#create(op.type, op.request, -1, context);
    }
  }

  /** All at one zxid, or none: then the parts before the one that failed keep their bodies and take no effect. */
  #multi(ops: readonly MultiOp[], context: Context): Txn {
    // Mixed with reads it is no request at all: nothing of it is done, and no part has an error of its own.
    if (ops.some(({ type }) => type === OpCode.getData || type === OpCode.getChildren)) {
      throw new Refused('MarshallingError');
    }
    const { mark } = context;
    const txns: Txn[] = [];
    let fault: Refused | undefined;
    for (const op of ops) {
      if (fault !== undefined) {
        txns.push(errorTxn(ErrorCode.RuntimeInconsistency));
        continue;
      }
      try {
        txns.push(this.#one(op, context));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        fault = error;
        this.#outstanding.rollBack(mark);
        txns.push(errorTxn(error.err));
      }
    }
    return { type: OpCode.multi, txn: { txns } };
  }

  #create(type: CreateType, request: CreateRequest, ttlMs: number, context: Context): Txn {
    const mode = createModeOf(request.flags);
    if (mode === undefined) throw new Refused('BadArguments');
    if (mode.ttl && !this.#extendedTypes) throw new Refused('Unimplemented');
    // Java would take it for a node whose time to live is no time, and end.
    if (type === OpCode.createTTL && !mode.ttl) throw new Refused('BadArguments');
    if (mode.ttl ? ttlMs < 1 || ttlMs > TTL_MS_MAX : ttlMs >= 0) throw new Refused('BadArguments');
    checkSession(context);
    const { data } = request;
    const slash = request.path.lastIndexOf('/');
    if (slash === -1 || request.path.includes('\0')) throw new Refused('BadArguments');
    const acl = fixAcl(this.#schemes, request.acl, context.ids);
    if (acl === undefined) throw new Refused('InvalidACL');
    const parentPath = slash === 0 ? '/' : request.path.slice(0, slash);
    const parent = this.#known(parentPath);
    this.#allow(parent, Perms.create, context);
    const path = mode.sequential ? request.path + sequence(parent.stat.cversion) : request.path;
    if (faultOfPath(path) !== undefined) throw new Refused('BadArguments');
    if (this.#outstanding.get(path) !== undefined) throw new Refused('NodeExists');
    if (this.#isEphemeral(parent.stat)) throw new Refused('NoChildrenForEphemerals');
    this.#checkQuota(path, 1, data?.length ?? 0);

    const { zxid, timeMs } = context;
    const parentCVersion = (parent.stat.cversion + 1) | 0;
    const owner = this.#ownerOf(type, mode, ttlMs, context);
    const stat = { ...NEW_STAT, czxid: zxid, mzxid: zxid, pzxid: zxid, ctimeMs: timeMs, mtimeMs: timeMs };
    this.#touchParent(parent, { cversion: parentCVersion, pzxid: zxid }, 1, context);
    this.#set({ zxid, path, stat: { ...stat, ephemeralOwner: owner }, childCount: 0, acl, data }, context);
    if (type === OpCode.createTTL) return { type, txn: { path, data, acl, parentCVersion, ttlMs } };
    if (type === OpCode.createContainer) return { type, txn: { path, data, acl, parentCVersion } };
    const txn: CreateTxn = { path, data, acl, ephemeral: mode.ephemeral, parentCVersion };
    return { type, txn };
  }

  /** What a node becomes is up to the operation, and only then to its flags, as in Java. */
  #ownerOf(type: CreateType, mode: CreateMode, ttlMs: number, { sessionId }: Context): bigint {
    if (type === OpCode.createContainer) return CONTAINER_OWNER;
    if (type === OpCode.createTTL) return this.#tree.kinds.ownerOfTtl(ttlMs);
    return mode.ephemeral ? sessionId : 0n;
  }

  #delete({ path, version }: PathVersionRequest, context: Context): Txn {
    checkSession(context);
    if (path === '' || path === '/' || FIXED.has(path)) throw new Refused('BadArguments');
    if (!path.includes('/') || path.includes('\0')) throw new Refused('BadArguments');
    const parent = this.#known(parentOf(path));
    this.#allow(parent, Perms.delete, context);
    const node = this.#known(path);
    matchVersion(version, node.stat.version);
    if (node.childCount > 0) throw new Refused('NotEmpty');
    this.#remove(parent, path, context);
    return { type: OpCode.delete, txn: { path } };
  }

  #deleteContainer(path: string, context: Context): Txn {
    const parent = this.#known(parentOf(path));
    const node = this.#known(path);
    if (node.childCount > 0) throw new Refused('NotEmpty');
    const kind = this.#tree.kinds.kindOf(node.stat.ephemeralOwner);
    if (kind === 'ephemeral' || kind === 'persistent') throw new Refused('BadVersion');
    this.#remove(parent, path, context);
    return { type: OpCode.deleteContainer, txn: { path } };
  }

  #setData({ path, data, version }: SetDataRequest, context: Context): Txn {
    checkSession(context);
    checkPath(path);
    const node = this.#known(path);
    this.#allow(node, Perms.write, context);
    this.#checkQuota(path, 0, (data?.length ?? 0) - (node.data?.length ?? 0));
    matchVersion(version, node.stat.version);
    const { zxid, timeMs } = context;
    const next = versionAfter(node.stat.version);
    this.#set({ ...node, zxid, data, stat: { ...node.stat, version: next, mzxid: zxid, mtimeMs: timeMs } }, context);
    return { type: OpCode.setData, txn: { path, data, version: next } };
  }

  #setAcl({ path, acl, version }: SetAclRequest, context: Context): Txn {
    checkSession(context);
    checkPath(path);
    const fixed = fixAcl(this.#schemes, acl, context.ids);
    if (fixed === undefined) throw new Refused('InvalidACL');
    const node = this.#known(path);
    this.#allow(node, Perms.admin, context);
    matchVersion(version, node.stat.aversion);
    const aversion = versionAfter(node.stat.aversion);
    this.#set({ ...node, zxid: context.zxid, acl: fixed, stat: { ...node.stat, aversion } }, context);
    return { type: OpCode.setACL, txn: { path, acl: fixed, version: aversion } };
  }

  #check({ path, version }: PathVersionRequest, context: Context): Txn {
    checkSession(context);
    checkPath(path);
    const node = this.#known(path);
    this.#allow(node, Perms.read, context);
    matchVersion(version, node.stat.version);
    return { type: OpCode.check, txn: { path, version: versionAfter(node.stat.version) } };
  }

  #closeSession(context: Context): Txn {
    const paths = [...this.#outstanding.ephemeralsOf(context.sessionId)];
    for (const path of paths) {
      const parent = this.#outstanding.get(parentOf(path));
      if (parent !== undefined) this.#remove(parent, path, context);
    }
    // So many that the list would not fit: left out, as old servers did, and every server goes by its own list.
    const txn: Txn = { type: OpCode.closeSession, txn: { paths } };
    return fitsInto(this.#txnBytesMax, txn) ? txn : { type: OpCode.closeSession, txn: { paths: null } };
  }

  #remove(parent: Known, path: string, context: Context): void {
    this.#touchParent(parent, { pzxid: context.zxid }, -1, context);
    this.#set({ zxid: context.zxid, path, stat: null, childCount: 0, acl: [], data: null }, context);
  }

  #touchParent(parent: Known, change: Partial<StatPersisted>, children: number, context: Context): void {
    const { zxid } = context;
    const childCount = parent.childCount + children;
    this.#set({ ...parent, zxid, childCount, stat: { ...parent.stat, ...change } }, context);
  }

  #set(node: PendingNode, { mark }: Context): void {
    this.#outstanding.remember(mark, node.path);
    this.#outstanding.set(node);
  }

  #known(path: string): Known {
    const node = this.#outstanding.get(path === '' ? '/' : path);
    if (node === undefined) throw new Refused('NoNode');
    return node;
  }

  #allow({ acl }: { readonly acl: readonly Acl[] }, perm: (typeof Perms)[keyof typeof Perms], context: Context): void {
    if (!this.#skipAcl && !isAllowed(this.#schemes, acl, perm, context.ids)) throw new Refused('NoAuth');
  }

  #checkQuota(path: string, countMore: number, bytesMore: number): void {
    if (this.#enforceQuota && exceedsQuota(this.#tree, path, countMore, bytesMore)) throw new Refused('QuotaExceeded');
  }

  #isEphemeral({ ephemeralOwner }: StatPersisted): boolean {
    return this.#tree.kinds.kindOf(ephemeralOwner) === 'ephemeral';
  }
}

interface Context extends RequestOrigin {
  readonly zxid: Zxid;
  readonly timeMs: number;
  /** What is wrong with the session, if anything. */
  readonly sessionFault: ErrorName | undefined;
  /** Where to go back to when the request fails. */
  readonly mark: OutstandingMark;
}

type Known = PendingNode & { readonly stat: StatPersisted };
type CreateType =
  | typeof OpCode.create
  | typeof OpCode.create2
  | typeof OpCode.createContainer
  | typeof OpCode.createTTL;

/** Ends the preparation of a request. */
class Refused extends Error {
  readonly err: number;

  constructor(name: ErrorName) {
    super(name);
    this.err = ErrorCode[name];
  }
}

const FIXED: ReadonlySet<string> = new Set([ZOOKEEPER, QUOTA, CONFIG]);

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

function errorTxn(err: number): Txn {
  return { type: OpCode.error, txn: { err } };
}

function checkSession({ sessionFault }: Context): void {
  if (sessionFault !== undefined) throw new Refused(sessionFault);
}

function checkPath(path: string): void {
  if (faultOfPath(path) !== undefined) throw new Refused('BadArguments');
}

/** −1 stands for any. */
function matchVersion(wanted: number, version: number): void {
  if (wanted !== -1 && wanted !== version) throw new Refused('BadVersion');
}

/**
 * The version that a change makes: from −2 it goes to 0, for −1 stands for any and would match none
 * (ZOOKEEPER-4743, which 3.9 has).
 */
function versionAfter(version: number): number {
  return version === -2 ? 0 : (version + 1) | 0;
}

/** Ten digits, as Java's `%010d` writes the number of creations below the parent so far. */
function sequence(cversion: number): string {
  return cversion < 0 ? `-${String(-cversion).padStart(9, '0')}` : String(cversion).padStart(10, '0');
}
