import type { Telemetry } from '@biquorum/platform';
import type { ControllerContext, Partition } from './context.ts';
import type { Leadership } from './leadership.ts';
import type { RequestBatch } from './request-batch.ts';

/** The state znodes of partitions, written under the fence of the controller's epoch. */
export interface StateStore {
  /** Creates state znodes. @returns The leadership as written, or null where a znode with other contents exists */
  createStates(states: readonly StateWrite[]): Promise<(Leadership | null)[]>;
  /**
   * Writes state znodes that must have the version given in `leadership.partitionEpoch`.
   *
   * @returns The leadership as written, or null where the znode has another version or is gone
   */
  writeStates(states: readonly StateWrite[]): Promise<(Leadership | null)[]>;
  /** @returns What the znodes say; null where there is none */
  readStates(partitions: readonly Partition[]): Promise<(Leadership | null)[]>;
}

/** A leadership that is to be written for a partition. */
export interface StateWrite {
  readonly partition: Partition;
  readonly leadership: Leadership;
}

/** What the machines of partitions and replicas stand on. */
export interface MachineHost {
  readonly context: ControllerContext;
  readonly store: StateStore;
  readonly telemetry: Telemetry;
  newBatch(): RequestBatch;
  /** Of these topics, the ones that prefer a leader that may lack records to none. */
  uncleanTopics(names: ReadonlySet<string>): Promise<ReadonlySet<string>>;
}
