import type { Connection, ConnectionHandlers, Listener } from '../../network.ts';
import type { NetworkError } from '../../network-error.ts';
import type { Ports } from '../../ports.ts';
import { ClaimFailed, check, eventually } from './checks.ts';
import type { Subject } from './kit.ts';

/** The handlers of one end of a connection, and all that they were told. */
export class Recorder implements ConnectionHandlers {
  readonly connection: Connection;
  /** What happened, in order: `data` once for all chunks that followed each other. */
  readonly events: ('data' | 'end' | 'drained' | 'closed')[] = [];
  /** Bytes received. */
  receivedBytes = 0;
  error: NetworkError | undefined;
  /** Called with every chunk, in place of keeping it. */
  onData: ((chunk: Uint8Array) => void) | undefined;
  readonly #ports: Ports;
  #chunks: Uint8Array[] = [];

  constructor(ports: Ports, connection: Connection) {
    this.#ports = ports;
    this.connection = connection;
  }

  start(): this {
    this.connection.start(this);
    return this;
  }

  data(chunk: Uint8Array): void {
    check(chunk.length > 0, 'an empty chunk was delivered');
    this.#note('data');
    this.receivedBytes += chunk.length;
    if (this.onData === undefined) this.#chunks.push(chunk.slice());
    else this.onData(chunk);
  }

  end(): void {
    this.#note('end');
  }

  drained(): void {
    this.#note('drained');
  }

  closed(error?: NetworkError): void {
    this.#note('closed');
    this.error = error;
  }

  /** Whether this has happened. */
  has(event: 'data' | 'end' | 'drained' | 'closed'): boolean {
    return this.events.includes(event);
  }

  /** All bytes kept. */
  received(): Uint8Array {
    const whole = new Uint8Array(this.#chunks.reduce((total, chunk) => total + chunk.length, 0));
    let position = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, position);
      position += chunk.length;
    }
    return whole;
  }

  /** Waits for so many bytes in all. */
  async untilReceived(bytes: number): Promise<void> {
    await eventually(this.#ports, () => this.receivedBytes >= bytes, `${bytes} bytes to arrive`);
  }

  /** Waits for an event. */
  async until(event: 'data' | 'end' | 'drained' | 'closed'): Promise<void> {
    await eventually(this.#ports, () => this.has(event), `${event} to be told`);
  }

  #note(event: 'data' | 'end' | 'drained' | 'closed'): void {
    if (this.has('closed')) throw new ClaimFailed(`${event} after closed`);
    if (event === 'data' && this.has('end')) throw new ClaimFailed('data after end');
    if (event === 'end' && this.has('end')) throw new ClaimFailed('end twice');
    if (event !== 'data' || this.events.at(-1) !== 'data') this.events.push(event);
  }
}

/** Two ends of a connection, not yet started. */
export interface Pair {
  readonly near: Recorder;
  readonly far: Recorder;
  readonly listener: Listener;
}

/** Connects the subject with itself. */
export async function connectPair({ ports, host }: Subject): Promise<Pair> {
  const accepted: Connection[] = [];
  const listener = await ports.network.listen({ host, port: 0 }, (connection) => accepted.push(connection));
  const near = await ports.network.dial({ host, port: listener.address.port, timeoutMs: 5_000 });
  await eventually(ports, () => accepted.length > 0, 'the connection to be accepted');
  return { near: new Recorder(ports, near), far: new Recorder(ports, accepted[0] as Connection), listener };
}

/** Connects, starts both ends, lets `body` use them, and clears everything away. */
export async function withPair(subject: Subject, body: (pair: Pair) => Promise<void>): Promise<void> {
  const pair = await connectPair(subject);
  try {
    await body(pair);
  } finally {
    await pair.listener.close();
    pair.near.connection.abort();
    pair.far.connection.abort();
  }
}
