import {
  type Connection,
  type Listener,
  type Network,
  NetworkError,
  type Timer,
  type Timers,
} from '@biquorum/platform';
import { ByteReader, ByteWriter, FrameReader, Queue } from '@biquorum/std';
import type { ChannelSpec, Codec, NodeId, Peer, RequestId } from '../contract.ts';
import { EngineConfigError } from '../errors.ts';
import { type HostAndPort, parseAddress } from '../members.ts';
import type { Transport, TransportEvents } from '../ports.ts';

/** What a {@link TcpTransport} is made from. */
export interface TcpTransportOptions<Message> {
  readonly network: Network;
  readonly timers: Timers;
  readonly id: NodeId;
  readonly peers: readonly Peer[];
  readonly channels: readonly ChannelSpec[];
  readonly codec: Codec<Message>;
  /** Tells one cluster from another that listens on the same address by mistake. */
  readonly cluster: string;
  /** A frame from a peer may be at most so long. */
  readonly frameBytesMax?: number;
  /** Bytes that may wait for a slow peer; over it, messages are lost. */
  readonly queuedBytesMax?: number;
  /**
   * A connection on which nothing has come for twice as many milliseconds is pinged; for four times as many, it is given
   * up. By default 2,000.
   */
  readonly pingMs?: number;
}

/** First thing on a connection: what is spoken here, in its first version. */
const GREETING = 0xb1c0_0001;
const MESSAGE = 0;
const REQUEST = 1;
const REPLY = 2;
/** Asks the other end whether it is there; it sends the same back. */
const PING = 3;
const PING_MS = 2000;
/** Looks at a connection that may find it silent, before it is given up. */
const SILENT_LOOKS_MAX = 3;
const DIAL_TIMEOUT_MS = 2000;
const RETRY_MIN_MS = 20;
const RETRY_MAX_MS = 1000;

/** A connection that this node dialled: its requests go out, their answers come back. */
interface Outgoing {
  connection: Connection | null;
  dialling: boolean;
  retryMs: number;
  retry: Timer | null;
  /** What was sent before the connection stood. */
  early: Uint8Array[];
}

/**
 * Messages between members over TCP. Each member dials the others; requests and their answers share a connection, so an
 * answer never reaches another incarnation of the one who asked. What cannot be sent is lost, as engines expect of
 * links of the kind `any`; it carries no others.
 */
export class TcpTransport<Message> implements Transport<Message> {
  readonly #options: TcpTransportOptions<Message>;
  readonly #addresses: Map<NodeId, HostAndPort> = new Map();
  readonly #outgoing: Map<NodeId, Outgoing> = new Map();
  readonly #incoming: Set<Connection> = new Set();
  readonly #frameBytesMax: number;
  readonly #queuedBytesMax: number;
  readonly #pingMs: number;
  #listener: Listener | null = null;
  #events: TransportEvents<Message> | null = null;
  #closed = false;

  /** @throws EngineConfigError when a channel promises more than these links keep. */
  constructor(options: TcpTransportOptions<Message>) {
    for (const { name, link } of options.channels) {
      if (link !== 'any')
        throw new EngineConfigError(`channel ${name} wants ${link} links, TCP carries any; choose another network`);
    }
    this.#options = options;
    this.#frameBytesMax = options.frameBytesMax ?? 64 * 1024 * 1024;
    this.#queuedBytesMax = options.queuedBytesMax ?? 64 * 1024 * 1024;
    this.#pingMs = options.pingMs ?? PING_MS;
    for (const { id, address } of options.peers) this.learn(id, address);
  }

  /** Listens. @returns The port that was bound. @throws NetworkError as a rejection. */
  async listen(host: string, port: number): Promise<number> {
    this.#listener = await this.#options.network.listen({ host, port }, (connection) => this.#accept(connection));
    return this.#listener.address.port;
  }

  start(events: TransportEvents<Message>): void {
    this.#events = events;
  }

  /** What is no address is passed over: others say it, and may be wrong. */
  learn(id: NodeId, address: string): void {
    const learnt = parseAddress(address);
    const known = this.#addresses.get(id);
    if (id === this.#options.id || learnt === null) return;
    if (known?.host === learnt.host && known.port === learnt.port) return;
    this.#addresses.set(id, learnt);
    // Whoever has moved is no longer at the other end, or not for long.
    this.#outgoing.get(id)?.connection?.abort();
  }

  send(channel: string, to: NodeId, message: Message, request: RequestId): void {
    if (this.#closed) return;
    const frame = this.#frame(request === 0 ? MESSAGE : REQUEST, channel, request, message);
    let outgoing = this.#outgoing.get(to);
    if (outgoing === undefined) {
      outgoing = { connection: null, dialling: false, retryMs: RETRY_MIN_MS, retry: null, early: [] };
      this.#outgoing.set(to, outgoing);
    }
    if (outgoing.connection !== null) {
      if (outgoing.connection.queuedBytes <= this.#queuedBytesMax) outgoing.connection.write([frame]);
      return;
    }
    if (outgoing.early.length < 16) outgoing.early.push(frame);
    this.#dial(to, outgoing);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { connection, retry } of this.#outgoing.values()) {
      retry?.cancel();
      // What was sent, such as a leader's farewell, still gets through.
      connection?.end();
    }
    for (const connection of this.#incoming) connection.end();
    await this.#listener?.close();
  }

  #dial(to: NodeId, outgoing: Outgoing): void {
    const address = this.#addresses.get(to);
    if (outgoing.dialling || outgoing.retry?.pending || address === undefined || this.#closed) return;
    outgoing.dialling = true;
    this.#options.network.dial({ ...address, timeoutMs: DIAL_TIMEOUT_MS }).then(
      (connection) => {
        outgoing.dialling = false;
        if (this.#closed) {
          connection.start(IGNORE);
          connection.abort();
        } else this.#connected(to, outgoing, connection);
      },
      (error: unknown) => {
        outgoing.dialling = false;
        if (!(error instanceof NetworkError)) throw error;
        this.#lost(to, outgoing);
      },
    );
  }

  #connected(to: NodeId, outgoing: Outgoing, connection: Connection): void {
    outgoing.connection = connection;
    outgoing.retryMs = RETRY_MIN_MS;
    this.#receive(connection, to, (kind, channel, request, message) => {
      if (kind === REPLY) return this.#events?.message(channel, to, request, message) ?? false;
      throw new RangeError(`a frame of kind ${kind} came back where only answers may`);
    });
    connection.write([this.#hello(), ...outgoing.early]);
    outgoing.early = [];
    this.#link(to, true);
  }

  /** A connection could not be made, or broke. */
  #lost(to: NodeId, outgoing: Outgoing): void {
    outgoing.connection = null;
    outgoing.early = [];
    if (this.#closed) return;
    this.#link(to, false);
    // The next send after the pause dials again.
    outgoing.retry = this.#options.timers.set(outgoing.retryMs, () => {});
    outgoing.retryMs = Math.min(outgoing.retryMs * 2, RETRY_MAX_MS);
  }

  #accept(connection: Connection): void {
    if (this.#closed) {
      connection.start(IGNORE);
      connection.abort();
      return;
    }
    this.#incoming.add(connection);
    this.#receive(connection, null, (kind, channel, request, message, from) => {
      if (kind === MESSAGE) return this.#events?.message(channel, from, 0, message) ?? false;
      if (kind !== REQUEST) throw new RangeError(`a frame of kind ${kind} came where only requests may`);
      return (
        this.#events?.request(channel, from, message, (answer) => {
          if (this.#incoming.has(connection) && connection.queuedBytes <= this.#queuedBytesMax) {
            connection.write([this.#frame(REPLY, channel, request, answer)]);
          }
        }) ?? false
      );
    });
  }

  /**
   * Delivers what arrives. When there is no room the connection stands still, so that the peer feels it, and what has
   * arrived is offered again a little later.
   */
  #receive(
    connection: Connection,
    dialled: NodeId | null,
    deliver: (kind: number, channel: string, request: RequestId, message: Message, from: NodeId) => boolean,
  ): void {
    const arrived = new Queue<Uint8Array>();
    const reader = new FrameReader(this.#frameBytesMax, (frame) => arrived.push(frame));
    let from: NodeId | null = dialled;
    let waiting = false;
    let silentLooks = 0;
    let watch: Timer | null = null;
    const look = (): void => {
      // A peer that has to wait for us cannot be blamed for its silence.
      if (!waiting && silentLooks++ >= SILENT_LOOKS_MAX) {
        connection.abort();
        return;
      }
      // The one who dialled asks, and the other end hears that it does.
      if (dialled !== null && silentLooks > 1) connection.write([PING_FRAME]);
      watch = this.#options.timers.set(this.#pingMs, look);
    };
    let over = false;
    const pump = (): void => {
      if (this.#closed || over) return;
      try {
        for (let frame = arrived.peek(); frame !== undefined; frame = arrived.peek()) {
          waiting = false;
          if (from === null) {
            from = this.#readHello(frame);
            arrived.shift();
            continue;
          }
          const r = new ByteReader(frame);
          const kind = r.u8();
          if (kind === PING) {
            if (dialled === null) connection.write([PING_FRAME]);
            arrived.shift();
            continue;
          }
          const channel = this.#options.channels[r.u8()]?.name ?? '';
          const request = r.i64();
          if (deliver(kind, channel, request, this.#options.codec.decode(r.take(r.remaining)), from)) {
            arrived.shift();
            continue;
          }
          waiting = true;
          connection.pause();
          this.#options.timers.set(1, () => {
            connection.resume();
            pump();
          });
          return;
        }
      } catch {
        // Whatever it sends, a peer cannot harm more than its own connection.
        connection.abort();
      }
    };
    connection.start({
      data: (chunk) => {
        silentLooks = 0;
        if (reader.push(chunk) !== null) connection.abort();
        else if (!waiting) pump();
      },
      end: () => connection.end(),
      drained: () => {},
      closed: () => {
        watch?.cancel();
        over = true;
        this.#incoming.delete(connection);
        if (dialled === null) return;
        const outgoing = this.#outgoing.get(dialled);
        if (outgoing?.connection === connection) this.#lost(dialled, outgoing);
      },
    });
    watch = this.#options.timers.set(this.#pingMs, look);
  }

  #link(peer: NodeId, up: boolean): void {
    for (const { name } of this.#options.channels) this.#events?.link(name, peer, up);
  }

  #hello(): Uint8Array {
    const w = new ByteWriter();
    w.u32(0);
    w.u32(GREETING);
    w.i32(this.#options.id);
    w.utf8(this.#options.cluster);
    w.patchU32(0, w.position - 4);
    return w.finish();
  }

  #readHello(frame: Uint8Array): NodeId {
    const r = new ByteReader(frame);
    const greeting = r.u32();
    if (greeting !== GREETING) throw new RangeError(`${greeting.toString(16)} is another protocol, or another version`);
    const id = r.i32();
    const cluster = r.utf8(r.remaining);
    if (cluster !== this.#options.cluster) throw new RangeError(`member ${id} is of cluster ${cluster}`);
    // Whoever calls is there again: no need to wait before calling back.
    const outgoing = this.#outgoing.get(id);
    outgoing?.retry?.cancel();
    if (outgoing !== undefined) outgoing.retryMs = RETRY_MIN_MS;
    return id;
  }

  #frame(kind: number, channel: string, request: RequestId, message: Message): Uint8Array {
    const body = this.#options.codec.encode(message);
    const frame = new Uint8Array(14 + body.length);
    const view = new DataView(frame.buffer);
    view.setUint32(0, 10 + body.length);
    view.setUint8(4, kind);
    view.setUint8(
      5,
      this.#options.channels.findIndex(({ name }) => name === channel),
    );
    view.setUint32(6, Math.floor(request / 0x1_0000_0000));
    view.setUint32(10, request >>> 0);
    frame.set(body, 14);
    return frame;
  }
}

/** A frame of one byte: its length, and what it is. */
const PING_FRAME = Uint8Array.of(0, 0, 0, 1, PING);
const IGNORE = { data: () => {}, end: () => {}, drained: () => {}, closed: () => {} };
