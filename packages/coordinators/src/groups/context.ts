import type { Clock, Timers } from '@biquorum/platform';
import type { Group } from './group.ts';

/** The coordinator's settings, by Kafka's keys. */
export interface GroupConfig {
  /** `group.min.session.timeout.ms`. */
  readonly sessionTimeoutMsMin: number;
  /** `group.max.session.timeout.ms`. */
  readonly sessionTimeoutMsMax: number;
  /** `group.initial.rebalance.delay.ms`. */
  readonly initialRebalanceDelayMs: number;
  /** `group.max.size`. */
  readonly sizeMax: number;
  /** `offset.metadata.max.bytes`. */
  readonly offsetMetadataBytesMax: number;
  /** `offsets.retention.minutes`, in milliseconds. */
  readonly offsetsRetentionMs: number;
}

/** What the state machine of groups is given from outside. */
export interface GroupContext {
  readonly config: GroupConfig;
  readonly clock: Clock;
  readonly timers: Timers;
  /** A fresh uuid as text: what makes a member id unique. */
  uuid(): string;
  /**
   * Writes the group's metadata, with these assignments, where it survives. Until it has, nobody may be told.
   *
   * @param done is told `NONE`, or the error for clients
   */
  store(group: Group, assignments: ReadonlyMap<string, Uint8Array>, done: (error: string) => void): void;
}

/** A new member that waits in a join phase is dropped after so long: its client is probably gone. Source: KIP-394. */
export const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;
