import { deepStrictEqual } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BatchCursor } from '@biquorum/kafka-wire';

/** The directory of the metadata log of a controller. */
export function logDirectory(directory: string): string {
  return join(directory, 'data', '__cluster_metadata-0');
}

/** All batches of a controller's metadata log below an offset, by base offset. */
export function batchesBelow(directory: string, end: number): Map<number, Buffer> {
  const path = logDirectory(directory);
  const found = new Map<number, Buffer>();
  for (const name of readdirSync(path).sort()) {
    if (!name.endsWith('.log')) continue;
    const bytes = readFileSync(join(path, name));
    const batches = new BatchCursor(bytes);
    while (batches.next()) {
      const { batch } = batches;
      // Behind the end of what is written lie zeros, or the beginning of a batch.
      if (batch.size <= 0 || batch.baseOffset >= end) break;
      found.set(batch.baseOffset, bytes.subarray(batch.position, batch.end));
    }
  }
  return found;
}

/**
 * Checks that controllers have the same bytes below an offset, from where the log of the last of them begins: one may
 * have begun with a snapshot. Returns the number of batches.
 */
export function compareLogs(directories: readonly string[], end: number): number {
  const logs = directories.map((directory) => batchesBelow(directory, end));
  const start = Math.max(...logs.map((log) => Math.min(...log.keys())));
  const [first, ...others] = logs.map((log) => [...log].filter(([offset]) => offset >= start));
  if (first === undefined || first.length === 0) throw new Error(`there is nothing to compare from ${start} to ${end}`);
  for (const other of others) deepStrictEqual(other, first);
  return first.length;
}

/** Files of a controller's metadata log that `kafka-dump-log` reads. */
export function dumpable(directory: string): readonly string[] {
  const path = logDirectory(directory);
  return readdirSync(path)
    .filter((name) => name.endsWith('.log') || name.endsWith('.checkpoint'))
    .map((name) => join(path, name));
}
