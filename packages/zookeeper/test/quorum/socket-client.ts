import type { Connection, Network } from '@biquorum/platform';
import { ByteReader, ByteWriter, FrameReader, Queue } from '@biquorum/std';
import {
  type ConnectResponse,
  connectRequest,
  connectResponse,
  createRequest,
  dataReply,
  type ErrorName,
  errorName,
  type Jute,
  OPEN_ACL,
  OpCode,
  type OpName,
  pathRecord,
  pathVersionRequest,
  pathWatchRequest,
  replyHeader,
  requestHeader,
  setDataRequest,
  toBytes,
  Xid,
} from '@biquorum/zookeeper-wire';

/** What a request came to. */
export interface Answer {
  /** `closed` when the connection ended before there was an answer. */
  readonly err: ErrorName | 'closed' | undefined;
  readonly zxid: number;
  readonly body: ByteReader | null;
}

const SESSION_TIMEOUT_MS = 10_000;
const CLOSED: Answer = { err: 'closed', zxid: 0, body: null };

/** A client that knows no more than frames: one connection, no ear for watches, nothing tried again. */
export class SocketClient {
  readonly session: ConnectResponse;
  readonly #connection: Connection;
  readonly #waiting: Queue<(answer: Answer) => void>;
  #xid = 0;
  #closed = false;

  private constructor(session: ConnectResponse, connection: Connection, waiting: Queue<(answer: Answer) => void>) {
    this.session = session;
    this.#connection = connection;
    this.#waiting = waiting;
  }

  /**
   * Connects to a server, for a new session or one that there is.
   *
   * @param lastZxidSeen a server that is behind it turns the client away
   * @returns Undefined when the server does not serve, or ends the connection.
   */
  static async connect(
    network: Network,
    place: { readonly host: string; readonly port: number },
    session?: ConnectResponse,
    lastZxidSeen = 0,
  ): Promise<SocketClient | undefined> {
    let connection: Connection;
    try {
      connection = await network.dial({ ...place, timeoutMs: 1_000 });
    } catch {
      return undefined;
    }
    const waiting = new Queue<(answer: Answer) => void>();
    let client: SocketClient | undefined;
    const opened = Promise.withResolvers<ConnectResponse | undefined>();
    const frames = new FrameReader(1 << 20, (frame) => {
      const reader = new ByteReader(frame);
      if (client === undefined) {
        const response = connectResponse.read(reader);
        client = new SocketClient(response, connection, waiting);
        opened.resolve(response);
        return;
      }
      const { xid, err, zxid } = replyHeader.read(reader);
      if (xid === Xid.notification) return;
      waiting.shift()?.({ err: err === 0 ? undefined : (errorName(err) ?? 'SystemError'), zxid, body: reader });
    });
    connection.start({
      data: (chunk) => void frames.push(chunk),
      end: () => connection.end(),
      drained: () => {},
      closed: () => {
        opened.resolve(undefined);
        client?.close();
        for (let answer = waiting.shift(); answer !== undefined; answer = waiting.shift()) answer(CLOSED);
      },
    });
    const password = session?.password ?? null;
    const hello = { protocolVersion: 0, lastZxidSeen, timeoutMs: SESSION_TIMEOUT_MS, readOnly: false };
    connection.write([framed(toBytes(connectRequest, { ...hello, sessionId: session?.sessionId ?? 0n, password }))]);
    await opened.promise;
    return client;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Asks, without waiting for answers to earlier requests. */
  ask<T>(op: OpName, jute?: Jute<T>, value?: T): Promise<Answer> {
    if (this.#closed) return Promise.resolve(CLOSED);
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#waiting.push(resolve);
    const header = toBytes(requestHeader, { xid: ++this.#xid, type: OpCode[op] });
    const body = jute === undefined ? new Uint8Array(0) : toBytes(jute, value as T);
    this.#connection.write([framed(Uint8Array.from([...header, ...body]))]);
    return promise;
  }

  create(path: string, text = '', flags = 0): Promise<Answer> {
    return this.ask('create', createRequest, { path, data: new TextEncoder().encode(text), acl: OPEN_ACL, flags });
  }

  set(path: string, text: string, version = -1): Promise<Answer> {
    return this.ask('setData', setDataRequest, { path, data: new TextEncoder().encode(text), version });
  }

  delete(path: string): Promise<Answer> {
    return this.ask('delete', pathVersionRequest, { path, version: -1 });
  }

  sync(): Promise<Answer> {
    return this.ask('sync', pathRecord, { path: '/' });
  }

  /** @returns The data as text; undefined when there is no such node. */
  async get(path: string): Promise<string | undefined> {
    const { err, body } = await this.ask('getData', pathWatchRequest, { path, watch: false });
    if (err !== undefined || body === null) return undefined;
    return new TextDecoder().decode(dataReply.read(body).data ?? undefined);
  }

  /** @returns The version of a node's data; undefined when there is no such node, or no answer. */
  async version(path: string): Promise<number | undefined> {
    const { err, body } = await this.ask('getData', pathWatchRequest, { path, watch: false });
    return err !== undefined || body === null ? undefined : dataReply.read(body).stat.version;
  }

  /** Drops the connection; the session lives on. */
  close(): void {
    this.#closed = true;
    this.#connection.abort();
  }
}

function framed(bytes: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writer.i32(bytes.length);
  writer.bytesOf(bytes);
  return writer.finish();
}
