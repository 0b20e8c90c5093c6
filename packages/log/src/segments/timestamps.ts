import { BATCH_HEADER_SIZE, NO_TIMESTAMP, RecordBatch } from '@biquorum/kafka-wire';
import type { OpenFiles } from '../handles/open-files.ts';
import { getInt64 } from '../indexes/int64.ts';
import type { TimestampOffset } from '../indexes/time-index.ts';
import { SCAN_BYTES, scanHeaders, scanLater } from './batch-scan.ts';
import type { Segment } from './segment.ts';

const ENTRY_SIZE = 12;

/** Reads the last entry of the time index from its file, so that the segment's largest timestamp is known. */
export async function loadLargestTimestamp(files: OpenFiles, segment: Segment): Promise<void> {
  const { timeIndex } = segment;
  if (segment.areTimestampsKnown) return;
  const bytes = new Uint8Array(ENTRY_SIZE);
  const { entries } = timeIndex;
  const read = await files.get(entries.file).read((entries.count - 1) * ENTRY_SIZE, bytes);
  if (segment.areTimestampsKnown || read < ENTRY_SIZE) return;
  const view = new DataView(bytes.buffer);
  timeIndex.noteLast({ timestamp: getInt64(view, 0), offset: segment.baseOffset + view.getInt32(8) });
}

/** Reads the timestamp of the first batch, so that the age of the segment is known. */
export async function loadFirstTimestamp(files: OpenFiles, segment: Segment): Promise<void> {
  if (segment.firstTimestamp !== undefined || segment.size < BATCH_HEADER_SIZE) return;
  const header = new Uint8Array(BATCH_HEADER_SIZE);
  await files.get(segment.log).read(0, header);
  segment.firstTimestamp = new RecordBatch(header).maxTimestamp;
}

/**
 * The largest timestamp of a segment and the last offset of the first batch that has it: from the time index, and
 * from the batches behind its last entry. Source: `LogSegment.readLargestTimestamp`.
 *
 * @param end position up to which the batches count; that of the segment by default.
 */
export async function findLargestTimestamp(
  files: OpenFiles,
  segment: Segment,
  end: number = segment.size,
): Promise<TimestampOffset> {
  await loadLargestTimestamp(files, segment);
  const { last } = segment.timeIndex;
  const { offsetIndex } = segment;
  if (!offsetIndex.isLoadedFor(last.offset)) await offsetIndex.entries.load();
  const from = offsetIndex.positionBefore(last.offset);
  let { timestamp, offset } = last;
  const lease = files.lease(segment.log);
  try {
    const scan = scanHeaders(segment.log.path, from, end, new Uint8Array(SCAN_BYTES), (batch) => {
      if (batch.maxTimestamp > timestamp) {
        timestamp = batch.maxTimestamp;
        offset = batch.lastOffset;
      }
      return true;
    });
    await scanLater(lease.file, scan);
  } finally {
    lease.release();
  }
  return { timestamp: Math.max(timestamp, NO_TIMESTAMP), offset };
}
