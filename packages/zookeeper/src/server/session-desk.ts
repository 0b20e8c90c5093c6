import type { Telemetry } from '@biquorum/platform';
import {
  type ConnectRequest,
  connectResponse,
  formatZxid,
  OpCode,
  sessionPassword,
  type Zxid,
} from '@biquorum/zookeeper-wire';
import type { ClientConnection } from './client-connection.ts';
import { ConnectionThrottle, type ConnectionThrottleOptions } from './connection-throttle.ts';
import type { Pipeline } from './pipeline.ts';
import { frame } from './reply.ts';
import type { ServerStats } from './server-stats.ts';

/** What the desk needs of its server. */
export interface SessionDeskOptions {
  readonly pipeline: Pipeline;
  readonly stats: ServerStats;
  /** The first byte of the ids of its sessions. */
  readonly serverId: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  readonly connectionThrottle: ConnectionThrottleOptions;
  readonly monotonicMs: () => number;
  /** The time of the start. */
  readonly wallMs: number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly telemetry: Pick<Telemetry, 'log'> | undefined;
  readonly lastZxid: () => Zxid;
  /** Ends a connection. */
  readonly drop: (connection: ClientConnection) => void;
  /** Stops or resumes to read requests. */
  readonly setPaused: (connection: ClientConnection, paused: boolean) => void;
}

const PASSWORD_BYTES = 16;

/** Where connections get their sessions: new ones, or those that they had. Source: Java `ZooKeeperServer`. */
export class SessionDesk {
  readonly #options: SessionDeskOptions;
  readonly #throttle: ConnectionThrottle;
  readonly #bySession: Map<bigint, ClientConnection> = new Map();
  #nextSessionId: bigint;

  constructor(options: SessionDeskOptions) {
    this.#options = options;
    this.#throttle = new ConnectionThrottle(options.connectionThrottle, options.monotonicMs, options.random);
    const time = (BigInt(options.wallMs) << 24n) & 0xff_ffff_ffff_ffffn;
    this.#nextSessionId = BigInt.asIntN(64, (BigInt(options.serverId) << 56n) | ((time >> 8n) & ~0xffffn));
  }

  /** The chance that a new connection is dropped. */
  get dropChance(): number {
    return this.#throttle.dropChance;
  }

  /** The connection that serves a session. */
  connectionOf(sessionId: bigint): ClientConnection | undefined {
    return this.#bySession.get(sessionId);
  }

  /** The connection is gone. */
  closed(connection: ClientConnection): void {
    if (this.#bySession.get(connection.sessionId) === connection) this.#bySession.delete(connection.sessionId);
  }

  /** The first request of a connection. */
  connect(connection: ClientConnection, request: ConnectRequest): void {
    const { stats, lastZxid, drop, minSessionTimeoutMs: min, maxSessionTimeoutMs: max } = this.#options;
    const { counters, summaries } = stats.metrics;
    connection.knowsReadOnly = request.readOnly !== null;
    if (!this.#throttle.admits(request.sessionId === 0n ? 'global' : 'renew')) {
      counters.connection_rejected.value++;
      drop(connection);
      return;
    }
    summaries.connection_token_deficit.add(this.#throttle.deficit);
    counters.connection_request_count.value++;
    if (request.lastZxidSeen > lastZxid()) {
      // It must find a server that is up to date. Where all have lost what it saw, it looks for ever: say so.
      this.#options.telemetry?.log('warn', 'a client has seen more than this server and must try another', () => ({
        host: connection.link.remoteHost,
        clientZxid: formatZxid(request.lastZxidSeen),
        serverZxid: formatZxid(lastZxid()),
      }));
      drop(connection);
      return;
    }
    connection.timeoutMs = Math.min(Math.max(request.timeoutMs, min), max);
    connection.state = 'connecting';
    if (request.sessionId === 0n) this.#create(connection);
    else this.#resume(connection, request);
  }

  /** The session is there: the client is told, and its requests are read. */
  opened(connection: ClientConnection): void {
    if (connection.state !== 'connecting') return;
    connection.state = 'open';
    const { sessionId, timeoutMs } = connection;
    this.#respond(connection, timeoutMs, sessionId, sessionPassword(sessionId));
    this.#options.setPaused(connection, false);
  }

  #create(connection: ClientConnection): void {
    const sessionId = this.#nextSessionId;
    this.#nextSessionId = BigInt.asIntN(64, sessionId + 1n);
    connection.sessionId = sessionId;
    this.#bySession.set(sessionId, connection);
    this.#options.setPaused(connection, true);
    connection.sinceMs = this.#options.monotonicMs();
    this.#options.stats.metrics.summaries.request_throttle_queue_time_ms.add(0);
    const request = { type: OpCode.createSession, timeoutMs: connection.timeoutMs };
    this.#options.pipeline.submit({ sessionId, cxid: 0, request, ids: connection.ids, owner: connection });
  }

  #resume(connection: ClientConnection, { sessionId, password }: ConnectRequest): void {
    const before = this.#bySession.get(sessionId);
    // Java closes the session's old connection before it looks at the password.
    if (before !== undefined) this.#options.drop(before);
    this.#options.stats.metrics.counters.connection_revalidate_count.value++;
    connection.sessionId = sessionId;
    if (!isSame(password, sessionPassword(sessionId))) {
      this.#options.telemetry?.log('warn', 'a client came with the wrong password for its session', () => ({
        host: connection.link.remoteHost,
        sessionId: `0x${BigInt.asUintN(64, sessionId).toString(16)}`,
      }));
      this.#refuse(connection);
      return;
    }
    this.#bySession.set(sessionId, connection);
    this.#options.setPaused(connection, true);
    this.#options.pipeline.revalidate(sessionId, connection, (valid) => {
      if (connection.state !== 'connecting') return;
      if (valid) this.opened(connection);
      else this.#refuse(connection);
    });
  }

  #refuse(connection: ClientConnection): void {
    this.#respond(connection, 0, 0n, new Uint8Array(PASSWORD_BYTES));
    this.#options.drop(connection);
  }

  #respond(connection: ClientConnection, timeoutMs: number, sessionId: bigint, password: Uint8Array): void {
    const readOnly = connection.knowsReadOnly ? false : null;
    const response = { protocolVersion: 0, timeoutMs, sessionId, password, readOnly };
    connection.link.send(frame((writer) => connectResponse.write(writer, response)));
    this.#options.stats.packetsSent++;
    connection.stats.sent++;
  }
}

function isSame(a: Uint8Array | null, b: Uint8Array): boolean {
  return a !== null && a.length === b.length && b.every((byte, at) => byte === a[at]);
}
