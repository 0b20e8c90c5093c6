import type { Connection, Listener, Network } from '@biquorum/platform';

/** Bytes of a request's head that are read. */
const HEAD_BYTES_MAX = 16 * 1_024;
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Serves metrics by HTTP, one request a connection: what Prometheus asks for, and no more. */
export class MetricsEndpoint {
  readonly #text: () => string;
  readonly #open: Set<Connection> = new Set();
  #listener: Listener | undefined;

  /** @param text what `GET /metrics` is answered */
  constructor(text: () => string) {
    this.#text = text;
  }

  /** Binds. @returns The port. @throws NetworkError */
  async open(network: Network, host: string, port: number): Promise<number> {
    this.#listener = await network.listen({ host, port }, (connection) => this.#serve(connection));
    return this.#listener.address.port;
  }

  async close(): Promise<void> {
    await this.#listener?.close();
    for (const connection of this.#open) connection.abort();
  }

  #serve(connection: Connection): void {
    let head = '';
    let answered = false;
    this.#open.add(connection);
    connection.start({
      data: (chunk) => {
        if (answered) return;
        head += decoder.decode(chunk);
        const isWhole = head.includes('\r\n\r\n') || head.includes('\n\n');
        if (!isWhole && head.length <= HEAD_BYTES_MAX) return;
        answered = true;
        connection.write([
          encoder.encode(isWhole ? this.#answer(head) : response('431 Request Header Fields Too Large')),
        ]);
        connection.end();
      },
      end: () => connection.end(),
      drained: () => {},
      closed: () => void this.#open.delete(connection),
    });
  }

  #answer(head: string): string {
    const [method = '', target = ''] = head.split(/\s+/, 2);
    const [path] = target.split('?', 1);
    if (path !== '/metrics') return response('404 Not Found', 'Metrics are at /metrics.\n');
    if (method !== 'GET' && method !== 'HEAD') return response('405 Method Not Allowed');
    return response('200 OK', this.#text(), METRICS_TYPE, method === 'GET');
  }
}

function response(status: string, body = '', type = 'text/plain; charset=utf-8', withBody = true): string {
  const length = encoder.encode(body).length;
  const head = `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
  return withBody ? head + body : head;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
