import {
  RecordBatch as Batch,
  describeRecordsFault,
  NO_TIMESTAMP,
  openRecords,
  type RecordBatch,
  RecordCursor,
} from '@biquorum/kafka-wire';
import { CorruptLogError } from '../log-error.ts';
import { SCAN_BYTES, scanHeaders, scanLater } from '../segments/batch-scan.ts';
import type { Segment } from '../segments/segment.ts';
import { findLargestTimestamp, loadLargestTimestamp } from '../segments/timestamps.ts';
import type { LogState } from './log-state.ts';

/** A record that was looked up. */
export interface FoundRecord {
  readonly offset: number;
  /** Timestamp of the record in ms. */
  readonly timestamp: number;
  /** Epoch of the leader that appended it; undefined if its batch states none. */
  readonly leaderEpoch: number | undefined;
}

/**
 * The first record, from the log start offset on, whose timestamp is at least `timestampMs`; undefined if there is none.
 *
 * Source: `UnifiedLog.fetchOffsetByTimestamp`.
 */
export async function findByTimestamp(log: LogState, timestampMs: number): Promise<FoundRecord | undefined> {
  return settled(log, async () => {
    for (const segment of log.segments.all.slice()) {
      await loadLargestTimestamp(log.context.files, segment);
      // The records in question may lie before the log start offset: then the next segment is asked.
      const found =
        segment.retentionTimestamp >= timestampMs ? await findInSegment(log, segment, timestampMs) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  });
}

/** The first record that has the largest timestamp of the log; undefined if no record has one. */
export async function findMaxTimestamp(log: LogState): Promise<FoundRecord | undefined> {
  return settled(log, async () => {
    let best: Segment | undefined;
    for (const segment of log.segments.all.slice()) {
      await loadLargestTimestamp(log.context.files, segment);
      if (segment.size > 0 && segment.maxTimestamp > (best?.maxTimestamp ?? NO_TIMESTAMP)) best = segment;
    }
    if (best === undefined) return undefined;
    const { timestamp, offset } = await findLargestTimestamp(log.context.files, best);
    return findRecord(
      log,
      best,
      offset,
      (batch) => batch.maxTimestamp === timestamp,
      (at) => at === timestamp,
    );
  });
}

/** Repeats a look-up during which the log was cut. */
async function settled<T>(log: LogState, lookUp: () => Promise<T>): Promise<T> {
  for (;;) {
    log.checkUsable();
    const { truncations } = log;
    const segments = log.segments.all;
    try {
      const found = await lookUp();
      if (log.truncations === truncations) return found;
    } catch (error) {
      // A segment that was removed or replaced meanwhile cannot be read to its end.
      if (log.truncations === truncations && log.segments.all === segments) throw log.fail(error);
    }
  }
}

async function findInSegment(log: LogState, segment: Segment, timestampMs: number): Promise<FoundRecord | undefined> {
  const { timeIndex } = segment;
  const { offset } = await timeIndex.entries.whileLoaded(() => timeIndex.lookup(timestampMs));
  const from = Math.max(offset, log.logStartOffset);
  return findRecord(
    log,
    segment,
    from,
    (batch) => batch.maxTimestamp >= timestampMs,
    (at) => at >= timestampMs,
  );
}

/** The first wanted record in the first wanted batches of a segment, from the index entry before `offset` on. */
async function findRecord(
  log: LogState,
  segment: Segment,
  offset: number,
  wantsBatch: (batch: RecordBatch) => boolean,
  wantsTimestamp: (timestamp: number) => boolean,
): Promise<FoundRecord | undefined> {
  const { files } = log.context;
  const { path } = segment.log;
  if (!segment.offsetIndex.isLoadedFor(offset)) await segment.offsetIndex.entries.load();
  const lease = files.lease(segment.log);
  try {
    let position = segment.offsetIndex.positionBefore(offset);
    const { size } = segment;
    while (position < size) {
      let batchSize = 0;
      const scan = scanHeaders(path, position, size, new Uint8Array(SCAN_BYTES), (batch) => {
        if (!wantsBatch(batch)) return true;
        batchSize = batch.size;
        return false;
      });
      position = await scanLater(lease.file, scan);
      if (position >= size) return undefined;
      const bytes = new Uint8Array(batchSize);
      await lease.file.read(position, bytes);
      const found = recordIn(log, new Batch(bytes), path, position, wantsTimestamp);
      if (found !== undefined) return found;
      position += batchSize;
    }
    return undefined;
  } finally {
    lease.release();
  }
}

function recordIn(
  log: LogState,
  batch: RecordBatch,
  path: string,
  position: number,
  wantsTimestamp: (timestamp: number) => boolean,
): FoundRecord | undefined {
  const records = new RecordCursor();
  const { codecs, decompressedBytesMax } = log.context;
  const fault = openRecords(records, batch, { codecs, maxBytes: decompressedBytesMax });
  if (fault !== undefined) throw new CorruptLogError(path, position, describeRecordsFault(fault));
  while (records.next()) {
    const { timestamp, offset } = records;
    if (offset < log.logStartOffset || !wantsTimestamp(timestamp)) continue;
    const epoch = batch.partitionLeaderEpoch;
    return { offset, timestamp, leaderEpoch: epoch >= 0 ? epoch : undefined };
  }
  if (records.fault !== undefined) throw new CorruptLogError(path, position, describeRecordsFault(records.fault));
  return undefined;
}
