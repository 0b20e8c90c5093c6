import { assert } from '@biquorum/std';
import type { LeaderAppendResult } from '../append/append-result.ts';
import { checkForLeader } from '../append/leader-check.ts';
import { ProducerChanges } from '../append/producer-check.ts';
import { type AppendOrigin, rejection } from '../append/rejection.ts';
import { firstOffsetOf } from '../producers/producer-entry.ts';
import { assignEpoch } from './epoch-changes.ts';
import { flushIfDue } from './flush.ts';
import type { LogState } from './log-state.ts';
import { noteRecent, segmentFor, writeBatches } from './write.ts';

/**
 * Appends one batch that a client or a coordinator sent, and gives it its offsets. See `Log`.
 *
 * Source: `UnifiedLog.append`.
 */
export function appendAsLeader(
  log: LogState,
  bytes: Uint8Array,
  leaderEpoch: number,
  origin: Extract<AppendOrigin, 'client' | 'coordinator'>,
): LeaderAppendResult {
  log.checkUsable();
  assert(!log.truncating, () => `log ${log.name} is being truncated and cannot be appended to`);
  const { config, context, endOffset, logStartOffset } = log;
  const nowMs = context.clock.wallMs();
  const checked = checkForLeader(
    bytes,
    origin,
    { baseOffset: endOffset, leaderEpoch },
    {
      config,
      codecs: context.codecs,
      decompressedBytesMax: context.decompressedBytesMax,
      scratch: context.scratch,
      nowMs,
    },
  );
  if (checked.kind === 'rejected') return checked;
  const { batch, maxTimestamp } = checked;
  const { size } = batch;
  if (size > config.segmentBytes) {
    return rejection('RECORD_LIST_TOO_LARGE', `batch has ${size} bytes, segment.bytes allows ${config.segmentBytes}`);
  }

  let changes: ProducerChanges | undefined;
  if (batch.hasProducerId) {
    changes = new ProducerChanges(log.producers, origin);
    const duplicate = changes.duplicateOf(batch);
    if (duplicate !== undefined) {
      const { lastOffset, timestamp } = duplicate;
      const firstOffset = firstOffsetOf(duplicate);
      return { kind: 'duplicate', firstOffset, lastOffset, logAppendTimeMs: timestamp, logStartOffset };
    }
    const refusal = changes.add(batch);
    if (refusal !== undefined) return refusal;
  }

  const lastOffset = endOffset + batch.lastOffsetDelta;
  const whole = batch.bytes;
  const ready = {
    bytes: size === whole.length ? whole : whole.subarray(batch.position, batch.end),
    firstOffset: endOffset,
    lastOffset,
    maxTimestamp,
    offsetOfMaxTimestamp: lastOffset,
  };
  const segment = segmentFor(log, ready, nowMs);
  const position = segment.size;
  writeBatches(log, segment, ready, nowMs);
  noteRecent(log, batch, position);
  assignEpoch(log, leaderEpoch, endOffset);
  changes?.apply();
  log.producers.advanceTo(log.endOffset);
  return {
    kind: 'appended',
    firstOffset: endOffset,
    lastOffset,
    byteLength: size,
    maxTimestamp,
    logAppendTimeMs: config.messageTimestampType === 'log-append-time' ? nowMs : -1,
    logStartOffset,
    flushed: flushIfDue(log),
  };
}
