import {
  create2Reply,
  ErrorCode,
  type LoggedTxn,
  type MultiResult,
  multiReply,
  OpCode,
  pathRecord,
  statReply,
} from '@biquorum/zookeeper-wire';
import type { Applied } from '../tree/apply-txn.ts';
import { bareReply, type Reply, replyOf } from './reply.ts';

/** What a client is told of its write. Source: Java `FinalRequestProcessor`. */
export function writeReply(type: number, applied: Applied, { body }: LoggedTxn): Reply {
  if (body.type === OpCode.error) return bareReply(body.txn.err);
  // The errors of a multi stand in its body. But a session that moved is the connection's matter.
  if (type === OpCode.multi) {
    const moved = applied.parts.some(({ err }) => err === ErrorCode.SessionMoved);
    return moved ? bareReply(ErrorCode.SessionMoved) : replyOf(multiReply, applied.parts.map(multiResultOf));
  }
  const { err, path, stat } = applied;
  if (err !== ErrorCode.Ok) return bareReply(err);
  if (type === OpCode.create) return replyOf(pathRecord, { path: path ?? '' });
  if (stat === null) return bareReply(err);
  return path === null ? replyOf(statReply, { stat }) : replyOf(create2Reply, { path, stat });
}

function multiResultOf({ type, err, path, stat }: Applied): MultiResult {
  if (type === OpCode.error) return { type, err };
  if (type === OpCode.create) return { type, path: path ?? '' };
  if (stat !== null && path !== null) return { type: OpCode.create2, path, stat };
  if (stat !== null) return { type: OpCode.setData, stat };
  return { type: type === OpCode.check ? type : OpCode.delete };
}
