import { request } from 'node:http';
import type { LiveCommand, LiveEvent, LiveHello, LiveOutcome, LiveState, LiveTick } from '../../src/live/protocol.ts';

/** What a page hears, without the page: the stream as it comes over the socket. */
export class Watcher implements Disposable {
  readonly url: string;
  hello: LiveHello | undefined;
  state: LiveState | null = null;
  readonly events: LiveEvent[] = [];
  readonly ticks: LiveTick[] = [];
  readonly #aborted: AbortController = new AbortController();

  constructor(url: string) {
    this.url = url;
    void this.#read().catch((error: unknown) => {
      if (!this.#aborted.signal.aborted) throw error;
    });
  }

  /** As the page's buttons do it. */
  async ask(command: LiveCommand): Promise<LiveOutcome> {
    const { status, text } = await post(this.url, JSON.stringify(command), { origin: new URL(this.url).origin });
    if (status !== 200) throw new Error(`${status} ${text}`);
    return JSON.parse(text) as LiveOutcome;
  }

  [Symbol.dispose](): void {
    this.#aborted.abort();
  }

  async #read(): Promise<void> {
    const response = await fetch(new URL('live', this.url), { signal: this.#aborted.signal });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk);
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.#heard(block);
    }
  }

  #heard(block: string): void {
    const lines = block.split('\n');
    const name = lines.find((line) => line.startsWith('event: '))?.slice(7);
    const told: unknown = JSON.parse(lines.find((line) => line.startsWith('data: '))?.slice(6) ?? 'null');
    if (name === 'hello') {
      this.hello = told as LiveHello;
      this.state = this.hello.state;
      this.events.push(...this.hello.events);
    } else if (name === 'tick') {
      const tick = told as LiveTick;
      this.ticks.push(tick);
      this.state = tick.state ?? this.state;
      this.events.push(...(tick.events ?? []));
    }
  }
}

/** Sends bytes and headers that a browser would not let a page send. */
export function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
    const sent = request(new URL('commands', url), options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
