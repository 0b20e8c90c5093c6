import type { Telemetry } from '@biquorum/platform';
import { ByteReader, BytesError } from '@biquorum/std';
import {
  connectRequest,
  ErrorCode,
  type LoggedTxn,
  OpCode,
  Perms,
  pathRecord,
  saslRecord,
  type Zxid,
} from '@biquorum/zookeeper-wire';
import { type AuthSchemes, defaultSchemes, isAllowed } from '../tree/access.ts';
import { type Applied, applyTxn, type SessionTable } from '../tree/apply-txn.ts';
import { DataTree, type TreeChange } from '../tree/data-tree.ts';
import { basicKinds, emulated353Kinds, extendedKinds } from '../tree/node-kinds.ts';
import { Watches } from '../tree/watches.ts';
import { authenticate } from './authenticate.ts';
import { answeredXid, ClientConnection, type ClientLink, type Waiting } from './client-connection.ts';
import { type ClientRequest, readClientRequest } from './client-request.ts';
import { type ConnectionThrottleOptions, NO_CONNECTION_THROTTLE } from './connection-throttle.ts';
import { type DigestEntry, DigestHistory } from './digest-history.ts';
import type { Pipeline } from './pipeline.ts';
import { bareReply, type Reply, replyOf } from './reply.ts';
import { NO_REQUEST_THROTTLE, RequestThrottle, type RequestThrottleOptions } from './request-throttle.ts';
import { serveRead } from './serve-read.ts';
import { ServerStats } from './server-stats.ts';
import { SessionDesk } from './session-desk.ts';
import { writeReply } from './write-reply.ts';

/** What a server allows. Times in milliseconds. */
export interface ServerOptions {
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  /** The first byte of the ids of its sessions: `myid`, 1 for a server alone. */
  readonly serverId: number;
  readonly schemes?: AuthSchemes;
  readonly skipAcl?: boolean;
  readonly extendedTypes?: boolean;
  /** `emulate353TTLNodes`: goes with `extendedTypes`. */
  readonly emulate353TtlNodes?: boolean;
  /** `superDigest`: the identity of who may do everything, `user:hash`. */
  readonly superDigest?: string;
  /**
   * `globalOutstandingLimit`: requests in the whole server that may wait; over it, connections that have some waiting
   * are not read from.
   */
  readonly outstandingMax?: number;
  /** `largeRequestThreshold`: a request of more bytes counts as a large one; −1, the default, for none. */
  readonly largeRequestThreshold?: number;
  /** `largeRequestMaxBytes`: what large requests may hold together; who goes over it is dropped. */
  readonly largeRequestBytesMax?: number;
  readonly connectionThrottle?: ConnectionThrottleOptions;
  readonly requestThrottle?: RequestThrottleOptions;
  /** What latencies are measured with. */
  readonly clock?: { wallMs(): number; monotonicMs(): number };
  /** For the connection throttle: from 0 up to 1. */
  readonly random?: () => number;
  /** Told of what operators should know. */
  readonly telemetry?: Pick<Telemetry, 'log'>;
}

const OUTSTANDING_MAX = 1_000;
const LARGE_REQUEST_BYTES_MAX = 100 * 1_024 * 1_024;
const NO_CLOCK = { wallMs: () => 0, monotonicMs: () => 0 };

/**
 * A ZooKeeper server without sockets, files and peers: clients' frames in, frames out; writes go into a pipeline and
 * come back as transactions. Synchronous; the same in production and under the simulator.
 */
export class Server {
  readonly tree: DataTree;
  readonly watches: Watches<ClientConnection> = new Watches();
  readonly stats: ServerStats = new ServerStats();
  readonly options: ServerOptions;
  readonly #schemes: AuthSchemes;
  readonly #sessions: SessionTable;
  readonly #pipeline: Pipeline;
  readonly #clock: { wallMs(): number; monotonicMs(): number };
  readonly #connections: Set<ClientConnection> = new Set();
  readonly #held: Set<ClientConnection> = new Set();
  readonly #desk: SessionDesk;
  readonly #requestThrottle: RequestThrottle;
  readonly #throttles: boolean;
  readonly #outstandingMax: number;
  readonly #skipAcl: boolean;
  readonly #digests: DigestHistory;
  #lastZxid: Zxid = 0;
  #outstanding = 0;
  #largeBytes = 0;

  /**
   * @param sessions told of sessions that transactions make and end
   * @param wallMs the time of the start: part of the ids of sessions, so that none is given twice
   */
  constructor(pipeline: Pipeline, sessions: SessionTable, options: ServerOptions, wallMs: number) {
    this.#pipeline = pipeline;
    this.#sessions = sessions;
    this.options = options;
    this.#schemes = options.schemes ?? defaultSchemes;
    this.#clock = options.clock ?? NO_CLOCK;
    this.#outstandingMax = options.outstandingMax ?? OUTSTANDING_MAX;
    this.#skipAcl = options.skipAcl ?? false;
    const monotonicMs = (): number => this.#clock.monotonicMs();
    const { connectionThrottle = NO_CONNECTION_THROTTLE, requestThrottle = NO_REQUEST_THROTTLE } = options;
    this.#desk = new SessionDesk({
      pipeline,
      stats: this.stats,
      serverId: options.serverId,
      minSessionTimeoutMs: options.minSessionTimeoutMs,
      maxSessionTimeoutMs: options.maxSessionTimeoutMs,
      connectionThrottle,
      monotonicMs,
      wallMs,
      random: options.random ?? (() => 0.5),
      telemetry: options.telemetry,
      lastZxid: () => this.#lastZxid,
      drop: (connection) => this.drop(connection),
      setPaused: (connection, paused) => this.#setPaused(connection, paused),
    });
    this.#requestThrottle = new RequestThrottle(requestThrottle, () => this.#outstanding, monotonicMs);
    this.#throttles = requestThrottle.requestsMax > 0;
    const extended = options.emulate353TtlNodes ? emulated353Kinds : extendedKinds;
    const kinds = options.extendedTypes ? extended : basicKinds;
    const seed = Math.floor((options.random?.() ?? 0) * 0x1_0000_0000);
    this.tree = new DataTree((change) => this.#fire(change), kinds, seed);
    const { digest_mismatches_count: mismatches } = this.stats.metrics.counters;
    this.#digests = new DigestHistory(this.tree, { mismatches, telemetry: options.telemetry, monotonicMs });
  }

  /** The last transaction that was applied. */
  get lastZxid(): Zxid {
    return this.#lastZxid;
  }

  /**
   * What was applied without {@link Server.apply}: a snapshot and a log, read before the first client comes.
   *
   * @param zxid the last one of it
   */
  restored(zxid: Zxid): void {
    this.#lastZxid = zxid;
  }

  /** Digests of the tree, one for every 128 zxids, the oldest first: two servers can compare theirs. */
  get digestLog(): readonly DigestEntry[] {
    return this.#digests.entries;
  }

  get connections(): ReadonlySet<ClientConnection> {
    return this.#connections;
  }

  /** Requests that wait for their answers. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** The chance that a new connection is dropped (`connection_drop_probability`). */
  get connectionDropChance(): number {
    return this.#desk.dropChance;
  }

  /** A client has connected. Its frames are to be given to {@link Server.receive}. */
  accept(link: ClientLink): ClientConnection {
    const connection = new ClientConnection(link);
    connection.establishedMs = this.#clock.wallMs();
    this.#connections.add(connection);
    return connection;
  }

  /** The connection is gone; its session lives on until it expires. */
  closed(connection: ClientConnection): void {
    if (connection.state === 'closed') return;
    connection.state = 'closed';
    for (const { largeBytes } of connection.waiting) this.#largeBytes -= largeBytes;
    this.#outstanding -= connection.waiting.size;
    connection.waiting.clear();
    this.watches.removeWatcher(connection);
    this.#connections.delete(connection);
    this.#held.delete(connection);
    this.#desk.closed(connection);
    this.#resume();
  }

  /** Ends a connection: what was sent goes out, nothing more is read. */
  drop(connection: ClientConnection): void {
    connection.link.end();
    this.closed(connection);
  }

  /** All clients must go, as when a server loses its quorum: their sessions live on. */
  dropAll(): void {
    for (const connection of [...this.#connections]) this.drop(connection);
  }

  /** Takes a frame in, without its size prefix. The bytes are the server's from now on. */
  receive(connection: ClientConnection, bytes: Uint8Array): void {
    if (connection.state === 'closed') return;
    this.stats.packetsReceived++;
    connection.stats.received++;
    this.stats.metrics.counters.bytes_received_count.value += bytes.length + 4;
    try {
      if (connection.state === 'fresh') this.#desk.connect(connection, connectRequest.read(new ByteReader(bytes)));
      else this.#take(connection, readClientRequest(bytes), bytes.length);
    } catch (error) {
      if (!(error instanceof BytesError)) throw error;
      this.drop(connection);
    }
  }

  /** The next transaction, committed: changes the tree, fires watches, answers who asked for it. */
  apply(txn: LoggedTxn): void {
    const { zxid, clientId, cxid } = txn.header;
    const asker = this.#desk.connectionOf(clientId);
    if (asker !== undefined) this.#settleBefore(asker, cxid);
    this.#lastZxid = zxid;
    const applied = applyTxn(this.tree, this.#sessions, txn);
    this.#digests.applied(txn);
    const connection = this.#desk.connectionOf(clientId);
    if (connection === undefined) return;
    if (txn.body.type === OpCode.createSession) this.#begun(connection);
    else if (connection.state === 'open') this.#answer(connection, txn, applied);
    // A session that expired: nothing more is said on its connection.
    if (txn.body.type === OpCode.closeSession) this.drop(connection);
  }

  /** A session's beginning is an update as any other, to who measures. */
  #begun(connection: ClientConnection): void {
    if (connection.state !== 'connecting') return;
    this.#desk.opened(connection);
    const latencyMs = Math.floor(this.#clock.monotonicMs() - connection.sinceMs);
    this.stats.latencyMs.add(latencyMs);
    this.stats.metrics.summaries.updatelatency.add(latencyMs);
    connection.stats.answered(OpCode.createSession, 0, this.#lastZxid, latencyMs, this.#clock.wallMs());
  }

  /**
   * What a client has asked before a write is answered before the write changes anything. A sync that waits still has been
   * overtaken by the write on the way back from the leader, which has got it first: whatever it waits for has been applied.
   */
  #settleBefore(connection: ClientConnection, cxid: number): void {
    const { waiting } = connection;
    if (waiting.peek()?.kind !== 'sync' || connection.nextWrite(cxid) === undefined) return;
    for (const one of waiting) {
      if (one.kind === 'write') break;
      if (one.kind === 'sync') one.done = true;
    }
    this.#drain(connection);
  }

  /** What needs no place among the requests is answered at once; all else takes its turn. */
  #take(connection: ClientConnection, request: ClientRequest, size: number): void {
    switch (request.kind) {
      case 'auth':
        this.#authenticate(connection, request);
        return;
      case 'sasl':
        // As a Java server without a login: the conversation leads nowhere.
        connection.reply(request.xid, 0, replyOf(saslRecord, { token: null }));
        return;
      default:
    }
    const { sessionId } = connection;
    // As Java does with a session that has ended: the connection hears no more, and will be closed.
    if (this.#pipeline.check(sessionId, connection) === 'SessionExpired') return;
    this.#pipeline.touch(sessionId);
    if (request.kind === 'unknown') {
      connection.reply(request.xid, -1, bareReply(ErrorCode.Unimplemented));
      this.drop(connection);
      return;
    }
    const largeBytes = this.#largeBytesOf(size);
    if (this.#largeBytes + largeBytes > (this.options.largeRequestBytesMax ?? LARGE_REQUEST_BYTES_MAX)) {
      this.stats.metrics.counters.large_requests_rejected.value++;
      this.drop(connection);
      return;
    }
    const sinceMs = this.#clock.monotonicMs();
    if (!this.#throttles) {
      this.stats.metrics.summaries.request_throttle_queue_time_ms.add(0);
      this.#begin(connection, request, sinceMs, largeBytes);
    } else {
      this.#requestThrottle.submit({
        isStale: (waitedMs) => connection.state === 'closed' || waitedMs > connection.timeoutMs,
        begin: (throttled) => this.#beginThrottled(connection, request, sinceMs, largeBytes, throttled),
        drop: () => {
          this.stats.metrics.counters.stale_requests_dropped.value++;
          this.drop(connection);
        },
      });
      if (this.#requestThrottle.size > 0) {
        this.stats.metrics.counters.request_throttle_wait_count.value++;
        this.#holdBack(connection);
      }
    }
  }

  #beginThrottled(
    connection: ClientConnection,
    request: Queueable,
    sinceMs: number,
    largeBytes: number,
    throttled: boolean,
  ): void {
    const { counters, summaries } = this.stats.metrics;
    summaries.request_throttle_queue_time_ms.add(this.#clock.monotonicMs() - sinceMs);
    if (connection.state === 'closed') return;
    const mayBeThrottled = request.kind !== 'read' || request.read.type !== OpCode.ping;
    if (!throttled || !mayBeThrottled) this.#begin(connection, request, sinceMs, largeBytes);
    else {
      counters.throttled_ops.value++;
      this.#begin(connection, { ...request, kind: 'refused', type: typeOf(request), err: 'ThrottledOp' }, sinceMs, 0);
    }
  }

  #begin(connection: ClientConnection, request: Queueable, sinceMs: number, largeBytes: number): void {
    const { sessionId } = connection;
    const { xid } = request;
    switch (request.kind) {
      case 'write': {
        const { write, body } = request;
        this.#wait(connection, { kind: 'write', xid, type: write.type, sinceMs, largeBytes, done: null });
        const asked = { sessionId, cxid: xid, request: write, ids: connection.ids, owner: connection };
        this.#pipeline.submit(body === undefined ? asked : { ...asked, body });
        return;
      }
      case 'sync': {
        const { path } = request;
        const waiting = { kind: 'sync', xid, type: OpCode.sync, sinceMs, largeBytes, path, done: false } as const;
        const marked: Waiting & { done: boolean } = { ...waiting };
        this.#wait(connection, marked);
        this.#pipeline.sync(path, { sessionId, cxid: xid, ids: connection.ids }, () => {
          marked.done = true;
          this.#drain(connection);
        });
        return;
      }
      case 'refused':
        this.#wait(connection, {
          kind: 'refused',
          xid,
          type: request.type,
          sinceMs,
          largeBytes,
          err: ErrorCode[request.err],
        });
        this.#drain(connection);
        return;
      default: {
        const { read } = request;
        // Now, and not when its turn comes: a request behind it may end the session.
        const fault = this.#pipeline.check(sessionId, connection);
        const asked = { xid, type: read.type, sinceMs, largeBytes };
        if (fault === undefined) this.#wait(connection, { ...asked, kind: 'read', read });
        else this.#wait(connection, { ...asked, kind: 'refused', err: ErrorCode[fault] });
        this.#drain(connection);
      }
    }
  }

  #authenticate(connection: ClientConnection, { xid, packet }: Extract<ClientRequest, { kind: 'auth' }>): void {
    this.#pipeline.touch(connection.sessionId);
    const ids = authenticate(this.#schemes, connection.ids, packet, this.options.superDigest);
    if (ids === undefined) {
      this.stats.authFailed++;
      connection.reply(xid, 0, bareReply(ErrorCode.AuthFailed));
      this.drop(connection);
      return;
    }
    connection.ids = ids;
    connection.reply(xid, 0, bareReply(ErrorCode.Ok));
  }

  #answer(connection: ClientConnection, txn: LoggedTxn, applied: Applied): void {
    const waiting = connection.nextWrite(txn.header.cxid);
    if (waiting === undefined) return;
    waiting.done = writeReply(waiting.type, applied, txn);
    this.#drain(connection);
  }

  #largeBytesOf(size: number): number {
    const threshold = this.options.largeRequestThreshold ?? -1;
    return threshold !== -1 && size > threshold ? size : 0;
  }

  #wait(connection: ClientConnection, waiting: Waiting): void {
    connection.waiting.push(waiting);
    this.#outstanding++;
    this.#largeBytes += waiting.largeBytes;
    this.#holdBack(connection);
  }

  /** Who has requests waiting while too many wait in all is not read from. */
  #holdBack(connection: ClientConnection): void {
    if (this.#outstanding + this.#requestThrottle.size > this.#outstandingMax) this.#setPaused(connection, true);
  }

  /** Answers what need not wait any more, in order. */
  #drain(connection: ClientConnection): void {
    for (let next = connection.waiting.peek(); next !== undefined; next = connection.waiting.peek()) {
      const reply = this.#replyTo(connection, next);
      if (reply === null || connection.state === 'closed') break;
      // As Java: whoever serves the session now answers; here is nothing more to say.
      if (reply.err === ErrorCode.SessionMoved) {
        this.drop(connection);
        return;
      }
      connection.waiting.shift();
      this.#outstanding--;
      this.#largeBytes -= next.largeBytes;
      this.#send(connection, next, reply);
    }
    this.#resume();
  }

  #send(connection: ClientConnection, waiting: Waiting, reply: Reply): void {
    const { stats } = this;
    const { metrics } = stats;
    const bytes = connection.reply(answeredXid(waiting), this.#lastZxid, reply);
    const latencyMs = Math.floor(this.#clock.monotonicMs() - waiting.sinceMs);
    stats.packetsSent++;
    stats.latencyMs.add(latencyMs);
    stats.responseBytes.add(bytes - 4);
    metrics.counters.response_bytes.value += bytes - 4;
    (waiting.kind === 'write' ? metrics.summaries.updatelatency : metrics.summaries.readlatency).add(latencyMs);
    connection.stats.answered(waiting.type, waiting.xid, this.#lastZxid, latencyMs, this.#clock.wallMs());
  }

  #replyTo(connection: ClientConnection, waiting: Waiting): Reply | null {
    switch (waiting.kind) {
      case 'write':
        return waiting.done;
      case 'sync':
        return waiting.done ? replyOf(pathRecord, { path: waiting.path }) : null;
      case 'refused':
        return bareReply(waiting.err);
      default:
        return this.#serveRead(connection, waiting.read);
    }
  }

  #serveRead(connection: ClientConnection, read: Extract<Waiting, { kind: 'read' }>['read']): Reply {
    const { tree, watches } = this;
    return serveRead({ tree, watches, schemes: this.#schemes, skipAcl: this.#skipAcl }, connection, read);
  }

  #fire(change: TreeChange): void {
    const { zxid, acl, event } = change;
    const { summaries, counters } = this.stats.metrics;
    const watchers = this.watches.trigger(change);
    if (watchers.size === 0) return;
    summaries[WATCH_COUNT[event]].add(watchers.size);
    for (const connection of watchers) {
      // Who may not read a node is not told what happens to it (CVE-2024-23944).
      if (!this.#skipAcl && !isAllowed(this.#schemes, acl, Perms.read, connection.ids)) continue;
      // As Java counts, without the size prefix; nothing where nothing was sent.
      counters.watch_bytes.value += Math.max(0, connection.notify(change, zxid) - SIZE_BYTES);
      this.stats.packetsSent++;
    }
  }

  /** Room has come: connections that were held up are read from again. */
  #resume(): void {
    if (this.#throttles) this.#requestThrottle.release();
    if (this.#held.size === 0) return;
    const crowded = this.#outstanding + this.#requestThrottle.size > this.#outstandingMax;
    for (const connection of this.#held) {
      if (connection.state !== 'open') continue;
      // Java reads again from who has nothing waiting, however many others have.
      if (!crowded || (connection.waiting.size === 0 && !this.#throttles)) this.#setPaused(connection, false);
    }
  }

  #setPaused(connection: ClientConnection, paused: boolean): void {
    if (connection.paused === paused) return;
    connection.paused = paused;
    if (paused) this.#held.add(connection);
    else this.#held.delete(connection);
    connection.link.setPaused(paused);
  }
}

const SIZE_BYTES = 4;

/** A request that takes its turn. */
type Queueable = Extract<ClientRequest, { kind: 'write' | 'read' | 'sync' | 'refused' }>;

const WATCH_COUNT = {
  NodeCreated: 'node_created_watch_count',
  NodeDeleted: 'node_deleted_watch_count',
  NodeDataChanged: 'node_changed_watch_count',
  NodeChildrenChanged: 'node_children_watch_count',
} as const;

function typeOf(request: Queueable): number {
  if (request.kind === 'write') return request.write.type;
  if (request.kind === 'read') return request.read.type;
  return request.kind === 'sync' ? OpCode.sync : request.type;
}
