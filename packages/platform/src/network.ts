import type { NetworkError } from './network-error.ts';

/** One end of a connection, or the place where a listener waits. IPv6 addresses stand without brackets. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Byte streams between hosts: TCP in production, memory under the simulator. */
export interface Network {
  /**
   * Binds and listens. Every accepted connection is handed to `onConnection` not yet started.
   *
   * @returns once connections are accepted.
   * @throws NetworkError (as a rejection) `address-in-use`, `address-unavailable`, `unknown-host`, `not-permitted`.
   */
  listen(options: ListenOptions, onConnection: (connection: Connection) => void): Promise<Listener>;

  /**
   * Connects. Looking up the host's name counts against the timeout.
   *
   * @returns a connection that is not yet started.
   * @throws NetworkError (as a rejection) `refused`, `timeout`, `unreachable`, `unknown-host`, `reset`.
   */
  dial(options: DialOptions): Promise<Connection>;

  /**
   * The name under which other hosts find this one: in full, as the name service has it for the address that this
   * host's own name leads to; that address, where the service has no name for it.
   *
   * @throws NetworkError (as a rejection) `unknown-host` when this host's own name does not resolve.
   */
  canonicalHostName(): Promise<string>;
}

/** Where to listen. */
export interface ListenOptions {
  /** A name or an address of this machine; `0.0.0.0` or `::` for all of them. */
  readonly host: string;
  /** 0 lets the system choose; {@link Listener.address} then tells the port. */
  readonly port: number;
  /** How many connections may wait to be accepted; the system has a limit of its own. By default 511. */
  readonly backlog?: number;
}

/** Whom to call, and how long to try. */
export interface DialOptions {
  readonly host: string;
  readonly port: number;
  /** After so many milliseconds the attempt is given up with `timeout`. */
  readonly timeoutMs: number;
}

/** A bound port. */
export interface Listener {
  /** The host that was asked for, and the port, if need be as the system chose it. */
  readonly address: Address;

  /** Stops accepting and frees the port. Connections accepted before live on. Idempotent. */
  close(): Promise<void>;
}

/**
 * A stream of bytes in both directions, each of which ends on its own (half-close).
 *
 * Invariants: no handler is called before `start`, nor from inside a method of the connection. `closed` is called
 * exactly once, and after it nothing more. Bytes written are sent at once; to send few and large packets, gather them
 * into one `write`.
 */
export interface Connection {
  readonly local: Address;
  readonly remote: Address;

  /** Bytes accepted by `write` and not yet taken by the system. Their `done` callbacks are outstanding. */
  readonly queuedBytes: number;

  /** Begins delivery. To be called once, at any time; what arrives before it waits. */
  start(handlers: ConnectionHandlers): void;

  /**
   * Sends the chunks in order, as one gathered write.
   *
   * The array is only borrowed for the call. The bytes belong to the connection until `done` is called, and must not
   * change before it; after it, whatever its argument, they are the caller's again and a pooled buffer can be reused.
   * `done` is called exactly once and in the order of the writes: without an error as soon as the system has taken
   * the bytes (which does not mean that the peer has them), otherwise with the reason why they were not sent in
   * full. A write that was made before `closed` is answered before it. One after `end`, `abort` or `closed` sends
   * nothing, and is answered in the same way.
   *
   * @returns true while more is welcome. After false the connection still accepts bytes and holds them, but the caller
   * should wait for {@link ConnectionHandlers.drained}.
   */
  write(chunks: readonly Uint8Array[], done?: WriteDone): boolean;

  /** Stops delivery: after it, no `data` and no `end` until `resume`. The peer soon feels it as back-pressure. */
  pause(): void;

  /** Takes delivery up again. */
  resume(): void;

  /** Ends this direction once everything written has been sent. The peer sees `end` and may go on sending. Idempotent. */
  end(): void;

  /**
   * Drops the connection at once (TCP reset): what is queued is not sent, what has arrived is not delivered. The peer
   * sees `reset`; here `closed` follows with `aborted`. Idempotent, and without effect after `closed`.
   */
  abort(): void;
}

/** Called when the connection no longer needs the bytes of a write; see {@link Connection.write}. */
export type WriteDone = (error?: NetworkError) => void;

/** What a connection tells its owner. */
export interface ConnectionHandlers {
  /**
   * Bytes have arrived. The chunk is borrowed: it is valid until the handler returns, and then its memory is used for
   * the next bytes. Copy what is to be kept. Chunks are never empty and respect no boundaries of the peer's writes.
   */
  data(chunk: Uint8Array): void;

  /** The peer has ended its direction; there will be no more `data`. This direction stays open until `end`. */
  end(): void;

  /** More is welcome: the queue has emptied after a `write` that returned false. Not told after `end` or `abort`. */
  drained(): void;

  /** All is over: without an error when both directions have ended in order, else with the reason. */
  closed(error?: NetworkError): void;
}
