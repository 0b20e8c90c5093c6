import type { Connection, Listener, Network, Ports } from '@biquorum/platform';
import { FrameReader } from '@biquorum/std';
import type { ClientConnection } from './client-connection.ts';
import { cutFrames } from './cut-frames.ts';
import { FrameSlab, type Output } from './frame-slab.ts';
import type { Server } from './server.ts';

/** Answers to four-letter words, which come in place of a first frame. */
export interface FourLetterWords {
  /** How many bytes go with a word; undefined when it is none. */
  argumentBytes(word: number): number | undefined;
  /** What is answered before the connection ends. */
  answer(word: number, argument: Uint8Array): string | Promise<string>;
}

/** Where clients connect, and what they may do. */
export interface ClientListenerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** `clientPortListenBacklog`: connections that may wait to be accepted. */
  readonly backlog?: number;
  /** `jute.maxbuffer`: a larger frame ends the connection. */
  readonly frameBytesMax?: number;
  /** `maxClientCnxns`: connections of one address; 0 for any number. */
  readonly connectionsPerHostMax?: number;
  /** `maxCnxns`: connections in all; 0 for any number. */
  readonly connectionsMax?: number;
  /** A client that does not take what it has been sent is dropped over so many bytes. */
  readonly queuedBytesMax?: number;
  /** `nio.sessionlessCnxnTimeout`: how long a connection may do without a session. Milliseconds. */
  readonly sessionlessTimeoutMs?: number;
  readonly words?: FourLetterWords;
  /**
   * Whether the server serves at all. While it does not, words are answered and everybody else is turned away, as a
   * server without a quorum does.
   */
  readonly isServing?: () => boolean;
  /** With them answers of a turn leave together, and connections that are silent for too long are closed. */
  readonly ports?: Pick<Ports, 'clock' | 'timers' | 'telemetry'>;
}

const FRAME_BYTES_MAX = 0xfffff;
const CONNECTIONS_PER_HOST_MAX = 60;
const QUEUED_BYTES_MAX = 64 * 1024 * 1024;
const SESSIONLESS_TIMEOUT_MS = 10_000;
const SWEEP_MS = 1_000;
/** What a connection is sent in one turn, and a reply more. */
const OUTPUT_BYTES_MAX = 1024 * 1024;

/** The clients of a server: connections in, frames to and fro. */
export class ClientListener {
  readonly #server: Server;
  readonly #options: ClientListenerOptions;
  readonly #served: Set<Served> = new Set();
  readonly #perHost: Map<string, number> = new Map();
  readonly #slab: FrameSlab = new FrameSlab();
  readonly #dirty: Served[] = [];
  #listener: Listener | undefined;
  #closed = false;

  constructor(server: Server, options: ClientListenerOptions) {
    this.#server = server;
    this.#options = options;
  }

  /** `maxClientCnxns` in effect. */
  get connectionsPerHostMax(): number {
    return this.#options.connectionsPerHostMax ?? CONNECTIONS_PER_HOST_MAX;
  }

  /** Connections, with and without a session. */
  get size(): number {
    return this.#served.size;
  }

  /** Connections from other machines. */
  get remoteCount(): number {
    let count = 0;
    for (const [host, connections] of this.#perHost) if (!isLoopback(host)) count += connections;
    return count;
  }

  /** Connections by the time at which they are closed if nothing is heard of them, soonest first. */
  expiries(): readonly (readonly [expiresMs: number, clients: readonly ClientConnection[]])[] {
    const buckets = new Map<number, ClientConnection[]>();
    const { sessionlessTimeoutMs = SESSIONLESS_TIMEOUT_MS } = this.#options;
    for (const { client, heardMs } of this.#served) {
      const limitMs = client.state === 'open' ? client.timeoutMs : sessionlessTimeoutMs;
      const expiresMs = Math.ceil((heardMs + limitMs) / SWEEP_MS) * SWEEP_MS;
      const bucket = buckets.get(expiresMs) ?? [];
      buckets.set(expiresMs, bucket);
      bucket.push(client);
    }
    return [...buckets].sort(([a], [b]) => a - b);
  }

  /** Binds. @returns The port. @throws NetworkError */
  async open(network: Network): Promise<number> {
    const { host, port, backlog } = this.#options;
    const options = backlog === undefined || backlog < 0 ? { host, port } : { host, port, backlog };
    this.#listener = await network.listen(options, (connection) => this.#accept(connection));
    this.#sweepLater();
    return this.#listener.address.port;
  }

  /** Drops all clients and frees the port. Their sessions live on. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#listener?.close();
    for (const { connection } of this.#served) connection.abort();
  }

  #accept(connection: Connection): void {
    const { host } = connection.remote;
    const count = this.#perHost.get(host) ?? 0;
    const { connectionsPerHostMax } = this;
    const { connectionsMax = 0, ports } = this.#options;
    const tooMany = connectionsPerHostMax > 0 && count >= connectionsPerHostMax;
    if (tooMany || (connectionsMax > 0 && this.#served.size >= connectionsMax)) {
      this.#server.stats.metrics.counters.connection_rejected.value++;
      ports?.telemetry.log('warn', 'too many connections', {
        host,
        setting: tooMany ? 'maxClientCnxns' : 'maxCnxns',
        limit: tooMany ? connectionsPerHostMax : connectionsMax,
      });
      connection.start({ data: () => {}, end: () => {}, drained: () => {}, closed: () => {} });
      connection.abort();
      return;
    }
    this.#perHost.set(host, count + 1);
    const served = new Served(connection, this.#server, this.#options, (one) => this.#gather(one), this.#slab);
    this.#served.add(served);
    connection.start({
      data: (chunk) => served.receive(chunk),
      end: () => served.ended(),
      drained: () => served.drained(),
      closed: () => {
        this.#served.delete(served);
        const left = (this.#perHost.get(host) ?? 1) - 1;
        if (left === 0) this.#perHost.delete(host);
        else this.#perHost.set(host, left);
        served.closed();
      },
    });
  }

  /** What is sent in one turn leaves in one write. */
  #gather(served: Served): void {
    const { ports } = this.#options;
    this.#dirty.push(served);
    if (ports === undefined) this.#flush();
    else if (this.#dirty.length === 1) ports.timers.soon(() => this.#flush());
  }

  #flush(): void {
    for (const served of this.#dirty.splice(0)) served.flush();
  }

  /** After the input that is there: a loop that was held up must not take its clients for silent. */
  #sweepLater(): void {
    const { ports } = this.#options;
    ports?.timers.set(SWEEP_MS, () => ports.timers.soon(() => this.#sweep()));
  }

  /** Closes who was silent for too long: without a session, or for longer than the session's timeout. */
  #sweep(): void {
    const { ports, sessionlessTimeoutMs = SESSIONLESS_TIMEOUT_MS } = this.#options;
    if (ports === undefined || this.#closed) return;
    const nowMs = ports.clock.monotonicMs();
    for (const served of this.#served) {
      const isOpen = served.client.state === 'open';
      const limitMs = isOpen ? served.client.timeoutMs : sessionlessTimeoutMs;
      if (nowMs - served.heardMs < limitMs) continue;
      if (!isOpen) this.#server.stats.metrics.counters.sessionless_connections_expired.value++;
      served.connection.abort();
    }
    this.#sweepLater();
  }
}

/** One connection between its socket and the server. */
class Served {
  readonly connection: Connection;
  readonly client: ClientConnection;
  readonly output: Output = { chunks: [] };
  readonly #server: Server;
  readonly #options: ClientListenerOptions;
  readonly #gather: (served: Served) => void;
  readonly #frames: FrameReader;
  readonly #onFrame: (frame: Uint8Array) => void = (frame) => this.#take(frame);
  /** When it was last heard of. */
  heardMs: number;
  /** The first bytes, until it is clear that they are no word. */
  #first: Uint8Array | null = NO_BYTES;
  /** Frames that arrived before reading stopped. */
  #held: Uint8Array[] = [];
  /** The server wants no requests. */
  #paused = false;
  /** Bytes that leave at the end of the turn. */
  #outputBytes = 0;
  /** The client does not take what it is sent, or has enough for this turn. */
  #stuck = false;
  #ending = false;
  /** It is among those that send at the end of the turn. */
  #gathered = false;

  constructor(
    connection: Connection,
    server: Server,
    options: ClientListenerOptions,
    gather: (served: Served) => void,
    slab: FrameSlab,
  ) {
    this.connection = connection;
    this.#server = server;
    this.#options = options;
    this.#gather = gather;
    this.heardMs = options.ports?.clock.monotonicMs() ?? 0;
    this.#frames = new FrameReader(options.frameBytesMax ?? FRAME_BYTES_MAX, this.#onFrame);
    this.client = server.accept({
      remoteHost: connection.remote.host,
      remotePort: connection.remote.port,
      send: (frame) => {
        slab.add(frame, this.output);
        this.#outputBytes += frame.length;
        if (this.#outputBytes > OUTPUT_BYTES_MAX) this.#stop();
        if (this.#gathered) return;
        this.#gathered = true;
        this.#gather(this);
      },
      end: () => {
        this.#ending = true;
        if (this.output.chunks.length === 0) connection.end();
      },
      setPaused: (paused) => this.#setPaused(paused),
    });
  }

  receive(chunk: Uint8Array): void {
    if (this.#options.ports !== undefined) this.heardMs = this.#options.ports.clock.monotonicMs();
    if (this.#first === null) this.#push(chunk);
    else this.#sniff(this.#first, chunk);
  }

  ended(): void {
    this.connection.end();
    this.#server.closed(this.client);
  }

  closed(): void {
    this.#server.closed(this.client);
  }

  drained(): void {
    this.#stuck = false;
    if (!this.#paused) this.#resume();
  }

  flush(): void {
    this.#gathered = false;
    this.#outputBytes = 0;
    const { chunks } = this.output;
    this.output.chunks = [];
    const welcome = this.connection.write(chunks);
    if (this.#ending) this.connection.end();
    else if (this.connection.queuedBytes > (this.#options.queuedBytesMax ?? QUEUED_BYTES_MAX)) {
      this.#tell('a client does not take what it is sent', { queuedBytes: this.connection.queuedBytes });
      this.connection.abort();
    } else if (!welcome) this.#stop();
    else if (this.#stuck) this.drained();
  }

  /** Who does not read what it is sent is not served either, until it does. */
  #stop(): void {
    if (this.#stuck) return;
    this.#stuck = true;
    this.connection.pause();
  }

  /** Before a session begins, four bytes may be a word. */
  #sniff(before: Uint8Array, chunk: Uint8Array): void {
    const bytes = new Uint8Array(before.length + chunk.length);
    bytes.set(before);
    bytes.set(chunk, before.length);
    this.#first = bytes;
    if (bytes.length < 4) return;
    const { words, isServing } = this.#options;
    const word = new DataView(bytes.buffer).getInt32(0);
    const argumentBytes = words?.argumentBytes(word);
    if (words === undefined || argumentBytes === undefined) {
      this.#first = null;
      if (isServing?.() === false) {
        this.#server.stats.metrics.counters.cnxn_closed_without_zk_server_running.value++;
        this.connection.abort();
      } else this.#push(bytes);
    } else if (bytes.length >= 4 + argumentBytes) {
      this.#first = null;
      this.#server.stats.packetsReceived++;
      this.#server.stats.metrics.counters.bytes_received_count.value += 4;
      const answer = words.answer(word, bytes.subarray(4, 4 + argumentBytes));
      if (typeof answer === 'string') this.#say(answer);
      else void answer.then((text) => this.#say(text));
    }
  }

  #say(answer: string): void {
    const bytes = new TextEncoder().encode(answer);
    if (bytes.length > 0) this.connection.write([bytes]);
    // Java counts each of the pieces in which it writes an answer.
    this.#server.stats.packetsSent += Math.ceil(answer.length / JAVA_PIECE_CHARS);
    this.connection.end();
    this.#server.closed(this.client);
  }

  #push(chunk: Uint8Array): void {
    const fault = cutFrames(this.#frames, chunk, this.#options.frameBytesMax ?? FRAME_BYTES_MAX, this.#onFrame);
    if (fault === null) return;
    this.#tell('a client sent a frame of a length that cannot be', { ...fault });
    this.connection.abort();
  }

  #tell(event: string, fields: Readonly<Record<string, string | number>>): void {
    const { host, port } = this.connection.remote;
    this.#options.ports?.telemetry.log('warn', event, { ...fields, host, port });
  }

  #take(frame: Uint8Array): void {
    if (this.#paused || this.#stuck) this.#held.push(frame);
    else this.#server.receive(this.client, frame);
  }

  #setPaused(paused: boolean): void {
    this.#paused = paused;
    if (paused) this.connection.pause();
    else if (!this.#stuck) this.#resume();
  }

  #resume(): void {
    this.connection.resume();
    // Serving one may stop the reading again.
    while (this.#held.length > 0 && !this.#paused && !this.#stuck) {
      const frames = this.#held;
      this.#held = [];
      for (const frame of frames) this.#take(frame);
    }
  }
}

const JAVA_PIECE_CHARS = 8_192;

function isLoopback(host: string): boolean {
  return host.startsWith('127.') || host.startsWith('::ffff:127.') || host === '::1';
}

const NO_BYTES = new Uint8Array(0);
