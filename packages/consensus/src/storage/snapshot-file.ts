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

/** `<index>-<epoch>.snapshot`, padded so that names sort by position. */
export function snapshotName({ epoch, index }: Position): string {
  return `${String(index).padStart(16, '0')}-${String(epoch).padStart(16, '0')}.snapshot`;
}

/** The id in a file's name; null when it is no snapshot's. */
export function snapshotIdOf(name: string): Position | null {
  const match = /^(\d{16})-(\d{16})\.snapshot$/.exec(name);
  return match === null ? null : { index: Number(match[1]), epoch: Number(match[2]) };
}
