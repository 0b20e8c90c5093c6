import type { Connection, Listener, Network, Telemetry, Timer, Timers } from '@biquorum/platform';
import { FramePool } from '@biquorum/std';
import { BufferPool } from './buffer-pool.ts';
import { ClientConnection, type ConnectionLimits, type ConnectionMemory, type Reply } from './client-connection.ts';
import { type ConnectionCounts, ConnectionQuotas } from './connection-quotas.ts';

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
export interface ServerLimits extends ConnectionLimits, ConnectionCounts {
  /** `connections.max.idle.ms`; a connection with a request in flight is not idle. */
  readonly idleMsMax: number;
  /** The listener between brokers where there are others: when all is full, the longest silent connection of another one makes room. */
  readonly protectedListener?: string;
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
/** Memory of served requests that is kept for the next ones. */
const FRAME_BYTES_KEPT = 8 * 1024 * 1024;

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
  readonly #memory: ConnectionMemory = {
    sendBuffers: new BufferPool(SEND_BUFFER_BYTES, SEND_BUFFERS_KEPT),
    frames: new FramePool(FRAME_BYTES_KEPT),
  };
  readonly #listeners: Map<string, Listener> = new Map();
  readonly #connections: Set<Served> = new Set();
  readonly #quotas: ConnectionQuotas;
  #lastId = 0;
  /** Counts what happens on all connections, to tell which has been silent for longest. */
  #activity = 0;
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
    this.#quotas = new ConnectionQuotas(limits, limits.protectedListener);
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

  /** Takes other counts from now on. Connections that are there stay. */
  limitConnections(counts: ConnectionCounts): void {
    this.#quotas.limits = counts;
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
    for (const { connection } of [...this.#connections]) {
      // What waits to be served tells of its end only once it is read from.
      if (!this.#open) connection.start();
      connection.finish();
    }
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
    const refusal = this.#refusal(listener, host);
    if (refusal !== null) {
      this.#ports.telemetry.log('warn', 'connection refused', { listener, host, reason: refusal });
      accepted.start(NO_HANDLERS);
      accepted.abort();
      return;
    }
    this.#quotas.entered(listener, host);
    this.#lastId += 1;
    const identity: ConnectionIdentity = { id: this.#lastId, listener, remoteHost: host, remotePort: port };
    const served = this.#serve(identity, accepted);
    this.#connections.add(served);
    if (this.#open) served.connection.start();
  }

  #refusal(listener: string, host: string): string | null {
    if (this.#closing) return 'the broker stops';
    const admission = this.#quotas.judge(listener, host);
    switch (admission.kind) {
      case 'admitted':
        return null;
      case 'refused':
        return admission.reason;
      case 'instead':
        this.#makeRoom();
        return null;
    }
  }

  /** Drops the connection of an unprotected listener that has been silent for longest. */
  #makeRoom(): void {
    let silent: Served | undefined;
    for (const served of this.#connections) {
      if (served.leaving || this.#quotas.isProtected(served.listener)) continue;
      if (served.activeAt < (silent?.activeAt ?? Number.POSITIVE_INFINITY)) silent = served;
    }
    if (silent === undefined) return;
    silent.leaving = true;
    silent.connection.drop('room is needed for a connection between brokers; raise max.connections');
  }

  #serve(identity: ConnectionIdentity, accepted: Connection): Served {
    const { timers, telemetry } = this.#ports;
    const { idleMsMax } = this.#limits;
    const waits = new Set<Timer>();
    const watchIdle = (): void => {
      served.activeAt = ++this.#activity;
      idle.reset(idleMsMax);
    };
    const idle = timers.set(idleMsMax, () => {
      if (connection.inFlight > 0) watchIdle();
      else connection.drop(`idle for ${idleMsMax} ms`);
    });
    const connection = new ClientConnection(accepted, this.#limits, this.#memory, {
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
        idle.cancel();
        for (const timer of waits) timer.cancel();
        this.#connections.delete(served);
        this.#quotas.left(identity.listener, identity.remoteHost);
        this.#service.forget(identity);
        if (this.#connections.size === 0) this.#onEmpty?.();
      },
    });
    this.#activity += 1;
    const served: Served = {
      connection,
      listener: identity.listener,
      activeAt: this.#activity,
      leaving: false,
    };
    return served;
  }
}

interface Served {
  readonly connection: ClientConnection;
  readonly listener: string;
  activeAt: number;
  /** It has been told to make room, and is still counted. */
  leaving: boolean;
}

const NO_HANDLERS = { data: () => {}, end: () => {}, drained: () => {}, closed: () => {} };
