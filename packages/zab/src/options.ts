import { EngineConfigError, type NodeId, type Position } from '@biquorum/consensus';
import { COUNTER_MAX } from './zxid.ts';

/** Which sets of voters decide. */
export type VerifierChoice =
  /** More than half of the voters. */
  | { readonly kind: 'majority' }
  /**
   * More than half of the groups whose weight is not 0, each by more than half of its weight (Java's hierarchical
   * quorums). Voters that `weights` does not name weigh 1; who weighs 0 never leads.
   */
  | {
      readonly kind: 'groups';
      readonly groups: readonly (readonly NodeId[])[];
      readonly weights: Readonly<Record<NodeId, number>>;
    };

/** The settings of a ZAB server. Times are milliseconds of the clock that ticks carry, limits count ZooKeeper's ticks. */
export interface ZabOptions {
  /** ZooKeeper's tick. */
  readonly tickMs: number;
  /** Ticks that finding an epoch and synchronising may take. */
  readonly initLimit: number;
  /** Ticks within which a synchronised learner must be heard from and must acknowledge. */
  readonly syncLimit: number;
  /** Which of the peers are observers. Who is no peer at all observes, too. */
  readonly observers: readonly NodeId[];
  readonly verifier: VerifierChoice;
  /** How long an elected server waits for a better vote before it acts on its own. */
  readonly finalizeWaitMs: number;
  /** The pause before votes are sent again; it doubles up to the other one. */
  readonly notificationMinMs: number;
  readonly notificationMaxMs: number;
  /** How long an observer that has lost its leader waits before it looks for the next. */
  readonly observerElectionDelayMs: number;
  /** How often a learner calls a leader that does not listen yet, and the pause between two calls. */
  readonly connectTries: number;
  readonly connectRetryMs: number;
  /** Learners that lack no more than so many transactions are never sent a snapshot for their number. */
  readonly commitLogCount: number;
  /**
   * Learners that lack more get a snapshot when the transactions' bytes exceed this share of the snapshot's; negative:
   * always a snapshot.
   */
  readonly snapshotSizeFactor: number;
  /** Every learner that is not level gets a snapshot. */
  readonly forceSnapshotSync: boolean;
  /** How many observers may be sent snapshots, and histories, at once; voters are never refused. */
  readonly concurrentSnapSyncsMax: number;
  readonly concurrentDiffSyncsMax: number;
  /** The configuration as text: it goes into notifications and NEWLEADER. */
  readonly config: string;
  readonly configVersion: number;
  /** A leader that has given this counter out steps down, so that the next epoch starts again at 1. */
  readonly counterMax: number;
  /** The most bytes of transactions that a leader holds uncommitted; over it, proposals are refused as `busy`. */
  readonly uncommittedBytesMax: number;
  /** The largest single transaction. */
  readonly entryBytesMax: number;
  /** The most reads that wait for their no-op; over it, reads are refused as `busy`. */
  readonly readsMax: number;
  /** The most bytes of history read at once for a learner. */
  readonly historyBytesMax: number;
  /** The most bytes of a snapshot in one piece. */
  readonly snapshotChunkBytesMax: number;
  /** The most transactions that a learner holds in memory while it is being synchronised. */
  readonly pendingBytesMax: number;
  /** Snapshots kept; the log starts where the oldest of them ends. */
  readonly snapshotsRetained: number;
  /** The transaction that carries a linearizable read; null: an entry of the engine's own, which Java cannot read. */
  readonly noop: ((at: Position) => Uint8Array) | null;
  /**
   * What a learner's answer to a PING carries: the sessions touched since the last one. Called inside the step, like a
   * proposal's `build`, and must not call back. The leader's application is given it on the channel `ping`.
   */
  readonly pingData: () => Uint8Array;
}

/** ZooKeeper's defaults where it has one. */
export const DEFAULT_OPTIONS: ZabOptions = {
  tickMs: 2000,
  initLimit: 10,
  syncLimit: 5,
  observers: [],
  verifier: { kind: 'majority' },
  finalizeWaitMs: 200,
  notificationMinMs: 200,
  notificationMaxMs: 60_000,
  observerElectionDelayMs: 200,
  connectTries: 5,
  connectRetryMs: 100,
  commitLogCount: 500,
  snapshotSizeFactor: 0.33,
  forceSnapshotSync: false,
  concurrentSnapSyncsMax: 10,
  concurrentDiffSyncsMax: 100,
  config: '',
  configVersion: 0,
  counterMax: COUNTER_MAX,
  uncommittedBytesMax: 64 * 1024 * 1024,
  entryBytesMax: 8 * 1024 * 1024,
  readsMax: 100_000,
  historyBytesMax: 1024 * 1024,
  snapshotChunkBytesMax: 1024 * 1024,
  pendingBytesMax: 512 * 1024 * 1024,
  snapshotsRetained: 3,
  noop: null,
  pingData: () => NOTHING,
};

/** @throws EngineConfigError naming the setting, its value and what is allowed. */
export function checkOptions(options: ZabOptions): ZabOptions {
  for (const name of POSITIVE) {
    const value = options[name];
    if (!Number.isSafeInteger(value) || value < 1)
      throw new EngineConfigError(`${name} is ${value}; it must be a whole number from 1 on`);
  }
  for (const name of NOT_NEGATIVE) {
    const value = options[name];
    if (!Number.isSafeInteger(value) || value < 0)
      throw new EngineConfigError(`${name} is ${value}; it must be a whole number from 0 on`);
  }
  const { counterMax, notificationMinMs, notificationMaxMs, entryBytesMax, uncommittedBytesMax } = options;
  if (counterMax > COUNTER_MAX)
    throw new EngineConfigError(`counterMax is ${counterMax}; a zxid has room for counters up to ${COUNTER_MAX}`);
  if (notificationMinMs > notificationMaxMs) {
    throw new EngineConfigError(
      `notificationMinMs ${notificationMinMs} must not be above notificationMaxMs ${notificationMaxMs}`,
    );
  }
  if (entryBytesMax > uncommittedBytesMax)
    throw new EngineConfigError(
      `entryBytesMax ${entryBytesMax} must not be above uncommittedBytesMax ${uncommittedBytesMax}`,
    );
  return options;
}

const NOTHING = new Uint8Array(0);

const POSITIVE = [
  'tickMs',
  'initLimit',
  'syncLimit',
  'notificationMinMs',
  'notificationMaxMs',
  'connectTries',
  'commitLogCount',
  'concurrentSnapSyncsMax',
  'concurrentDiffSyncsMax',
  'counterMax',
  'uncommittedBytesMax',
  'entryBytesMax',
  'readsMax',
  'historyBytesMax',
  'snapshotChunkBytesMax',
  'pendingBytesMax',
  'snapshotsRetained',
] as const;

const NOT_NEGATIVE = ['finalizeWaitMs', 'observerElectionDelayMs', 'connectRetryMs', 'configVersion'] as const;
