import type { Address, Connection, DialOptions, Listener, ListenOptions, Network } from '../network.ts';
import { NetworkError } from '../network-error.ts';
import type { HostLoop } from './host-loop.ts';
import { MemoryConnection, type Packet } from './memory-connection.ts';
import { Channel, type MemoryLinks } from './memory-links.ts';

/** What a network card knows of the network. */
export interface MemoryNicOptions {
  readonly name: string;
  readonly links: MemoryLinks;
  readonly find: (host: string) => MemoryNic | undefined;
  readonly pieceOf: (length: number) => number;
}

/** Ports that the system gives out by itself. */
const FIRST_FREE_PORT = 49_152;
/** After so long a host tries again to reach one that has no power. */
const SYN_AGAIN_MS = 1_000;

/** A host's place in the network: its system's side of TCP, which outlives the host's processes. */
export class MemoryNic {
  readonly #options: MemoryNicOptions;
  readonly #listeners = new Map<number, MemoryListener>();
  readonly #connections = new Set<MemoryConnection>();
  /** Connections of processes that have lost their power, with their other ends. */
  readonly #lost = new Map<MemoryConnection, MemoryConnection>();
  readonly #peers = new Map<MemoryConnection, MemoryConnection>();
  #nextPort = FIRST_FREE_PORT;
  powered = true;

  constructor(options: MemoryNicOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** The network as a process on this host sees it. */
  open(loop: HostLoop): Network {
    return {
      listen: (options, onConnection) => loop.finish(0, () => this.#listen(loop, options, onConnection)),
      dial: (options) => this.#dial(loop, options),
      canonicalHostName: () => loop.finish(0, () => this.name),
    };
  }

  /** The process has ended, of itself or because the power failed. */
  processEnded(powered: boolean): void {
    this.powered = powered;
    this.#listeners.clear();
    for (const connection of this.#connections) {
      const peer = this.#peers.get(connection);
      this.#peers.delete(connection);
      connection.abandon(powered);
      if (!powered && peer !== undefined) this.#lost.set(connection, peer);
    }
    this.#connections.clear();
  }

  /** Drops the ends, on this host, of all connections with another. */
  reset(host: string): void {
    for (const connection of [...this.#connections]) {
      if (connection.remote.host === host) connection.receive({ kind: 'reset' });
    }
  }

  /** The power is back: peers that wait for an answer learn that nobody knows them. */
  powerOn(): void {
    this.powered = true;
    for (const [connection, peer] of this.#lost) if (peer.unacknowledgedBytes > 0) connection.disown();
    this.#lost.clear();
  }

  #listen(loop: HostLoop, options: ListenOptions, onConnection: (connection: Connection) => void): Listener {
    const { host, port } = options;
    if (!this.#isOwn(host) && !anyAddress.has(host)) {
      throw new NetworkError('address-unavailable', { operation: 'listen', host, port });
    }
    if (this.#listeners.has(port)) throw new NetworkError('address-in-use', { operation: 'listen', host, port });
    const address = { host, port: port === 0 ? this.#freePort() : port };
    const listener: MemoryListener = { loop, onConnection };
    this.#listeners.set(address.port, listener);
    return {
      address,
      close: () => {
        if (this.#listeners.get(address.port) === listener) this.#listeners.delete(address.port);
        return Promise.resolve();
      },
    };
  }

  #dial(loop: HostLoop, options: DialOptions): Promise<Connection> {
    const { host, port, timeoutMs } = options;
    const target = this.#isOwn(host) ? this : this.#options.find(host);
    if (target === undefined) {
      return loop.finish(0, () => {
        throw new NetworkError('unknown-host', { operation: 'dial', host, port });
      });
    }
    return new Promise((resolve, reject) => {
      let open = true;
      const end = (): void => {
        open = false;
        timeout.cancel();
      };
      const fail = (code: 'timeout' | 'refused' | 'reset'): void => {
        end();
        loop.enter(() => reject(new NetworkError(code, { operation: 'dial', host, port })));
      };
      const timeout = loop.after(timeoutMs, () => fail('timeout'));
      const local = { host: this.name, port: this.#freePort() };
      const handshake: Handshake = {
        get wanted() {
          return open && !loop.stopped;
        },
        refused: () => fail('refused'),
        established: (connection) => {
          end();
          loop.enter(() => resolve(connection));
        },
      };
      this.#call(loop, local, target, port, handshake);
    });
  }

  /** The three packets of TCP's handshake; the fourth kind, `refused`, ends it. */
  #call(loop: HostLoop, local: Address, target: MemoryNic, port: number, handshake: Handshake): void {
    const { links } = this.#options;
    const remote = { host: target.name, port };
    let near: MemoryConnection | undefined;
    let far: MemoryConnection | undefined;
    let farListener: MemoryListener | undefined;

    const there = new Channel<Packet>(links, this.name, target.name, (packet) => {
      if (!target.powered) {
        if (packet.kind === 'syn') links.time.after(SYN_AGAIN_MS, () => handshake.wanted && there.send(packet));
        return;
      }
      if (packet.kind === 'syn') {
        if (!handshake.wanted) return;
        farListener = target.#listeners.get(port);
        if (farListener === undefined) back.send({ kind: 'refused' });
        else {
          far = target.#connection(farListener.loop, remote, local, back);
          back.send({ kind: 'synAck' });
        }
      } else if (packet.kind === 'open') {
        if (far !== undefined && farListener !== undefined) target.#accept(far, farListener, port);
      } else {
        far?.receive(packet);
      }
    });

    const back = new Channel<Packet>(links, target.name, this.name, (packet) => {
      if (!this.powered) return;
      if (packet.kind === 'refused') {
        if (handshake.wanted) handshake.refused();
      } else if (packet.kind === 'synAck') {
        if (!handshake.wanted || far === undefined) {
          there.send({ kind: 'reset' });
          return;
        }
        near = this.#connection(loop, local, remote, there);
        this.#peers.set(near, far);
        target.#peers.set(far, near);
        there.send({ kind: 'open' });
        handshake.established(near);
      } else {
        near?.receive(packet);
      }
    });

    there.send({ kind: 'syn' });
  }

  #connection(loop: HostLoop, local: Address, remote: Address, out: Channel<Packet>): MemoryConnection {
    const connection = new MemoryConnection({
      loop,
      local,
      remote,
      send: (packet) => {
        // Without power, nothing leaves.
        if (this.powered) out.send(packet);
      },
      pieceOf: this.#options.pieceOf,
      onClosed: (closed) => {
        this.#connections.delete(closed);
        this.#peers.delete(closed);
      },
    });
    this.#connections.add(connection);
    return connection;
  }

  #accept(connection: MemoryConnection, listener: MemoryListener, port: number): void {
    if (listener.loop.stopped || this.#listeners.get(port) !== listener) connection.disown();
    else listener.loop.enter(() => listener.onConnection(connection));
  }

  #isOwn(host: string): boolean {
    return host === this.name || ownAddresses.has(host);
  }

  #freePort(): number {
    let port = this.#nextPort;
    while (this.#listeners.has(port)) port = port === 65_535 ? FIRST_FREE_PORT : port + 1;
    this.#nextPort = port === 65_535 ? FIRST_FREE_PORT : port + 1;
    return port;
  }
}

interface MemoryListener {
  readonly loop: HostLoop;
  readonly onConnection: (connection: Connection) => void;
}

/** How an attempt to connect fares. */
interface Handshake {
  /** False once it has been given up. */
  readonly wanted: boolean;
  refused(): void;
  established(connection: Connection): void;
}

const ownAddresses: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);
const anyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
