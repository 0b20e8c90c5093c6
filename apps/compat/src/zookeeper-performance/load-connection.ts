import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  connectRequest,
  createRequest,
  errorName,
  type Jute,
  OPEN_ACL,
  OpCode,
  type OpName,
  pathRecord,
  pathVersionRequest,
  pathWatchRequest,
  requestHeader,
  setDataRequest,
  toBytes,
} from '@biquorum/zookeeper-wire';
import { LOOPBACK } from '../apache/ports.ts';

/** Made once and sent many times: its xid is written over, and the digits of its path if it has any. */
export interface RequestTemplate {
  readonly bytes: Buffer;
  /** Where the ten digits at the end of its path begin; 0 for none. */
  readonly digitsAt: number;
}

const SESSION_TIMEOUT_MS = 40_000;
const DIGITS = 10;
/** Answers that may be waited for at once. */
const RING = 1 << 14;
/** Where a frame has its xid, and an answer its error. */
const XID_AT = 4;
const ERROR_AT = 16;

/** A connection that asks without thinking: templates out, and of the answers no more than their errors and times. */
export class LoadConnection {
  readonly #socket: Socket;
  readonly #sentMs: Float64Array = new Float64Array(RING);
  #sent = 0;
  #answered = 0;
  #rest: Buffer | null = null;
  #out: Buffer[] = [];
  /** Told of each answer with what it took; it may ask again. */
  onAnswer: (tookMs: number) => void = () => {};
  /** Told when the connection is gone or an answer is an error. */
  onFault: (error: Error) => void = (error) => {
    throw error;
  };

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects, with a session of its own. */
  static async open(port: number): Promise<LoadConnection> {
    const socket = connect(port, LOOPBACK);
    socket.setNoDelay(true);
    await once(socket, 'connect');
    const hello = { protocolVersion: 0, lastZxidSeen: 0, timeoutMs: SESSION_TIMEOUT_MS, sessionId: 0n, password: null };
    socket.write(framed(toBytes(connectRequest, { ...hello, readOnly: false })));
    await once(socket, 'data');
    const connection = new LoadConnection(socket);
    socket.on('data', (chunk: Buffer) => connection.#take(chunk));
    socket.on('error', (error) => connection.onFault(error));
    socket.on('close', () => connection.onFault(new Error(`the server at port ${port} has ended a connection`)));
    return connection;
  }

  /** Asks; it leaves with {@link LoadConnection.flush}. @param number written into the path's digits */
  ask({ bytes, digitsAt }: RequestTemplate, number = 0): void {
    const frame = Buffer.from(bytes);
    frame.writeInt32BE((this.#sent % 0x7fff_fff0) + 1, XID_AT);
    if (digitsAt > 0) frame.write(String(number).padStart(DIGITS, '0'), digitsAt, 'latin1');
    this.#sentMs[this.#sent++ % RING] = performance.now();
    this.#out.push(frame);
  }

  flush(): void {
    if (this.#out.length === 0) return;
    this.#socket.write(this.#out.length === 1 ? (this.#out[0] as Buffer) : Buffer.concat(this.#out));
    this.#out = [];
  }

  /** Asks once and waits for the answer. */
  call(template: RequestTemplate, number = 0): Promise<void> {
    return new Promise((resolve) => {
      this.onAnswer = () => resolve();
      this.ask(template, number);
      this.flush();
    });
  }

  close(): void {
    this.onFault = () => {};
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    const nowMs = performance.now();
    let at = 0;
    while (bytes.length - at >= 4) {
      const length = bytes.readInt32BE(at);
      if (bytes.length - at - 4 < length) break;
      const error = bytes.readInt32BE(at + ERROR_AT);
      if (error !== 0) this.onFault(new Error(`a request was answered with ${errorName(error)}`));
      this.onAnswer(nowMs - (this.#sentMs[this.#answered++ % RING] as number));
      at += 4 + length;
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : null;
    this.flush();
  }
}

export function creation(path: string, data: Uint8Array, numbered = false): RequestTemplate {
  return template(
    'create',
    createRequest,
    { path: withDigits(path, numbered), data, acl: OPEN_ACL, flags: 0 },
    path,
    numbered,
  );
}

export function deletion(path: string, numbered = false): RequestTemplate {
  return template('delete', pathVersionRequest, { path: withDigits(path, numbered), version: -1 }, path, numbered);
}

export function change(path: string, data: Uint8Array): RequestTemplate {
  return template('setData', setDataRequest, { path, data, version: -1 }, path, false);
}

export function reading(op: 'getData' | 'getChildren', path: string): RequestTemplate {
  return template(op, pathWatchRequest, { path, watch: false }, path, false);
}

export function syncing(path: string): RequestTemplate {
  return template('sync', pathRecord, { path }, path, false);
}

function template<T>(op: OpName, jute: Jute<T>, value: T, path: string, numbered: boolean): RequestTemplate {
  const header = toBytes(requestHeader, { xid: 0, type: OpCode[op] });
  const bytes = framed(Buffer.concat([header, toBytes(jute, value)]));
  // Size, header, and the length of the path stand before it.
  return { bytes, digitsAt: numbered ? 4 + header.length + 4 + path.length : 0 };
}

function withDigits(path: string, numbered: boolean): string {
  return numbered ? `${path}${'0'.repeat(DIGITS)}` : path;
}

function framed(body: Uint8Array): Buffer {
  const frame = Buffer.alloc(4 + body.length);
  frame.writeInt32BE(body.length);
  frame.set(body, 4);
  return frame;
}
