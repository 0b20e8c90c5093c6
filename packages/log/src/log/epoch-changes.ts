import { formatLeaderEpochs } from '../files/leader-epoch-checkpoint.ts';
import { LEADER_EPOCH_CHECKPOINT_FILE } from '../names/file-names.ts';
import type { LogState } from './log-state.ts';

/**
 * Notes that an epoch begins at an offset, if that is news. The file is written in the background; a flush waits for
 * it before it moves the recovery point.
 */
export function assignEpoch(log: LogState, epoch: number, startOffset: number): void {
  if (epoch === log.epochs.latest || !log.epochs.assign(epoch, startOffset)) return;
  log.epochsDirty = true;
  writeEpochs(log).catch(() => {});
}

/**
 * Notes an epoch in which nothing has been appended. Where it begins at the end of the log nothing is written before
 * something is: elections cost an idle log nothing. Resolves when what lies before the end is durable.
 */
export function announceEpoch(log: LogState, epoch: number, startOffset: number): Promise<void> {
  const { latest = -1 } = log.epochs;
  if (log.epochs.assign(epoch, startOffset)) {
    // An older epoch would have driven out others, which may begin before the end.
    if (startOffset >= log.endOffset && epoch > latest) log.epochsTrail = true;
    else log.epochsDirty = true;
  }
  return writeEpochs(log);
}

/** Drops the epochs that begin at the end of the log, or behind. */
export function dropTrailingEpochs(log: LogState): void {
  if (log.epochs.truncateFromEnd(log.endOffset)) log.epochsTrail = true;
}

/** The end of the log has moved: what its file says of epochs that began there is to be made right. */
export function noteTrailPassed(log: LogState): void {
  log.epochsTrail = false;
  log.epochsDirty = true;
  writeEpochs(log).catch(() => {});
}

/** Writes `leader-epoch-checkpoint` if it must be. Resolves when what the epochs are now, before the end, is durable. */
export function writeEpochs(log: LogState): Promise<void> {
  if (!log.epochsDirty && !log.epochWrites.busy) return DONE;
  return log.epochWrites.run(() =>
    log.attemptLater(async () => {
      if (!log.epochsDirty || log.closed) return;
      log.epochsDirty = false;
      log.epochsTrail = false;
      const bytes = formatLeaderEpochs(log.epochs.entries());
      await log.context.disk.replace(`${log.directory}/${LEADER_EPOCH_CHECKPOINT_FILE}`, bytes);
    }),
  );
}

const DONE: Promise<void> = Promise.resolve();
