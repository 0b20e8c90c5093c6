import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { LOOPBACK } from '../apache/ports.ts';
import type { Ground } from './play.ts';

/** Stands between clients and a server, and can cut all their connections at once. */
export class CuttingProxy implements Ground, AsyncDisposable {
  readonly #server: Server;
  readonly #sockets: Set<Socket> = new Set();
  /** Whether anybody is let through; who is not finds the connection ended at once. */
  isOpen = true;

  private constructor(target: string) {
    const [host = '', port = ''] = target.split(':');
    this.#server = createServer((client) => {
      if (!this.isOpen) {
        client.on('error', () => {});
        client.destroy();
        return;
      }
      const server = connect({ host, port: Number(port) });
      for (const [one, peer] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(one);
        one.setNoDelay(true);
        one.on('error', () => peer.destroy());
        one.on('close', () => {
          this.#sockets.delete(one);
          peer.destroy();
        });
        one.pipe(peer);
      }
    });
  }

  /** @param target `host:port` of the server */
  static async start(target: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    proxy.#server.listen(0, LOOPBACK);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** Where clients connect. */
  get connect(): string {
    return `${LOOPBACK}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection; new ones are taken at once. */
  async cut(): Promise<void> {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
