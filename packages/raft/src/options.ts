import { EngineConfigError } from '@biquorum/consensus';
import { type ControlCodec, controlCodec } from './controls.ts';

/** The settings of a Raft node. Times are milliseconds of the clock that ticks carry. */
export interface RaftOptions {
  /** A voter without a leader starts an election after this time, drawn from [t, 2t). */
  readonly electionTimeoutMs: number;
  /**
   * On a first start, when no epoch is known, voters stand one after the other at this distance, in the order of their
   * ids, instead of after an election timeout: there is no leader yet whom they could disturb. 0 turns this off.
   */
  readonly firstElectionSpreadMs: number;
  /** A follower that could not fetch for so long starts an election. Check-quorum is 1.5 times this. */
  readonly fetchTimeoutMs: number;
  /** The longest pause after a lost election; also scales the waiting of lesser successors. */
  readonly electionBackoffMaxMs: number;
  /** An unanswered request is sent again after this time. */
  readonly requestTimeoutMs: number;
  /** The pause before a request that failed is sent again. */
  readonly retryBackoffMs: number;
  /** How long a leader parks a fetch that has nothing to bring. */
  readonly fetchWaitMs: number;
  /** The most bytes of entries in one fetch answer. */
  readonly fetchBytesMax: number;
  /** The most bytes of a snapshot in one answer. */
  readonly snapshotChunkBytesMax: number;
  /** The most bytes of entries that a leader holds uncommitted; over it, proposals are refused as `busy`. */
  readonly uncommittedBytesMax: number;
  /** The largest single entry. */
  readonly entryBytesMax: number;
  /** The most reads that wait for a round of confirmation; over it, reads are refused as `busy`. */
  readonly readsMax: number;
  /** Observers that have not fetched for so long are forgotten. */
  readonly observerTimeoutMs: number;
  /** The most observers that a leader keeps track of. */
  readonly observersMax: number;
  /** How long ago a newcomer may at most have had the whole log to be made a voter. */
  readonly caughtUpWithinMs: number;
  /** Snapshots kept; the log starts where the oldest of them ends. */
  readonly snapshotsRetained: number;
  /** Elections in two steps (KIP-996). */
  readonly preVote: boolean;
  /** Voter sets stand in the log and can change (kraft.version 1). */
  readonly dynamicVoters: boolean;
  /** How control entries look as bytes. */
  readonly controls: ControlCodec;
}

/** Kafka's defaults where Kafka has one. */
export const DEFAULT_OPTIONS: RaftOptions = {
  electionTimeoutMs: 1000,
  firstElectionSpreadMs: 0,
  fetchTimeoutMs: 2000,
  electionBackoffMaxMs: 1000,
  requestTimeoutMs: 2000,
  retryBackoffMs: 20,
  fetchWaitMs: 500,
  fetchBytesMax: 8 * 1024 * 1024,
  snapshotChunkBytesMax: 1024 * 1024,
  uncommittedBytesMax: 64 * 1024 * 1024,
  entryBytesMax: 8 * 1024 * 1024,
  readsMax: 100_000,
  observerTimeoutMs: 300_000,
  observersMax: 10_000,
  caughtUpWithinMs: 3_600_000,
  snapshotsRetained: 2,
  preVote: true,
  dynamicVoters: true,
  controls: controlCodec,
};

/** @throws EngineConfigError naming the setting, its value and what is allowed. */
export function checkOptions(options: RaftOptions): RaftOptions {
  for (const name of POSITIVE) {
    const value = options[name];
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new EngineConfigError(`${name} is ${value}; it must be a whole number from 1 on`);
    }
  }
  const { firstElectionSpreadMs: spread } = options;
  if (!Number.isSafeInteger(spread) || spread < 0) {
    throw new EngineConfigError(`firstElectionSpreadMs is ${spread}; it must be a whole number from 0 on`);
  }
  if (options.fetchWaitMs >= options.requestTimeoutMs) {
    throw new EngineConfigError(
      `fetchWaitMs ${options.fetchWaitMs} must be below requestTimeoutMs ${options.requestTimeoutMs}: ` +
        'a parked fetch would be taken for a lost one',
    );
  }
  if (options.fetchWaitMs >= options.fetchTimeoutMs) {
    throw new EngineConfigError(
      `fetchWaitMs ${options.fetchWaitMs} must be below fetchTimeoutMs ${options.fetchTimeoutMs}: ` +
        'an idle follower would start elections',
    );
  }
  if (options.entryBytesMax > options.uncommittedBytesMax) {
    throw new EngineConfigError(
      `entryBytesMax ${options.entryBytesMax} must not be above uncommittedBytesMax ${options.uncommittedBytesMax}`,
    );
  }
  return options;
}

const POSITIVE = [
  'electionTimeoutMs',
  'fetchTimeoutMs',
  'electionBackoffMaxMs',
  'requestTimeoutMs',
  'retryBackoffMs',
  'fetchWaitMs',
  'fetchBytesMax',
  'snapshotChunkBytesMax',
  'uncommittedBytesMax',
  'entryBytesMax',
  'readsMax',
  'observerTimeoutMs',
  'observersMax',
  'caughtUpWithinMs',
  'snapshotsRetained',
] as const;
