import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import type { Timer, Timers } from '@biquorum/platform';
import { NO_LEADER_CHANGE } from '../image/image-draft.ts';
import { since } from '../image/metadata-version.ts';
import { fenceStaleBroker } from './brokers.ts';
import { balanceLeaders, electUncleanLeaders } from './elections.ts';
import { ControllerFault } from './fault.ts';
import { imbalancedPartitions, partitionsWithoutLeader, settlePartitions } from './leadership.ts';
import type { Decision, Situation } from './situation.ts';

/** What the background work needs of the controller. */
export interface BackgroundHost {
  readonly timers: Timers;
  monotonicMs(): number;
  situation(): Situation;
  /** Appends a decision. @throws ControllerFault when it is refused */
  place<T>(decision: Decision<T>): T;
}

/**
 * What an active controller does by itself: fences brokers whose sessions ended, gives leaderships back to preferred
 * replicas, elects uncleanly where that is allowed, and writes a NoOpRecord when idle so that brokers can tell a quiet
 * log from a dead controller.
 */
export class Background {
  readonly #host: BackgroundHost;
  readonly #timers: Map<Work, Timer> = new Map();

  constructor(host: BackgroundHost) {
    this.#host = host;
  }

  /** The controller is active. */
  start(): void {
    const situation = this.#host.situation();
    this.sessionsChanged();
    // Whether there is anything to do is found out when the time comes: an election must not wait for a look at
    // every partition.
    this.#scheduleBalance(situation);
    this.#scheduleUnclean(situation);
    this.#scheduleNoOp(situation);
    // Its predecessor may have been in the middle of it.
    this.#set('settle', SETTLE_MS, () => this.#settle());
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  /** Brokers were heard of, or fenced: the next session may end at another time. */
  sessionsChanged(): void {
    const expiryMs = this.#host.situation().heartbeats.nextExpiryMs();
    if (expiryMs === Number.POSITIVE_INFINITY) this.#cancel('fence');
    else this.#set('fence', expiryMs - this.#host.monotonicMs() + 1, () => this.#fence());
  }

  /** Records were appended: some of them may call for background work. */
  appended(records: readonly MetadataRecord[]): void {
    const situation = this.#host.situation();
    let leaders = false;
    let leaderless = false;
    for (const { type, record } of records) {
      if (type === 'PartitionChangeRecord') {
        leaders ||= record.leader !== NO_LEADER_CHANGE || record.replicas !== null;
        leaderless ||= record.leader === -1;
      } else if (type === 'PartitionRecord') {
        leaders ||= record.leader !== record.replicas[0];
      } else if (type === 'FeatureLevelRecord') {
        this.#scheduleNoOp(situation);
      }
    }
    if (leaders && !this.#isSet('balance')) this.#scheduleBalance(situation);
    if (leaderless && !this.#isSet('unclean')) this.#scheduleUnclean(situation);
  }

  /** A decision on a broker could not do everything in one batch: goes on with the rest. */
  settlePartitions(): void {
    this.#set('settle', 0, () => this.#settle());
  }

  #settle(): void {
    let hasMore = true;
    const isPlaced = this.#try(() => {
      const outcome = this.#host.place(settlePartitions(this.#host.situation()));
      const { heartbeats, image } = this.#host.situation();
      if (outcome.leaving !== null) heartbeats.moveShutdownOffset(outcome.leaving, image.endOffset - 1);
      hasMore = outcome.hasMore;
    });
    if (hasMore) this.#set('settle', isPlaced ? CONTINUE_MS : RETRY_MS, () => this.#settle());
  }

  #fence(): void {
    const { heartbeats } = this.#host.situation();
    let isDone = false;
    const isPlaced = this.#try(() => {
      const outcome = this.#host.place(fenceStaleBroker(this.#host.situation()));
      if (outcome.fenced !== null) heartbeats.fence(outcome.fenced);
      isDone = outcome.isDone;
    });
    if (isPlaced && isDone) this.sessionsChanged();
    else this.#set('fence', isPlaced ? 0 : RETRY_MS, () => this.#fence());
  }

  #scheduleBalance({ settings }: Situation): void {
    const intervalMs = settings.leaderImbalanceCheckIntervalMs;
    if (intervalMs !== null) this.#set('balance', intervalMs, () => this.#balance(intervalMs));
  }

  #balance(intervalMs: number): void {
    let hasMore = true;
    this.#try(() => {
      hasMore = this.#host.place(balanceLeaders(this.#host.situation()));
    });
    if (hasMore) this.#set('balance', CONTINUE_MS, () => this.#balance(intervalMs));
    else if (imbalancedPartitions(this.#host.situation()).length > 0) {
      this.#set('balance', intervalMs, () => this.#balance(intervalMs));
    }
  }

  #scheduleUnclean({ settings }: Situation): void {
    this.#set('unclean', settings.uncleanElectionIntervalMs, () => this.#electUnclean());
  }

  #electUnclean(): void {
    let hasMore = true;
    this.#try(() => {
      hasMore = this.#host.place(electUncleanLeaders(this.#host.situation()));
    });
    const situation = this.#host.situation();
    if (hasMore) this.#set('unclean', CONTINUE_MS, () => this.#electUnclean());
    else if (partitionsWithoutLeader(situation).length > 0) this.#scheduleUnclean(situation);
  }

  #scheduleNoOp({ settings, level }: Situation): void {
    if (settings.maxIdleIntervalMs === 0 || level < since.noOp) this.#cancel('no-op');
    else if (!this.#isSet('no-op')) this.#set('no-op', settings.maxIdleIntervalMs, () => this.#writeNoOp());
  }

  #writeNoOp(): void {
    this.#try(() => {
      this.#host.place({ records: [{ type: 'NoOpRecord', version: 0, record: {} }], reply: null });
    });
    this.#scheduleNoOp(this.#host.situation());
  }

  /** Does nobody any harm when it is refused: it comes again. */
  #try(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (thrown) {
      if (thrown instanceof ControllerFault) return false;
      throw thrown;
    }
  }

  #isSet(work: Work): boolean {
    return this.#timers.get(work)?.pending ?? false;
  }

  #set(work: Work, delayMs: number, run: () => void): void {
    this.#cancel(work);
    this.#timers.set(work, this.#host.timers.set(Math.max(0, delayMs), run));
  }

  #cancel(work: Work): void {
    this.#timers.get(work)?.cancel();
  }
}

type Work = 'fence' | 'settle' | 'balance' | 'unclean' | 'no-op';

/** After a run that did as much as one run may. */
const CONTINUE_MS = 10;

/** After a controller became active. */
const SETTLE_MS = 1_000;

/** After the journal refused. */
const RETRY_MS = 100;
