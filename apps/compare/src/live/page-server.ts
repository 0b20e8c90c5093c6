import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NetworkError } from '@biquorum/platform';
import { type Assets, loadAssets } from './assets.ts';
import { readCommand } from './commands.ts';
import { refusalOf } from './gatekeeper.ts';
import { LIMITS, type LiveCommand, type LiveHello, type LiveOutcome, type LiveTick } from './protocol.ts';

/** What the page's server is made from. */
export interface PageServerOptions {
  /** 0 by default: the system chooses. */
  readonly port?: number;
  /** All there is, for one more page. What the others have not been told yet must be told to them before. */
  readonly hello: () => LiveHello;
  readonly run: (command: LiveCommand) => Promise<LiveOutcome>;
}

const HOST = '127.0.0.1';
/** Nothing is loaded from anywhere else, and nobody may frame the buttons. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Serves the page on the loopback address: its files, a stream of what happens (`/live`, server-sent events), and the
 * commands of its buttons (`/commands`).
 */
export class PageServer {
  readonly #options: PageServerOptions;
  readonly #server: Server;
  readonly #viewers: Set<ServerResponse> = new Set();
  #assets: Promise<Assets> | undefined;

  private constructor(options: PageServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        refuse(response, 500, error instanceof Error ? error.message : String(error));
      });
    });
    this.#server.headersTimeout = 10_000;
    this.#server.maxConnections = 64;
  }

  /** @throws NetworkError `address-in-use` for a port that is taken, or with what else stands in the way */
  static async start(options: PageServerOptions): Promise<PageServer> {
    const server = new PageServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', (error: NodeJS.ErrnoException) => reject(networkErrorOf(error, options.port ?? 0)));
      server.#server.listen(options.port ?? 0, HOST, resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://${HOST}:${this.port}/`;
  }

  /** Somebody looks at the page. */
  get isWatched(): boolean {
    return this.#viewers.size > 0;
  }

  /** Tells every page. One that does not keep up is dropped: it comes back by itself, and is told all anew. */
  tell(tick: LiveTick): void {
    if (this.#viewers.size === 0) return;
    const text = eventText('tick', tick);
    for (const viewer of this.#viewers) {
      if (viewer.writableLength > LIMITS.viewerBytes) viewer.destroy();
      else viewer.write(text);
    }
  }

  async stop(): Promise<void> {
    for (const viewer of this.#viewers) viewer.destroy();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const refusal = refusalOf(request, this.port);
    if (refusal !== undefined) return refuse(response, refusal.status, refusal.reason);
    const path = new URL(request.url ?? '/', this.url).pathname;
    if (request.method === 'POST') {
      if (path !== '/commands') return refuse(response, 404, `there is no ${path}`);
      return this.#command(request, response);
    }
    if (path === '/live') return this.#watch(response);
    this.#assets ??= loadAssets();
    const asset = (await this.#assets).get(path);
    if (asset === undefined) return refuse(response, 404, `there is no ${path}`);
    response.writeHead(200, { 'content-type': asset.type, 'cache-control': 'no-store' });
    response.end(request.method === 'HEAD' ? undefined : asset.bytes);
  }

  #watch(response: ServerResponse): void {
    if (this.#viewers.size >= LIMITS.viewers) {
      return refuse(response, 503, `${LIMITS.viewers} pages are open already; close one`);
    }
    const hello = eventText('hello', this.#options.hello());
    this.#viewers.add(response);
    response.on('close', () => this.#viewers.delete(response));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`retry: 500\n${hello}`);
  }

  async #command(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const command = text === undefined ? undefined : readCommand(text);
    if (command === undefined) return refuse(response, 400, 'this is no command');
    const outcome = await this.#options.run(command);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(outcome));
  }
}

function networkErrorOf(cause: NodeJS.ErrnoException, port: number): NetworkError {
  const codes: Readonly<Record<string, 'address-in-use' | 'not-permitted'>> = {
    EADDRINUSE: 'address-in-use',
    EACCES: 'not-permitted',
  };
  return new NetworkError(codes[cause.code ?? ''] ?? 'other', { operation: 'listen', host: HOST, port, cause });
}

function eventText(name: 'hello' | 'tick', told: LiveHello | LiveTick): string {
  return `event: ${name}\ndata: ${JSON.stringify(told)}\n\n`;
}

/** Undefined for a body that is longer than any command. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LIMITS.commandBytes) return undefined;
  }
  return text;
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${reason}\n`);
}
