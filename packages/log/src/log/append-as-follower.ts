import { BatchCursor, checkBatch, describeBatchFault, NO_TIMESTAMP, type RecordBatch } from '@biquorum/kafka-wire';
import { assert } from '@biquorum/std';
import type { Appended, FollowerAppendResult, UnexpectedOffset } from '../append/append-result.ts';
import { ProducerChanges } from '../append/producer-check.ts';
import { type AppendOrigin, type AppendRejection, rejection } from '../append/rejection.ts';
import { assignEpoch } from './epoch-changes.ts';
import { flushIfDue } from './flush.ts';
import type { LogState } from './log-state.ts';
import { noteRecent, type ReadyBatches, segmentFor, writeBatches } from './write.ts';

/** Whose batches a follower appends. */
export interface FollowerAppendOptions {
  /** `replication` by default. `raft-leader` is for a controller that has set offsets and epoch itself. */
  readonly origin?: Extract<AppendOrigin, 'raft-leader' | 'replication'>;
  /**
   * Epoch of the leader that was asked: batches of later ones, and what follows them, are left out. A leader that has
   * lost its role may have cut its log and copied its successor's batches before its answer was sent (KAFKA-18723).
   */
  readonly leaderEpoch?: number;
}

/** Batches of a leader that were checked and follow the end of this log. */
interface Copied extends ReadyBatches {
  readonly kind: 'copied';
  readonly changes: ProducerChanges;
}

/**
 * Appends batches exactly as a leader wrote them, or as a controller that leads the metadata log has made them. What
 * is cut off at the end is left out. See `Log`.
 *
 * Source: `UnifiedLog.appendAsFollower`.
 */
export function appendAsFollower(
  log: LogState,
  bytes: Uint8Array,
  { origin = 'replication', leaderEpoch }: FollowerAppendOptions = {},
): FollowerAppendResult {
  log.checkUsable();
  assert(!log.truncating, () => `log ${log.name} is being truncated and cannot be appended to`);
  const copied = checkCopied(log, bytes, origin, leaderEpoch ?? Number.POSITIVE_INFINITY);
  if (copied.kind !== 'copied') return copied;
  const nowMs = log.context.clock.wallMs();
  if (fitsOneSegment(log, copied)) writeRun(log, copied, nowMs);
  else for (const run of singleBatches(copied.bytes)) writeRun(log, run, nowMs);
  copied.changes.apply();
  log.producers.advanceTo(log.endOffset);
  return {
    kind: 'appended',
    firstOffset: copied.firstOffset,
    lastOffset: copied.lastOffset,
    byteLength: copied.bytes.length,
    maxTimestamp: copied.maxTimestamp,
    logAppendTimeMs: -1,
    logStartOffset: log.logStartOffset,
    flushed: flushIfDue(log),
  };
}

function checkCopied(
  log: LogState,
  bytes: Uint8Array,
  origin: AppendOrigin,
  leaderEpochMax: number,
): Copied | Appended | UnexpectedOffset | AppendRejection {
  const changes = new ProducerChanges(log.producers, origin);
  const batches = new BatchCursor(bytes);
  let firstOffset = -1;
  let lastOffset = log.endOffset - 1;
  let maxTimestamp = NO_TIMESTAMP;
  let offsetOfMaxTimestamp = -1;
  let validEnd = 0;
  while (batches.next()) {
    const { batch } = batches;
    if (batch.partitionLeaderEpoch > leaderEpochMax) {
      if (firstOffset === -1) return nothingAppended(log);
      break;
    }
    const fault = checkBatch(batch);
    if (fault !== undefined) return rejection(fault.error, describeBatchFault(fault));
    const { baseOffset, lastOffset: last } = batch;
    if (baseOffset <= lastOffset || last < baseOffset) return unexpected(log, baseOffset, last, lastOffset + 1);
    const refusal = changes.add(batch);
    if (refusal !== undefined) return refusal;
    if (firstOffset === -1) firstOffset = baseOffset;
    lastOffset = last;
    validEnd = batches.validEnd;
    if (batch.maxTimestamp > maxTimestamp) {
      maxTimestamp = batch.maxTimestamp;
      offsetOfMaxTimestamp = last;
    }
  }
  const { fault } = batches;
  if (fault !== undefined && fault.kind !== 'truncated') return rejection(fault.error, describeBatchFault(fault));
  if (firstOffset === -1) return rejection('CORRUPT_MESSAGE', 'the leader sent no whole batch');
  const valid = validEnd === bytes.length ? bytes : bytes.subarray(0, validEnd);
  return { kind: 'copied', bytes: valid, firstOffset, lastOffset, maxTimestamp, offsetOfMaxTimestamp, changes };
}

/** All batches are of leaders that came after the one that was asked. */
function nothingAppended(log: LogState): Appended {
  const { endOffset, logStartOffset } = log;
  const none = { byteLength: 0, maxTimestamp: NO_TIMESTAMP, logAppendTimeMs: -1, flushed: undefined };
  return { kind: 'appended', firstOffset: endOffset, lastOffset: endOffset - 1, logStartOffset, ...none };
}

function unexpected(log: LogState, firstOffset: number, lastOffset: number, expectedOffset: number): UnexpectedOffset {
  const message = `the leader of ${log.name} sent a batch with offsets ${firstOffset} to ${lastOffset}, next is ${expectedOffset}; the log begins at ${log.logStartOffset}`;
  return { kind: 'unexpected-offset', firstOffset, lastOffset, expectedOffset, message };
}

/** A leader with larger segments, or with large gaps that compaction left, may send more than one segment holds. */
function fitsOneSegment(log: LogState, { bytes, firstOffset, lastOffset }: ReadyBatches): boolean {
  return bytes.length <= log.config.segmentBytes && lastOffset - firstOffset <= 0x7fff_ffff;
}

/** Writes batches that go into one segment, with an index entry for all of them. */
function writeRun(log: LogState, run: ReadyBatches, nowMs: number): void {
  const segment = segmentFor(log, run, nowMs);
  const position = segment.size;
  writeBatches(log, segment, run, nowMs);
  const batches = new BatchCursor(run.bytes);
  while (batches.next()) {
    const { batch } = batches;
    noteRecent(log, batch, position + batch.position);
    if (batch.partitionLeaderEpoch >= 0) assignEpoch(log, batch.partitionLeaderEpoch, batch.baseOffset);
  }
}

function* singleBatches(bytes: Uint8Array): Generator<ReadyBatches> {
  const batches = new BatchCursor(bytes);
  while (batches.next()) yield runOf(batches.batch);
}

function runOf(batch: RecordBatch): ReadyBatches {
  const { lastOffset, maxTimestamp } = batch;
  return {
    bytes: batch.bytes.subarray(batch.position, batch.end),
    firstOffset: batch.baseOffset,
    lastOffset,
    maxTimestamp,
    offsetOfMaxTimestamp: lastOffset,
  };
}
