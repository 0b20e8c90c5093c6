import { ByteReader, ByteWriter, crc32c } from '@biquorum/std';
import type { Entry, Position } from '../contract.ts';

/**
 * The write-ahead log: segments of frames, appended and never changed; zeros may follow the last of them. Cutting the
 * log is a frame too, so that one fdatasync covers entries, cuts and durable state alike.
 *
 * A frame: magic u16, length of the body u32, synced u32, CRC-32C u32, body. `synced` is how much of this segment was
 * known to be on the disk when the frame was written: it tells damage (a bad frame that a later one declares synced)
 * from a write that a crash cut short. The checksum covers the header before it and the body, and starts from the
 * segment's number, so that a frame never passes for one of another file.
 */
export type Frame =
  /**
   * First in every segment: what the segments before it amount to besides entries, and how much of the one before was
   * on the disk.
   */
  | {
      readonly type: 'segment';
      readonly start: Position;
      readonly previousSynced: number;
      readonly durable: Uint8Array | null;
    }
  | { readonly type: 'durable'; readonly durable: Uint8Array }
  | { readonly type: 'truncate'; readonly end: number }
  /** The log was replaced by a snapshot and goes on from its end. */
  | { readonly type: 'reset'; readonly start: Position }
  | { readonly type: 'prefix'; readonly start: Position }
  | { readonly type: 'entry'; readonly entry: Entry; readonly position: number };

/** Bytes of a frame before its body. */
export const FRAME_HEADER_BYTES = 14;
const MAGIC = 0xb10c;
/** Bytes of an entry's body before its payload: the type, index, span, epoch, kind. */
export const ENTRY_HEADER_BYTES = 22;

/** Jumps between ZooKeeper's epochs span so much: such an entry has a wider field for it, and no payload. */
const WIDE_SPAN = 0x1_0000_0000;

/** A frame in two parts, so that payloads are not copied: header with the start of the body, and the payload. */
export function encodeFrame(frame: Frame, segment: number, synced: number): readonly Uint8Array[] {
  const w = new ByteWriter({ initialBytes: 64 });
  w.u16(MAGIC);
  w.u32(0);
  w.u32(synced);
  w.u32(0);
  let payload: Uint8Array | null = null;
  switch (frame.type) {
    case 'segment':
      w.u8(1);
      w.i64(frame.start.epoch);
      w.i64(frame.start.index);
      w.u32(frame.previousSynced);
      w.u8(frame.durable === null ? 0 : 1);
      payload = frame.durable;
      break;
    case 'durable':
      w.u8(2);
      payload = frame.durable;
      break;
    case 'truncate':
      w.u8(3);
      w.i64(frame.end);
      break;
    case 'reset':
    case 'prefix':
      w.u8(frame.type === 'reset' ? 4 : 5);
      w.i64(frame.start.epoch);
      w.i64(frame.start.index);
      break;
    case 'entry': {
      const { index, span, epoch, kind } = frame.entry;
      const wide = span >= WIDE_SPAN;
      w.u8(wide ? 7 : 6);
      w.i64(index);
      if (wide) w.i64(span);
      else w.u32(span);
      w.i64(epoch);
      w.u8(kind === 'control' ? 1 : 0);
      payload = frame.entry.payload;
    }
  }
  const head = w.finish();
  w.patchI32(2, head.length - FRAME_HEADER_BYTES + (payload?.length ?? 0));
  let crc = checksum(head, 0, head.length, segment);
  if (payload !== null) crc = crc32c(payload, 0, payload.length, crc);
  w.patchU32(10, crc);
  return payload === null || payload.length === 0 ? [head] : [head, payload];
}

/** What stands at a position of a segment. */
export interface Found {
  readonly frame: Frame;
  readonly synced: number;
  readonly end: number;
}

/** The frame at `position`; null when there is none that is whole. Payloads are views into `bytes`. */
export function decodeFrame(bytes: Uint8Array, position: number, segment: number): Found | null {
  if (position + FRAME_HEADER_BYTES >= bytes.length) return null;
  if (bytes[position] !== MAGIC >> 8 || bytes[position + 1] !== (MAGIC & 0xff)) return null;
  const r = new ByteReader(bytes, position);
  r.skip(2);
  const length = r.u32();
  const synced = r.u32();
  const crc = r.u32();
  const end = r.offset + length;
  if (length === 0 || end > bytes.length || checksum(bytes, position, end, segment) !== crc) return null;
  const body = new ByteReader(bytes, r.offset, end);
  const frame = decodeBody(body);
  return frame === null ? null : { frame, synced, end };
}

/**
 * Whether a frame after the bad one at `position` says that the disk had more than that: then this is damage, not a
 * write that was cut short.
 */
export function isDamage(bytes: Uint8Array, position: number, segment: number): boolean {
  let at = bytes.indexOf(MAGIC >> 8, position + 1);
  while (at >= 0) {
    const found = decodeFrame(bytes, at, segment);
    if (found !== null && found.synced > position) return true;
    at = bytes.indexOf(MAGIC >> 8, found?.end ?? at + 1);
  }
  return false;
}

/**
 * How much of a segment was on the disk by what its own frames say. Damage below is told from a write that was cut
 * short; damage above cannot be.
 *
 * @param name The segment's file, which carries its number.
 */
export function declaredSynced(bytes: Uint8Array, name: string): number {
  const segment = Number(/(\d{16})\.wal$/.exec(name)?.[1]);
  let synced = 0;
  for (let found = decodeFrame(bytes, 0, segment); found !== null; found = decodeFrame(bytes, found.end, segment)) {
    synced = Math.max(synced, found.synced);
  }
  return synced;
}

/** The CRC field itself counts as zeros. */
function checksum(bytes: Uint8Array, start: number, end: number, segment: number): number {
  const head = crc32c(bytes, start, start + 10, segment >>> 0);
  return crc32c(bytes, start + FRAME_HEADER_BYTES, end, head);
}

function decodeBody(r: ByteReader): Frame | null {
  const type = r.u8();
  switch (type) {
    case 1: {
      const start = { epoch: r.i64(), index: r.i64() };
      const previousSynced = r.u32();
      return { type: 'segment', start, previousSynced, durable: r.u8() === 0 ? null : r.take(r.remaining) };
    }
    case 2:
      return { type: 'durable', durable: r.take(r.remaining) };
    case 3:
      return { type: 'truncate', end: r.i64() };
    case 4:
      return { type: 'reset', start: { epoch: r.i64(), index: r.i64() } };
    case 5:
      return { type: 'prefix', start: { epoch: r.i64(), index: r.i64() } };
    case 6:
    case 7: {
      const index = r.i64();
      const span = type === 7 ? r.i64() : r.u32();
      const epoch = r.i64();
      const kind = r.u8() === 1 ? 'control' : 'data';
      const position = r.offset;
      return { type: 'entry', entry: { index, span, epoch, kind, payload: r.take(r.remaining) }, position };
    }
    default:
      return null;
  }
}
