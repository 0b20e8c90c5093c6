import type { EngineSetup, NodeId, Position, RequestId } from '@biquorum/consensus';
import { assert } from '@biquorum/std';
import { Dice } from './dice.ts';
import type { LogShape } from './log-shape.ts';
import type { ErrorCode, QuorumRecord, ReplicaKey, RequestMessage } from './messages.ts';
import type { RaftOptions } from './options.ts';
import { Outbox } from './outbox.ts';
import { QuorumState } from './quorum-state.ts';
import { findVoter, type VoterHistory } from './voters.ts';

/** A request under way. */
export interface Sent {
  readonly to: NodeId;
  readonly message: RequestMessage;
  readonly sentMs: number;
  /** The round of reads that the request confirms; 0 for none. */
  readonly round: number;
}

/** A snapshot on this node's disk. */
export interface SnapshotShape {
  readonly id: Position;
  readonly size: number;
}

/** What all states of a node share. Only the engine and the state in force touch it. */
export class Core {
  readonly key: ReplicaKey;
  readonly address: string;
  readonly options: RaftOptions;
  readonly dice: Dice;
  readonly log: LogShape;
  readonly voters: VoterHistory;
  readonly out: Outbox;
  readonly quorum: QuorumState;
  /** Oldest first, at most `snapshotsRetained`. */
  readonly snapshots: SnapshotShape[];
  /** Where members can be reached. */
  readonly addresses: Map<NodeId, string> = new Map();
  readonly requests: Map<RequestId, Sent> = new Map();
  /** The members that this node was started with. */
  readonly configured: readonly NodeId[];
  nowMs: number;
  /** Never falls, and never goes beyond the log end. */
  highWatermark: number;
  /**
   * A received snapshot is being put in place. The log is about to be replaced as a whole, so until then this node
   * acknowledges nothing, grants no vote and does not stand for election.
   */
  installing: Position | null = null;

  constructor(setup: EngineSetup<QuorumRecord>, options: RaftOptions, log: LogShape, voters: VoterHistory) {
    this.key = { id: setup.id, directory: setup.directory };
    this.address = setup.address;
    this.options = options;
    this.dice = new Dice(setup.random);
    this.log = log;
    this.voters = voters;
    this.nowMs = setup.nowMs;
    this.configured = setup.peers.map(({ id }) => id);
    const { snapshot } = setup.restored;
    // One of nothing only says who votes first; there is no state in it to be sent to anybody.
    const held = snapshot !== null && snapshot.id.index > 0;
    this.snapshots = held ? [{ id: snapshot.id, size: snapshot.size }] : [];
    this.highWatermark = snapshot?.id.index ?? 0;
    this.out = new Outbox(log.end);
    this.quorum = new QuorumState(this);
    for (const { id, address } of setup.peers) if (address !== '') this.addresses.set(id, address);
  }

  get id(): NodeId {
    return this.key.id;
  }

  /** Whether this node, on this disk, is in the voter set in force. */
  get votes(): boolean {
    return findVoter(this.voters.current, this.key) !== undefined;
  }

  /** Nobody else can lead. */
  get isOnlyVoter(): boolean {
    return this.votes && this.voters.current.ids.length === 1;
  }

  get latestSnapshot(): SnapshotShape | undefined {
    return this.snapshots.at(-1);
  }

  /** A time after which an election starts, drawn from [t, 2t) so that two nodes seldom choose the same. */
  electionTimeoutMs(): number {
    return this.options.electionTimeoutMs + this.dice.below(this.options.electionTimeoutMs);
  }

  /** How long a voter waits before it stands in a quorum that never had a leader; undefined: as long as ever. */
  firstElectionMs(): number | undefined {
    const { firstElectionSpreadMs: spread } = this.options;
    if (this.isOnlyVoter) return 0;
    if (spread === 0 || !this.votes) return undefined;
    const place = this.voters.current.ids.filter((id) => id < this.id).length;
    return spread * (place + 1) + this.dice.below(spread);
  }

  request(to: NodeId, message: RequestMessage, round: number = 0): void {
    this.requests.set(this.out.request(to, message), { to, message, sentMs: this.nowMs, round });
  }

  /** A request that vouches for the log: it leaves once every write before it is on the disk. */
  requestAfterLog(to: NodeId, message: RequestMessage): Sent {
    const sent = { to, message, sentMs: this.nowMs, round: 0 };
    this.requests.set(this.out.requestAfterLog(to, message), sent);
    return sent;
  }

  /** What every answer starts with. */
  reply(error: ErrorCode): { error: ErrorCode; epoch: number; leader: NodeId; leaderAddress: string } {
    const { epoch, leader } = this.quorum.role;
    const leaderAddress = leader === this.id ? this.address : (this.addresses.get(leader) ?? '');
    return { error, epoch, leader, leaderAddress };
  }

  /** Moves the high watermark forward and delivers. @returns Whether it moved. */
  commit(index: number): boolean {
    if (index <= this.highWatermark) return false;
    assert(index <= this.log.end, () => `high watermark ${index} is beyond the log end ${this.log.end}`);
    this.highWatermark = index;
    this.out.effect({ kind: 'deliver', upTo: this.log.cutAt(index) });
    return true;
  }

  /** Learns where a member can be reached. */
  learnAddress(id: NodeId, address: string): void {
    if (id < 0 || address === '' || this.addresses.get(id) === address) return;
    this.addresses.set(id, address);
    this.out.effect({ kind: 'members', peers: [{ id, address }] });
  }
}
