import type { Connection, NetworkError } from '@biquorum/platform';
import { type FrameFault, type FramePool, FrameReader } from '@biquorum/std';
import type { BufferPool } from './buffer-pool.ts';
import { type Segment, SendQueue } from './send-queue.ts';

/** What becomes of one request. */
export type Reply =
  /** A response without its size prefix; afterwards the connection is muted for so long (a quota was exceeded). */
  | {
      readonly kind: 'response';
      readonly segments: readonly Segment[];
      readonly muteMs?: number;
      /** The request's frame, if nothing holds on to it any more: other frames may be put into its memory. */
      readonly spentFrame?: Uint8Array;
    }
  /** The request wants no response (Produce with acks=0). */
  | { readonly kind: 'silence'; readonly spentFrame?: Uint8Array }
  /** Kafka drops the connection in such a case. */
  | { readonly kind: 'close'; readonly reason: string };

/** How much one connection may ask of the broker at once. */
export interface ConnectionLimits {
  /** `socket.request.max.bytes`. */
  readonly requestBytesMax: number;
  /** Requests that may be worked on at once; responses keep the order of the requests. */
  readonly requestsInFlightMax: number;
  /** While more response bytes than this wait for the peer, no further request is read. */
  readonly responseBytesMax: number;
}

/** Memory that the connections of a server share. */
export interface ConnectionMemory {
  readonly sendBuffers: BufferPool;
  readonly frames: FramePool;
}

/** What a connection tells the server that it belongs to. */
export interface ConnectionOwner {
  /** Serves a request. Called in the order of the requests; the replies may come in any order. */
  serve(frame: Uint8Array): Reply | Promise<Reply>;
  /** Something arrived or left: the connection is not idle. */
  active(): void;
  /** A frame that cannot be one; the connection is dropped. */
  faulty(fault: FrameFault): void;
  /** The connection drops itself for this reason. */
  dropping(reason: string): void;
  /** It is over. Called once. */
  closed(error: NetworkError | undefined): void;
  /** Calls back after a time, unless the connection is closed before. */
  after(delayMs: number, callback: () => void): void;
}

/**
 * One client's connection: requests in, responses out in the same order.
 *
 * Requests are started in order, one after the other; those that have to wait (for replication, for data) do not hold
 * up the next ones, up to a limit. Back-pressure is muting: when too much is in flight, or the peer does not read, or a
 * quota says so, nothing more is read from the socket.
 */
export class ClientConnection {
  readonly #connection: Connection;
  readonly #limits: ConnectionLimits;
  readonly #owner: ConnectionOwner;
  readonly #memory: ConnectionMemory;
  readonly #frames: FrameReader;
  readonly #sender: SendQueue;
  /** Frames that arrived in one chunk with others, over the limit. */
  readonly #arrived: Uint8Array[] = [];
  /** Requests in the order of arrival; the first one's reply is the next to be sent. */
  readonly #exchanges: Exchange[] = [];
  #paused = false;
  #throttled = false;
  #inputEnded = false;
  #closed = false;

  constructor(connection: Connection, limits: ConnectionLimits, memory: ConnectionMemory, owner: ConnectionOwner) {
    this.#connection = connection;
    this.#limits = limits;
    this.#owner = owner;
    this.#memory = memory;
    this.#frames = new FrameReader(limits.requestBytesMax, (frame) => this.#arrived.push(frame), memory.frames);
    this.#sender = new SendQueue(connection, memory.sendBuffers, {
      failed: (error) => this.drop(String(error)),
      idle: () => {
        // What was muted for too much in the queue hears of it here if the socket never filled up.
        this.#proceed();
        this.#endWhenIdle();
      },
    });
  }

  /** Begins to read. */
  start(): void {
    this.#connection.start({
      data: (chunk) => this.#data(chunk),
      end: () => {
        this.#inputEnded = true;
        this.#endWhenIdle();
      },
      drained: () => {
        this.#sender.drained();
        this.#proceed();
      },
      closed: (error) => this.#onClosed(error),
    });
  }

  /** Requests that have no response yet. */
  get inFlight(): number {
    return this.#exchanges.length;
  }

  /** Drops the connection at once. */
  drop(reason: string): void {
    if (this.#closed) return;
    this.#owner.dropping(reason);
    this.#connection.abort();
  }

  /** Reads nothing more, answers what has been asked, then closes. */
  finish(): void {
    this.#inputEnded = true;
    this.#arrived.length = 0;
    // A muted connection would not tell of the peer's end; what still comes is thrown away.
    this.#unmute();
    this.#endWhenIdle();
  }

  #data(chunk: Uint8Array): void {
    if (this.#inputEnded) return;
    this.#owner.active();
    const fault = this.#frames.push(chunk);
    if (fault !== null) {
      this.#owner.faulty(fault);
      this.#connection.abort();
      return;
    }
    this.#proceed();
  }

  /** Starts what may be started, and mutes or unmutes the socket. */
  #proceed(): void {
    while (this.#arrived.length > 0 && this.#mayBegin()) this.#begin(this.#arrived.shift() as Uint8Array);
    const mute = this.#arrived.length > 0 || !this.#mayBegin();
    if (mute === this.#paused || this.#closed || this.#inputEnded) return;
    if (!mute) {
      this.#unmute();
      return;
    }
    this.#paused = true;
    this.#connection.pause();
  }

  #unmute(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#connection.resume();
  }

  #mayBegin(): boolean {
    return (
      !this.#throttled &&
      !this.#closed &&
      this.#exchanges.length < this.#limits.requestsInFlightMax &&
      this.#sender.queuedBytes <= this.#limits.responseBytesMax
    );
  }

  #begin(frame: Uint8Array): void {
    const exchange: Exchange = { reply: undefined };
    this.#exchanges.push(exchange);
    const reply = this.#owner.serve(frame);
    if (reply instanceof Promise) {
      reply.then(
        (later) => this.#answer(exchange, later),
        (error: unknown) => this.#answer(exchange, { kind: 'close', reason: `the request failed: ${String(error)}` }),
      );
    } else this.#answer(exchange, reply);
  }

  #answer(exchange: Exchange, reply: Reply): void {
    exchange.reply = reply;
    if (reply.kind !== 'close' && reply.spentFrame !== undefined) this.#memory.frames.release(reply.spentFrame);
    if (this.#closed) {
      releaseReply(reply);
      return;
    }
    while (this.#exchanges[0]?.reply !== undefined) {
      const { reply: next } = this.#exchanges.shift() as Required<Exchange>;
      if (!this.#send(next as Reply)) return;
    }
    this.#proceed();
    this.#endWhenIdle();
  }

  #send(reply: Reply): boolean {
    switch (reply.kind) {
      case 'silence':
        return true;
      case 'close':
        this.drop(reply.reason);
        return false;
      case 'response':
        this.#owner.active();
        this.#sender.send(withSize(reply.segments));
        if (reply.muteMs !== undefined && reply.muteMs > 0) this.#throttle(reply.muteMs);
        return true;
    }
  }

  #throttle(muteMs: number): void {
    this.#throttled = true;
    this.#owner.after(muteMs, () => {
      this.#throttled = false;
      this.#proceed();
    });
  }

  #endWhenIdle(): void {
    const idle = this.#exchanges.length === 0 && this.#arrived.length === 0 && !this.#sender.sending;
    if (this.#inputEnded && idle) this.#connection.end();
  }

  #onClosed(error: NetworkError | undefined): void {
    this.#closed = true;
    this.#arrived.length = 0;
    this.#sender.close();
    for (const { reply } of this.#exchanges.splice(0)) releaseReply(reply);
    this.#owner.closed(error);
  }
}

interface Exchange {
  reply: Reply | undefined;
}

/** Up to so many bytes, putting size and response together costs less than handing the system two pieces. */
const JOINED_BYTES_MAX = 4 * 1024;

/** The response with its size in front. */
function withSize(segments: readonly Segment[]): readonly Segment[] {
  let size = 0;
  for (const segment of segments) size += segment.byteLength;
  const [only] = segments;
  const joined = segments.length === 1 && only instanceof Uint8Array && size <= JOINED_BYTES_MAX;
  const first = new Uint8Array(joined ? 4 + size : 4);
  new DataView(first.buffer).setInt32(0, size);
  if (!joined) return [first, ...segments];
  first.set(only, 4);
  return [first];
}

function releaseReply(reply: Reply | undefined): void {
  if (reply?.kind !== 'response') return;
  for (const segment of reply.segments) if (!(segment instanceof Uint8Array)) segment.release();
}
