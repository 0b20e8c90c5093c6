import type { OpenFiles } from '../handles/open-files.ts';
import { CorruptLogError } from '../log-error.ts';
import { SCAN_BYTES, scanHeaders, scanLater } from '../segments/batch-scan.ts';
import type { Segment } from '../segments/segment.ts';

/** The last offset in a log file of which nothing but the path is known; −1 if it is empty. */
export async function lastOffsetInFile(files: OpenFiles, path: string): Promise<number> {
  const file = { path };
  try {
    const handle = files.get(file);
    let last = -1;
    const visit = ({ lastOffset }: { readonly lastOffset: number }): boolean => {
      last = lastOffset;
      return true;
    };
    await scanLater(handle, scanHeaders(path, 0, handle.size(), new Uint8Array(SCAN_BYTES), visit));
    return last;
  } finally {
    files.close(file);
  }
}

/**
 * The offset behind the last batch of a segment, read from its last index entry on.
 *
 * @throws CorruptLogError the segment does not end with a whole batch.
 */
export async function nextOffsetOf(files: OpenFiles, segment: Segment): Promise<number> {
  const { log, size, offsetIndex } = segment;
  if (size === 0) return segment.baseOffset;
  let next = segment.baseOffset;
  const lease = files.lease(log);
  try {
    const from = offsetIndex.positionBefore(offsetIndex.lastOffset);
    const scan = scanHeaders(log.path, from, size, new Uint8Array(Math.min(SCAN_BYTES, size - from)), (batch) => {
      next = batch.nextOffset;
      return true;
    });
    const end = await scanLater(lease.file, scan);
    if (end !== size) throw new CorruptLogError(log.path, size, `the last batch goes on to byte ${end}`);
  } finally {
    lease.release();
  }
  return next;
}
