import type { DiskFile } from '@biquorum/platform';
import type { Zxid } from '@biquorum/zookeeper-wire';
import {
  LOG_HEADER,
  PADDING_END,
  RECORD_HEAD_BYTES,
  readRecord,
  syncedBy,
  TAIL_BYTES,
  zxidOfPayload,
} from './log-format.ts';

/** A transaction in a log file. */
export interface LogRecord {
  readonly zxid: Zxid;
  /** Header, transaction and digest: a view that holds during the visit. */
  readonly payload: Uint8Array;
  /** Where the payload begins in the file. */
  readonly position: number;
}

/** How a log file ends. */
export interface LogEnd {
  /**
   * `clean`: behind the last record is nothing, or padding. `torn`: what follows may be of the last batch only, which
   * may not have been acknowledged. `damaged`: what was acknowledged cannot be read. `headless`: it does not begin as a
   * log does. `stopped`: the visitor wanted no more.
   */
  readonly kind: 'clean' | 'torn' | 'damaged' | 'headless' | 'stopped';
  /** The position behind the last good record. */
  readonly position: number;
  readonly detail: string;
  /** Whether the file has notes of ours about how far it was synced. */
  readonly notes: boolean;
}

const WINDOW_BYTES = 1024 * 1024;

/**
 * Reads the records of a log file in order.
 *
 * @param visit false to stop behind this record
 * @param from where to begin, 0 for the beginning of the file: then its header is checked
 */
export async function walkLog(
  file: DiskFile,
  visit: (record: LogRecord) => boolean | undefined,
  from = 0,
): Promise<LogEnd> {
  const size = file.size();
  if (from === 0 && !(await hasHeader(file)))
    return { kind: 'headless', position: 0, detail: 'it has no header', notes: false };
  let position = from === 0 ? LOG_HEADER.length : from;
  let window = new Uint8Array(0);
  let base = position;
  let wanted = Math.min(WINDOW_BYTES, size);
  for (;;) {
    const found = readRecord(window, position - base, size - position);
    switch (found.kind) {
      case 'record': {
        const { payload } = found;
        const start = position + RECORD_HEAD_BYTES;
        position = base + found.end;
        if (visit({ zxid: zxidOfPayload(payload), payload, position: start }) === false) {
          return { kind: 'stopped', position, detail: '', notes: false };
        }
        break;
      }
      case 'more':
        wanted = Math.min(Math.max(WINDOW_BYTES, found.bytes), size - position);
        window = new Uint8Array(wanted);
        await file.read(position, window);
        base = position;
        break;
      default:
        return judge(file, position, found);
    }
  }
}

/** Whether what cannot be read had been acknowledged. */
async function judge(
  file: DiskFile,
  position: number,
  found: { readonly kind: 'end' | 'torn' | 'damaged'; readonly detail?: string },
): Promise<LogEnd> {
  const detail = found.detail ?? (found.kind === 'end' ? 'zeros' : 'a record is not there to its end');
  const kind = found.kind === 'end' ? 'clean' : found.kind;
  // Java's rules, where there are no notes.
  if (!(await hasNotes(file))) return { kind, position, detail, notes: false };
  const near = new Uint8Array(TAIL_BYTES);
  await file.read(position, near);
  // Usually the note is where it belongs, and all behind it is padding.
  if (kind === 'clean' && syncedBy(near) !== null) return { kind, position, detail, notes: true };
  const synced = await syncedBehind(file, position);
  return { kind: synced !== null && synced > position ? 'damaged' : 'torn', position, detail, notes: true };
}

async function hasHeader(file: DiskFile): Promise<boolean> {
  const bytes = new Uint8Array(LOG_HEADER.length);
  // A database's id may be another than 0.
  return (
    (await file.read(0, bytes)) === bytes.length && LOG_HEADER.subarray(0, 8).every((byte, at) => bytes[at] === byte)
  );
}

async function hasNotes(file: DiskFile): Promise<boolean> {
  const bytes = new Uint8Array(PADDING_END.length);
  const at = file.size() - bytes.length;
  return at >= 0 && (await file.read(at, bytes)) === bytes.length && PADDING_END.every((byte, i) => bytes[i] === byte);
}

/** How far the notes behind a position say that the file was synced; null when there is none. */
async function syncedBehind(file: DiskFile, position: number): Promise<number | null> {
  const size = file.size();
  let synced: number | null = null;
  for (let at = position; at < size; at += WINDOW_BYTES - TAIL_BYTES) {
    const bytes = new Uint8Array(Math.min(WINDOW_BYTES, size - at));
    await file.read(at, bytes);
    const found = syncedBy(bytes);
    if (found !== null) synced = Math.max(synced ?? 0, found);
  }
  return synced;
}

/** Whether a file holds nothing but zeros and the end of its padding: no record was ever begun in it. */
export async function isBlank(file: DiskFile): Promise<boolean> {
  const size = file.size();
  for (let at = LOG_HEADER.length; at < size; at += WINDOW_BYTES) {
    const bytes = new Uint8Array(Math.min(WINDOW_BYTES, size - at));
    await file.read(at, bytes);
    const end =
      at + bytes.length >= size - PADDING_END.length ? Math.max(0, size - PADDING_END.length - at) : bytes.length;
    if (bytes.subarray(0, end).some((byte) => byte !== 0)) return false;
  }
  return true;
}
