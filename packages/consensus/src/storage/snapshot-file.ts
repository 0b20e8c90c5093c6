import type { DiskFile } from '@biquorum/platform';
import { ByteWriter, crc32c } from '@biquorum/std';
import type { Position } from '../contract.ts';

/** What a snapshot file holds. */
export interface SnapshotFile {
  readonly id: Position;
  /** What the engine put into the header: the voter set. */
  readonly context: Uint8Array;
  readonly state: Uint8Array;
}

const MAGIC = 0xb1055a01;
const HEADER_BYTES = 24;
const PIECE_BYTES = 1024 * 1024;

/** A snapshot as it lies on the disk and travels between members: header, context, state, CRC-32C of all that. */
export function encodeSnapshot({ id, context, state }: SnapshotFile): Uint8Array {
  const w = new ByteWriter({ initialBytes: HEADER_BYTES + context.length + state.length + 4 });
  w.u32(MAGIC);
  w.i64(id.epoch);
  w.i64(id.index);
  w.u32(context.length);
  w.bytesOf(context);
  w.bytesOf(state);
  w.u32(crc32c(w.finish()));
  return w.finish();
}

/** The parts, as views; null when the bytes are damaged or are not the snapshot `id`. */
export function decodeSnapshot(bytes: Uint8Array, id: Position): SnapshotFile | null {
  if (bytes.length < HEADER_BYTES + 4) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = bytes.length - 4;
  if (view.getUint32(0) !== MAGIC || view.getUint32(end) !== crc32c(bytes, 0, end)) return null;
  const epoch = Number(view.getBigInt64(4));
  const index = Number(view.getBigInt64(12));
  const contextEnd = HEADER_BYTES + view.getUint32(20);
  if (epoch !== id.epoch || index !== id.index || contextEnd > end) return null;
  return { id, context: bytes.subarray(HEADER_BYTES, contextEnd), state: bytes.subarray(contextEnd, end) };
}

/** Reads a snapshot's file through. @returns Whether its checksum fits. @throws DiskError as a rejection. */
export async function isWhole(file: DiskFile): Promise<boolean> {
  const end = file.size() - 4;
  const piece = new Uint8Array(Math.max(0, Math.min(end, PIECE_BYTES)));
  let crc = 0;
  for (let at = 0; at < end; at += piece.length) {
    const part = piece.subarray(0, Math.min(piece.length, end - at));
    await file.read(at, part);
    crc = crc32c(part, 0, part.length, crc);
  }
  const stored = new Uint8Array(4);
  return end > 0 && (await file.read(end, stored)) === 4 && new DataView(stored.buffer).getUint32(0) === crc;
}

/** `<index>-<epoch>.snapshot`, padded so that names sort by position. */
export function snapshotName({ epoch, index }: Position): string {
  return `${String(index).padStart(16, '0')}-${String(epoch).padStart(16, '0')}.snapshot`;
}

/** The id in a file's name; null when it is no snapshot's. */
export function snapshotIdOf(name: string): Position | null {
  const match = /^(\d{16})-(\d{16})\.snapshot$/.exec(name);
  return match === null ? null : { index: Number(match[1]), epoch: Number(match[2]) };
}
