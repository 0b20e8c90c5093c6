import type { Connection } from '@biquorum/platform';
import type { Payload } from '@biquorum/std';
import type { BufferPool } from './buffer-pool.ts';

/** Bytes in a file that are read when it is their turn to be sent. */
export interface FilePayload extends Payload {
  /** The bytes are surely in the page cache: reading them does not wait for a device. */
  readonly warm: boolean;
  /** Fills `into` from `offset` within the payload on, without leaving the loop. Returns the bytes read. */
  readSync(offset: number, into: Uint8Array): number;
  /** The same off the loop. */
  read(offset: number, into: Uint8Array): Promise<number>;
  /** The payload is not needed any more. Called once. */
  release(): void;
}

/** What a response consists of: bytes in memory and bytes in files, in order. */
export type Segment = Uint8Array | FilePayload;

/** What a queue tells its owner. */
export interface SendQueueOwner {
  /** A file could not be read to its promised length: the stream cannot go on. */
  failed(error: unknown): void;
  /** The last response that needed more than one write has been handed to the connection. */
  idle(): void;
}

/**
 * Sends responses over one connection, one after the other, files included, never faster than the peer reads.
 *
 * Memory in use is bounded by one pooled buffer per write in flight, whatever the size of a response.
 */
export class SendQueue {
  readonly #connection: Connection;
  readonly #buffers: BufferPool;
  readonly #owner: SendQueueOwner;
  readonly #waiting: (readonly Segment[])[] = [];
  #waitingBytes = 0;
  #sending = false;
  #closed = false;
  #onDrained: (() => void) | undefined;

  constructor(connection: Connection, buffers: BufferPool, owner: SendQueueOwner) {
    this.#connection = connection;
    this.#buffers = buffers;
    this.#owner = owner;
  }

  /** Bytes that the peer has yet to take. */
  get queuedBytes(): number {
    return this.#waitingBytes + this.#connection.queuedBytes;
  }

  /** Is a response being sent piece by piece? */
  get sending(): boolean {
    return this.#sending;
  }

  /** Sends a response after those before it. The bytes belong to the queue from now on. */
  send(segments: readonly Segment[]): void {
    if (this.#closed) {
      releaseAll(segments);
      return;
    }
    if (!this.#sending && segments.every((segment) => segment instanceof Uint8Array)) {
      this.#connection.write(segments);
      return;
    }
    this.#waiting.push(segments);
    this.#waitingBytes += sizeOf(segments);
    if (!this.#sending) void this.#pump();
  }

  /** The connection takes more. */
  drained(): void {
    const proceed = this.#onDrained;
    this.#onDrained = undefined;
    proceed?.();
  }

  /** The connection is gone: lets go of everything. */
  close(): void {
    this.#closed = true;
    for (const segments of this.#waiting.splice(0)) releaseAll(segments);
    this.#waitingBytes = 0;
    this.drained();
  }

  async #pump(): Promise<void> {
    this.#sending = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#waitingBytes -= sizeOf(next);
      try {
        await this.#sendOne(next);
      } catch (error) {
        this.#owner.failed(error);
        break;
      }
    }
    this.#sending = false;
    this.#owner.idle();
  }

  async #sendOne(segments: readonly Segment[]): Promise<void> {
    let gathered: Uint8Array[] = [];
    for (const [position, segment] of segments.entries()) {
      if (segment instanceof Uint8Array) {
        gathered.push(segment);
        continue;
      }
      try {
        for (let offset = 0; offset < segment.byteLength && !this.#closed; ) {
          const buffer = this.#buffers.acquire();
          const into = buffer.subarray(0, Math.min(buffer.length, segment.byteLength - offset));
          const read = segment.warm ? segment.readSync(offset, into) : await segment.read(offset, into);
          if (read !== into.length) throw new ShortFile(segment.byteLength, offset + read);
          offset += read;
          const more = this.#connection.write([...gathered, into], () => this.#buffers.release(buffer));
          gathered = [];
          if (!more && !this.#closed) await this.#untilDrained();
        }
      } catch (error) {
        releaseAll(segments.slice(position));
        throw error;
      }
      segment.release();
    }
    if (gathered.length > 0 && !this.#connection.write(gathered) && !this.#closed) await this.#untilDrained();
  }

  #untilDrained(): Promise<void> {
    return new Promise((resolve) => {
      this.#onDrained = resolve;
    });
  }
}

/** A file held fewer bytes than the response has promised. */
export class ShortFile extends Error {
  override readonly name: string = 'ShortFile';

  constructor(promised: number, found: number) {
    super(`a file payload of ${promised} bytes ended after ${found}; the log was cut while it was being sent`);
  }
}

function sizeOf(segments: readonly Segment[]): number {
  let bytes = 0;
  for (const segment of segments) bytes += segment.byteLength;
  return bytes;
}

function releaseAll(segments: readonly Segment[]): void {
  for (const segment of segments) if (!(segment instanceof Uint8Array)) segment.release();
}
