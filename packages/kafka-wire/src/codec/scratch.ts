import { assert, ByteWriter, type Payload } from '@biquorum/std';

const INITIAL_BYTES = 16 * 1024;
// A buffer that one large message made grow is not kept.
const KEPT_BYTES = 1024 * 1024;

/**
 * Memory in which generated encoders build a message before it goes into a writer in one copy: they write at will, and
 * a message that turns out not to be encodable leaves nothing behind.
 */
export class Scratch {
  bytes: Uint8Array = new Uint8Array(INITIAL_BYTES);
  view: DataView = new DataView(this.bytes.buffer);
  /** Where a helper left off, for those that return something else. */
  at = 0;
  /** Payloads with the number of bytes in front of them, in order. */
  readonly payloads: { readonly offset: number; readonly payload: Payload }[] = [];

  /** Makes room for `size` bytes from `at` on, of which those before are kept. */
  grow(at: number, size: number): void {
    const grown = new Uint8Array(Math.max(at + size, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, at));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  /** Takes what an interpreter writes, in place of generated code. @returns The number of bytes, payloads apart. */
  interpret(write: (writer: ByteWriter) => void): number {
    const writer = new ByteWriter();
    write(writer);
    let at = 0;
    for (const segment of writer.segments()) {
      if (!(segment instanceof Uint8Array)) {
        this.payloads.push({ offset: at, payload: segment });
        continue;
      }
      if (this.bytes.length - at < segment.length) this.grow(at, segment.length);
      this.bytes.set(segment, at);
      at += segment.length;
    }
    return at;
  }

  /** The first `length` bytes with the payloads between them, in new memory. */
  copy(length: number): Uint8Array {
    if (this.payloads.length === 0) return this.bytes.slice(0, length);
    const whole = new Uint8Array(this.payloads.reduce((size, { payload }) => size + payload.byteLength, length));
    let from = 0;
    let at = 0;
    for (const { offset, payload } of this.payloads) {
      assert(
        payload instanceof Uint8Array,
        () => `a payload of ${payload.byteLength} bytes is not in memory; encode into a writer`,
      );
      whole.set(this.bytes.subarray(from, offset), at);
      at += offset - from;
      whole.set(payload, at);
      at += payload.byteLength;
      from = offset;
    }
    whole.set(this.bytes.subarray(from, length), at);
    return whole;
  }

  /** Hands the first `length` bytes and the payloads over. */
  flush(writer: ByteWriter, length: number): void {
    let from = 0;
    for (const { offset, payload } of this.payloads) {
      if (offset > from) writer.bytesOf(this.bytes.subarray(from, offset));
      writer.external(payload);
      from = offset;
    }
    if (length > from) writer.bytesOf(this.bytes.subarray(from, length));
  }
}

let free: Scratch | undefined;

/** Takes the shared scratch, or another one while that is in use. */
export function takeScratch(): Scratch {
  const scratch = free ?? new Scratch();
  free = undefined;
  return scratch;
}

export function giveBackScratch(scratch: Scratch): void {
  scratch.payloads.length = 0;
  if (scratch.bytes.length <= KEPT_BYTES) free = scratch;
}
