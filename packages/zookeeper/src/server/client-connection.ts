import { Queue } from '@biquorum/std';
import { type Id, OpCode, type Zxid } from '@biquorum/zookeeper-wire';
import type { Change } from '../tree/watches.ts';
import type { ReadRequest } from './client-request.ts';
import { eventFrame, type Reply, replyFrame } from './reply.ts';
import { ConnectionStats } from './server-stats.ts';

/** The bytes' side of a connection. */
export interface ClientLink {
  /** The peer's address, without port. */
  readonly remoteHost: string;
  /** The peer's port; 0 where there is none. */
  readonly remotePort?: number;
  /** Sends a frame with its size prefix. The bytes are borrowed for the call. */
  send(frame: Uint8Array): void;
  /** Ends it once everything sent has gone out. */
  end(): void;
  /** Stops or resumes to give requests. */
  setPaused(paused: boolean): void;
}

/** Why a watch is told with this zxid: none stands behind what `setWatches` finds. */
const NO_ZXID = -1;

interface Asked {
  readonly xid: number;
  /** The operation. */
  readonly type: number;
  /** When it came, by the server's clock. */
  readonly sinceMs: number;
  /** What it counts against `largeRequestMaxBytes`. */
  readonly largeBytes: number;
}

/** What waits for its answer, in the order of the requests. */
export type Waiting = Asked &
  (
    | { readonly kind: 'write'; done: Reply | null }
    | { readonly kind: 'read'; readonly read: ReadRequest }
    | { readonly kind: 'sync'; readonly path: string; done: boolean }
    /** Its error is known already. */
    | { readonly kind: 'refused'; readonly err: number }
  );

/**
 * A client's connection: its session, its identities, and the requests that wait. Answers leave in the order of the
 * requests; a read waits for the writes before it, and for nothing else.
 */
export class ClientConnection {
  readonly link: ClientLink;
  readonly waiting: Queue<Waiting> = new Queue();
  readonly stats: ConnectionStats = new ConnectionStats();
  ids: Id[];
  sessionId = 0n;
  timeoutMs = 0;
  /** When it connected, by the wall clock. */
  establishedMs = 0;
  /** When it asked for its session, by the monotonic clock. */
  sinceMs = 0;
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

  /** @returns The size of what was sent, 0 when nothing was. */
  notify(change: Change, zxid: Zxid = NO_ZXID): number {
    return this.#send(eventFrame(change, zxid));
  }

  /** @returns The size of what was sent, 0 when nothing was. */
  reply(xid: number, zxid: Zxid, reply: Reply): number {
    return this.#send(replyFrame(xid, zxid, reply));
  }

  #send(frame: Uint8Array): number {
    if (this.state === 'closed') return 0;
    this.link.send(frame);
    this.stats.sent++;
    return frame.length;
  }
}

/** How an answer names its request: that of a ping is fixed, whatever the client wrote. */
export function answeredXid({ xid, type }: Waiting): number {
  return type === OpCode.ping ? PING_XID : xid;
}

const PING_XID = -2;
