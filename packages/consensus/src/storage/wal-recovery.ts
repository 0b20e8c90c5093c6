import type { Disk, DiskFile } from '@biquorum/platform';
import type { Position } from '../contract.ts';
import type { EntryTable } from './entry-table.ts';
import { StorageError } from './storage-error.ts';
import { decodeFrame, type Frame, isDamage } from './wal-format.ts';

/** What a write-ahead log amounts to. */
export interface Recovered {
  readonly start: Position;
  readonly durable: Uint8Array | null;
  /** The segments that are still there, open. */
  readonly segments: readonly {
    readonly number: number;
    readonly file: DiskFile;
    readonly size: number;
    readonly end: number;
  }[];
  readonly nextSegment: number;
}

/** `<number>.wal`, padded so that names sort. */
export function segmentName(number: number): string {
  return `${String(number).padStart(16, '0')}.wal`;
}

const SEGMENT_BYTES_MAX = 2 ** 31 - 1;

/**
 * Replays the segments. A write that a crash cut short ends the log, and nothing after it counts: it was never
 * acknowledged.
 *
 * @param entries Is filled with what the log holds; so much of it as it keeps stays in memory.
 * @throws StorageError when something that had reached the disk is damaged.
 */
export async function recoverWal(disk: Disk, directory: string, entries: EntryTable): Promise<Recovered> {
  const replay = new Replay(entries);
  const segments: Recovered['segments'][number][] = [];
  try {
    const nextSegment = await replayAll(disk, directory, replay, segments);
    const { start, durable } = replay;
    entries.deletePrefix(start.index);
    return { start, durable, segments, nextSegment };
  } catch (error) {
    // Nobody gets hold of them.
    await Promise.allSettled(segments.map(({ file }) => file.close()));
    throw error;
  }
}

/** Adds the segments that are left to `segments`. @returns The number of the next one. */
async function replayAll(
  disk: Disk,
  directory: string,
  replay: Replay,
  segments: Recovered['segments'][number][],
): Promise<number> {
  const names = (await disk.list(directory)).map(({ name }) => name).filter((name) => /^\d{16}\.wal$/.test(name));
  let cutShort: { readonly path: string; readonly at: number } | null = null;
  let last = 0;
  for (const name of names) {
    const path = `${directory}/${name}`;
    const number = Number(name.slice(0, 16));
    const bytes = await disk.readWhole(path, SEGMENT_BYTES_MAX);
    last = number;
    if (cutShort !== null) {
      // A segment counts once the one before it is on the disk whole. This one never did, if it does not say otherwise.
      if (vouchesFor(bytes, number, cutShort.at)) {
        throw new StorageError(cutShort.path, `the frame at ${cutShort.at} had reached the disk and is damaged`);
      }
      cutShort = { path, at: 0 };
      await disk.remove(path);
      continue;
    }
    let at = 0;
    for (let found = decodeFrame(bytes, at, number); found !== null; found = decodeFrame(bytes, at, number)) {
      if ((at === 0) !== (found.frame.type === 'segment')) throw new StorageError(path, `unexpected frame at ${at}`);
      replay.apply(found.frame, number);
      at = found.end;
    }
    if (at < bytes.length && isDamage(bytes, at, number)) {
      throw new StorageError(path, `the frame at ${at} had reached the disk and is damaged`);
    }
    if (at < bytes.length || at === 0) cutShort = { path, at };
    if (at === 0) {
      await disk.remove(path);
      continue;
    }
    const file = disk.open(path, 'write');
    if (at < bytes.length) {
      await file.truncate(at);
      await file.sync();
    }
    segments.push({ number, file, size: at, end: replay.end });
  }
  if (names.length > segments.length) await disk.syncDirectory(directory);
  return last + 1;
}

/** Whether a segment shows that the one before it was on the disk beyond `position`. */
function vouchesFor(bytes: Uint8Array, segment: number, position: number): boolean {
  const first = decodeFrame(bytes, 0, segment);
  if (first?.frame.type !== 'segment') return isDamage(bytes, 0, segment);
  return first.frame.previousSynced > position || isDamage(bytes, 0, segment);
}

class Replay {
  start: Position = { epoch: 0, index: 0 };
  durable: Uint8Array | null = null;
  readonly #entries: EntryTable;

  constructor(entries: EntryTable) {
    this.#entries = entries;
  }

  get end(): number {
    const { last } = this.#entries;
    return last === undefined ? this.start.index : last.index + last.span;
  }

  apply(frame: Frame, segment: number): void {
    switch (frame.type) {
      case 'segment':
        // The first segment that is left stands for those that were deleted.
        this.start = frame.start;
        this.durable = frame.durable?.slice() ?? null;
        return;
      case 'durable':
        this.durable = frame.durable.slice();
        return;
      case 'truncate':
        this.#entries.truncate(frame.end);
        return;
      case 'reset':
        this.#entries.clear();
        this.start = frame.start;
        return;
      case 'prefix':
        this.start = frame.start;
        return;
      case 'entry': {
        const { index, span, epoch, kind, payload } = frame.entry;
        this.#entries.push({
          index,
          span,
          epoch,
          kind,
          bytes: payload.length,
          payload: payload.slice(),
          segment,
          position: frame.position,
        });
      }
    }
  }
}
