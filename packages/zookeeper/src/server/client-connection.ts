import { Queue } from '@biquorum/std';
import { ErrorCode, type Id, type LoggedTxn, OpCode, type Zxid } from '@biquorum/zookeeper-wire';
import type { Applied } from '../tree/apply-txn.ts';
import type { Change } from '../tree/watches.ts';
import type { ReadRequest } from './client-request.ts';
import { eventFrame, type Reply, replyFrame } from './reply.ts';

/** The bytes' side of a connection. */
export interface ClientLink {
  /** The peer's address, without port. */
  readonly remoteHost: string;
  /** Sends a frame with its size prefix. */
  send(frame: Uint8Array): void;
  /** Ends it once everything sent has gone out. */
  end(): void;
  /** Stops or resumes to give requests. */
  setPaused(paused: boolean): void;
}

/** Why a watch is told with this zxid: none stands behind what `setWatches` finds. */
const NO_ZXID = -1;

/** What waits for its answer, in the order of the requests. */
export type Waiting =
  | { readonly kind: 'write'; readonly xid: number; readonly type: number; done: Reply | null }
  | { readonly kind: 'read'; readonly xid: number; readonly read: ReadRequest }
  | { readonly kind: 'sync'; readonly xid: number; readonly path: string; done: boolean };

/**
 * A client's connection: its session, its identities, and the requests that wait. Answers leave in the order of the
 * requests; a read waits for the writes before it, and for nothing else.
 */
export class ClientConnection {
  readonly link: ClientLink;
  readonly waiting: Queue<Waiting> = new Queue();
  ids: Id[];
  sessionId = 0n;
  timeoutMs = 0;
  state: 'fresh' | 'connecting' | 'open' | 'closed' = 'fresh';
  /** Whether the client understands the read-only flag. */
  knowsReadOnly = true;
  paused = false;

  constructor(link: ClientLink) {
    this.link = link;
    this.ids = [{ scheme: 'ip', id: link.remoteHost }];
  }

  /** The oldest write without an answer, which the next transaction of the session answers. */
  nextWrite(xid: number): Extract<Waiting, { kind: 'write' }> | undefined {
    for (const one of this.waiting)
      if (one.kind === 'write' && one.done === null) return one.xid === xid ? one : undefined;
    return undefined;
  }

  notify(change: Change, zxid: Zxid = NO_ZXID): void {
    if (this.state !== 'closed') this.link.send(eventFrame(change, zxid));
  }

  reply(xid: number, zxid: Zxid, reply: Reply): void {
    if (this.state !== 'closed') this.link.send(replyFrame(xid, zxid, reply));
  }
}

/** Whether this transaction ends the session of who asked for it. */
export function endsSession({ body }: LoggedTxn): boolean {
  return body.type === OpCode.closeSession;
}

/** The error that a client is told of a transaction. Those of a multi stand in its body. */
export function errorOf({ type, err }: Applied): number {
  return type === OpCode.multi ? ErrorCode.Ok : err;
}
