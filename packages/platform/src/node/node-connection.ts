import type { Socket } from 'node:net';
import { assert } from '@biquorum/std';
import type { Address, Connection, ConnectionHandlers, WriteDone } from '../network.ts';
import { NetworkError } from '../network-error.ts';
import { WriteQueue } from '../write-queue.ts';
import { networkError } from './network-fault.ts';

/** Above so many queued bytes a caller is asked to wait. The system's own buffer, of megabytes, comes before it. */
const WELCOME_BYTES = 256 * 1_024;

const NOTHING: Uint8Array = new Uint8Array(0);

/**
 * A TCP socket as a connection. The socket is handed over paused and with `allowHalfOpen`, and whoever made it leads
 * arriving bytes to {@link NodeConnection.received}.
 */
export class NodeConnection implements Connection {
  readonly local: Address;
  readonly remote: Address;
  readonly #socket: Socket;
  readonly #writes = new WriteQueue();
  #handlers: ConnectionHandlers | undefined;
  #paused = false;
  #drainDue = false;
  /** This side has ended its direction, or dropped the connection. */
  #ended = false;
  /** Whether the peer has ended its direction, and whether that has been told. */
  #peerEnd: 'open' | 'untold' | 'told' = 'open';
  /** Whether the socket is closed, and whether that has been told. */
  #close: 'open' | 'untold' | 'told' = 'open';
  #failure: NetworkError | undefined;

  constructor(socket: Socket, local: Address, remote: Address) {
    this.#socket = socket;
    this.local = local;
    this.remote = remote;
    socket.on('end', () => this.#peerEnded());
    socket.on('error', (cause) => this.#failed(cause));
    socket.on('close', () => this.#closed());
  }

  get queuedBytes(): number {
    return this.#writes.bytes;
  }

  start(handlers: ConnectionHandlers): void {
    assert(this.#handlers === undefined, () => `connection to ${this.remote.host}:${this.remote.port} started twice`);
    this.#handlers = handlers;
    if (this.#close !== 'open') setImmediate(() => this.#tell());
    else if (!this.#paused) this.#socket.resume();
  }

  /** Delivers bytes. @returns False when delivery has been paused meanwhile. */
  received(chunk: Uint8Array): boolean {
    if (this.#failure === undefined) this.#handlers?.data(chunk);
    return !this.#paused;
  }

  write(chunks: readonly Uint8Array[], done?: WriteDone): boolean {
    const filled = chunks.every(isFilled) ? chunks : chunks.filter(isFilled);
    const write = this.#writes.add(totalLength(filled), done);
    const socket = this.#socket;
    if (this.#ended || !socket.writable) {
      setImmediate(() => this.#writes.settle(write, this.#failure ?? this.#error('closed', 'write')));
      return false;
    }
    // A failure also comes as an event of the socket, which settles all writes with one reason.
    const sent = (cause?: Error | null): void => {
      if (cause) return;
      this.#writes.settle(write, undefined);
      this.#tellDrained();
    };
    if (filled.length === 0) setImmediate(sent);
    else gather(socket, filled, sent);
    const welcome = this.#writes.bytes < WELCOME_BYTES;
    if (!welcome) this.#drainDue = true;
    return welcome;
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#handlers === undefined) return;
    this.#socket.resume();
    if (this.#peerEnd === 'untold' || this.#close === 'untold') setImmediate(() => this.#tell());
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.end();
  }

  abort(): void {
    if (this.#close === 'told' || this.#failure !== undefined) return;
    this.#ended = true;
    this.#failure = this.#error('aborted', 'close');
    // Both directions have ended, but the connection was paused and its end is not told: nobody need wait for it now.
    if (this.#close === 'untold') setImmediate(() => this.#tell());
    else if (this.#isShuttingDown) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  /** libuv does not reset what it is about to shut down: the socket would stay open for ever, and hold the process up. */
  get #isShuttingDown(): boolean {
    const { writableEnded, writableLength, writableFinished } = this.#socket;
    return writableEnded && writableLength === 0 && !writableFinished;
  }

  /**
   * The libuv of Node 22 takes a reset that stands behind unread bytes for an end. They differ in that a connection
   * which was reset takes no write, not even an empty one. Writes under way will find that out by themselves.
   */
  #peerEnded(): void {
    const tellEnd = (cause?: Error | null): void => {
      if (cause) return;
      this.#peerEnd = 'untold';
      this.#tell();
    };
    if (this.#ended || !this.#writes.idle) tellEnd();
    else this.#socket.write(NOTHING, tellEnd);
  }

  #failed(cause: Error): void {
    const { host, port } = this.remote;
    this.#failure ??= networkError(cause, { operation: 'read', host, port });
  }

  #closed(): void {
    this.#close = 'untold';
    this.#writes.settleAll(this.#failure ?? this.#error('closed', 'write'));
    this.#tell();
  }

  /** Tells of the ends that have come, in order: an orderly close waits for the peer's end, and that for `resume`. */
  #tell(): void {
    const handlers = this.#handlers;
    if (handlers === undefined) return;
    if (this.#peerEnd === 'untold' && this.#failure === undefined) {
      if (this.#paused) return;
      this.#peerEnd = 'told';
      handlers.end();
    }
    if (this.#close !== 'untold') return;
    this.#close = 'told';
    handlers.closed(this.#failure);
  }

  #tellDrained(): void {
    if (!this.#drainDue || this.#writes.bytes > 0 || this.#ended) return;
    this.#drainDue = false;
    this.#handlers?.drained();
  }

  #error(code: 'closed' | 'aborted', operation: 'write' | 'close'): NetworkError {
    return new NetworkError(code, { operation, host: this.remote.host, port: this.remote.port });
  }
}

/** One system call for all chunks, as far as the system takes them. */
function gather(socket: Socket, chunks: readonly Uint8Array[], sent: (cause?: Error | null) => void): void {
  const last = chunks.length - 1;
  if (last > 0) {
    socket.cork();
    for (let index = 0; index < last; index++) socket.write(chunks[index] as Uint8Array);
  }
  socket.write(chunks[last] as Uint8Array, sent);
  if (last > 0) socket.uncork();
}

function isFilled(chunk: Uint8Array): boolean {
  return chunk.length > 0;
}

function totalLength(chunks: readonly Uint8Array[]): number {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  return length;
}
