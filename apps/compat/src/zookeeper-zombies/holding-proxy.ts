import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { LOOPBACK } from '../apache/ports.ts';

/**
 * Stands between one client and its server. While it holds, what the client sends arrives as ever, and what the server
 * answers and tells does not: the client acts on a world that has moved on.
 */
export class HoldingProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets: Set<Socket> = new Set();
  readonly #held: (() => void)[] = [];
  #holding = false;

  private constructor(host: string, port: number) {
    this.#server = createServer((client) => this.#join(client, connect({ host, port })));
  }

  /** @param target `host:port` of the server */
  static async start(target: string): Promise<HoldingProxy> {
    const [host, port] = target.split(':');
    const proxy = new HoldingProxy(host ?? '', Number(port));
    proxy.#server.listen(0, LOOPBACK);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** `host:port` for the client. */
  get address(): string {
    return `${LOOPBACK}:${(this.#server.address() as AddressInfo).port}`;
  }

  hold(): void {
    this.#holding = true;
  }

  /** Hands out what was held, in order, and holds no more. */
  release(): void {
    this.#holding = false;
    for (const hand of this.#held.splice(0)) hand();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, server: Socket): void {
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    client.on('data', (bytes) => server.write(bytes));
    client.on('close', () => this.#leave(client, server));
    server.on('data', (bytes) => this.#pass(() => client.write(bytes)));
    server.on('close', () => this.#pass(() => this.#leave(server, client)));
  }

  #pass(hand: () => void): void {
    if (this.#holding) this.#held.push(hand);
    else hand();
  }

  #leave(gone: Socket, other: Socket): void {
    this.#sockets.delete(gone);
    if (!other.destroyed) other.end();
  }
}
