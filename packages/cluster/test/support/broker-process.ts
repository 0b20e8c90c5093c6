import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a process holds, in bytes, after a collection. */
export interface Memory {
  /** Resident, as the system counts it; it hardly ever falls. */
  readonly rss: number;
  /** Heap in use, and what buffers outside of it hold. */
  readonly held: number;
}

/** A broker in a process of its own, that tells what memory it holds. */
export class BrokerProcess implements AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcessWithoutNullStreams, lines: AsyncIterator<string>, bootstrap: string) {
    const [host, port] = bootstrap.split(':') as [string, string];
    this.host = host;
    this.port = Number(port);
    this.#child = child;
    this.#lines = lines;
  }

  static async start(properties: Record<string, string> = {}): Promise<BrokerProcess> {
    const program = fileURLToPath(new URL('./broker-program.ts', import.meta.url));
    const options = ['--expose-gc', '--conditions=@biquorum/source', '--disable-warning=ExperimentalWarning'];
    const child = spawn(process.execPath, [...options, program, JSON.stringify(properties)], { stdio: 'pipe' });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += String(chunk);
    });
    const lines: Interface = createInterface({ input: child.stdout });
    const iterator = lines[Symbol.asyncIterator]();
    const first = await iterator.next();
    if (first.done === true) throw new Error(`the broker's process did not start: ${complaint}`);
    return new BrokerProcess(child, iterator, (JSON.parse(first.value) as { bootstrap: string }).bootstrap);
  }

  async memory(): Promise<Memory> {
    this.#child.stdin.write('memory\n');
    const { value } = await this.#lines.next();
    return JSON.parse(value as string) as Memory;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.stdin.end();
    await exited;
  }
}
