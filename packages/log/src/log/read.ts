import { FileSlice } from '../handles/file-slice.ts';
import { OffsetOutOfRangeError } from '../log-error.ts';
import type { Segment } from '../segments/segment.ts';
import { COLD, isWarm, locate, locateNow } from './locate.ts';
import type { LogState } from './log-state.ts';

/** What to read. */
export interface ReadRequest {
  /** Offset of the first record wanted; it may lie inside a batch, which then comes whole. */
  readonly startOffset: number;
  /** Bytes wanted at most. The last batch may be cut off by it, as clients expect. */
  readonly maxBytes: number;
  /**
   * First offset that must not be seen: the high watermark for consumers, the last stable offset for consumers of
   * committed records, the log end offset for replicas. A batch that reaches it is left out.
   */
  readonly upperBound: number;
  /** Whether the first batch comes whole even if it has more than `maxBytes`. */
  readonly atLeastOneBatch: boolean;
}

/** What was read, or rather where it lies. */
export interface LogRead {
  /** The offset that was asked for. */
  readonly startOffset: number;
  /** Base offset of the segment, and position in it, where the batch with that offset lies. */
  readonly segmentBaseOffset: number;
  readonly position: number;
  /** The batches; undefined if there is none below the bound. To be released. */
  readonly slice: FileSlice | undefined;
  /** Whether the first batch was cut off by `maxBytes`. */
  readonly isFirstBatchCut: boolean;
}

/**
 * Finds what a reader asked for, if that needs no waiting for the disk: for those who keep up with the log.
 *
 * @throws OffsetOutOfRangeError
 */
export function tryRead(log: LogState, request: ReadRequest): LogRead | undefined {
  const bound = admit(log, request);
  const { startOffset } = request;
  const { active } = log.segments;
  if (startOffset >= bound) return emptyRead(log, startOffset);
  if (startOffset < active.baseOffset) return undefined;
  return log.attempt(() => {
    const start = placeNow(log, active, startOffset);
    if (start === COLD) return undefined;
    if (start === undefined) return emptyRead(log, startOffset);
    const end = bound >= log.endOffset ? undefined : placeNow(log, active, bound);
    if (end === COLD) return undefined;
    return sliceOf(log, active, start, end?.position ?? active.size, request);
  });
}

/** Finds what a reader asked for. @throws OffsetOutOfRangeError, LogStorageError, CorruptLogError (as rejection) */
export async function read(log: LogState, request: ReadRequest): Promise<LogRead> {
  for (;;) {
    const found = tryRead(log, request) ?? (await readLater(log, request));
    if (found !== undefined) return found;
  }
}

/** As `read`; undefined if the log was cut or the segment replaced while the disk was busy. */
async function readLater(log: LogState, request: ReadRequest): Promise<LogRead | undefined> {
  const bound = admit(log, request);
  const { startOffset } = request;
  const { truncations } = log;
  for (let index = log.segments.indexOf(startOffset); ; index++) {
    const segment = log.segments.at(index);
    if (segment === undefined || segment.baseOffset >= bound) return emptyRead(log, startOffset);
    const isGone = (): boolean => log.truncations !== truncations || !log.segments.has(segment);
    try {
      const start = await locate(log, segment, startOffset);
      if (isGone()) return undefined;
      if (start === undefined) {
        // All that is left of the segment lies before; compaction may have removed the rest.
        index = log.segments.indexOf(segment.baseOffset);
        continue;
      }
      const next = log.segments.nextBaseOffset(segment) ?? log.endOffset;
      const end = bound >= next ? undefined : await locate(log, segment, bound);
      if (isGone()) return undefined;
      return sliceOf(log, segment, start, end?.position ?? segment.size, request);
    } catch (error) {
      if (isGone()) return undefined;
      throw log.fail(error);
    }
  }
}

/** Checks the request and returns the bound that holds. */
function admit(log: LogState, { startOffset, upperBound }: ReadRequest): number {
  log.checkUsable();
  const { logStartOffset, endOffset } = log;
  if (startOffset < logStartOffset || startOffset > endOffset) {
    throw new OffsetOutOfRangeError(log.name, startOffset, logStartOffset, endOffset);
  }
  return Math.min(upperBound, endOffset);
}

interface Place {
  readonly position: number;
  readonly size: number;
}

/** Where the batch with an offset of the active segment lies: from memory if it is among the newest. */
function placeNow(log: LogState, active: Segment, offset: number): Place | undefined | typeof COLD {
  const { recent } = log;
  const batch = recent?.find(offset) ?? -1;
  if (recent === undefined || batch < 0) return locateNow(log, active, offset);
  return { position: recent.positionOf(batch), size: recent.sizeOf(batch) };
}

function emptyRead(log: LogState, startOffset: number): LogRead {
  const { active } = log.segments;
  const { baseOffset, size } = active;
  return { startOffset, segmentBaseOffset: baseOffset, position: size, slice: undefined, isFirstBatchCut: false };
}

function sliceOf(log: LogState, segment: Segment, start: Place, end: number, request: ReadRequest): LogRead {
  const { startOffset, maxBytes, atLeastOneBatch } = request;
  const wanted = atLeastOneBatch ? Math.max(maxBytes, start.size) : maxBytes;
  const byteLength = Math.min(wanted, end - start.position);
  const { position } = start;
  const slice =
    byteLength <= 0
      ? undefined
      : new FileSlice(log.context.files.lease(segment.log), position, byteLength, isWarm(segment, position));
  return {
    startOffset,
    segmentBaseOffset: segment.baseOffset,
    position,
    slice,
    isFirstBatchCut: slice !== undefined && byteLength < start.size,
  };
}
