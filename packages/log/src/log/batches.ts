import { RecordBatch } from '@biquorum/kafka-wire';
import { OffsetOutOfRangeError } from '../log-error.ts';
import { SegmentReader } from '../segments/segment-reader.ts';
import { locate } from './locate.ts';
import type { LogState } from './log-state.ts';

/** Walks over the batches of a log, segment by segment, up to the end that it has when the walk reaches it. */
export async function* batchesOf(log: LogState, fromOffset: number): AsyncGenerator<RecordBatch, void, void> {
  log.checkUsable();
  const { logStartOffset, endOffset } = log;
  if (fromOffset < logStartOffset || fromOffset > endOffset) {
    throw new OffsetOutOfRangeError(log.name, fromOffset, logStartOffset, endOffset);
  }
  let next = fromOffset;
  for (let segment = log.segments.floor(next); segment !== undefined; ) {
    const current = segment;
    const place = await log.attemptLater(() => locate(log, current, next));
    if (place !== undefined) {
      const reader = new SegmentReader(log.context.files, current, place.position);
      try {
        for (let bytes = await reader.next(); bytes !== undefined; bytes = await reader.next()) {
          const batch = new RecordBatch(bytes);
          for (let at = 0; at < bytes.length; at = batch.end) {
            next = batch.moveTo(at).nextOffset;
            yield batch;
          }
        }
      } finally {
        reader.close();
      }
    }
    const following = log.segments.nextBaseOffset(current);
    if (following === undefined) return;
    next = Math.max(next, following);
    segment = log.segments.floor(next);
  }
}
