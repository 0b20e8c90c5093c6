import type { Connection, Network, NetworkError, Timer, Timers } from '@biquorum/platform';
import { FrameReader } from '@biquorum/std';

/** Whom to call, and how long to wait for it. */
export interface PeerAddress {
  readonly host: string;
  readonly port: number;
}

/** How patient a channel is. */
export interface PeerOptions {
  readonly connectTimeoutMs: number;
  /** An answer later than this ends the connection: `request.timeout.ms` or `replica.socket.timeout.ms`. */
  readonly requestTimeoutMs: number;
  /** A larger response ends the connection. */
  readonly responseBytesMax: number;
}

/** Why a request to a peer has no answer. It may or may not have taken effect there. */
export class PeerError extends Error {
  override readonly name: string = 'PeerError';
  readonly code: 'unreachable' | 'disconnected' | 'timeout' | 'malformed' | 'closed';

  constructor(code: PeerError['code'], address: PeerAddress, cause?: unknown) {
    const reasons: Record<PeerError['code'], string> = {
      unreachable: 'cannot be reached',
      disconnected: 'closed the connection before it answered',
      timeout: 'did not answer in time',
      malformed: 'answered with bytes that are no response',
      closed: 'was not asked: this node stops',
    };
    super(`node at ${address.host}:${address.port} ${reasons[code]}`, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/**
 * A connection to another node that is made when it is needed and made anew after it broke.
 *
 * Requests may be sent before earlier ones are answered; answers come in order. Each frame's fifth to eighth byte is
 * its correlation id, which this class chooses.
 */
export class PeerChannel {
  readonly address: PeerAddress;
  readonly #ports: { readonly network: Network; readonly timers: Timers };
  readonly #options: PeerOptions;
  readonly #waiting: Waiting[] = [];
  #connection: Connection | undefined;
  #connecting: Promise<Connection> | undefined;
  /** Ends what waits for the connection; the dialling goes on, and its connection is dropped. */
  #giveUpConnecting: ((error: PeerError) => void) | undefined;
  #nextCorrelationId = 0;
  #closed = false;

  constructor(
    ports: { readonly network: Network; readonly timers: Timers },
    address: PeerAddress,
    options: PeerOptions,
  ) {
    this.#ports = ports;
    this.address = address;
    this.#options = options;
  }

  /**
   * Sends a request and resolves with the response's frame, without size prefix and beginning with the correlation id.
   *
   * @param makeFrame makes the frame, header included, for the correlation id given
   * @throws PeerError
   */
  async request(makeFrame: (correlationId: number) => readonly Uint8Array[]): Promise<Uint8Array> {
    const connection = this.#connection ?? (await this.#connect());
    if (this.#closed) throw new PeerError('closed', this.address);
    this.#nextCorrelationId = (this.#nextCorrelationId + 1) & 0x7fff_ffff;
    const correlationId = this.#nextCorrelationId;
    const frame = makeFrame(correlationId);
    let size = 0;
    for (const piece of frame) size += piece.length;
    const prefix = new Uint8Array(4);
    new DataView(prefix.buffer).setInt32(0, size);
    return new Promise((resolve, reject) => {
      const timer = this.#ports.timers.set(this.#options.requestTimeoutMs, () => this.#fail('timeout'));
      this.#waiting.push({ correlationId, resolve, reject, timer });
      connection.write([prefix, ...frame]);
    });
  }

  /** Drops the connection; requests in flight fail at once, those that wait for a connection as well, and later ones. */
  close(): void {
    this.#closed = true;
    this.#fail('closed');
    this.#giveUpConnecting?.(new PeerError('closed', this.address));
  }

  #connect(): Promise<Connection> {
    this.#connecting ??= new Promise<Connection>((resolve, reject) => {
      this.#giveUpConnecting = reject;
      this.#dial().then(resolve, reject);
    }).finally(() => {
      this.#connecting = undefined;
      this.#giveUpConnecting = undefined;
    });
    return this.#connecting;
  }

  async #dial(): Promise<Connection> {
    if (this.#closed) throw new PeerError('closed', this.address);
    let connection: Connection;
    try {
      connection = await this.#ports.network.dial({ ...this.address, timeoutMs: this.#options.connectTimeoutMs });
    } catch (error) {
      throw new PeerError('unreachable', this.address, error);
    }
    if (this.#closed) {
      connection.start(NO_HANDLERS);
      connection.abort();
      throw new PeerError('closed', this.address);
    }
    this.#connection = connection;
    const frames = new FrameReader(this.#options.responseBytesMax, (frame) => this.#received(frame));
    connection.start({
      data: (chunk) => {
        if (frames.push(chunk) !== null) this.#fail('malformed');
      },
      end: () => this.#fail('disconnected'),
      drained: () => {},
      closed: (error) => {
        if (this.#connection === connection) this.#fail('disconnected', error);
      },
    });
    return connection;
  }

  #received(frame: Uint8Array): void {
    const next = this.#waiting[0];
    const correlationId = frame.length < 4 ? -1 : new DataView(frame.buffer, frame.byteOffset).getInt32(0);
    if (next === undefined || next.correlationId !== correlationId) {
      this.#fail('malformed');
      return;
    }
    this.#waiting.shift();
    next.timer.cancel();
    next.resolve(frame);
  }

  #fail(code: PeerError['code'], cause?: NetworkError): void {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.abort();
    for (const { timer, reject } of this.#waiting.splice(0)) {
      timer.cancel();
      reject(new PeerError(code, this.address, cause));
    }
  }
}

interface Waiting {
  readonly correlationId: number;
  readonly resolve: (frame: Uint8Array) => void;
  readonly reject: (error: PeerError) => void;
  readonly timer: Timer;
}

const NO_HANDLERS = { data: () => {}, end: () => {}, drained: () => {}, closed: () => {} };
