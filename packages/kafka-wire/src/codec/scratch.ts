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
  /** How many bytes were written, payloads apart; where the next go. */
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

  /** Appends what an interpreter writes, in place of generated code. */
  interpret(write: (writer: ByteWriter) => void): void {
    const writer = new ByteWriter();
    write(writer);
    for (const segment of writer.segments()) {
      if (!(segment instanceof Uint8Array)) {
        this.payloads.push({ offset: this.at, payload: segment });
        continue;
      }
      if (this.bytes.length - this.at < segment.length) this.grow(this.at, segment.length);
      this.bytes.set(segment, this.at);
      this.at += segment.length;
    }
  }

  /** How many bytes were written, payloads included. */
  get totalBytes(): number {
    return this.payloads.reduce((size, { payload }) => size + payload.byteLength, this.at);
  }

  /** What was written, in one piece. @throws AssertionError when a payload is not in memory. */
  toBytes(): Uint8Array {
    if (this.payloads.length === 0) return this.bytes.slice(0, this.at);
    const whole = new Uint8Array(this.totalBytes);
    let at = 0;
    for (const segment of this.toSegments()) {
      assert(
        segment instanceof Uint8Array,
        () => `a payload of ${segment.byteLength} bytes is not in memory; encode into a writer`,
      );
      whole.set(segment, at);
      at += segment.length;
    }
    return whole;
  }

  /** What was written, in order: bytes in memory of their own, and the payloads. */
  toSegments(): (Uint8Array | Payload)[] {
    const bytes = this.bytes.slice(0, this.at);
    if (this.payloads.length === 0) return [bytes];
    const segments: (Uint8Array | Payload)[] = [];
    let from = 0;
    for (const { offset, payload } of this.payloads) {
      if (offset > from) segments.push(bytes.subarray(from, offset));
      segments.push(payload);
      from = offset;
    }
    if (this.at > from) segments.push(bytes.subarray(from));
    return segments;
  }

  /** Hands what was written over to a writer. */
  flush(writer: ByteWriter): void {
    let from = 0;
    for (const { offset, payload } of this.payloads) {
      if (offset > from) writer.bytesOf(this.bytes.subarray(from, offset));
      writer.external(payload);
      from = offset;
    }
    if (this.at > from) writer.bytesOf(this.bytes.subarray(from, this.at));
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
  scratch.at = 0;
  if (scratch.bytes.length <= KEPT_BYTES) free = scratch;
}
