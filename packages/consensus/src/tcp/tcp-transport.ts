import {
  type Connection,
  type Listener,
  type Network,
  NetworkError,
  type Timer,
  type Timers,
} from '@biquorum/platform';
import { ByteReader, ByteWriter } from '@biquorum/std';
import type { ChannelSpec, Codec, NodeId, Peer, RequestId } from '../contract.ts';
import { type HostAndPort, parseAddress } from '../members.ts';
import type { Transport, TransportEvents } from '../ports.ts';
import { FrameStream } from './frame-stream.ts';
import { OrderedConnections } from './ordered-connections.ts';

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
  /** Bytes that may wait for a slow peer; over it, messages are lost, and links that must keep an order break. */
  readonly queuedBytesMax?: number;
  /**
   * A connection on which nothing has come for twice as many milliseconds is pinged; for four times as many, it is given
   * up. By default 2,000.
   */
  readonly pingMs?: number;
}

/** First thing on a connection: what is spoken here, in its first version. */
const GREETING = 0xb1c0_0001;
/** The same on a connection that is one link of a channel whose links keep an order. */
const ORDERED_GREETING = 0xb1c1_0001;
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

/** Looks at a connection now and then. */
interface Watch {
  cancel(): void;
}

/** A connection that this node dialled: its requests go out, their answers come back. */
interface Outgoing {
  connection: Connection | null;
  dialling: boolean;
  retryMs: number;
  retry: Timer | null;
  /** What was sent before the connection stood. */
  early: Uint8Array[];
  /** The last message of each channel of the kind `newest`, by the channel's number. */
  readonly newest: Map<number, Uint8Array>;
}

/**
 * Messages between members over TCP. Each member dials the others; requests and their answers share a connection, so an
 * answer never reaches another incarnation of the one who asked. On channels of the kind `any` what cannot be sent is
 * lost; of `newest` the last message is kept for a peer that is away, who is called until it answers, and sent again on
 * each new connection; `fifo` links are connections of their own.
 */
export class TcpTransport<Message> implements Transport<Message> {
  readonly #options: TcpTransportOptions<Message>;
  readonly #addresses: Map<NodeId, HostAndPort> = new Map();
  readonly #outgoing: Map<NodeId, Outgoing> = new Map();
  readonly #incoming: Set<Connection> = new Set();
  readonly #frameBytesMax: number;
  readonly #queuedBytesMax: number;
  readonly #pingMs: number;
  /** By the channel's number. */
  readonly #ordered: Map<number, OrderedConnections> = new Map();
  #listener: Listener | null = null;
  #events: TransportEvents<Message> | null = null;
  #closed = false;

  constructor(options: TcpTransportOptions<Message>) {
    this.#options = options;
    this.#frameBytesMax = options.frameBytesMax ?? 64 * 1024 * 1024;
    this.#queuedBytesMax = options.queuedBytesMax ?? 64 * 1024 * 1024;
    this.#pingMs = options.pingMs ?? PING_MS;
    for (const { id, address } of options.peers) this.learn(id, address);
    options.channels.forEach(({ name, link }, channel) => {
      if (link === 'fifo') this.#ordered.set(channel, this.#orderedLinks(name, channel));
    });
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
    const number = this.#numberOf(channel);
    const ordered = this.#ordered.get(number);
    if (ordered !== undefined) {
      ordered.send(to, this.#options.codec.encode(message));
      return;
    }
    const frame = this.#frame(request === 0 ? MESSAGE : REQUEST, number, request, message);
    const outgoing = this.#outgoingTo(to);
    const newest = this.#options.channels[number]?.link === 'newest';
    if (newest) outgoing.newest.set(number, frame);
    if (outgoing.connection !== null) {
      if (outgoing.connection.queuedBytes <= this.#queuedBytesMax) outgoing.connection.write([frame]);
      return;
    }
    if (!newest && outgoing.early.length < 16) outgoing.early.push(frame);
    this.#dial(to, outgoing);
  }

  dial(channel: string, to: NodeId): void {
    if (!this.#closed) this.#ordered.get(this.#numberOf(channel))?.dial(to);
  }

  hangUp(channel: string, to: NodeId): void {
    this.#ordered.get(this.#numberOf(channel))?.hangUp(to);
  }

  whenRoom(channel: string, to: NodeId, run: () => void): void {
    this.#ordered.get(this.#numberOf(channel))?.whenRoom(to, run);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { connection, retry } of this.#outgoing.values()) {
      retry?.cancel();
      // What was sent, such as a leader's farewell, still gets through.
      connection?.end();
    }
    for (const connection of this.#incoming) connection.end();
    for (const ordered of this.#ordered.values()) ordered.close();
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
    const stream = new FrameStream(connection, this.#options.timers, this.#frameBytesMax, {
      frame: (frame) =>
        this.#take(frame, stream, false, (kind, channel, request, message) => {
          if (kind === REPLY) return this.#events?.message(channel, to, request, message) ?? false;
          throw new RangeError(`a frame of kind ${kind} came back where only answers may`);
        }),
      closed: () => {
        watch.cancel();
        if (outgoing.connection === connection) this.#lost(to, outgoing);
      },
    });
    const watch = this.#watch(stream, true);
    connection.write([this.#hello(GREETING), ...outgoing.early, ...outgoing.newest.values()]);
    outgoing.early = [];
    this.#link(to, true);
  }

  /** A connection could not be made, or broke. */
  #lost(to: NodeId, outgoing: Outgoing): void {
    outgoing.connection = null;
    outgoing.early = [];
    if (this.#closed) return;
    this.#link(to, false);
    // The next send after the pause dials again, and a message that must not get lost does not wait for one.
    outgoing.retry = this.#options.timers.set(outgoing.retryMs, () => {
      if (outgoing.newest.size > 0 && outgoing.connection === null) this.#dial(to, outgoing);
    });
    outgoing.retryMs = Math.min(outgoing.retryMs * 2, RETRY_MAX_MS);
  }

  #accept(connection: Connection): void {
    if (this.#closed) {
      connection.start(IGNORE);
      connection.abort();
      return;
    }
    this.#incoming.add(connection);
    const stream = new FrameStream(connection, this.#options.timers, this.#frameBytesMax, {
      frame: (frame) => {
        this.#greeted(frame, stream, watch);
        return true;
      },
      closed: () => this.#left(connection, watch),
    });
    const watch = this.#watch(stream, false);
  }

  /** The first frame says who calls, and for what. */
  #greeted(frame: Uint8Array, stream: FrameStream, watch: Watch): void {
    const { connection } = stream;
    const r = new ByteReader(frame);
    const greeting = r.u32();
    if (greeting !== GREETING && greeting !== ORDERED_GREETING)
      throw new RangeError(`${greeting.toString(16)} is another protocol, or another version`);
    const from = r.i32();
    const ordered = greeting === ORDERED_GREETING ? this.#ordered.get(r.u8()) : null;
    const cluster = r.utf8(r.remaining);
    if (cluster !== this.#options.cluster) throw new RangeError(`member ${from} is of cluster ${cluster}`);
    if (ordered === undefined) throw new RangeError(`member ${from} calls for a channel that keeps no order`);
    if (ordered !== null) {
      // Engines watch over links that keep an order by themselves.
      this.#left(connection, watch);
      ordered.accept(from, stream);
      return;
    }
    this.#called(from);
    stream.handTo({
      frame: (next) =>
        this.#take(next, stream, true, (kind, channel, request, message) => {
          if (kind === MESSAGE) return this.#events?.message(channel, from, 0, message) ?? false;
          if (kind !== REQUEST) throw new RangeError(`a frame of kind ${kind} came where only requests may`);
          return (
            this.#events?.request(channel, from, message, (answer) => {
              if (this.#incoming.has(connection) && connection.queuedBytes <= this.#queuedBytesMax) {
                connection.write([this.#frame(REPLY, this.#numberOf(channel), request, answer)]);
              }
            }) ?? false
          );
        }),
      closed: () => this.#left(connection, watch),
    });
  }

  #left(connection: Connection, watch: Watch): void {
    watch.cancel();
    this.#incoming.delete(connection);
  }

  /** Whoever calls is there again: no need to wait before calling back. */
  #called(from: NodeId): void {
    const outgoing = this.#outgoing.get(from);
    if (outgoing === undefined) return;
    outgoing.retry?.cancel();
    outgoing.retryMs = RETRY_MIN_MS;
    if (outgoing.newest.size > 0 && outgoing.connection === null) this.#dial(from, outgoing);
  }

  #take(
    frame: Uint8Array,
    { connection }: FrameStream,
    called: boolean,
    deliver: (kind: number, channel: string, request: RequestId, message: Message) => boolean,
  ): boolean {
    const r = new ByteReader(frame);
    const kind = r.u8();
    if (kind === PING) {
      if (called) connection.write([PING_FRAME]);
      return true;
    }
    const channel = this.#options.channels[r.u8()]?.name ?? '';
    const request = r.i64();
    return deliver(kind, channel, request, this.#options.codec.decode(r.take(r.remaining)));
  }

  /** Gives a connection up on which nothing comes any more. @param dialled The one who dialled asks. */
  #watch(stream: FrameStream, dialled: boolean): Watch {
    const { connection } = stream;
    const { timers } = this.#options;
    const look = (): void => {
      if (!stream.waiting) {
        const looks = stream.look();
        if (looks > SILENT_LOOKS_MAX) {
          connection.abort();
          return;
        }
        if (dialled && looks > 1) connection.write([PING_FRAME]);
      }
      timer = timers.set(this.#pingMs, look);
    };
    let timer = timers.set(this.#pingMs, look);
    return { cancel: () => timer.cancel() };
  }

  #link(peer: NodeId, up: boolean): void {
    for (const { name, link } of this.#options.channels) if (link !== 'fifo') this.#events?.link(name, peer, up);
  }

  #outgoingTo(to: NodeId): Outgoing {
    let outgoing = this.#outgoing.get(to);
    if (outgoing === undefined) {
      outgoing = {
        connection: null,
        dialling: false,
        retryMs: RETRY_MIN_MS,
        retry: null,
        early: [],
        newest: new Map(),
      };
      this.#outgoing.set(to, outgoing);
    }
    return outgoing;
  }

  #orderedLinks(name: string, channel: number): OrderedConnections {
    const { network, timers, codec } = this.#options;
    return new OrderedConnections({
      network,
      timers,
      frameBytesMax: this.#frameBytesMax,
      queuedBytesMax: this.#queuedBytesMax,
      dialTimeoutMs: DIAL_TIMEOUT_MS,
      addressOf: (peer) => this.#addresses.get(peer),
      hello: () => this.#hello(ORDERED_GREETING, channel),
      received: (peer, frame) => this.#events?.message(name, peer, 0, codec.decode(frame)) ?? false,
      link: (peer, up) => this.#events?.link(name, peer, up),
    });
  }

  #numberOf(channel: string): number {
    return this.#options.channels.findIndex(({ name }) => name === channel);
  }

  #hello(greeting: number, channel?: number): Uint8Array {
    const w = new ByteWriter();
    w.u32(0);
    w.u32(greeting);
    w.i32(this.#options.id);
    if (channel !== undefined) w.u8(channel);
    w.utf8(this.#options.cluster);
    w.patchU32(0, w.position - 4);
    return w.finish();
  }

  #frame(kind: number, channel: number, request: RequestId, message: Message): Uint8Array {
    const body = this.#options.codec.encode(message);
    const frame = new Uint8Array(14 + body.length);
    const view = new DataView(frame.buffer);
    view.setUint32(0, 10 + body.length);
    view.setUint8(4, kind);
    view.setUint8(5, channel);
    view.setUint32(6, Math.floor(request / 0x1_0000_0000));
    view.setUint32(10, request >>> 0);
    frame.set(body, 14);
    return frame;
  }
}

/** A frame of one byte: its length, and what it is. */
const PING_FRAME = Uint8Array.of(0, 0, 0, 1, PING);
const IGNORE = { data: () => {}, end: () => {}, drained: () => {}, closed: () => {} };
