import { DiskError } from '@biquorum/platform';
import type { LogConfig } from '../config/log-config.ts';
import { LeaderEpochs } from '../epochs/leader-epochs.ts';
import { FileFault } from '../files/checkpoint-text.ts';
import { parseLeaderEpochs } from '../files/leader-epoch-checkpoint.ts';
import { parsePartitionMetadata } from '../files/partition-metadata.ts';
import { dropTrailingEpochs, writeEpochs } from '../log/epoch-changes.ts';
import { flush } from '../log/flush.ts';
import type { LogContext } from '../log/log-context.ts';
import { LogState } from '../log/log-state.ts';
import { rebuildProducers, removeForeignSnapshots } from '../log/rebuild-producers.ts';
import { beginSegment } from '../log/roll.ts';
import { LEADER_EPOCH_CHECKPOINT_FILE, PARTITION_METADATA_FILE } from '../names/file-names.ts';
import { formatTopicPartition, type TopicPartition } from '../names/topic-partition.ts';
import { ProducerStates } from '../producers/producer-states.ts';
import { SegmentList } from '../segments/segment-list.ts';
import { listFiles, scanSegments, settleFiles, snapshotOffsets } from './directory-scan.ts';
import type { LogFinding } from './findings.ts';
import { lastOffsetInFile } from './last-offset.ts';
import { hasPreallocatedIndexes, openFoundSegments } from './open-segments.ts';
import { recoverLog } from './recover-log.ts';

/** What is known of a log before its directory is opened. */
export interface LoadRequest {
  readonly partition: TopicPartition;
  /** Directory of the log, absolute. */
  readonly directory: string;
  readonly config: LogConfig;
  /** From the checkpoints of the log directory; undefined where they say nothing. */
  readonly recoveryPoint: number | undefined;
  readonly logStartOffset: number | undefined;
  readonly highWatermark: number | undefined;
  readonly cleanedUpTo: number | undefined;
  /** Whether the process that had the directory before has closed everything. */
  readonly cleanShutdown: boolean;
}

/** A log that was opened, and what was out of order. */
export interface LoadedLog {
  readonly log: LogState;
  readonly findings: readonly LogFinding[];
}

const CHECKPOINT_BYTES_MAX = 64 << 20;

/**
 * Opens the log in a directory: finishes what a crash interrupted, reads and checks what lies past the recovery point
 * unless the last stop was clean, cuts a torn tail, and brings epochs and producers to the end of the log.
 *
 * Source: `LogLoader`.
 *
 * @throws CorruptLogError (as rejection) bytes below the recovery point are damaged. @throws DiskError (as rejection)
 */
export async function loadLog(context: LogContext, request: LoadRequest): Promise<LoadedLog> {
  const { disk } = context;
  const { directory } = request;
  const findings: LogFinding[] = [];
  const { files, finished } = await settleFiles(disk, directory, await listFiles(disk, directory), (path) =>
    lastOffsetInFile(context.files, path),
  );
  const note = noteIn(findings, request.partition);
  for (const path of finished) note('swap-finished', path, 0, 'a compaction was interrupted by a crash', 0);

  const has = (name: string): boolean => files.others.has(name);
  const epochs = has(LEADER_EPOCH_CHECKPOINT_FILE) ? await readEpochs(context, directory) : new LeaderEpochs();
  const topicId = has(PARTITION_METADATA_FILE) ? await readTopicId(context, directory) : undefined;
  const scanned = await scanSegments(disk, directory, files);
  const segments = openFoundSegments(context, request, scanned);
  const logStartOffset = Math.max(request.logStartOffset ?? 0, segments.at(0)?.baseOffset ?? 0);
  const log = new LogState({
    context,
    partition: request.partition,
    directory,
    config: request.config,
    topicId,
    segments: new SegmentList(segments),
    epochs: epochs ?? new LeaderEpochs(),
    producers: new ProducerStates(logStartOffset),
    snapshots: snapshotOffsets(files),
    logStartOffset,
    endOffset: logStartOffset,
    recoveryPoint: request.recoveryPoint ?? 0,
    highWatermark: logStartOffset,
  });
  if (epochs === undefined) {
    note('epochs-rebuilt', `${directory}/${LEADER_EPOCH_CHECKPOINT_FILE}`, 0, 'the file is unreadable', 0);
    log.epochsDirty = true;
  }
  // Without the epochs the whole log has to be read to find them again.
  const cleanShutdown = request.cleanShutdown && epochs !== undefined;
  if (epochs === undefined) log.recoveryPoint = 0;
  // What was durable has no hole: a gap there is compaction's as well. Apache notes how far it has compacted only when all
  // of it is done, and takes every gap for compaction's: where it was killed, so do we.
  const wasApaches = hasPreallocatedIndexes(scanned.at(-1), request.config);
  const cleanedUpTo = wasApaches ? Infinity : Math.max(request.cleanedUpTo ?? 0, request.recoveryPoint ?? 0);
  if (log.segments.count > 0) await recoverLog(log, { cleanShutdown, cleanedUpTo }, note);
  await settleState(log, request, cleanShutdown, findings.length > 0);
  return { log, findings };
}

/** Adds a finding to the report. */
export type NoteFinding = (
  kind: LogFinding['kind'],
  file: string,
  position: number,
  reason: string,
  droppedBytes: number,
) => void;

function noteIn(findings: LogFinding[], partition: TopicPartition): NoteFinding {
  const log = formatTopicPartition(partition);
  return (kind, file, position, reason, droppedBytes) => {
    findings.push({ kind, log, file, position, reason, droppedBytes });
  };
}

/** Makes offsets, epochs and producers agree with the segments. */
async function settleState(
  log: LogState,
  request: LoadRequest,
  cleanShutdown: boolean,
  wasMended: boolean,
): Promise<void> {
  if (log.segments.count === 0) {
    log.segments.push(beginSegment(log, log.logStartOffset));
    log.endOffset = log.logStartOffset;
  }
  log.recoveryPoint = cleanShutdown ? log.endOffset : Math.min(log.recoveryPoint, log.endOffset);
  log.highWatermark = Math.min(Math.max(request.highWatermark ?? 0, log.logStartOffset), log.endOffset);
  dropTrailingEpochs(log);
  log.epochs.truncateFromStart(log.logStartOffset);
  if (log.epochsDirty) await writeEpochs(log);
  await removeForeignSnapshots(log);
  // A clean stop leaves a snapshot at the end; without any there were no producers. Recovery has read them already.
  if (cleanShutdown && log.snapshots.length > 0) await rebuildProducers(log);
  else if (log.producers.endOffset !== log.endOffset) log.producers.reset(log.endOffset);
  if (!cleanShutdown && (wasMended || !isDurable(log, request))) await settleDisk(log);
  // All that is open was needed for loading; most logs stay idle for a while.
  for (const segment of log.segments.all) {
    log.context.files.close(segment.log);
    log.context.files.close(segment.offsetIndex.entries.file);
    log.context.files.close(segment.timeIndex.entries.file);
  }
}

/**
 * Is all that was found durable? The recovery point vouches for it where it stands at the end of the log. Not so at the
 * beginning of a segment, where a cut may just have put it.
 */
function isDurable(log: LogState, { recoveryPoint }: LoadRequest): boolean {
  const { size, offsetIndex, timeIndex } = log.segments.active;
  if (recoveryPoint !== log.endOffset || size === 0) return false;
  const pending = offsetIndex.entries.pending + timeIndex.entries.pending;
  return pending === 0 && !log.namesDirty && !log.epochsDirty && log.unsyncedSnapshots.length === 0;
}

/**
 * Makes durable what was found. A process that was killed may have left its last changes in the page cache alone; should
 * the power fail next, what was taken for the log here must not turn into something else beneath what comes after.
 */
async function settleDisk(log: LogState): Promise<void> {
  log.namesDirty = true;
  log.recoveryPoint = Math.min(log.recoveryPoint, log.segments.active.baseOffset);
  await flush(log);
}

/** The epochs as their file has them; undefined if it cannot be read. */
async function readEpochs({ disk, telemetry }: LogContext, directory: string): Promise<LeaderEpochs | undefined> {
  const path = `${directory}/${LEADER_EPOCH_CHECKPOINT_FILE}`;
  try {
    return new LeaderEpochs(parseLeaderEpochs(path, await disk.readWhole(path, CHECKPOINT_BYTES_MAX)));
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    telemetry.log('error', 'leader epoch checkpoint unreadable', { path, error });
    return undefined;
  }
}

async function readTopicId({ disk, telemetry }: LogContext, directory: string): Promise<string | undefined> {
  const path = `${directory}/${PARTITION_METADATA_FILE}`;
  try {
    return parsePartitionMetadata(path, await disk.readWhole(path, CHECKPOINT_BYTES_MAX));
  } catch (error) {
    if (!(error instanceof FileFault) && !(error instanceof DiskError)) throw error;
    telemetry.log('error', 'partition metadata unreadable', { path, error });
    return undefined;
  }
}
