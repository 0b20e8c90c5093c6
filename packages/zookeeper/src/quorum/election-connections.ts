import {
  type Address,
  type Connection,
  type ConnectionHandlers,
  type Fields,
  type Listener,
  type Network,
  NetworkError,
  type Telemetry,
  type Timer,
  type Timers,
} from '@biquorum/platform';
import { BytesError, FrameReader } from '@biquorum/std';
import { type ElectionHello, electionHello } from '@biquorum/zookeeper-wire';

/** What {@link ElectionConnections} are made from. */
export interface ElectionConnectionsOptions {
  readonly ports: { readonly network: Network; readonly timers: Timers; readonly telemetry: Telemetry };
  /** `myid`. */
  readonly id: number;
  /** Where this server's election port can be reached, as it tells others: `host:port`, one or several. */
  readonly addresses: readonly string[];
  /** Election ports of the other servers; several where a server has several networks. */
  readonly peers: ReadonlyMap<number, readonly Address[]>;
  /** `zookeeper.cnxTimeout`, for making a connection and for a caller's first words. By default 5,000. */
  readonly connectTimeoutMs?: number;
}

/** What {@link ElectionConnections} tell. */
export interface ElectionConnectionsEvents {
  /** A vote, as bytes without the length before it. */
  vote(from: number, bytes: Uint8Array): void;
  link(peer: number, up: boolean): void;
}

/** Someone to exchange votes with. */
interface Peer {
  readonly id: number;
  places: readonly Address[];
  /** Which of the places is tried next. */
  nextPlace: number;
  connection: Connection | null;
  /** The last vote for it, with its length; sent again on a fresh connection. */
  last: Uint8Array | null;
  /** The last vote has not gone out. */
  pending: boolean;
  writing: boolean;
  dialling: boolean;
  retry: Timer | null;
  retryMs: number;
}

const CONNECT_TIMEOUT_MS = 5_000;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 10_000;
/** `QuorumCnxManager.PACKETMAXSIZE`. */
const VOTE_BYTES_MAX = 512 * 1024;
const HELLO_BYTES_MAX = 20 + 2_048;
/** Callers who have not said who they are. */
const UNNAMED_MAX = 64;
/** Servers that no line of the configuration names. */
const STRANGERS_MAX = 64;
/** A caller without an id of its own says so. */
const NAMELESS = 2n ** 63n - 1n;
const ID_MAX = 2 ** 31 - 1;

/**
 * The connections on which votes are exchanged: one for each pair of servers, opened by the larger id. A vote that waits
 * gives way to a newer one, and the last one is said again on a fresh connection. Source: Java `QuorumCnxManager`.
 */
export class ElectionConnections {
  readonly #options: ElectionConnectionsOptions;
  readonly #connectTimeoutMs: number;
  readonly #peers: Map<number, Peer> = new Map();
  readonly #unnamed: Set<Connection> = new Set();
  #nextNameless = ID_MAX;
  #events: ElectionConnectionsEvents | null = null;
  #listener: Listener | null = null;
  #closed = false;

  constructor(options: ElectionConnectionsOptions) {
    this.#options = options;
    this.#connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    for (const [id, places] of options.peers) if (id !== options.id) this.#peers.set(id, freshPeer(id, places));
  }

  /** Binds the election port. @returns The port. @throws NetworkError as a rejection. */
  async listen(host: string, port: number): Promise<number> {
    this.#listener = await this.#options.ports.network.listen({ host, port }, (connection) => this.#accept(connection));
    return this.#listener.address.port;
  }

  start(events: ElectionConnectionsEvents): void {
    this.#events = events;
  }

  /** Sends a vote, instead of one that still waits. @param vote without a length before it */
  send(to: number, vote: Uint8Array): void {
    const peer = this.#peers.get(to);
    if (peer === undefined || this.#closed) return;
    const frame = new Uint8Array(4 + vote.length);
    new DataView(frame.buffer).setInt32(0, vote.length);
    frame.set(vote, 4);
    peer.last = frame;
    peer.pending = true;
    this.#flush(peer);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { connection, retry } of this.#peers.values()) {
      retry?.cancel();
      connection?.end();
    }
    for (const connection of this.#unnamed) connection.abort();
    await this.#listener?.close();
  }

  /** Sends what is newest once the system has taken the one before. */
  #flush(peer: Peer): void {
    const { connection, last } = peer;
    if (connection === null) this.#dial(peer);
    else if (peer.pending && !peer.writing && last !== null) {
      peer.pending = false;
      peer.writing = true;
      connection.write([last], () => {
        if (peer.connection !== connection) return;
        peer.writing = false;
        if (peer.pending) this.#flush(peer);
      });
    }
  }

  #dial(peer: Peer): void {
    const { length } = peer.places;
    const place = peer.places[peer.nextPlace % Math.max(length, 1)];
    if (this.#closed || peer.dialling || peer.retry?.pending || place === undefined) return;
    peer.dialling = true;
    peer.nextPlace++;
    this.#options.ports.network.dial({ ...place, timeoutMs: this.#connectTimeoutMs }).then(
      (connection) => {
        peer.dialling = false;
        this.#dialled(peer, connection);
      },
      (error: unknown) => {
        peer.dialling = false;
        if (!(error instanceof NetworkError)) throw error;
        this.#log('cannot reach the election port of a server', { peer: peer.id, error });
        this.#retryLater(peer);
      },
    );
  }

  #dialled(peer: Peer, connection: Connection): void {
    // The peer may have called meanwhile.
    if (this.#closed || peer.connection !== null) {
      discard(connection);
      return;
    }
    const { id, addresses } = this.#options;
    connection.write([electionHello.toBytes({ serverId: BigInt(id), addresses })]);
    if (peer.id > id) {
      // The larger id opens the connection: it knows now that it is wanted, and calls back.
      connection.start(IGNORE);
      connection.end();
      this.#retryLater(peer);
      return;
    }
    connection.start(this.#adopt(peer, connection));
  }

  #retryLater(peer: Peer): void {
    if (this.#closed) return;
    peer.retry?.cancel();
    peer.retry = this.#options.ports.timers.set(peer.retryMs, () => {
      if (peer.connection === null && peer.pending) this.#dial(peer);
    });
    peer.retryMs = Math.min(peer.retryMs * 2, RETRY_MAX_MS);
  }

  /** Votes go to and fro on this connection from now on. @returns What is to be told of it. */
  #adopt(peer: Peer, connection: Connection): ConnectionHandlers {
    const before = peer.connection;
    peer.connection = connection;
    peer.writing = false;
    peer.pending = peer.last !== null;
    peer.retryMs = RETRY_MIN_MS;
    peer.retry?.cancel();
    if (before !== null) {
      before.abort();
      this.#events?.link(peer.id, false);
    }
    this.#events?.link(peer.id, true);
    const frames = new FrameReader(VOTE_BYTES_MAX, (frame) => {
      if (peer.connection === connection) this.#events?.vote(peer.id, frame);
    });
    this.#flush(peer);
    return {
      data: (chunk) => {
        const fault = frames.push(chunk);
        if (fault === null) return;
        this.#log('a vote of impossible size; its sender is cut off', { peer: peer.id, size: fault.size });
        connection.abort();
      },
      end: () => connection.end(),
      drained: () => {},
      closed: () => this.#lost(peer, connection),
    };
  }

  #lost(peer: Peer, connection: Connection): void {
    if (peer.connection !== connection) return;
    peer.connection = null;
    peer.writing = false;
    if (!this.#closed) this.#events?.link(peer.id, false);
  }

  #accept(connection: Connection): void {
    // Before it is started nobody would hear of a link; whoever calls will call again.
    if (this.#closed || this.#events === null) {
      discard(connection);
      return;
    }
    // Who says nothing must not keep others from being heard: the one that has been silent for longest goes.
    const [oldest] = this.#unnamed;
    if (this.#unnamed.size >= UNNAMED_MAX) oldest?.abort();
    this.#unnamed.add(connection);
    let arrived: Uint8Array = NO_BYTES;
    let named: ConnectionHandlers | null = null;
    const patience = this.#options.ports.timers.set(this.#connectTimeoutMs, () => connection.abort());
    connection.start({
      data: (chunk) => {
        if (named !== null) {
          named.data(chunk);
          return;
        }
        const bytes = new Uint8Array(arrived.length + chunk.length);
        bytes.set(arrived);
        bytes.set(chunk, arrived.length);
        arrived = bytes;
        const greeting = this.#readHello(connection, bytes);
        if (greeting === undefined) return;
        patience.cancel();
        this.#unnamed.delete(connection);
        named = this.#greeted(connection, greeting.hello);
        if (bytes.length > greeting.byteLength) named.data(bytes.subarray(greeting.byteLength));
      },
      end: () => connection.end(),
      drained: () => {},
      closed: () => {
        patience.cancel();
        this.#unnamed.delete(connection);
        named?.closed();
      },
    });
  }

  #readHello(connection: Connection, bytes: Uint8Array): ReturnType<typeof electionHello.fromBytes> {
    try {
      const greeting = electionHello.fromBytes(bytes);
      if (greeting === undefined && bytes.length > HELLO_BYTES_MAX) connection.abort();
      return greeting;
    } catch (error) {
      if (!(error instanceof BytesError)) throw error;
      this.#log('what called at the election port is no server of an ensemble', {
        from: connection.remote.host,
        error,
      });
      connection.abort();
      return undefined;
    }
  }

  #greeted(connection: Connection, { serverId, addresses }: ElectionHello): ConnectionHandlers {
    const { id } = this.#options;
    const caller = serverId === NAMELESS ? this.#nextNameless-- : Number(serverId);
    const peer = caller >= 0 && caller <= ID_MAX && caller !== id ? this.#peerOf(caller, addresses) : undefined;
    if (peer === undefined) {
      this.#log('a caller at the election port is refused', { from: connection.remote.host, id: String(serverId) });
      connection.abort();
      return IGNORE;
    }
    if (caller > id) return this.#adopt(peer, connection);
    // Its call is a wish to be called: what it had before is gone.
    connection.end();
    const before = peer.connection;
    if (before !== null) {
      this.#lost(peer, before);
      before.abort();
    }
    peer.retry?.cancel();
    peer.retryMs = RETRY_MIN_MS;
    this.#dial(peer);
    return IGNORE;
  }

  /** Undefined when there are too many that nobody knows. */
  #peerOf(id: number, addresses: readonly string[]): Peer | undefined {
    const known = this.#peers.get(id);
    if (known !== undefined) return known;
    if (this.#peers.size >= this.#options.peers.size + STRANGERS_MAX) return undefined;
    const places = addresses.flatMap((address) => placeOf(address) ?? []);
    const peer = freshPeer(id, places);
    this.#peers.set(id, peer);
    return peer;
  }

  #log(event: string, fields: Fields): void {
    this.#options.ports.telemetry.log('debug', event, fields);
  }
}

function freshPeer(id: number, places: readonly Address[]): Peer {
  return {
    id,
    places,
    nextPlace: 0,
    connection: null,
    last: null,
    pending: false,
    writing: false,
    dialling: false,
    retry: null,
    retryMs: RETRY_MIN_MS,
  };
}

/** Reads `host:port`; IPv6 in brackets. */
function placeOf(text: string): Address | undefined {
  const match = /^(?:\[([^[\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

function discard(connection: Connection): void {
  connection.start(IGNORE);
  connection.abort();
}

const NO_BYTES = new Uint8Array(0);
const IGNORE: ConnectionHandlers = { data: () => {}, end: () => {}, drained: () => {}, closed: () => {} };
