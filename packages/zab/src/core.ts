import { EngineConfigError, type EngineSetup, type NodeId, type Position } from '@biquorum/consensus';
import { assert } from '@biquorum/std';
import { Election } from './election.ts';
import { LogShape } from './log-shape.ts';
import type { Epochs } from './messages.ts';
import type { ZabOptions } from './options.ts';
import { Outbox } from './outbox.ts';
import { ServerStates } from './server-states.ts';
import { type Verifier, verifierOf } from './verifier.ts';
import { epochOf, showZxid, zxidBefore } from './zxid.ts';

/** A snapshot on this server's disk. */
export interface SnapshotShape {
  readonly id: Position;
  readonly size: number;
}

/** What all states of a server share. Only the engine and the state in force touch it. */
export class Core {
  readonly id: NodeId;
  readonly options: ZabOptions;
  readonly verifier: Verifier;
  /** Whether this server votes; else it observes. */
  readonly votes: boolean;
  readonly log: LogShape;
  readonly out: Outbox;
  readonly election: Election;
  readonly states: ServerStates;
  /** Oldest first, at most `snapshotsRetained`. */
  readonly snapshots: SnapshotShape[];
  nowMs: number;
  /** The newest epoch that a caller has said to have accepted: the next one of this server is newer. */
  epochSeen = 0;
  /** The cut up to which everything is committed; never falls. */
  committed: number;
  /** A received snapshot is being put in place: until then this server promises nothing and does not vote. */
  installing: Position | null = null;
  #epochs: Epochs;

  /** @throws EngineConfigError when the settings, or what is on the disk, cannot be. */
  constructor(setup: EngineSetup<Epochs>, options: ZabOptions) {
    const { restored } = setup;
    this.id = setup.id;
    this.options = options;
    const voters = setup.peers.map(({ id }) => id).filter((id) => !options.observers.includes(id));
    this.verifier = verifierOf(options.verifier, voters);
    this.votes = voters.includes(setup.id);
    this.nowMs = setup.nowMs;
    this.log = new LogShape(restored.logStart);
    for (const entry of restored.entries) this.log.append(entry);
    this.snapshots = restored.snapshot === null ? [] : [{ id: restored.snapshot.id, size: restored.snapshot.size }];
    this.committed = restored.snapshot?.id.index ?? restored.logStart.index;
    const lastEpoch = epochOf(zxidBefore(this.log.transactionsEnd));
    this.#epochs = restored.durable ?? { acceptedEpoch: lastEpoch, currentEpoch: lastEpoch };
    const { acceptedEpoch, currentEpoch } = this.#epochs;
    if (acceptedEpoch < currentEpoch) {
      throw new EngineConfigError(
        `acceptedEpoch ${acceptedEpoch} on the disk is older than currentEpoch ${currentEpoch}: restore both from one backup`,
      );
    }
    this.out = new Outbox(this.log.end);
    this.#dropLoneJump();
    this.election = new Election(this);
    this.states = new ServerStates(this);
  }

  get acceptedEpoch(): number {
    return this.#epochs.acceptedEpoch;
  }

  get currentEpoch(): number {
    return this.#epochs.currentEpoch;
  }

  get latestSnapshot(): SnapshotShape | undefined {
    return this.snapshots.at(-1);
  }

  /** Ticks of ZooKeeper in milliseconds. */
  ticksMs(ticks: number): number {
    return ticks * this.options.tickMs;
  }

  /** What the durable state is to be; the caller writes it. */
  promise(epochs: Partial<Epochs>): Epochs {
    const next = { ...this.#epochs, ...epochs };
    assert(
      next.acceptedEpoch >= this.acceptedEpoch && next.currentEpoch >= this.currentEpoch,
      () => `epochs ${next.acceptedEpoch} and ${next.currentEpoch} fall behind what was promised`,
    );
    assert(
      next.currentEpoch <= next.acceptedEpoch,
      () => `currentEpoch ${next.currentEpoch} is beyond acceptedEpoch ${next.acceptedEpoch}`,
    );
    this.#epochs = next;
    return next;
  }

  /** The power failed between the jump to an epoch and its first transaction. */
  #dropLoneJump(): void {
    const { log, out } = this;
    const cut = log.transactionsEnd;
    if (cut === log.end) return;
    log.truncate(cut);
    out.write({ truncateTo: cut }, cut);
  }

  /** Moves the commit point forward and delivers. @param cut Behind the last committed transaction. */
  commit(cut: number): void {
    if (cut <= this.committed) return;
    assert(cut <= this.log.end, () => `${showZxid(cut - 1)} is committed beyond the end of the log`);
    this.committed = cut;
    this.out.effect({ kind: 'deliver', upTo: this.log.cutAt(cut) });
  }
}
