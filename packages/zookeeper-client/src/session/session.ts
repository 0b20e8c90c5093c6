import type { Connection, Network, Random, Telemetry, Timer, Timers } from '@biquorum/platform';
import { ByteReader, BytesError, ByteWriter, FrameReader, Queue } from '@biquorum/std';
import {
  authPacket,
  connectRequest,
  connectResponse,
  ErrorCode,
  eventName,
  OpCode,
  replyHeader,
  requestHeader,
  type SetWatches2Request,
  setWatches2Request,
  setWatchesRequest,
  toBytes,
  watcherEvent,
  Xid,
} from '@biquorum/zookeeper-wire';
import type { ServerAddress } from '../connect-string.ts';
import type { WatchEvent } from '../watch-event.ts';
import { ZooKeeperError } from '../zookeeper-error.ts';
import type { Pending } from './pending.ts';

/**
 * Where a session stands. `expired`, `auth-failed` and `closed` are final: the ephemerals are gone, or will go when the
 * session times out.
 */
export type SessionState = 'connecting' | 'connected' | 'expired' | 'auth-failed' | 'closed';

/** What a session is made from. */
export interface SessionOptions {
  readonly servers: readonly ServerAddress[];
  /** What is asked for; the server may grant another time. */
  readonly timeoutMs: number;
  readonly ports: {
    readonly network: Network;
    readonly timers: Timers;
    readonly random: Random;
    readonly telemetry: Telemetry;
  };
  /** Requests that may be on their way at once; others wait. */
  readonly inFlightMax: number;
  /** Requests that may wait; over it they are refused. */
  readonly waitingMax: number;
  /** The largest frame of a server (`jute.maxbuffer`). */
  readonly frameBytesMax: number;
}

/** What a session tells its owner. */
export interface SessionEvents {
  state(state: SessionState): void;
  event(event: WatchEvent): void;
  /** The watches to be set again at a new server. */
  watches(relativeZxid: number, bytesMax: number): Iterable<SetWatches2Request>;
}

/** A batch of watches is at most so long, as in Java's client. */
const SET_WATCHES_BYTES_MAX = 128 * 1024;
const RETRY_MIN_MS = 20;
const RETRY_MAX_MS = 1_000;
const PASSWORD_BYTES = 16;

/**
 * A session with an ensemble: it lives on through broken connections and dead servers, until a server says that it has
 * expired or the owner closes it.
 *
 * Requests that were sent when a connection breaks fail with ConnectionLoss, since nobody knows what became of them;
 * those that were not sent wait for the next connection.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #events: SessionEvents;
  readonly #waiting: Queue<Pending> = new Queue();
  readonly #inFlight: Queue<Pending> = new Queue();
  /** Sent anew on each connection. */
  readonly #credentials: Credential[] = [];
  /** Those that this connection has not answered yet. */
  #unanswered: Credential[] = [];
  #servers: ServerAddress[];
  #nextServer = 0;
  #state: SessionState = 'connecting';
  #connection: Connection | null = null;
  #sessionId = 0n;
  #password: Uint8Array = new Uint8Array(PASSWORD_BYTES);
  #timeoutMs: number;
  #lastZxid = 0;
  #nextXid = 0;
  #heardMs = 0;
  #watchdog: Timer | null = null;
  #retryMs = RETRY_MIN_MS;
  #retry: Timer | null = null;
  #heard = false;
  #sent = false;

  constructor(options: SessionOptions, events: SessionEvents) {
    this.#options = options;
    this.#events = events;
    this.#timeoutMs = options.timeoutMs;
    this.#servers = shuffled(options.servers, options.ports.random);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** 0 until the first server has given one. */
  get sessionId(): bigint {
    return this.#sessionId;
  }

  /** What the server has granted. */
  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  /** The last transaction that this session has seen the effect of. */
  get lastZxid(): number {
    return this.#lastZxid;
  }

  /** Begins to connect. */
  start(): void {
    this.#dial();
  }

  /** Sends a request when its turn comes. */
  send(pending: Pending): void {
    if (this.#isOver) pending.failed(this.#overError(pending.path));
    else if (this.#waiting.size >= this.#options.waitingMax) {
      const detail = `${this.#waiting.size} requests wait already; wait for answers before asking more`;
      pending.failed(new ZooKeeperError('ConnectionLoss', pending.path, detail));
    } else {
      this.#waiting.push(pending);
      this.#flush();
    }
  }

  /** Adds an identity to this and every later connection. `done` is given the server's error, 0 for none. */
  authenticate(scheme: string, auth: Uint8Array, done: (err: number) => void): void {
    if (this.#isOver) {
      done(ErrorCode[this.#overError(null).code]);
      return;
    }
    const credential: Credential = { scheme, auth, done };
    this.#credentials.push(credential);
    if (this.#state === 'connected') this.#present(credential);
  }

  /** Gives up; what waits fails. The server ends the session when it times out, unless it was closed by a request. */
  end(state: Extract<SessionState, 'expired' | 'auth-failed' | 'closed'>): void {
    if (this.#isOver) return;
    this.#become(state);
    this.#retry?.cancel();
    this.#disconnect();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      next.failed(this.#overError(next.path));
    }
    for (const credential of this.#credentials) settle(credential, ErrorCode[this.#overError(null).code]);
  }

  #present(credential: Credential): void {
    const { scheme, auth } = credential;
    this.#unanswered.push(credential);
    this.#write(Xid.auth, OpCode.auth, toBytes(authPacket, { type: 0, scheme, auth }));
  }

  get #isOver(): boolean {
    return this.#state === 'expired' || this.#state === 'auth-failed' || this.#state === 'closed';
  }

  #overError(path: string | null): ZooKeeperError {
    if (this.#state === 'expired') return new ZooKeeperError('SessionExpired', path);
    if (this.#state === 'auth-failed') return new ZooKeeperError('AuthFailed', path);
    return new ZooKeeperError('SessionExpired', path, 'the client has been closed');
  }

  #become(state: SessionState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#events.state(state);
  }

  #dial(): void {
    const { network } = this.#options.ports;
    const server = this.#servers[this.#nextServer++ % this.#servers.length] as ServerAddress;
    // So that every server can be tried within the time of the session.
    const timeoutMs = Math.max(1, Math.floor(this.#timeoutMs / this.#servers.length));
    network.dial({ ...server, timeoutMs }).then(
      (connection) => {
        if (this.#isOver) abandon(connection);
        else this.#connected(connection, server, timeoutMs);
      },
      (error: unknown) => {
        this.#options.ports.telemetry.log('debug', 'a ZooKeeper server cannot be reached', {
          ...server,
          error: error as Error,
        });
        this.#dialLater();
      },
    );
  }

  #dialLater(): void {
    if (this.#isOver) return;
    const { timers, random } = this.#options.ports;
    // A round through all servers is quick, the next one begins after a pause.
    const roundDone = this.#nextServer % this.#servers.length === 0;
    const pauseMs = roundDone ? this.#retryMs + (random.uint32() % this.#retryMs) : 1;
    if (roundDone) this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MAX_MS);
    this.#retry = timers.set(pauseMs, () => this.#dial());
  }

  #connected(connection: Connection, server: ServerAddress, timeoutMs: number): void {
    this.#connection = connection;
    this.#heard = false;
    const frames = new FrameReader(this.#options.frameBytesMax, (frame) => {
      if (this.#connection === connection) this.#received(frame);
    });
    const lost = (reason: string): void => {
      if (this.#connection !== connection) return;
      this.#options.ports.telemetry.log('debug', 'the connection to a ZooKeeper server has ended', {
        ...server,
        reason,
      });
      this.#lost();
    };
    connection.start({
      data: (chunk) => {
        try {
          const fault = frames.push(chunk);
          if (fault !== null) throw new RangeError(`a frame of ${fault.size} bytes is longer than jute.maxbuffer`);
        } catch (error) {
          if (!(error instanceof BytesError || error instanceof RangeError)) throw error;
          connection.abort();
          lost(error.message);
        }
      },
      end: () => {
        connection.end();
        lost('the server has closed it');
      },
      drained: () => this.#flush(),
      closed: (error) => lost(error?.message ?? 'closed'),
    });
    const request = {
      protocolVersion: 0,
      lastZxidSeen: this.#lastZxid,
      timeoutMs: this.#options.timeoutMs,
      sessionId: this.#sessionId,
      password: this.#password,
      readOnly: false,
    };
    connection.write([framed(toBytes(connectRequest, request))]);
    this.#watchdog = this.#options.ports.timers.set(timeoutMs, () => {
      connection.abort();
      lost('no session within the time to connect');
    });
  }

  #received(frame: Uint8Array): void {
    const reader = new ByteReader(frame);
    this.#heardMs = 0;
    if (!this.#heard) {
      this.#heard = true;
      this.#welcomed(reader);
      return;
    }
    this.#heardMs = 0;
    const { xid, zxid, err } = replyHeader.read(reader);
    if (zxid > this.#lastZxid) this.#lastZxid = zxid;
    switch (xid) {
      case Xid.notification: {
        const { type, path } = watcherEvent.read(reader);
        const name = eventName(type);
        if (name !== undefined && name !== 'None') this.#events.event({ type: name, path, zxid });
        return;
      }
      case Xid.auth:
        settle(this.#unanswered.shift(), err);
        if (err !== ErrorCode.Ok) this.end('auth-failed');
        return;
      case Xid.ping:
      case Xid.setWatches:
        return;
      default:
        this.#answered(xid, err, reader);
    }
  }

  #answered(xid: number, err: number, reader: ByteReader): void {
    const pending = this.#inFlight.shift();
    if (pending === undefined || pending.xid !== xid) {
      if (pending !== undefined) pending.failed(new ZooKeeperError('ConnectionLoss', pending.path));
      throw new RangeError(`the server answered request ${xid}, expected ${pending?.xid ?? 'none'}`);
    }
    try {
      pending.answered(err, reader);
    } catch (error) {
      if (!(error instanceof BytesError)) throw error;
      pending.failed(
        new ZooKeeperError('MarshallingError', pending.path, `the answer cannot be read: ${error.message}`),
      );
    }
    this.#flush();
  }

  #welcomed(reader: ByteReader): void {
    const { timeoutMs, sessionId, password } = connectResponse.read(reader);
    this.#watchdog?.cancel();
    if (timeoutMs <= 0) {
      this.end('expired');
      return;
    }
    this.#sessionId = sessionId;
    this.#password = password?.slice() ?? new Uint8Array(PASSWORD_BYTES);
    this.#timeoutMs = timeoutMs;
    this.#retryMs = RETRY_MIN_MS;
    for (const credential of this.#credentials) this.#present(credential);
    for (const request of this.#events.watches(this.#lastZxid, SET_WATCHES_BYTES_MAX)) this.#setWatches(request);
    this.#beat();
    this.#become('connected');
    this.#flush();
  }

  /** Old servers know only the first form; it is enough where nothing stays. */
  #setWatches(request: SetWatches2Request): void {
    const stays = request.persistentWatches.length > 0 || request.persistentRecursiveWatches.length > 0;
    if (stays) this.#write(Xid.setWatches, OpCode.setWatches2, toBytes(setWatches2Request, request));
    else this.#write(Xid.setWatches, OpCode.setWatches, toBytes(setWatchesRequest, request));
  }

  /** Four times within the time in which the server must be heard: a ping when nothing else was sent. */
  #beat(): void {
    const readTimeoutMs = (this.#timeoutMs * 2) / 3;
    const everyMs = Math.max(1, Math.floor(readTimeoutMs / 4));
    this.#heardMs = 0;
    this.#sent = false;
    const beat = (): void => {
      this.#heardMs += everyMs;
      if (this.#heardMs >= readTimeoutMs) {
        this.#connection?.abort();
        this.#lost();
        return;
      }
      if (!this.#sent) this.#write(Xid.ping, OpCode.ping, NO_BYTES);
      this.#sent = false;
      this.#watchdog = this.#options.ports.timers.set(everyMs, beat);
    };
    this.#watchdog = this.#options.ports.timers.set(everyMs, beat);
  }

  /** Sends what waits, as far as there is room. */
  #flush(): void {
    const { inFlightMax } = this.#options;
    if (this.#state !== 'connected' || this.#connection === null || this.#waiting.size === 0) return;
    const writer = new ByteWriter();
    while (this.#inFlight.size < inFlightMax) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#nextXid = this.#nextXid === 0x7fff_ffff ? 1 : this.#nextXid + 1;
      next.xid = this.#nextXid;
      writer.i32(next.body.length + 8);
      requestHeader.write(writer, { xid: next.xid, type: next.type });
      writer.bytesOf(next.body);
      this.#inFlight.push(next);
    }
    if (writer.position === 0) return;
    this.#sent = true;
    this.#connection.write([writer.finish()]);
  }

  #write(xid: number, type: OpCode, body: Uint8Array): void {
    const writer = new ByteWriter();
    requestHeader.write(writer, { xid, type });
    writer.bytesOf(body);
    this.#connection?.write([framed(writer.finish())]);
    this.#sent = true;
  }

  #lost(): void {
    this.#disconnect();
    if (this.#isOver) return;
    this.#become('connecting');
    this.#dialLater();
  }

  #disconnect(): void {
    const connection = this.#connection;
    this.#connection = null;
    this.#watchdog?.cancel();
    connection?.end();
    this.#unanswered = [];
    for (let sent = this.#inFlight.shift(); sent !== undefined; sent = this.#inFlight.shift()) {
      sent.failed(this.#isOver ? this.#overError(sent.path) : new ZooKeeperError('ConnectionLoss', sent.path));
    }
  }
}

interface Credential {
  readonly scheme: string;
  readonly auth: Uint8Array;
  /** Null once a server has answered. */
  done: ((err: number) => void) | null;
}

const NO_BYTES = new Uint8Array(0);

function settle(credential: Credential | undefined, err: number): void {
  const done = credential?.done;
  if (credential !== undefined) credential.done = null;
  done?.(err);
}

function framed(body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(body.length + 4);
  new DataView(frame.buffer).setInt32(0, body.length);
  frame.set(body, 4);
  return frame;
}

function abandon(connection: Connection): void {
  connection.start({ data: () => {}, end: () => {}, drained: () => {}, closed: () => {} });
  connection.abort();
}

/** So that the clients of an ensemble spread over its servers. */
function shuffled(servers: readonly ServerAddress[], random: Random): ServerAddress[] {
  const order = [...servers];
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.uint32() % (last + 1);
    [order[last], order[other]] = [order[other] as ServerAddress, order[last] as ServerAddress];
  }
  return order;
}
