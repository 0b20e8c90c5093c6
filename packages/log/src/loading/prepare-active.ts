import { OFFSET_INDEX_ENTRY_SIZE } from '../indexes/offset-index.ts';
import type { LogContext } from '../log/log-context.ts';
import type { Segment } from '../segments/segment.ts';
import { loadFirstTimestamp, loadLargestTimestamp } from '../segments/timestamps.ts';

/**
 * Reads the few bytes that an append to a segment needs to know: the last entries of its indexes and the timestamp of
 * its first batch. So appends never wait for the disk.
 */
export async function prepareActive({ files }: LogContext, segment: Segment): Promise<void> {
  const { offsetIndex } = segment;
  await loadLargestTimestamp(files, segment);
  const { entries } = offsetIndex;
  if (!offsetIndex.isLastKnown && entries.firstLoaded === entries.count) {
    const bytes = new Uint8Array(OFFSET_INDEX_ENTRY_SIZE);
    await files.get(entries.file).read((entries.count - 1) * OFFSET_INDEX_ENTRY_SIZE, bytes);
    const view = new DataView(bytes.buffer);
    offsetIndex.noteLast(segment.baseOffset + view.getInt32(0), view.getInt32(4));
  }
  await loadFirstTimestamp(files, segment);
}
