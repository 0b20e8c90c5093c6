import { adler32, type ByteWriter, crc32 } from '@biquorum/std';
import type { Zxid } from '@biquorum/zookeeper-wire';

/** What a log file begins with: "ZKLG", version 2, database 0. */
export const LOG_HEADER: Uint8Array = Uint8Array.of(0x5a, 0x4b, 0x4c, 0x47, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0);
/** A record's checksum and length. */
export const RECORD_HEAD_BYTES = 12;
/** All of a record that is not its payload: head, and the byte at its end. */
export const RECORD_EXTRA_BYTES = 13;

const END_OF_RECORD = 0x42;
/** Where the zxid stands in a payload: behind the session and the cxid of the transaction's header. */
const ZXID_AT = 12;
/** A transaction's header, and nothing more (an old closeSession). */
const PAYLOAD_BYTES_MIN = 32;

/**
 * Writes a record: Adler-32 and length, the payload (header, transaction, digest), 0x42. Source: Java
 * `FileTxnLog.append`.
 */
export function writeRecord(writer: ByteWriter, payload: Uint8Array): void {
  writer.i64Halves(0, adler32(payload));
  writer.i32(payload.length);
  writer.bytesOf(payload);
  writer.u8(END_OF_RECORD);
}

/** The zxid in a payload. */
export function zxidOfPayload(payload: Uint8Array): Zxid {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return view.getInt32(ZXID_AT) * 0x1_0000_0000 + view.getUint32(ZXID_AT + 4);
}

/** What stands at a place of a log file. */
export type Found =
  | { readonly kind: 'record'; readonly payload: Uint8Array; readonly end: number }
  /** So many bytes from the place on would have to be seen. */
  | { readonly kind: 'more'; readonly bytes: number }
  /** Zeros: nothing was written there. */
  | { readonly kind: 'end' }
  /** It was not written to its end. */
  | { readonly kind: 'torn' }
  /** It is there, and wrong. */
  | { readonly kind: 'damaged'; readonly detail: string };

/** @param room how many bytes the file has from `at` on, whether they are in `bytes` or not */
export function readRecord(bytes: Uint8Array, at: number, room: number): Found {
  if (room === 0) return { kind: 'end' };
  if (room < RECORD_HEAD_BYTES) return { kind: 'torn' };
  if (bytes.length - at < RECORD_HEAD_BYTES) return { kind: 'more', bytes: RECORD_HEAD_BYTES };
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, RECORD_HEAD_BYTES);
  const length = view.getInt32(8);
  if (length === 0) return { kind: 'end' };
  if (length < PAYLOAD_BYTES_MIN) return { kind: 'damaged', detail: `a record says that it is ${length} bytes long` };
  const total = length + RECORD_EXTRA_BYTES;
  if (total > room) return { kind: 'torn' };
  if (bytes.length - at < total) return { kind: 'more', bytes: total };
  const end = at + total;
  if (bytes[end - 1] !== END_OF_RECORD) return { kind: 'torn' };
  const payload = bytes.subarray(at + RECORD_HEAD_BYTES, end - 1);
  const sum = adler32(payload);
  if (view.getUint32(0) !== 0 || view.getUint32(4) !== sum) {
    return { kind: 'damaged', detail: `the checksum of a record of ${length} bytes is not ${sum}` };
  }
  return { kind: 'record', payload, end };
}

/*
 * Java's format does not tell what a power failure left of an unfinished write from damage to what was acknowledged. So
 * a file of ours tells how far it had been synced, in room that Java takes for padding: behind the zeros that end the
 * records stands a note, written together with the last batch, and the file's last bytes say that it has such notes.
 */

const NOTE_MAGIC: Uint8Array = Uint8Array.of(0x42, 0x51, 0x73, 0x79, 0x6e, 0x63, 0x65, 0x64);
const NOTE_BYTES = 20;
/** What follows the last record: zeros that end the log, and a note. */
export const TAIL_BYTES: number = RECORD_HEAD_BYTES + NOTE_BYTES;
/** The last bytes of a file that has notes. */
export const PADDING_END: Uint8Array = Uint8Array.of(0x42, 0x51, 0x70, 0x61, 0x64, 0x64, 0x65, 0x64);

/** @param synced everything before this position was on the disk when the batch was written */
export function encodeTail(synced: number): Uint8Array {
  const tail = new Uint8Array(TAIL_BYTES);
  tail.set(NOTE_MAGIC, RECORD_HEAD_BYTES);
  const view = new DataView(tail.buffer, RECORD_HEAD_BYTES);
  view.setBigInt64(8, BigInt(synced));
  view.setUint32(16, crc32(tail.subarray(RECORD_HEAD_BYTES, RECORD_HEAD_BYTES + 16)));
  return tail;
}

/** How far the file had been synced by the notes among these bytes; null when there is none. */
export function syncedBy(bytes: Uint8Array): number | null {
  let synced: number | null = null;
  for (let at = bytes.indexOf(0x42); at !== -1 && at + NOTE_BYTES <= bytes.length; at = bytes.indexOf(0x42, at + 1)) {
    if (!NOTE_MAGIC.every((byte, offset) => bytes[at + offset] === byte)) continue;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, NOTE_BYTES);
    if (view.getUint32(16) !== crc32(bytes.subarray(at, at + 16))) continue;
    synced = Math.max(synced ?? 0, Number(view.getBigInt64(8)));
  }
  return synced;
}
