import type { Connection, Listener, Network, Telemetry, Timer, Timers } from '@biquorum/platform';
import { BufferPool } from './buffer-pool.ts';
import { ClientConnection, type ConnectionLimits, type Reply } from './client-connection.ts';

/** A connection as those see it who serve its requests. */
export interface ConnectionIdentity {
  /** Counts connections of this broker. */
  readonly id: number;
  /** Name of the listener that accepted it. */
  readonly listener: string;
  readonly remoteHost: string;
  readonly remotePort: number;
}

/** What a server may take on. */
export interface ServerLimits extends ConnectionLimits {
  /** `connections.max.idle.ms`; a connection with a request in flight is not idle. */
  readonly idleMsMax: number;
  /** `max.connections`: those over it are closed at once. */
  readonly connectionsMax: number;
  /** `max.connections.per.ip`. */
  readonly connectionsPerHostMax: number;
}

/** Serves the requests of all connections; `forget` is called when a connection is over. */
export interface RequestService {
  serve(connection: ConnectionIdentity, frame: Uint8Array): Reply | Promise<Reply>;
  forget(connection: ConnectionIdentity): void;
}

/** Where one listener binds. */
export interface BindAddress {
  readonly listener: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** `socket.listen.backlog.size`. */
  readonly backlog: number;
}

/** File payloads are sent in pieces of this size. */
const SEND_BUFFER_BYTES = 256 * 1024;
const SEND_BUFFERS_KEPT = 64;

/**
 * All listeners of a broker and their connections.
 *
 * Ports are bound before the broker is a member of the cluster; requests are taken up once {@link ListenerServer.open}
 * says so. Until then connections are accepted and wait.
 */
export class ListenerServer {
  readonly #ports: { readonly network: Network; readonly timers: Timers; readonly telemetry: Telemetry };
  readonly #limits: ServerLimits;
  readonly #service: RequestService;
  readonly #buffers: BufferPool = new BufferPool(SEND_BUFFER_BYTES, SEND_BUFFERS_KEPT);
  readonly #listeners: Map<string, Listener> = new Map();
  readonly #connections: Set<Served> = new Set();
  readonly #perHost: Map<string, number> = new Map();
  #lastId = 0;
  #open = false;
  #closing = false;
  #onEmpty: (() => void) | undefined;

  constructor(
    ports: { readonly network: Network; readonly timers: Timers; readonly telemetry: Telemetry },
    limits: ServerLimits,
    service: RequestService,
  ) {
    this.#ports = ports;
    this.#limits = limits;
    this.#service = service;
  }

  /** How many connections there are. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Binds one listener and tells the port. @throws NetworkError when it cannot be bound. */
  async bind(address: BindAddress): Promise<number> {
    const { listener, host, port, backlog } = address;
    const bound = await this.#ports.network.listen(
      { host: host === '' ? '0.0.0.0' : host, port, backlog },
      (accepted) => this.#accept(listener, accepted),
    );
    this.#listeners.set(listener, bound);
    return bound.address.port;
  }

  /** From now on requests are served, those that wait first. */
  open(): void {
    this.#open = true;
    for (const served of this.#connections) served.connection.start();
  }

  /** Stops accepting; answers what is being worked on, then closes. Resolves when all connections are gone. */
  async close(deadlineMs: number): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#listeners.values()].map((listener) => listener.close()));
    this.#listeners.clear();
    for (const served of [...this.#connections]) served.connection.finish();
    if (this.#connections.size === 0) return;
    const timer = this.#ports.timers.set(deadlineMs, () => {
      for (const served of [...this.#connections]) served.connection.drop('the broker stops');
    });
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    timer.cancel();
  }

  #accept(listener: string, accepted: Connection): void {
    const { host, port } = accepted.remote;
    const fromHost = (this.#perHost.get(host) ?? 0) + 1;
    const refusal = this.#refusal(fromHost);
    if (refusal !== null) {
      this.#ports.telemetry.log('warn', 'connection refused', { listener, host, reason: refusal });
      accepted.start(NO_HANDLERS);
      accepted.abort();
      return;
    }
    this.#perHost.set(host, fromHost);
    this.#lastId += 1;
    const identity: ConnectionIdentity = { id: this.#lastId, listener, remoteHost: host, remotePort: port };
    const served = this.#serve(identity, accepted);
    this.#connections.add(served);
    if (this.#open) served.connection.start();
  }

  #refusal(fromHost: number): string | null {
    if (this.#closing) return 'the broker stops';
    if (this.#connections.size >= this.#limits.connectionsMax) {
      return `there are ${this.#connections.size} connections; raise max.connections`;
    }
    if (fromHost > this.#limits.connectionsPerHostMax) {
      return `this host has ${fromHost - 1} connections; raise max.connections.per.ip`;
    }
    return null;
  }

  #serve(identity: ConnectionIdentity, accepted: Connection): Served {
    const { timers, telemetry } = this.#ports;
    const { idleMsMax } = this.#limits;
    let idle: Timer | undefined;
    const waits = new Set<Timer>();
    const watchIdle = (): void => {
      idle?.cancel();
      idle = timers.set(idleMsMax, () => {
        if (connection.inFlight > 0) watchIdle();
        else connection.drop(`idle for ${idleMsMax} ms`);
      });
    };
    const connection = new ClientConnection(accepted, this.#limits, this.#buffers, {
      serve: (frame) => this.#service.serve(identity, frame),
      active: watchIdle,
      faulty: (fault) =>
        telemetry.log('warn', 'connection dropped for its bytes', { ...identity, fault: fault.kind, size: fault.size }),
      dropping: (reason) => telemetry.log('debug', 'connection dropped', { ...identity, reason }),
      after: (delayMs, callback) => {
        const timer = timers.set(delayMs, () => {
          waits.delete(timer);
          callback();
        });
        waits.add(timer);
      },
      closed: () => {
        idle?.cancel();
        for (const timer of waits) timer.cancel();
        this.#connections.delete(served);
        const left = (this.#perHost.get(identity.remoteHost) ?? 1) - 1;
        if (left === 0) this.#perHost.delete(identity.remoteHost);
        else this.#perHost.set(identity.remoteHost, left);
        this.#service.forget(identity);
        if (this.#connections.size === 0) this.#onEmpty?.();
      },
    });
    watchIdle();
    const served: Served = { connection };
    return served;
  }
}

interface Served {
  readonly connection: ClientConnection;
}

const NO_HANDLERS = { data: () => {}, end: () => {}, drained: () => {}, closed: () => {} };
