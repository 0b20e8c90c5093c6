import { lookup, lookupService } from 'node:dns/promises';
import { connect, createServer, type OnReadOpts, type Server, type Socket } from 'node:net';
import { hostname } from 'node:os';
import type { Address, Connection, DialOptions, Listener, ListenOptions, Network } from '../network.ts';
import { NetworkError } from '../network-error.ts';
import type { Telemetry } from '../telemetry.ts';
import { adoptSocket } from './accepted-socket.ts';
import { networkError } from './network-fault.ts';
import { NodeConnection } from './node-connection.ts';

/**
 * TCP by `node:net`.
 *
 * All sockets read into one reused buffer (`onread`): 0.1 s of CPU per GB. Node's `data` events allocate 64 KiB a read:
 * 0.25 to 0.4 s of CPU per GB, the collector's work not counted, and at most 3 to 4 GB/s instead of 6 to 7 over loopback
 * (measured on Node 22, 24 and 26).
 */
export class NodeNetwork implements Network {
  readonly #telemetry: Telemetry;

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  listen(options: ListenOptions, onConnection: (connection: Connection) => void): Promise<Listener> {
    const { host, port, backlog } = options;
    return new Promise((resolve, reject) => {
      const server = createServer({ ...socketOptions, pauseOnConnect: true }, (socket) => {
        const connection = accept(socket);
        if (connection !== undefined) onConnection(connection);
      });
      server.once('error', (cause) => reject(networkError(cause, { operation: 'listen', host, port })));
      server.listen({ host, port, ...(backlog === undefined ? {} : { backlog }) }, () => {
        server.removeAllListeners('error');
        server.on('error', (error) => this.#telemetry.log('warn', 'accept failed', { host, port, error }));
        resolve(new NodeListener(server, host));
      });
    });
  }

  dial(options: DialOptions): Promise<Connection> {
    const { host, port, timeoutMs } = options;
    return new Promise((resolve, reject) => {
      let connection: NodeConnection | undefined;
      const socket = connect({ ...socketOptions, host, port, onread: readingInto(() => connection) });
      // Nothing is read before the connection is started.
      socket.pause();
      const fail = (error: NetworkError): void => {
        clearTimeout(timeout);
        socket.destroy();
        reject(error);
      };
      const timeout = setTimeout(() => fail(new NetworkError('timeout', { operation: 'dial', host, port })), timeoutMs);
      const onError = (cause: Error): void => fail(networkError(cause, { operation: 'dial', host, port }));
      socket.on('error', onError);
      socket.once('connect', () => {
        clearTimeout(timeout);
        socket.off('error', onError);
        const remote = addressOf(socket.remoteAddress, socket.remotePort) ?? { host, port };
        const local = addressOf(socket.localAddress, socket.localPort) ?? { host: '', port: 0 };
        connection = new NodeConnection(socket, local, remote);
        resolve(connection);
      });
    });
  }

  async canonicalHostName(): Promise<string> {
    const host = hostname();
    let found: { readonly address: string };
    try {
      // As in Java, which asks for IPv4 first.
      found = await lookup(host, { order: 'ipv4first' });
    } catch (cause) {
      throw networkError(cause, { operation: 'look up', host, port: 0 });
    }
    return nameOf(found.address);
  }
}

/** Java's `InetAddress.getCanonicalHostName` doubts a name that does not lead back to the address. */
async function nameOf(address: string): Promise<string> {
  try {
    const { hostname: name } = await lookupService(address, 0);
    const addresses = await lookup(name, { all: true });
    return addresses.some((one) => one.address === address) ? name : address;
  } catch {
    return address;
  }
}

/** Small answers leave at once; each direction ends on its own; a vanished peer is noticed in the end. */
const socketOptions = { allowHalfOpen: true, noDelay: true, keepAlive: true } as const;

class NodeListener implements Listener {
  readonly address: Address;
  readonly #server: Server;

  constructor(server: Server, host: string) {
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    this.address = { host, port };
    this.#server = server;
  }

  close(): Promise<void> {
    // The port is free when this returns; Node's callback would wait for the accepted connections.
    this.#server.close();
    return Promise.resolve();
  }
}

/** @returns undefined when the peer was gone before it could be accepted. */
function accept(socket: Socket): NodeConnection | undefined {
  const remote = addressOf(socket.remoteAddress, socket.remotePort);
  const local = addressOf(socket.localAddress, socket.localPort);
  if (remote === undefined || local === undefined) {
    socket.on('error', () => {});
    socket.destroy();
    return undefined;
  }
  let connection: NodeConnection | undefined;
  const adopted = adoptSocket(
    socket,
    readingInto(() => connection),
  );
  connection = new NodeConnection(adopted ?? socket, local, remote);
  if (adopted === undefined) {
    socket.on('data', (chunk: Uint8Array) => connection.received(chunk));
    // Listening to `data` has set the socket flowing.
    socket.pause();
  }
  return connection;
}

function readingInto(receiver: () => NodeConnection | undefined): OnReadOpts {
  return {
    buffer: readBuffer(),
    callback: (length, buffer) =>
      receiver()?.received(length === buffer.length ? buffer : buffer.subarray(0, length)) ?? true,
  };
}

function addressOf(host: string | undefined, port: number | undefined): Address | undefined {
  if (host === undefined || port === undefined) return undefined;
  // An IPv4 peer of a listener on `::`.
  return { host: host.startsWith('::ffff:') && host.includes('.') ? host.slice(7) : host, port };
}

const READ_BYTES = 64 * 1_024;
let sharedReadBuffer: Uint8Array | undefined;

/**
 * The buffer into which all sockets read. They can share one because a read fills it and delivers it in the
 * same turn; on Windows it is filled while other sockets deliver, so each has its own.
 */
function readBuffer(): Uint8Array {
  if (process.platform === 'win32') return new Uint8Array(READ_BYTES);
  sharedReadBuffer ??= new Uint8Array(READ_BYTES);
  return sharedReadBuffer;
}
