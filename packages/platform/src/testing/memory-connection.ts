import { assert, crc32c, Queue } from '@biquorum/std';
import type { Address, Connection, ConnectionHandlers, WriteDone } from '../network.ts';
import { NetworkError, type NetworkErrorCode } from '../network-error.ts';
import { type PendingWrite, WriteQueue } from '../write-queue.ts';
import type { HostLoop } from './host-loop.ts';

/** What travels between two ends, as in TCP: the handshake, bytes and their acknowledgement, the two kinds of end. */
export type Packet =
  | { readonly kind: 'syn' }
  | { readonly kind: 'synAck' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'open' }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'ack'; readonly count: number }
  | { readonly kind: 'fin' }
  | { readonly kind: 'reset' };

/** What an end of a connection is given by the host that it lives on. */
export interface MemoryConnectionOptions {
  readonly loop: HostLoop;
  readonly local: Address;
  readonly remote: Address;
  readonly send: (packet: Packet) => void;
  /** How many of so many bytes are delivered in one piece: at least 1. */
  readonly pieceOf: (length: number) => number;
  /** Called once nothing more can arrive for this end. */
  readonly onClosed: (connection: MemoryConnection) => void;
}

/** What the peer's system takes before its process has read anything, and ours before the peer has acknowledged. */
const WINDOW_BYTES = 256 * 1_024;
const SEGMENT_BYTES = 64 * 1_024;
/** Above so many queued bytes a caller is asked to wait. */
const WELCOME_BYTES = 256 * 1_024;

/** Bytes that were written, with a copy to send and to find out whether the caller has changed them too early. */
interface Outgoing {
  readonly chunks: readonly Uint8Array[];
  readonly copy: Uint8Array;
  readonly write: PendingWrite;
  sent: number;
}

/**
 * One end of an established connection in memory: flow control by acknowledgements, half-close, reset.
 *
 * It enforces what the port demands of its users: a delivered chunk is overwritten as soon as its handler returns, and
 * bytes that change between `write` and `done` are a broken invariant.
 */
export class MemoryConnection implements Connection {
  readonly local: Address;
  readonly remote: Address;
  readonly #options: MemoryConnectionOptions;
  readonly #writes = new WriteQueue();
  readonly #outgoing = new Queue<Outgoing>();
  readonly #inbox = new Queue<Uint8Array | 'end'>();
  #handlers: ConnectionHandlers | undefined;
  #paused = false;
  #delivering = false;
  #drainDue = false;
  #unacknowledged = 0;
  /** This side has called `end`; the system follows when all is sent. */
  #ended = false;
  #finSent = false;
  #endTold = false;
  /** `gone`: the process has ended, and its system answers in its stead. */
  #state: 'open' | 'closed' | 'told' | 'gone' = 'open';
  #failure: NetworkError | undefined;

  constructor(options: MemoryConnectionOptions) {
    this.#options = options;
    this.local = options.local;
    this.remote = options.remote;
  }

  get queuedBytes(): number {
    return this.#writes.bytes;
  }

  /** Bytes on their way, or with a peer that has not read them. */
  get unacknowledgedBytes(): number {
    return this.#unacknowledged;
  }

  start(handlers: ConnectionHandlers): void {
    const { loop, remote } = this.#options;
    loop.check();
    assert(this.#handlers === undefined, () => `connection to ${remote.host}:${remote.port} started twice`);
    this.#handlers = handlers;
    loop.after(0, () => {
      this.#deliver();
      this.#tellClosed();
    });
  }

  write(chunks: readonly Uint8Array[], done?: WriteDone): boolean {
    const { loop } = this.#options;
    loop.check();
    const copy = joined(chunks);
    const write = this.#writes.add(copy.length, done);
    if (this.#ended || this.#state !== 'open') {
      loop.after(0, () => this.#writes.settle(write, this.#failure ?? this.#error('closed', 'write')));
      return false;
    }
    this.#outgoing.push({ chunks: [...chunks], copy, write, sent: 0 });
    this.#pump();
    const welcome = this.#writes.bytes < WELCOME_BYTES;
    if (!welcome) this.#drainDue = true;
    return welcome;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#options.loop.check();
    if (!this.#paused) return;
    this.#paused = false;
    this.#options.loop.after(0, () => this.#deliver());
  }

  end(): void {
    this.#options.loop.check();
    if (this.#ended) return;
    this.#ended = true;
    if (this.#state === 'open') this.#pump();
  }

  abort(): void {
    this.#options.loop.check();
    if (this.#state !== 'open') return;
    this.#options.send({ kind: 'reset' });
    this.#fail(this.#error('aborted', 'close'));
  }

  /** A packet of the peer has arrived. To be called from an event. */
  receive(packet: Packet): void {
    switch (packet.kind) {
      case 'data':
        this.#options.loop.time.note(crc32c(packet.bytes));
        // Nobody is there to read it: as TCP does, say so.
        if (this.#state !== 'open') this.#options.send({ kind: 'reset' });
        else this.#inbox.push(packet.bytes);
        break;
      case 'fin':
        if (this.#state === 'open') this.#inbox.push('end');
        break;
      case 'ack':
        this.#unacknowledged -= packet.count;
        if (this.#state === 'open') this.#pump();
        break;
      case 'reset':
        if (this.#state === 'open') this.#fail(this.#error('reset', 'read'));
        else this.#options.onClosed(this);
        break;
      case 'syn':
      case 'synAck':
      case 'refused':
      case 'open':
        break;
    }
    this.#options.loop.enter(() => this.#deliver());
  }

  /**
   * The process has ended. Its system ends its connections too (with a reset if something was left unread), unless it
   * has lost its power as well.
   */
  abandon(powered: boolean): void {
    if (this.#state !== 'open') return;
    this.#state = 'gone';
    if (!powered) return;
    if (this.#inbox.size > 0) this.#options.send({ kind: 'reset' });
    else if (!this.#finSent) this.#options.send({ kind: 'fin' });
  }

  /** The system is back after the power failed, and knows nothing of this connection. */
  disown(): void {
    this.#options.send({ kind: 'reset' });
  }

  /** Sends what the peer has room for. */
  #pump(): void {
    const { loop, send } = this.#options;
    for (;;) {
      const outgoing = this.#outgoing.peek();
      if (outgoing === undefined) break;
      const { copy, sent } = outgoing;
      const length = Math.min(copy.length - sent, WINDOW_BYTES - this.#unacknowledged, SEGMENT_BYTES);
      if (length === 0 && copy.length > 0) return;
      if (length > 0) send({ kind: 'data', bytes: copy.subarray(sent, sent + length) });
      this.#unacknowledged += length;
      outgoing.sent += length;
      if (outgoing.sent < copy.length) continue;
      this.#outgoing.shift();
      loop.after(0, () => this.#taken(outgoing));
    }
    if (!this.#ended || this.#finSent) return;
    this.#finSent = true;
    send({ kind: 'fin' });
    loop.after(0, () => this.#closeInOrder());
  }

  /** The system has the bytes: they are the caller's again. */
  #taken({ chunks, copy, write }: Outgoing): void {
    let position = 0;
    for (const chunk of chunks) {
      assert(
        isSame(chunk, copy, position),
        () => `bytes for ${this.remote.host}:${this.remote.port} were changed before write was done`,
      );
      position += chunk.length;
    }
    this.#writes.settle(write, undefined);
    this.#closeInOrder();
    if (!this.#drainDue || this.#writes.bytes > 0 || this.#ended || this.#state !== 'open') return;
    this.#drainDue = false;
    this.#handlers?.drained();
  }

  #deliver(): void {
    const handlers = this.#handlers;
    if (handlers === undefined || this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#state === 'open' && !this.#paused) {
        const arrived = this.#inbox.peek();
        if (arrived === undefined) break;
        this.#inbox.shift();
        if (arrived === 'end') {
          this.#endTold = true;
          handlers.end();
        } else {
          this.#deliverPieces(handlers, arrived);
        }
      }
    } finally {
      this.#delivering = false;
    }
    this.#closeInOrder();
  }

  /** Hands bytes over in pieces of whatever length, as a network does, until delivery is paused. */
  #deliverPieces(handlers: ConnectionHandlers, bytes: Uint8Array): void {
    let position = 0;
    while (position < bytes.length && this.#state === 'open' && !this.#paused) {
      const length = this.#options.pieceOf(Math.min(bytes.length - position, SEGMENT_BYTES));
      const piece = scratch.subarray(0, length);
      piece.set(bytes.subarray(position, position + length));
      position += length;
      handlers.data(piece);
      // The memory is used for the next bytes: whoever kept it will notice.
      piece.fill(0xee);
    }
    if (position > 0) this.#options.send({ kind: 'ack', count: position });
    if (position < bytes.length && this.#state === 'open') this.#unread(bytes.subarray(position));
  }

  /** Puts bytes back in front. */
  #unread(bytes: Uint8Array): void {
    const rest = [...this.#inbox];
    this.#inbox.clear();
    this.#inbox.push(bytes);
    for (const arrived of rest) this.#inbox.push(arrived);
  }

  #closeInOrder(): void {
    if (this.#state !== 'open' || !this.#finSent || !this.#endTold || !this.#writes.idle) return;
    this.#close();
    this.#options.loop.after(0, () => this.#tellClosed());
  }

  #fail(error: NetworkError): void {
    this.#failure = error;
    this.#close();
    this.#options.loop.after(0, () => this.#tellClosed());
  }

  #close(): void {
    this.#state = 'closed';
    this.#outgoing.clear();
    this.#inbox.clear();
    this.#options.onClosed(this);
  }

  #tellClosed(): void {
    if (this.#state !== 'closed') return;
    this.#writes.settleAll(this.#failure ?? this.#error('closed', 'write'));
    if (this.#handlers === undefined) return;
    this.#state = 'told';
    this.#handlers.closed(this.#failure);
  }

  #error(code: NetworkErrorCode, operation: 'read' | 'write' | 'close'): NetworkError {
    const { host, port } = this.remote;
    return new NetworkError(code, { operation, host, port });
  }
}

/** The one buffer into which all connections read. */
const scratch: Uint8Array = new Uint8Array(SEGMENT_BYTES);

function isSame(chunk: Uint8Array, copy: Uint8Array, position: number): boolean {
  for (let index = 0; index < chunk.length; index++) if (chunk[index] !== copy[position + index]) return false;
  return true;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let position = 0;
  for (const chunk of chunks) {
    whole.set(chunk, position);
    position += chunk.length;
  }
  return whole;
}
