import type { Disk } from '@biquorum/platform';
import {
  CLEANED_SUFFIX,
  DELETED_SUFFIX,
  LOG_ENDING,
  OFFSET_INDEX_ENDING,
  parseSegmentFileName,
  type SegmentFileName,
  SNAPSHOT_ENDING,
  segmentFileName,
  TIME_INDEX_ENDING,
} from '../names/file-names.ts';

/** A segment as its files tell. */
export interface FoundSegment {
  readonly baseOffset: number;
  /** Bytes of log. */
  readonly size: number;
  readonly modifiedMs: number;
  /** Bytes of the indexes; undefined where the file is missing. */
  readonly offsetIndexBytes: number | undefined;
  readonly timeIndexBytes: number | undefined;
}

/** The files of a log's directory that matter to its segments. */
export interface FoundFiles {
  readonly names: readonly SegmentFileName[];
  /** Names of other files, such as checkpoints. */
  readonly others: ReadonlySet<string>;
}

/** Reads the names in a log's directory. */
export async function listFiles(disk: Disk, directory: string): Promise<FoundFiles> {
  const names: SegmentFileName[] = [];
  const others = new Set<string>();
  for (const entry of await disk.list(directory)) {
    if (entry.kind !== 'file') continue;
    const name = parseSegmentFileName(entry.name);
    if (name === undefined) others.add(entry.name);
    else names.push(name);
  }
  return { names, others };
}

/**
 * Removes what a crash left behind and is worth nothing: files that were marked for removal, unfinished compactions,
 * and `.swap` files beside an unfinished one. Completes those compactions whose files all carry `.swap`.
 *
 * A `.swap` log stands for all segments in its range: they go first, and durably, before it takes its name.
 * Source: `LogLoader`.
 *
 * @param lastOffsetOf finds the last offset in a log file, −1 if it is empty.
 * @returns the files that are left, and the paths of the compactions that were completed.
 */
export async function settleFiles(
  disk: Disk,
  directory: string,
  found: FoundFiles,
  lastOffsetOf: (path: string) => Promise<number>,
): Promise<{ readonly files: FoundFiles; readonly finished: readonly string[] }> {
  const unsettled = found.names.filter(({ suffix }) => suffix !== '');
  if (unsettled.length === 0) return { files: found, finished: [] };
  const pathOf = ({ offset, ending, suffix }: SegmentFileName): string =>
    `${directory}/${segmentFileName(offset, ending, suffix)}`;
  const cleaned = unsettled.filter(({ suffix }) => suffix === CLEANED_SUFFIX);
  const firstCleaned = Math.min(...cleaned.map(({ offset }) => offset));
  const swaps: SegmentFileName[] = [];
  for (const name of unsettled) {
    const isWorthless = name.suffix === DELETED_SUFFIX || name.suffix === CLEANED_SUFFIX || name.offset >= firstCleaned;
    if (isWorthless) await disk.remove(pathOf(name));
    else swaps.push(name);
  }
  let kept = found.names.filter(({ suffix }) => suffix === '');
  const finished = swaps.filter(({ ending }) => ending === LOG_ENDING).map(pathOf);
  for (const swap of swaps) {
    if (swap.ending !== LOG_ENDING) continue;
    const lastOffset = Math.max(await lastOffsetOf(pathOf(swap)), swap.offset);
    const isReplaced = ({ offset }: SegmentFileName): boolean => offset >= swap.offset && offset <= lastOffset;
    for (const name of kept) if (isReplaced(name)) await disk.remove(pathOf(name));
    kept = kept.filter((name) => !isReplaced(name));
  }
  await disk.syncDirectory(directory);
  // The log last: as long as it has its suffix, a second crash leads here again.
  for (const swap of swaps.toSorted(
    (left, right) => Number(left.ending === LOG_ENDING) - Number(right.ending === LOG_ENDING),
  )) {
    const name = { ...swap, suffix: '' };
    await disk.rename(pathOf(swap), pathOf(name));
    kept = [...kept.filter(({ offset, ending }) => offset !== name.offset || ending !== name.ending), name];
  }
  if (swaps.length > 0) await disk.syncDirectory(directory);
  return { files: { names: kept, others: found.others }, finished };
}

/** Removes indexes without a log, and finds out the sizes of the rest. */
export async function scanSegments(disk: Disk, directory: string, { names }: FoundFiles): Promise<FoundSegment[]> {
  const endings = new Map<number, Set<string>>();
  for (const { offset, ending } of names) {
    if (ending === SNAPSHOT_ENDING) continue;
    const known = endings.get(offset);
    if (known === undefined) endings.set(offset, new Set([ending]));
    else known.add(ending);
  }
  const found: FoundSegment[] = [];
  for (const [offset, present] of endings) {
    const pathOf = (ending: string): string => `${directory}/${segmentFileName(offset, ending)}`;
    if (!present.has(LOG_ENDING)) {
      for (const ending of present) await disk.remove(pathOf(ending));
      continue;
    }
    const [log, offsetIndex, timeIndex] = await Promise.all([
      disk.stat(pathOf(LOG_ENDING)),
      present.has(OFFSET_INDEX_ENDING) ? disk.stat(pathOf(OFFSET_INDEX_ENDING)) : undefined,
      present.has(TIME_INDEX_ENDING) ? disk.stat(pathOf(TIME_INDEX_ENDING)) : undefined,
    ]);
    found.push({
      baseOffset: offset,
      size: log?.size ?? 0,
      modifiedMs: log?.modifiedMs ?? 0,
      offsetIndexBytes: offsetIndex?.size,
      timeIndexBytes: timeIndex?.size,
    });
  }
  return found.sort((left, right) => left.baseOffset - right.baseOffset);
}

/** Offsets of the producer snapshots, rising. */
export function snapshotOffsets({ names }: FoundFiles): number[] {
  return names
    .filter(({ ending, suffix }) => ending === SNAPSHOT_ENDING && suffix === '')
    .map(({ offset }) => offset)
    .sort((left, right) => left - right);
}
