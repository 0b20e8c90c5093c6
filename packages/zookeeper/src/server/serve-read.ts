import {
  AddWatchMode,
  aclReply,
  clientInfos,
  countReply,
  dataReply,
  ErrorCode,
  errorReply,
  type Id,
  type MultiOp,
  type MultiResult,
  multiReply,
  names,
  OpCode,
  type PathWatchRequest,
  Perms,
  type SetWatches2Request,
  statReply,
  WatcherType,
} from '@biquorum/zookeeper-wire';
import { type AuthSchemes, isAllowed, maskAcl } from '../tree/access.ts';
import type { DataTree } from '../tree/data-tree.ts';
import type { Change, Watches } from '../tree/watches.ts';
import type { ReadRequest } from './client-request.ts';
import { bareReply, type Reply, replyOf } from './reply.ts';

/** Who asks. */
export interface Reader {
  readonly sessionId: bigint;
  readonly ids: readonly Id[];
  /** A watch fires at once, because what it waits for has happened already. */
  notify(change: Change): void;
}

/** What reads are served from. */
export interface ReadContext<Watcher> {
  readonly tree: DataTree;
  readonly watches: Watches<Watcher>;
  readonly schemes: AuthSchemes;
  readonly skipAcl: boolean;
}

/** Serves a request that changes nothing but the asker's watches. Source: Java `FinalRequestProcessor`. */
export function serveRead<Watcher extends Reader>(
  context: ReadContext<Watcher>,
  reader: Watcher,
  read: ReadRequest,
): Reply {
  const { tree, watches } = context;
  switch (read.type) {
    case OpCode.exists:
      return serveExists(context, reader, read.request);
    case OpCode.getData:
    case OpCode.getChildren:
    case OpCode.getChildren2:
      return serveNode(context, reader, read.type, read.request);
    case OpCode.getACL:
      return serveAcl(context, reader, read.path);
    case OpCode.getEphemerals: {
      const own = [...tree.ephemeralsOf(reader.sessionId)];
      const { path } = read;
      return replyOf(
        names,
        path.trim() === '' || path.trim() === '/' ? own : own.filter((one) => one.startsWith(path)),
      );
    }
    case OpCode.getAllChildrenNumber: {
      const totalNumber = tree.descendantCount(read.path);
      if (totalNumber === undefined) return bareReply(ErrorCode.NoNode);
      return mayRead(context, reader, read.path) ? replyOf(countReply, { totalNumber }) : bareReply(ErrorCode.NoAuth);
    }
    case OpCode.multiRead:
      return serveMultiRead(context, reader, read.ops);
    case OpCode.checkWatches: {
      const { path, type } = read.request;
      if (!isWatcherType(type)) return bareReply(ErrorCode.MarshallingError);
      return bareReply(watches.has(path, reader, type) ? ErrorCode.Ok : ErrorCode.NoWatcher);
    }
    case OpCode.removeWatches: {
      const { path, type } = read.request;
      if (!isWatcherType(type)) return bareReply(ErrorCode.MarshallingError);
      return bareReply(watches.remove(path, reader, type) ? ErrorCode.Ok : ErrorCode.NoWatcher);
    }
    case OpCode.addWatch: {
      const { path, type: mode } = read.request;
      if (mode !== AddWatchMode.persistent && mode !== AddWatchMode.persistentRecursive) {
        return bareReply(ErrorCode.MarshallingError);
      }
      watches.add(path, reader, mode);
      return replyOf(errorReply, { err: ErrorCode.Ok });
    }
    case OpCode.setWatches2:
      setWatches(context, reader, read.request);
      return bareReply(ErrorCode.Ok);
    case OpCode.whoAmI:
      return replyOf(clientInfos, reader.ids.map(clientInfoOf));
    default:
      return bareReply(ErrorCode.Ok);
  }
}

function serveExists<Watcher extends Reader>(
  context: ReadContext<Watcher>,
  reader: Watcher,
  { path, watch }: PathWatchRequest,
): Reply {
  if (path.includes('\0')) return bareReply(ErrorCode.BadArguments);
  const stat = context.tree.stat(path);
  // Since 3.9.2 (ZOOKEEPER-2590) who may not read a node is not told of it.
  if (stat !== undefined && !mayRead(context, reader, path)) return bareReply(ErrorCode.NoAuth);
  if (watch) context.watches.data.add(path, reader, 'once');
  return stat === undefined ? bareReply(ErrorCode.NoNode) : replyOf(statReply, { stat });
}

function serveNode<Watcher extends Reader>(
  context: ReadContext<Watcher>,
  reader: Watcher,
  type: typeof OpCode.getData | typeof OpCode.getChildren | typeof OpCode.getChildren2,
  { path, watch }: PathWatchRequest,
): Reply {
  const { tree, watches } = context;
  const found = tree.data(path);
  if (found === undefined) return bareReply(ErrorCode.NoNode);
  if (!mayRead(context, reader, path)) return bareReply(ErrorCode.NoAuth);
  if (watch) (type === OpCode.getData ? watches.data : watches.children).add(path, reader, 'once');
  if (type === OpCode.getData) return replyOf(dataReply, found);
  const { stat } = found;
  return {
    err: 0,
    body(writer) {
      writer.i32(stat.numChildren);
      tree.eachChildName(path, (name) => {
        writer.i32(name.length);
        writer.bytesOf(name);
      });
      if (type === OpCode.getChildren2) statReply.write(writer, { stat });
    },
  };
}

function serveAcl<Watcher>(context: ReadContext<Watcher>, { ids }: Reader, path: string): Reply {
  const { tree, schemes, skipAcl } = context;
  const [acl, stat] = [tree.acl(path), tree.stat(path)];
  if (acl === undefined || stat === undefined) return bareReply(ErrorCode.NoNode);
  const may = (perm: number): boolean => skipAcl || isAllowed(schemes, acl, perm as typeof Perms.read, ids);
  if (!may(Perms.read) && !may(Perms.admin)) return bareReply(ErrorCode.NoAuth);
  return replyOf(aclReply, { acl: may(Perms.admin) ? acl : maskAcl(acl), stat });
}

function serveMultiRead<Watcher extends Reader>(
  context: ReadContext<Watcher>,
  reader: Watcher,
  ops: readonly MultiOp[],
): Reply {
  const { tree } = context;
  const results: MultiResult[] = [];
  for (const op of ops) {
    if (op.type !== OpCode.getData && op.type !== OpCode.getChildren) return bareReply(ErrorCode.MarshallingError);
    const { path } = op.request;
    const found = tree.data(path);
    if (found === undefined) results.push({ type: OpCode.error, err: ErrorCode.NoNode });
    else if (!mayRead(context, reader, path)) results.push({ type: OpCode.error, err: ErrorCode.NoAuth });
    else if (op.type === OpCode.getData) results.push({ type: op.type, ...found });
    else results.push({ type: op.type, children: tree.children(path) ?? [] });
  }
  return replyOf(multiReply, results);
}

/** What happened while the client was away fires now; all else is watched again. Java `DataTree.setWatches`. */
function setWatches<Watcher extends Reader>(
  { tree, watches }: ReadContext<Watcher>,
  reader: Watcher,
  request: SetWatches2Request,
): void {
  const { relativeZxid } = request;
  for (const path of request.dataWatches) {
    const stat = tree.stored(path);
    if (stat === undefined) reader.notify({ event: 'NodeDeleted', path });
    else if (stat.mzxid > relativeZxid) reader.notify({ event: 'NodeDataChanged', path });
    else watches.data.add(path, reader, 'once');
  }
  for (const path of request.existWatches) {
    const stat = tree.stored(path);
    if (stat === undefined) watches.data.add(path, reader, 'once');
    else reader.notify({ event: 'NodeCreated', path });
  }
  for (const path of request.childWatches) {
    const stat = tree.stored(path);
    if (stat === undefined) reader.notify({ event: 'NodeDeleted', path });
    else if (stat.pzxid > relativeZxid) reader.notify({ event: 'NodeChildrenChanged', path });
    else watches.children.add(path, reader, 'once');
  }
  for (const path of request.persistentWatches) watches.add(path, reader, AddWatchMode.persistent);
  for (const path of request.persistentRecursiveWatches) watches.add(path, reader, AddWatchMode.persistentRecursive);
}

function isWatcherType(type: number): boolean {
  return type >= WatcherType.Children && type <= WatcherType.PersistentRecursive;
}

function mayRead<Watcher>({ tree, schemes, skipAcl }: ReadContext<Watcher>, { ids }: Reader, path: string): boolean {
  return skipAcl || isAllowed(schemes, tree.acl(path) ?? null, Perms.read, ids);
}

/** The user without what proves it. */
function clientInfoOf({ scheme, id }: Id): { readonly authScheme: string; readonly user: string } {
  return { authScheme: scheme, user: scheme === 'digest' ? (id.split(':', 1)[0] ?? '') : id };
}
