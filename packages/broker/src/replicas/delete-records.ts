import { OffsetOutOfRangeError } from '@biquorum/log';
import type { NodeId } from '@biquorum/metadata';
import type { Timers } from '@biquorum/platform';
import type { Partition, RoleError } from './partition.ts';

/** How a deletion of records ended. */
export interface DeletedRecords {
  readonly error: 'NONE' | 'OFFSET_OUT_OF_RANGE' | 'POLICY_VIOLATION' | 'REQUEST_TIMED_OUT' | RoleError;
  /** The smallest log start of all live replicas, −1 on errors. */
  readonly lowWatermark: number;
}

/** Stands for the high watermark. */
const UP_TO_HIGH_WATERMARK = -1;
const NO_LEADER_ANY_MORE: DeletedRecords = { error: 'NOT_LEADER_OR_FOLLOWER', lowWatermark: -1 };

/**
 * Makes a partition begin at an offset. Resolves when all live replicas do, or time is up (the leader's log has moved
 * all the same). Source: KIP-107, Java `DelayedDeleteRecords`.
 */
export async function deleteRecords(
  partition: Partition,
  requested: number,
  timeoutMs: number,
  timers: Timers,
  isAlive: (node: NodeId) => boolean,
): Promise<DeletedRecords> {
  const error = partition.roleError(-1, true);
  const { leadership, log } = partition;
  if (error !== null || leadership === undefined) return { error: error ?? 'NOT_LEADER_OR_FOLLOWER', lowWatermark: -1 };
  if (!log.config.delete) return { error: 'POLICY_VIOLATION', lowWatermark: -1 };
  const offset = requested === UP_TO_HIGH_WATERMARK ? partition.highWatermark : requested;
  if (offset < 0 || offset > partition.highWatermark) return { error: 'OFFSET_OUT_OF_RANGE', lowWatermark: -1 };
  try {
    log.advanceLogStart(offset);
  } catch (failure) {
    if (failure instanceof OffsetOutOfRangeError) return { error: 'OFFSET_OUT_OF_RANGE', lowWatermark: -1 };
    throw failure;
  }

  const { tenure } = partition;
  const lowWatermark = (): number => {
    let low = log.logStartOffset;
    const { leadership } = partition;
    for (const node of leadership?.replicas ?? []) {
      const follower = leadership?.follower(node);
      if (follower !== undefined && isAlive(node)) low = Math.min(low, follower.logStart);
    }
    return low;
  };
  return new Promise((resolve) => {
    const waiter = {
      check: (): void => {
        if (tenure === undefined || partition.tenure !== tenure) finish(NO_LEADER_ANY_MORE);
        else if (partition.leadership !== undefined && lowWatermark() >= offset)
          finish({ error: 'NONE', lowWatermark: lowWatermark() });
      },
    };
    const timer = timers.set(timeoutMs, () => finish({ error: 'REQUEST_TIMED_OUT', lowWatermark: lowWatermark() }));
    const finish = (outcome: DeletedRecords): void => {
      timer.cancel();
      partition.waiters.delete(waiter);
      resolve(outcome);
    };
    partition.waiters.add(waiter);
    waiter.check();
  });
}
