import { ByteReader } from '@biquorum/std';
import {
  type ConnectRequest,
  connectRequest,
  connectResponse,
  errorName,
  eventName,
  type Jute,
  OpCode,
  type OpName,
  replyHeader,
  requestHeader,
  toBytes,
  watcherEvent,
  Xid,
} from '@biquorum/zookeeper-wire';
import type { ClientConnection, Server } from '../../src/index.ts';

/** Speaks to a server frame by frame, as a client's socket would. */
export class RawClient {
  readonly connection: ClientConnection;
  readonly #server: Server;
  readonly #frames: Uint8Array[] = [];
  ended = false;
  paused = false;

  constructor(server: Server, remoteHost = '127.0.0.1') {
    this.#server = server;
    this.connection = server.accept({
      remoteHost,
      send: (frame) => void this.#frames.push(frame.slice(4)),
      end: () => {
        this.ended = true;
      },
      setPaused: (paused) => {
        this.paused = paused;
      },
    });
  }

  connect(over: Partial<ConnectRequest> = {}): ReturnType<typeof connectResponse.read> | undefined {
    const request = {
      protocolVersion: 0,
      lastZxidSeen: 0,
      timeoutMs: 10_000,
      sessionId: 0n,
      password: null,
      readOnly: false,
    };
    this.#server.receive(this.connection, toBytes(connectRequest, { ...request, ...over }));
    const frame = this.#frames.shift();
    return frame === undefined ? undefined : connectResponse.read(new ByteReader(frame));
  }

  send<T>(xid: number, op: OpName, jute?: Jute<T>, value?: T): void {
    const header = toBytes(requestHeader, { xid, type: OpCode[op] });
    const body = jute === undefined ? new Uint8Array(0) : toBytes(jute, value as T);
    this.#server.receive(this.connection, Uint8Array.from([...header, ...body]));
  }

  /** What has come, as text: replies as `xid error`, events as `event path`. */
  read(): string[] {
    return this.#frames.splice(0).map((frame) => {
      const reader = new ByteReader(frame);
      const { xid, err } = replyHeader.read(reader);
      if (xid !== Xid.notification) return `${xid} ${errorName(err)}`;
      const event = watcherEvent.read(reader);
      return `${eventName(event.type)} ${event.path}`;
    });
  }

  /** Sends and reads the one reply; its body is read where there is none but an Ok. */
  call<T, R>(op: OpName, request: Jute<T> | undefined, value: T, reply: Jute<R>): R | string {
    this.send(1_000, op, request, value);
    const frame = this.#frames.shift();
    if (frame === undefined) return 'no reply';
    const reader = new ByteReader(frame);
    const { err } = replyHeader.read(reader);
    return err === 0 ? reply.read(reader) : (errorName(err) ?? '?');
  }
}
