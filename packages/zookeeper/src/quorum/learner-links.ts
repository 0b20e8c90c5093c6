import {
  type Address,
  type Connection,
  type Listener,
  type Network,
  NetworkError,
  type Telemetry,
  type Timers,
} from '@biquorum/platform';
import { ByteReader } from '@biquorum/std';
import { PacketType, type QuorumPacket } from '@biquorum/zookeeper-wire';
import { type LearnerItem, LearnerLink } from './learner-link.ts';

/** What {@link LearnerLinks} are made from. */
export interface LearnerLinksOptions {
  readonly ports: { readonly network: Network; readonly timers: Timers; readonly telemetry: Telemetry };
  /** `myid`. */
  readonly id: number;
  /** Quorum ports of the other servers; several where a server has several networks. */
  readonly peers: ReadonlyMap<number, readonly Address[]>;
  /** A try to reach a leader takes no longer than this. */
  readonly dialMs: number;
  /** A caller has so long to say who it is, and this server to become its leader. By default 2,000. */
  readonly greetingMs?: number;
  /** A peer that does not take what it has been sent is cut off over so many bytes. By default 256 MiB. */
  readonly queuedBytesMax?: number;
}

/** What {@link LearnerLinks} tell. */
export interface LearnerLinksEvents {
  /** @returns False when there is no room now: it is offered again soon. */
  item(peer: number, item: LearnerItem): boolean;
  link(peer: number, up: boolean): void;
  /** Whether this server leads, and so has an ear for learners. */
  listens(): boolean;
}

/** A link that stands, or is being made. */
interface Line {
  /** Whether this server has called, as learners do. */
  readonly dialled: boolean;
  link: LearnerLink | null;
  /** What was sent before it stood. */
  readonly early: Uint8Array[];
}

const GREETING_MS = 2_000;
const QUEUED_BYTES_MAX = 256 * 1024 * 1024;
const UNNAMED_MAX = 64;
const EARLY_MAX = 64;
const ID_MAX = 2 ** 31 - 1;

/**
 * The links between a leader and its learners, in order and without gaps: a learner dials, a leader takes the call. A new
 * link takes the place of an old one with the same peer, of which nothing more is told. Source: Java `Learner`,
 * `LearnerHandler`.
 */
export class LearnerLinks {
  readonly #options: LearnerLinksOptions;
  readonly #lines: Map<number, Line> = new Map();
  readonly #unnamed: Set<LearnerLink> = new Set();
  #events: LearnerLinksEvents | null = null;
  #listener: Listener | null = null;
  /** Calls made so far: each goes to the next of several addresses. */
  #calls = 0;
  #closed = false;

  constructor(options: LearnerLinksOptions) {
    this.#options = options;
  }

  /** Binds the quorum port. @returns The port. @throws NetworkError as a rejection. */
  async listen(host: string, port: number): Promise<number> {
    this.#listener = await this.#options.ports.network.listen({ host, port }, (connection) => this.#accept(connection));
    return this.#listener.address.port;
  }

  start(events: LearnerLinksEvents): void {
    this.#events = events;
  }

  /** Calls a leader. What was between the two is over; what is sent from now on waits for the link. */
  dial(to: number): void {
    if (this.#closed) return;
    this.hangUp(to, 'a new call is made');
    const line: Line = { dialled: true, link: null, early: [] };
    this.#lines.set(to, line);
    const { ports, peers, dialMs } = this.#options;
    const places = peers.get(to) ?? [];
    const turn = this.#calls++ % Math.max(places.length, 1);
    const place = places[turn];
    if (place === undefined) {
      // Never from inside the call that wants to send.
      ports.timers.soon(() => this.#gone(to, line, 'nobody has said where it can be reached'));
      return;
    }
    ports.network.dial({ ...place, timeoutMs: dialMs }).then(
      (connection) => {
        if (this.#closed || this.#lines.get(to) !== line) discard(connection);
        else this.#connected(to, line, connection);
      },
      (error: unknown) => {
        if (!(error instanceof NetworkError)) throw error;
        this.#gone(to, line, error.message);
      },
    );
  }

  /** Sends the bytes of a packet; they are lost without a link. */
  send(to: number, packet: Uint8Array): void {
    const line = this.#lines.get(to);
    if (line?.link) line.link.send(packet);
    else if (line !== undefined && line.early.length < EARLY_MAX) line.early.push(packet);
  }

  /** Sends a piece of a snapshot; behind the last the end is told. */
  sendSnapshot(to: number, bytes: Uint8Array, last: boolean): void {
    this.#lines.get(to)?.link?.sendSnapshot(bytes, last);
  }

  /** Calls `run` once the peer has taken most of what it was sent; never when the link ends before. */
  whenRoom(to: number, run: () => void): void {
    this.#lines.get(to)?.link?.whenRoom(run);
  }

  /** Whether it is this server that has called. */
  hasDialled(peer: number): boolean {
    return this.#lines.get(peer)?.dialled ?? false;
  }

  /** Ends the link with a peer, or the attempt to make one. Nothing is told of it. */
  hangUp(peer: number, reason = 'hung up'): void {
    const line = this.#lines.get(peer);
    if (line === undefined) return;
    this.#lines.delete(peer);
    line.link?.close(reason);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const peer of [...this.#lines.keys()]) this.hangUp(peer, 'this server stops');
    for (const link of [...this.#unnamed]) link.close('this server stops');
    await this.#listener?.close();
  }

  #connected(to: number, line: Line, connection: Connection): void {
    const link = this.#linkOf(connection);
    line.link = link;
    this.#events?.link(to, true);
    for (const packet of line.early.splice(0)) link.send(packet);
    link.start({
      item: (item) => this.#events?.item(to, item) ?? true,
      closed: (reason) => this.#gone(to, line, reason),
    });
  }

  #accept(connection: Connection): void {
    if (this.#closed) {
      discard(connection);
      return;
    }
    // Who says nothing must not keep others from being heard: the one that has been silent for longest goes.
    const [oldest] = this.#unnamed;
    if (this.#unnamed.size >= UNNAMED_MAX) oldest?.close('too many have called and not said who they are');
    const link = this.#linkOf(connection);
    this.#unnamed.add(link);
    const { timers } = this.#options.ports;
    const patience = timers.set(this.#options.greetingMs ?? GREETING_MS, () =>
      link.close('nobody introduced itself, or this server does not lead'),
    );
    let peer: number | null = null;
    const line: Line = { dialled: false, link, early: [] };
    link.start({
      item: (item) => {
        if (peer === null) {
          if (!(this.#events?.listens() ?? false)) return false;
          peer = this.#introduced(link, item);
          if (peer === null) return true;
          patience.cancel();
          this.#unnamed.delete(link);
          this.#replace(peer, line);
        }
        return this.#events?.item(peer, item) ?? true;
      },
      closed: (reason) => {
        patience.cancel();
        this.#unnamed.delete(link);
        if (peer !== null) this.#gone(peer, line, reason);
      },
    });
  }

  /** @returns Who has called; null when it does not say so, and is cut off. */
  #introduced(link: LearnerLink, item: LearnerItem): number | null {
    const data = item.kind === 'packet' && introduces(item.packet) ? item.packet.data : null;
    const id = data === null || data.length < 8 ? -1 : Number(new ByteReader(data).i64Big());
    // Whom this server calls cannot call it.
    if (id >= 0 && id <= ID_MAX && id !== this.#options.id && !this.hasDialled(id)) return id;
    this.#options.ports.telemetry.log('debug', 'a caller at the quorum port is refused', { from: link.remoteHost });
    link.close('it is no learner');
    return null;
  }

  #replace(peer: number, line: Line): void {
    if (this.#lines.has(peer)) {
      this.hangUp(peer, 'the peer has called again');
      this.#events?.link(peer, false);
    }
    this.#lines.set(peer, line);
    this.#events?.link(peer, true);
  }

  #gone(peer: number, line: Line, reason: string): void {
    if (this.#lines.get(peer) !== line) return;
    this.#lines.delete(peer);
    this.#options.ports.telemetry.log('debug', 'the link between learner and leader is gone', { peer, reason });
    if (!this.#closed) this.#events?.link(peer, false);
  }

  #linkOf(connection: Connection): LearnerLink {
    return new LearnerLink(connection, this.#options.ports.timers, this.#options.queuedBytesMax ?? QUEUED_BYTES_MAX);
  }
}

function introduces({ type }: QuorumPacket): boolean {
  return type === PacketType.FOLLOWERINFO || type === PacketType.OBSERVERINFO;
}

function discard(connection: Connection): void {
  connection.start({ data: () => {}, end: () => {}, drained: () => {}, closed: () => {} });
  connection.abort();
}
