import { connect, type Socket } from 'node:net';
import { FrameReader } from '@biquorum/std';

const FRAME_BYTES_MAX = 1 << 24;
/** A server that says nothing for so long never will. */
const PATIENCE_MS = 60_000;

/** A connection to a ZooKeeper server, frame by frame. */
export class RawConnection {
  readonly #socket: Socket;
  readonly #frames: Uint8Array[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const reader = new FrameReader(FRAME_BYTES_MAX, (frame) => this.#frames.push(frame.slice()));
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      reader.push(chunk);
      this.#wake?.();
    });
    const end = (): void => {
      this.#ended = true;
      socket.destroy();
      this.#wake?.();
    };
    for (const event of ['end', 'close', 'error']) socket.on(event, end);
  }

  static async open(address: string): Promise<RawConnection> {
    const at = address.lastIndexOf(':');
    const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)) });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawConnection(socket);
  }

  /** Whether the server has ended it, and everything is read. */
  get isOver(): boolean {
    return this.#ended && this.#frames.length === 0;
  }

  /** Sends everything at once. */
  send(frames: readonly Uint8Array[]): void {
    if (!this.#ended) this.#socket.write(Buffer.concat(frames));
  }

  /** The next frame; null when the server has ended the connection. @throws Error when nothing comes at all */
  async read(): Promise<Uint8Array | null> {
    if (this.#frames.length === 0 && !this.#ended) await this.#more();
    return this.#frames.shift() ?? null;
  }

  close(): void {
    this.#socket.destroy();
  }

  #more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`a server has said nothing for ${PATIENCE_MS} ms`)), PATIENCE_MS);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
