import { ErrorCode, type LoggedTxn, OpCode, type Stat, type Txn, type Zxid } from '@biquorum/zookeeper-wire';
import type { DataTree, TreeFault } from './data-tree.ts';
import { CONTAINER_OWNER } from './node-kinds.ts';

/** What a transaction came to. */
export interface Applied {
  /** The transaction's operation; `error` where it is one. */
  readonly type: number;
  /** One of `ErrorCode`. Not 0 where a log is replayed over a snapshot that holds the effect already. */
  readonly err: number;
  /** What was created. */
  readonly path: string | null;
  readonly stat: Stat | null;
  /** The parts of a multi. */
  readonly parts: readonly Applied[];
}

/** Global sessions, as transactions make and end them. */
export interface SessionTable {
  created(sessionId: bigint, timeoutMs: number): void;
  closed(sessionId: bigint): void;
}

/**
 * Makes a transaction's changes. Never fails: what a replayed log finds done already is an {@link Applied.err}. Source:
 * Java `DataTree.processTxn`.
 */
export function applyTxn(tree: DataTree, sessions: SessionTable, { header, body }: LoggedTxn): Applied {
  const { clientId, zxid, timeMs } = header;
  switch (body.type) {
    case OpCode.createSession:
      sessions.created(clientId, body.txn.timeoutMs);
      return done(body.type);
    case OpCode.closeSession:
      closeSession(tree, clientId, body.txn.paths, zxid);
      sessions.closed(clientId);
      return done(body.type);
    case OpCode.multi:
      return applyMulti(tree, body.txn.txns, clientId, zxid, timeMs);
    default:
      return applyOne(tree, body, clientId, zxid, timeMs);
  }
}

/** All parts or, when one is an error, none. */
function applyMulti(tree: DataTree, txns: readonly Txn[], clientId: bigint, zxid: Zxid, timeMs: number): Applied {
  const failed = txns.some(({ type }) => type === OpCode.error);
  const parts = txns.map((txn) => {
    if (!failed) return applyOne(tree, txn, clientId, zxid, timeMs);
    return { ...done(OpCode.error), err: txn.type === OpCode.error ? txn.txn.err : ErrorCode.Ok };
  });
  const err = parts.find((part) => part.err !== ErrorCode.Ok)?.err ?? ErrorCode.Ok;
  return { ...done(OpCode.multi), err, parts };
}

function applyOne(tree: DataTree, { type, txn }: Txn, clientId: bigint, zxid: Zxid, timeMs: number): Applied {
  switch (type) {
    case OpCode.create:
    case OpCode.create2:
      return create(tree, type, { ...txn, owner: txn.ephemeral ? clientId : 0n }, zxid, timeMs);
    case OpCode.createContainer:
      return create(tree, type, { ...txn, owner: CONTAINER_OWNER }, zxid, timeMs);
    case OpCode.createTTL:
      return create(tree, type, { ...txn, owner: tree.kinds.ownerOfTtl(txn.ttlMs) }, zxid, timeMs);
    case OpCode.delete:
    case OpCode.deleteContainer: {
      const fault = tree.deleteNode(txn.path, zxid);
      return fault === undefined ? done(type) : failed(type, fault);
    }
    case OpCode.setData:
    case OpCode.reconfig:
      return changed(type, tree.setData(txn.path, txn.data, txn.version, zxid, timeMs));
    case OpCode.setACL:
      return changed(type, tree.setAcl(txn.path, txn.acl, txn.version));
    case OpCode.check:
      return done(type);
    case OpCode.error:
      return { ...done(type), err: txn.err };
    default:
      // Sessions and multis do not stand inside a multi; a log that says so changes nothing.
      return { ...done(OpCode.error), err: ErrorCode.RuntimeInconsistency };
  }
}

function create(
  tree: DataTree,
  type: number,
  { path, ...node }: Parameters<DataTree['createNode']>[1] & { readonly path: string },
  zxid: Zxid,
  timeMs: number,
): Applied {
  const created = tree.createNode(path, node, zxid, timeMs);
  if (typeof created !== 'string') return { ...done(type), path, stat: created };
  // The snapshot over which a log is replayed has the node; whether it has the change of the parent is not certain.
  if (created === 'NodeExists') tree.recreate(path, node.acl, node.parentCVersion, zxid);
  return { ...failed(type, created), path };
}

function changed(type: number, stat: Stat | TreeFault): Applied {
  return typeof stat === 'string' ? failed(type, stat) : { ...done(type), stat };
}

/** Ends a session: all its ephemerals go at one zxid. */
function closeSession(tree: DataTree, sessionId: bigint, listed: readonly string[] | null, zxid: Zxid): void {
  for (const path of listed ?? []) tree.deleteNode(path, zxid);
  for (const path of [...tree.ephemeralsOf(sessionId)]) tree.deleteNode(path, zxid);
}

function done(type: number): Applied {
  return { type, err: ErrorCode.Ok, path: null, stat: null, parts: NO_PARTS };
}

function failed(type: number, fault: TreeFault): Applied {
  return { ...done(type), err: ErrorCode[fault] };
}

const NO_PARTS: readonly Applied[] = [];
