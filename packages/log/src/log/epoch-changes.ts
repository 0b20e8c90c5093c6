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

/** Writes `leader-epoch-checkpoint` if the epochs have changed. Resolves when what they are now is durable. */
export function writeEpochs(log: LogState): Promise<void> {
  if (!log.epochsDirty && !log.epochWrites.busy) return DONE;
  return log.epochWrites.run(() =>
    log.attemptLater(async () => {
      if (!log.epochsDirty || log.closed) return;
      log.epochsDirty = false;
      const bytes = formatLeaderEpochs(log.epochs.entries());
      await log.context.disk.replace(`${log.directory}/${LEADER_EPOCH_CHECKPOINT_FILE}`, bytes);
    }),
  );
}

const DONE: Promise<void> = Promise.resolve();
