/** The best element of a block repeats 64 bytes for 3. */
const EXPANSION_MAX = 22;

/** What the preamble of a raw Snappy block says. */
export interface SnappyPreamble {
  /** Bytes that the block decodes to. */
  readonly length: number;
  /** Position of the first element. */
  readonly end: number;
}

/**
 * Reads the preamble of the raw block `bytes[at, end)`: a varint with the number of bytes that it decodes to. Undefined if
 * there is none, or if no block of this size can hold so much.
 */
export function readSnappyPreamble(bytes: Uint8Array, at: number, end: number): SnappyPreamble | undefined {
  let length = 0;
  let read = at;
  for (let scale = 1; read < end && scale <= 2 ** 28; scale *= 128) {
    const byte = bytes[read++] as number;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) return length <= (end - read) * EXPANSION_MAX ? { length, end: read } : undefined;
  }
  return undefined;
}
