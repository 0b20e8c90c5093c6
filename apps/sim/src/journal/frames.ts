import { ByteReader, ByteWriter, crc32c } from '@biquorum/std';

/** One record of a journal. */
export interface JournalRecord {
  /** Counted from 1, without gaps. */
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** The most bytes that a frame may claim: what a peer or a damaged file can make us wait for. */
const bodyBytesMax = 64 * 1024;

/** A frame on the wire: length, sequence, payload. */
export function encodeFrame({ sequence, payload }: JournalRecord): Uint8Array {
  const writer = new ByteWriter();
  writer.u32(4 + payload.length);
  writer.u32(sequence);
  writer.bytesOf(payload);
  return writer.finish();
}

/** A record in the file: length, CRC-32C of what follows, sequence, payload. */
export function encodeEntry({ sequence, payload }: JournalRecord): Uint8Array {
  const writer = new ByteWriter();
  writer.u32(4 + payload.length);
  const crcAt = writer.reserve(4);
  writer.u32(sequence);
  writer.bytesOf(payload);
  const bytes = writer.finish();
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(crcAt, crc32c(bytes, 8));
  return bytes;
}

/** The records at the beginning of a file, up to the first that is torn, damaged or out of sequence. */
export function readEntries(bytes: Uint8Array): {
  readonly records: readonly JournalRecord[];
  readonly validBytes: number;
} {
  const reader = new ByteReader(bytes);
  const records: JournalRecord[] = [];
  let validBytes = 0;
  while (reader.remaining >= 12) {
    const length = reader.u32();
    const crc = reader.u32();
    if (length < 4 || length > bodyBytesMax || length > reader.remaining) break;
    const start = reader.offset;
    if (crc32c(bytes, start, start + length) !== crc) break;
    const sequence = reader.u32();
    if (sequence !== records.length + 1) break;
    records.push({ sequence, payload: reader.take(length - 4).slice() });
    validBytes = reader.offset;
  }
  return { records, validBytes };
}

/** Cuts a stream of bytes into frames, however the stream is cut into pieces. */
export class FrameSplitter {
  #pending: Uint8Array = new Uint8Array(0);

  /**
   * Takes the next piece in.
   *
   * @returns The frames that are whole now, or nothing when a peer claims one that is too short or too long.
   */
  push(piece: Uint8Array): readonly JournalRecord[] | undefined {
    const bytes = new Uint8Array(this.#pending.length + piece.length);
    bytes.set(this.#pending);
    bytes.set(piece, this.#pending.length);
    const reader = new ByteReader(bytes);
    const frames: JournalRecord[] = [];
    let consumed = 0;
    while (reader.remaining >= 4) {
      const length = reader.u32();
      if (length < 4 || length > bodyBytesMax) return undefined;
      if (reader.remaining < length) break;
      frames.push({ sequence: reader.u32(), payload: reader.take(length - 4).slice() });
      consumed = reader.offset;
    }
    this.#pending = bytes.slice(consumed);
    return frames;
  }
}
