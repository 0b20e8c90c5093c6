import type { Connection, Listener, Network } from '@biquorum/platform';
import { FrameReader } from '@biquorum/std';
import type { ClientConnection } from './client-connection.ts';
import type { Server } from './server.ts';

/** Where clients connect, and what they may do. */
export interface ClientListenerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** `jute.maxbuffer`: a larger frame ends the connection. */
  readonly frameBytesMax?: number;
  /** `maxClientCnxns`: connections of one address; 0 for any number. */
  readonly connectionsPerHostMax?: number;
  /** A client that does not take what it has been sent is dropped over so many bytes. */
  readonly queuedBytesMax?: number;
}

const FRAME_BYTES_MAX = 0xfffff;
const CONNECTIONS_PER_HOST_MAX = 60;
const QUEUED_BYTES_MAX = 64 * 1024 * 1024;

/** The clients of a server: connections in, frames to and fro. */
export class ClientListener {
  readonly #server: Server;
  readonly #options: Required<ClientListenerOptions>;
  readonly #connections: Set<Connection> = new Set();
  readonly #perHost: Map<string, number> = new Map();
  #listener: Listener | undefined;

  constructor(server: Server, options: ClientListenerOptions) {
    this.#server = server;
    this.#options = {
      frameBytesMax: FRAME_BYTES_MAX,
      connectionsPerHostMax: CONNECTIONS_PER_HOST_MAX,
      queuedBytesMax: QUEUED_BYTES_MAX,
      ...options,
    };
  }

  /** Binds. @returns The port. @throws NetworkError */
  async open(network: Network): Promise<number> {
    const { host, port } = this.#options;
    this.#listener = await network.listen({ host, port }, (connection) => this.#accept(connection));
    return this.#listener.address.port;
  }

  /** Drops all clients and frees the port. Their sessions live on. */
  async close(): Promise<void> {
    await this.#listener?.close();
    for (const connection of this.#connections) connection.abort();
  }

  #accept(connection: Connection): void {
    const { host } = connection.remote;
    const count = this.#perHost.get(host) ?? 0;
    const { connectionsPerHostMax } = this.#options;
    if (connectionsPerHostMax > 0 && count >= connectionsPerHostMax) {
      connection.start({ data: () => {}, end: () => {}, drained: () => {}, closed: () => {} });
      connection.abort();
      return;
    }
    this.#perHost.set(host, count + 1);
    this.#connections.add(connection);
    this.#serve(connection, host);
  }

  #serve(connection: Connection, remoteHost: string): void {
    const { frameBytesMax, queuedBytesMax } = this.#options;
    let paused = false;
    /** Frames that arrived before reading stopped. */
    let held: Uint8Array[] = [];
    const client: ClientConnection = this.#server.accept({
      remoteHost,
      send: (frame) => {
        connection.write([frame]);
        if (connection.queuedBytes > queuedBytesMax) connection.abort();
      },
      end: () => connection.end(),
      setPaused: (stop) => {
        paused = stop;
        if (stop) connection.pause();
        else {
          connection.resume();
          replay();
        }
      },
    });
    const take = (frame: Uint8Array): void => {
      if (paused) held.push(frame);
      else this.#server.receive(client, frame);
    };
    const replay = (): void => {
      const frames = held;
      held = [];
      for (const frame of frames) take(frame);
    };
    const frames = new FrameReader(frameBytesMax, take);
    connection.start({
      data: (chunk) => {
        if (frames.push(chunk) !== null) connection.abort();
      },
      end: () => {
        connection.end();
        this.#server.closed(client);
      },
      drained: () => {},
      closed: () => {
        this.#connections.delete(connection);
        const count = (this.#perHost.get(remoteHost) ?? 1) - 1;
        if (count === 0) this.#perHost.delete(remoteHost);
        else this.#perHost.set(remoteHost, count);
        this.#server.closed(client);
      },
    });
  }
}
