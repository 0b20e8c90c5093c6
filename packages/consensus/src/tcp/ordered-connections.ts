import { type Connection, type Network, NetworkError, type Timers } from '@biquorum/platform';
import type { NodeId } from '../contract.ts';
import type { HostAndPort } from '../members.ts';
import { FrameStream } from './frame-stream.ts';

/** What the connections of one `fifo` channel need of the transport around them. */
export interface OrderedPorts {
  readonly network: Network;
  readonly timers: Timers;
  readonly frameBytesMax: number;
  readonly queuedBytesMax: number;
  readonly dialTimeoutMs: number;
  addressOf(peer: NodeId): HostAndPort | undefined;
  /** The first frame on a connection that is made from here, its length included. */
  hello(): Uint8Array;
  /** @returns False when there is no room. @throws Error when the frame is malformed. */
  received(peer: NodeId, frame: Uint8Array): boolean;
  link(peer: NodeId, up: boolean): void;
}

/** One link: a connection of its own, or the attempt to make one. */
interface Link {
  /** Made from here. */
  readonly dialled: boolean;
  stream: FrameStream | null;
  /** What was sent before the connection stood, with its length. */
  early: Uint8Array[];
  earlyBytes: number;
  /** Who waits for room. */
  waiter: (() => void) | null;
}

/** So much may wait for a slow peer before data that is read for it has to wait, too. */
const ROOM_BYTES = 1024 * 1024;
const IGNORE = { data: () => {}, end: () => {}, drained: () => {}, closed: () => {} };

/**
 * The links of one `fifo` channel: each is a TCP connection of its own, made by one side's call and gone as a whole.
 * What cannot be sent in its turn breaks the link.
 */
export class OrderedConnections {
  readonly #ports: OrderedPorts;
  readonly #links: Map<NodeId, Link> = new Map();
  #closed = false;

  constructor(ports: OrderedPorts) {
    this.#ports = ports;
  }

  dial(to: NodeId): void {
    this.hangUp(to);
    const { network, timers, dialTimeoutMs, addressOf } = this.#ports;
    const link: Link = { dialled: true, stream: null, early: [], earlyBytes: 0, waiter: null };
    this.#links.set(to, link);
    const address = addressOf(to);
    if (address === undefined) {
      timers.soon(() => this.#lost(to, link));
      return;
    }
    network.dial({ ...address, timeoutMs: dialTimeoutMs }).then(
      (connection) => {
        if (this.#links.get(to) === link && !this.#closed) this.#connected(to, link, connection);
        else {
          connection.start(IGNORE);
          connection.abort();
        }
      },
      (error: unknown) => {
        if (!(error instanceof NetworkError)) throw error;
        this.#lost(to, link);
      },
    );
  }

  /** A peer has called. It is turned away while a call from here to it is under way: of two only one dials. */
  accept(from: NodeId, stream: FrameStream): void {
    const before = this.#links.get(from);
    if (this.#closed || before?.dialled === true) {
      stream.abort();
      return;
    }
    // Whoever calls again has given up the link before.
    if (before !== undefined) {
      this.#links.delete(from);
      before.stream?.abort();
      this.#ports.link(from, false);
    }
    const link: Link = { dialled: false, stream, early: [], earlyBytes: 0, waiter: null };
    this.#links.set(from, link);
    stream.handTo(this.#takerOf(from, link));
    this.#ports.link(from, true);
  }

  /** @param body The message as bytes. */
  send(to: NodeId, body: Uint8Array): void {
    const link = this.#links.get(to);
    if (link === undefined) return;
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint32(0, body.length);
    const { queuedBytesMax } = this.#ports;
    const queuedBytes = link.stream?.connection.queuedBytes ?? link.earlyBytes;
    if (queuedBytes + body.length > queuedBytesMax) this.#break(to, link);
    else if (link.stream !== null) link.stream.connection.write([head, body]);
    else {
      link.early.push(head, body);
      link.earlyBytes += 4 + body.length;
    }
  }

  hangUp(to: NodeId): void {
    const link = this.#links.get(to);
    if (link === undefined) return;
    this.#links.delete(to);
    link.stream?.end();
  }

  whenRoom(to: NodeId, run: () => void): void {
    const link = this.#links.get(to);
    if (link === undefined) return;
    if (link.stream !== null && link.stream.connection.queuedBytes <= ROOM_BYTES) run();
    else link.waiter = run;
  }

  close(): void {
    this.#closed = true;
    for (const { stream } of this.#links.values()) stream?.end();
    this.#links.clear();
  }

  #connected(to: NodeId, link: Link, connection: Connection): void {
    const { timers, frameBytesMax, hello } = this.#ports;
    link.stream = new FrameStream(connection, timers, frameBytesMax, this.#takerOf(to, link));
    connection.write([hello(), ...link.early]);
    link.early = [];
    link.earlyBytes = 0;
    this.#ports.link(to, true);
    this.#serveWaiter(to, link);
  }

  #takerOf(peer: NodeId, link: Link): { frame(frame: Uint8Array): boolean; closed(): void; drained(): void } {
    return {
      frame: (frame) => this.#ports.received(peer, frame),
      closed: () => this.#lost(peer, link),
      drained: () => this.#serveWaiter(peer, link),
    };
  }

  #serveWaiter(peer: NodeId, link: Link): void {
    const { waiter } = link;
    if (waiter === null || this.#links.get(peer) !== link) return;
    link.waiter = null;
    this.whenRoom(peer, waiter);
  }

  #lost(peer: NodeId, link: Link): void {
    if (this.#links.get(peer) !== link) return;
    this.#links.delete(peer);
    if (!this.#closed) this.#ports.link(peer, false);
  }

  /** Nothing more can be sent in its turn. */
  #break(peer: NodeId, link: Link): void {
    link.stream?.abort();
    this.#ports.timers.soon(() => this.#lost(peer, link));
  }
}
