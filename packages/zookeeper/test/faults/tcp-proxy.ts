import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** How a link is broken: its connections end and no new ones come, or nothing arrives and nobody is told. */
export type Break = 'reset' | 'silence';

/** Stands between two servers: passes on what one says to a port of the other, until it is told not to. */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs: Set<readonly [Socket, Socket]> = new Set();
  #broken: Break | null = null;

  /** Listens on a free port. @param target a port of this machine */
  static async to(target: number): Promise<TcpProxy> {
    const server = createServer({ pauseOnConnect: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, target);
  }

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.port = (server.address() as { readonly port: number }).port;
    server.on('connection', (near) => this.#join(near, target));
  }

  cut(how: Break): void {
    this.#broken = how;
    for (const [near, far] of this.#pairs) {
      if (how === 'reset') {
        near.resetAndDestroy();
        far.resetAndDestroy();
      } else {
        near.pause();
        far.pause();
      }
    }
  }

  /** What was held back arrives late, as it may on a network. */
  heal(): void {
    this.#broken = null;
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  close(): void {
    this.#server.close();
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  #join(near: Socket, target: number): void {
    if (this.#broken === 'reset') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.setNoDelay(true);
      from.on('data', (chunk) => {
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => {
        if (this.#broken !== 'silence') from.resume();
      });
      from.on('end', () => to.end());
      from.on('error', () => {});
      from.on('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
    }
    if (this.#broken === 'silence') far.pause();
    else near.resume();
  }
}
