import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { decodeResponseHeader, type Init, type MessageCodec, requestFrame } from '@biquorum/kafka-wire';
import { ByteReader } from '@biquorum/std';

/** A message of Kafka's protocol in both directions. */
export interface Exchange<Request, Response> {
  readonly request: MessageCodec<Request>;
  readonly response: MessageCodec<Response>;
  readonly version: number;
}

const TIMEOUT_MS = 30_000;

/** A bare connection to a broker, as thin as it can be: what is timed on it is the server, not a client. */
export class BareConnection implements Disposable {
  readonly #socket: Socket;
  #correlationId = 0;
  #waiting: { readonly resolve: (frame: Uint8Array) => void; readonly reject: (cause: Error) => void }[] = [];
  #received: Uint8Array = new Uint8Array(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the broker closed the connection')));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`the broker was silent for ${TIMEOUT_MS} ms`)));
  }

  /** Opens one to the first of these addresses. @throws Error when nobody listens there */
  static async open(bootstrap: string): Promise<BareConnection> {
    const [host, port] = (bootstrap.split(',')[0] ?? '').split(':');
    const socket = connect({ host: host ?? '', port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new BareConnection(socket);
  }

  /** Asks, and resolves with the answer. @throws Error when the connection ends before */
  async ask<Request, Response>(exchange: Exchange<Request, Response>, body: Init<Request>): Promise<Response> {
    const { request, response, version } = exchange;
    this.#correlationId += 1;
    const header = { correlationId: this.#correlationId, clientId: 'side-by-side' };
    const segments = requestFrame(request, version, header, body) as readonly Uint8Array[];
    const frame = await new Promise<Uint8Array>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#socket.write(segments.length === 1 ? (segments[0] as Uint8Array) : Buffer.concat(segments));
    });
    const reader = new ByteReader(frame);
    decodeResponseHeader(reader, request.table.apiKey ?? -1, version);
    return response.decode(reader, version);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #take(chunk: Uint8Array): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 4) {
      const size = new DataView(this.#received.buffer, this.#received.byteOffset).getInt32(0);
      if (this.#received.length < 4 + size) return;
      const frame = this.#received.subarray(4, 4 + size);
      this.#received = this.#received.subarray(4 + size);
      this.#waiting.shift()?.resolve(frame);
    }
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
