import { deepStrictEqual } from 'node:assert';
import type { RecordFacts } from '../oracle/oracle.ts';

/** What compaction must not change of a record. */
export type RecordContent = Pick<RecordFacts, 'offset' | 'timestamp' | 'key' | 'value' | 'headers'>;

/** Strips a record of what only its place in a batch says. */
export function contentOf({ offset, timestamp, key, value, headers }: RecordContent): RecordContent {
  return { offset, timestamp, key, value, headers };
}

/**
 * Checks what is left of a log after compaction: some records are gone, the others are what they were, in order, and
 * the last one of each key is there. A tombstone may go once it is old enough.
 */
export function checkCompacted(found: readonly RecordContent[], written: readonly RecordContent[]): void {
  const byOffset = new Map(written.map((record) => [record.offset, record]));
  for (const record of found) deepStrictEqual(record, byOffset.get(record.offset));
  const offsets = found.map(({ offset }) => offset);
  deepStrictEqual(
    offsets,
    [...offsets].sort((a, b) => a - b),
    'offsets are out of order',
  );
  const lastOfKey = new Map(written.map((record) => [record.key, record]));
  const kept = new Set(offsets);
  const lost = [...lastOfKey.values()].filter(({ offset, value }) => value !== null && !kept.has(offset));
  deepStrictEqual(lost, [], 'the last record of a key is gone');
  if (found.length >= written.length) throw new Error('nothing was compacted');
}
