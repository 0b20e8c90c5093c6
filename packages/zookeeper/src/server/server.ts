import { ByteReader, BytesError } from '@biquorum/std';
import {
  type ConnectRequest,
  connectRequest,
  connectResponse,
  create2Reply,
  ErrorCode,
  type LoggedTxn,
  type MultiResult,
  multiReply,
  OpCode,
  Perms,
  pathRecord,
  sessionPassword,
  statReply,
  type Zxid,
} from '@biquorum/zookeeper-wire';
import { type AuthSchemes, defaultSchemes, isAllowed } from '../tree/access.ts';
import { type Applied, applyTxn, type SessionTable } from '../tree/apply-txn.ts';
import { DataTree, type TreeChange } from '../tree/data-tree.ts';
import { digestId } from '../tree/digest-id.ts';
import { basicKinds, extendedKinds } from '../tree/node-kinds.ts';
import { Watches } from '../tree/watches.ts';
import { ClientConnection, type ClientLink, endsSession, errorOf, type Waiting } from './client-connection.ts';
import { type ClientRequest, readClientRequest } from './client-request.ts';
import type { Pipeline } from './pipeline.ts';
import { bareReply, frame, type Reply, replyOf } from './reply.ts';
import { serveRead } from './serve-read.ts';

/** What a server allows. Times in milliseconds. */
export interface ServerOptions {
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  /** The first byte of the ids of its sessions: `myid`, 1 for a server alone. */
  readonly serverId: number;
  readonly schemes?: AuthSchemes;
  readonly skipAcl?: boolean;
  readonly extendedTypes?: boolean;
  /** `superDigest`: the identity of who may do everything, `user:hash`. */
  readonly superDigest?: string;
  /** Requests in the whole server that may wait; over it, connections that have some waiting are not read from. */
  readonly outstandingMax?: number;
}

const OUTSTANDING_MAX = 1_000;
const PASSWORD_BYTES = 16;

/**
 * A ZooKeeper server without sockets, files and peers: clients' frames in, frames out; writes go into a pipeline and
 * come back as transactions. Synchronous; the same in production and under the simulator.
 */
export class Server {
  readonly tree: DataTree;
  readonly watches: Watches<ClientConnection> = new Watches();
  readonly #options: ServerOptions;
  readonly #schemes: AuthSchemes;
  readonly #sessions: SessionTable;
  readonly #pipeline: Pipeline;
  readonly #connections: Set<ClientConnection> = new Set();
  readonly #bySession: Map<bigint, ClientConnection> = new Map();
  #lastZxid: Zxid = 0;
  #nextSessionId: bigint;
  #outstanding = 0;

  /**
   * @param sessions told of sessions that transactions make and end
   * @param wallMs the time of the start: part of the ids of sessions, so that none is given twice
   */
  constructor(pipeline: Pipeline, sessions: SessionTable, options: ServerOptions, wallMs: number) {
    this.#pipeline = pipeline;
    this.#sessions = sessions;
    this.#options = options;
    this.#schemes = options.schemes ?? defaultSchemes;
    this.tree = new DataTree((change) => this.#fire(change), options.extendedTypes ? extendedKinds : basicKinds);
    const time = (BigInt(wallMs) << 24n) & 0xff_ffff_ffff_ffffn;
    this.#nextSessionId = BigInt.asIntN(64, (BigInt(options.serverId) << 56n) | ((time >> 8n) & ~0xffffn));
  }

  /** The last transaction that was applied. */
  get lastZxid(): Zxid {
    return this.#lastZxid;
  }

  get connections(): ReadonlySet<ClientConnection> {
    return this.#connections;
  }

  /** Requests that wait for their answers. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** A client has connected. Its frames are to be given to {@link Server.receive}. */
  accept(link: ClientLink): ClientConnection {
    const connection = new ClientConnection(link);
    this.#connections.add(connection);
    return connection;
  }

  /** The connection is gone; its session lives on until it expires. */
  closed(connection: ClientConnection): void {
    if (connection.state === 'closed') return;
    connection.state = 'closed';
    this.#outstanding -= connection.waiting.size;
    connection.waiting.clear();
    this.watches.removeWatcher(connection);
    this.#connections.delete(connection);
    if (this.#bySession.get(connection.sessionId) === connection) this.#bySession.delete(connection.sessionId);
    this.#resume();
  }

  /** Takes a frame in, without its size prefix. The bytes are the server's from now on. */
  receive(connection: ClientConnection, bytes: Uint8Array): void {
    if (connection.state === 'closed') return;
    try {
      if (connection.state === 'fresh') this.#connect(connection, connectRequest.read(new ByteReader(bytes)));
      else this.#request(connection, readClientRequest(bytes));
    } catch (error) {
      if (!(error instanceof BytesError)) throw error;
      // As Java does with what it cannot read: a reply that tells so where there is a header, and nothing is logged.
      this.#malformed(connection, bytes);
    }
  }

  /** The next transaction, committed: changes the tree, fires watches, answers who asked for it. */
  apply(txn: LoggedTxn): void {
    this.#lastZxid = txn.header.zxid;
    const applied = applyTxn(this.tree, this.#sessions, txn);
    const connection = this.#bySession.get(txn.header.clientId);
    if (connection === undefined) return;
    if (txn.body.type === OpCode.createSession) this.#opened(connection);
    else if (connection.state === 'open') this.#answer(connection, txn, applied);
    // A session that expired: nothing more is said on its connection.
    if (endsSession(txn)) this.#drop(connection);
  }

  #connect(connection: ClientConnection, request: ConnectRequest): void {
    const { minSessionTimeoutMs: min, maxSessionTimeoutMs: max } = this.#options;
    connection.knowsReadOnly = request.readOnly !== null;
    // The client has seen what this server has not: it must find a server that is up to date.
    if (request.lastZxidSeen > this.#lastZxid) {
      this.#drop(connection);
      return;
    }
    connection.timeoutMs = Math.min(Math.max(request.timeoutMs, min), max);
    connection.state = 'connecting';
    if (request.sessionId === 0n) this.#createSession(connection);
    else this.#resumeSession(connection, request);
  }

  #createSession(connection: ClientConnection): void {
    const sessionId = this.#nextSessionId;
    this.#nextSessionId = BigInt.asIntN(64, sessionId + 1n);
    connection.sessionId = sessionId;
    this.#bySession.set(sessionId, connection);
    this.#setPaused(connection, true);
    const request = { type: OpCode.createSession, timeoutMs: connection.timeoutMs };
    this.#pipeline.submit({ sessionId, cxid: 0, request, ids: connection.ids, owner: connection });
  }

  #resumeSession(connection: ClientConnection, { sessionId, password }: ConnectRequest): void {
    const before = this.#bySession.get(sessionId);
    // Java closes the session's old connection before it looks at the password.
    if (before !== undefined) this.#drop(before);
    connection.sessionId = sessionId;
    if (!isSame(password, sessionPassword(sessionId))) {
      this.#refuseSession(connection);
      return;
    }
    this.#bySession.set(sessionId, connection);
    this.#setPaused(connection, true);
    this.#pipeline.revalidate(sessionId, connection, (valid) => {
      if (connection.state !== 'connecting') return;
      if (valid) this.#opened(connection);
      else this.#refuseSession(connection);
    });
  }

  #opened(connection: ClientConnection): void {
    if (connection.state !== 'connecting') return;
    connection.state = 'open';
    const { sessionId, timeoutMs } = connection;
    this.#sendConnectResponse(connection, timeoutMs, sessionId, sessionPassword(sessionId));
    this.#setPaused(connection, false);
  }

  #refuseSession(connection: ClientConnection): void {
    this.#sendConnectResponse(connection, 0, 0n, new Uint8Array(PASSWORD_BYTES));
    this.#drop(connection);
  }

  #sendConnectResponse(connection: ClientConnection, timeoutMs: number, sessionId: bigint, password: Uint8Array): void {
    const readOnly = connection.knowsReadOnly ? false : null;
    connection.link.send(
      frame((writer) =>
        connectResponse.write(writer, { protocolVersion: 0, timeoutMs, sessionId, password, readOnly }),
      ),
    );
  }

  #request(connection: ClientConnection, request: ClientRequest): void {
    const { sessionId } = connection;
    this.#pipeline.touch(sessionId);
    switch (request.kind) {
      case 'auth':
        this.#authenticate(connection, request);
        return;
      case 'unknown':
        connection.reply(request.xid, -1, bareReply(ErrorCode.Unimplemented));
        this.#drop(connection);
        return;
      case 'write': {
        const { xid, write } = request;
        this.#wait(connection, { kind: 'write', xid, type: write.type, done: null });
        this.#pipeline.submit({ sessionId, cxid: xid, request: write, ids: connection.ids, owner: connection });
        return;
      }
      case 'sync': {
        const { xid, path } = request;
        const waiting: Waiting = { kind: 'sync', xid, path, done: false };
        this.#wait(connection, waiting);
        this.#pipeline.sync(path, () => {
          waiting.done = true;
          this.#drain(connection);
        });
        return;
      }
      default:
        this.#wait(connection, { kind: 'read', xid: request.xid, read: request.read });
        this.#drain(connection);
    }
  }

  #authenticate(connection: ClientConnection, { xid, packet }: Extract<ClientRequest, { kind: 'auth' }>): void {
    const { scheme, auth } = packet;
    if (scheme === 'digest' && this.#schemes.has('digest')) {
      const id = digestId(new TextDecoder().decode(auth ?? new Uint8Array(0)));
      const identities = [...connection.ids];
      if (id === this.#options.superDigest) identities.push({ scheme: 'super', id: '' });
      identities.push({ scheme, id });
      connection.ids = identities;
    } else if (scheme !== 'ip' || !this.#schemes.has('ip')) {
      connection.reply(xid, 0, bareReply(ErrorCode.AuthFailed));
      this.#drop(connection);
      return;
    }
    connection.reply(xid, 0, bareReply(ErrorCode.Ok));
  }

  #malformed(connection: ClientConnection, bytes: Uint8Array): void {
    if (connection.state === 'open' && bytes.length >= 8) {
      const reader = new ByteReader(bytes);
      connection.reply(reader.i32(), this.#lastZxid, bareReply(ErrorCode.MarshallingError));
    }
    this.#drop(connection);
  }

  #answer(connection: ClientConnection, txn: LoggedTxn, applied: Applied): void {
    const waiting = connection.nextWrite(txn.header.cxid);
    if (waiting === undefined) return;
    waiting.done = writeReply(waiting.type, applied, txn);
    this.#drain(connection);
  }

  #wait(connection: ClientConnection, waiting: Waiting): void {
    connection.waiting.push(waiting);
    this.#outstanding++;
    if (this.#outstanding > (this.#options.outstandingMax ?? OUTSTANDING_MAX)) this.#setPaused(connection, true);
  }

  /** Answers what need not wait any more, in order. */
  #drain(connection: ClientConnection): void {
    for (let next = connection.waiting.peek(); next !== undefined; next = connection.waiting.peek()) {
      const reply = this.#replyTo(connection, next);
      if (reply === null || connection.state === 'closed') break;
      connection.waiting.shift();
      this.#outstanding--;
      connection.reply(next.xid, this.#lastZxid, reply);
    }
    this.#resume();
  }

  #replyTo(connection: ClientConnection, waiting: Waiting): Reply | null {
    switch (waiting.kind) {
      case 'write':
        return waiting.done;
      case 'sync':
        return waiting.done ? replyOf(pathRecord, { path: waiting.path }) : null;
      default:
        return this.#serveRead(connection, waiting.read);
    }
  }

  #serveRead(connection: ClientConnection, read: Extract<Waiting, { kind: 'read' }>['read']): Reply {
    const fault = this.#pipeline.check(connection.sessionId, connection);
    if (fault !== undefined) return bareReply(ErrorCode[fault]);
    const { tree, watches } = this;
    const skipAcl = this.#options.skipAcl ?? false;
    return serveRead({ tree, watches, schemes: this.#schemes, skipAcl }, connection, read);
  }

  #fire(change: TreeChange): void {
    const { zxid, acl } = change;
    const skipAcl = this.#options.skipAcl ?? false;
    for (const connection of this.watches.trigger(change)) {
      // Who may not read a node is not told what happens to it (CVE-2024-23944).
      if (skipAcl || isAllowed(this.#schemes, acl, Perms.read, connection.ids)) connection.notify(change, zxid);
    }
  }

  /** Room has come: connections that were held up are read from again. */
  #resume(): void {
    if (this.#outstanding > (this.#options.outstandingMax ?? OUTSTANDING_MAX)) return;
    for (const connection of this.#held) if (connection.state === 'open') this.#setPaused(connection, false);
  }

  readonly #held: Set<ClientConnection> = new Set();

  #setPaused(connection: ClientConnection, paused: boolean): void {
    if (connection.paused === paused) return;
    connection.paused = paused;
    if (paused) this.#held.add(connection);
    else this.#held.delete(connection);
    connection.link.setPaused(paused);
  }

  #drop(connection: ClientConnection): void {
    this.#held.delete(connection);
    connection.link.end();
    this.closed(connection);
  }
}

/** What a client is told of its write. */
function writeReply(type: number, applied: Applied, { body }: LoggedTxn): Reply {
  const err = errorOf(applied);
  if (body.type === OpCode.error) return bareReply(body.txn.err);
  if (type === OpCode.multi) return replyOf(multiReply, applied.parts.map(multiResultOf));
  if (err !== ErrorCode.Ok) return bareReply(err);
  const { path, stat } = applied;
  if (type === OpCode.create) return replyOf(pathRecord, { path: path ?? '' });
  if (stat === null) return bareReply(err);
  return path === null ? replyOf(statReply, { stat }) : replyOf(create2Reply, { path, stat });
}

function multiResultOf({ type, err, path, stat }: Applied): MultiResult {
  if (type === OpCode.error) return { type, err };
  if (type === OpCode.create) return { type, path: path ?? '' };
  if (stat !== null && path !== null) return { type: OpCode.create2, path, stat };
  if (stat !== null) return { type: OpCode.setData, stat };
  return { type: type === OpCode.check ? type : OpCode.delete };
}

function isSame(a: Uint8Array | null, b: Uint8Array): boolean {
  return a !== null && a.length === b.length && b.every((byte, at) => byte === a[at]);
}
