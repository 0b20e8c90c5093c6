import type { Entry, NodeId, Position } from '@biquorum/consensus';

/** A replica on one disk: the same id with another directory is another replica (KIP-853). */
export interface ReplicaKey {
  readonly id: NodeId;
  /** Directory id; empty when unknown, which matches any. */
  readonly directory: string;
}

/** Why a request was not served; the names follow Kafka's error codes. */
export type ErrorCode =
  | 'none'
  /** The epoch of the request is older than mine. */
  | 'fencedLeaderEpoch'
  /** The epoch of the request is newer than mine. */
  | 'unknownLeaderEpoch'
  | 'notLeaderOrFollower'
  | 'invalidRequest'
  | 'invalidVoterKey'
  | 'snapshotNotFound'
  | 'positionOutOfRange'
  /** Another voter change is under way. */
  | 'requestTimedOut'
  | 'voterNotFound';

/** What every answer tells: the state of the one who answers. */
interface Reply {
  readonly error: ErrorCode;
  readonly epoch: number;
  /** The leader of `epoch`, −1 when not known, and where it can be reached (empty when not known). */
  readonly leader: NodeId;
  readonly leaderAddress: string;
}

/** Vote (Kafka API 52). `lastEpoch` and `end` tell how far the candidate's log goes. */
export interface VoteRequest {
  readonly type: 'vote';
  readonly epoch: number;
  readonly candidate: ReplicaKey;
  readonly voter: ReplicaKey;
  readonly lastEpoch: number;
  readonly end: number;
  /** Asks "would you?" without anything changing (KIP-996, Vote v2). */
  readonly preVote: boolean;
}

/** Answer to {@link VoteRequest}: whether the vote is, or in a pre-vote would be, given. */
export interface VoteReply extends Reply {
  readonly type: 'voteReply';
  readonly granted: boolean;
}

/** BeginQuorumEpoch (API 53): the leader of `epoch` makes itself known, and asks whether it still leads. */
export interface BeginQuorumRequest {
  readonly type: 'beginQuorum';
  readonly epoch: number;
  readonly leader: NodeId;
  readonly leaderAddress: string;
  readonly voter: ReplicaKey;
}

/** Answer to {@link BeginQuorumRequest}: whether the sender still counts as leader of its epoch. */
export interface BeginQuorumReply extends Reply {
  readonly type: 'beginQuorumReply';
}

/** EndQuorumEpoch (API 54): the leader of `epoch` has resigned; who should follow it, best first. */
export interface EndQuorumRequest {
  readonly type: 'endQuorum';
  readonly epoch: number;
  readonly leader: NodeId;
  readonly successors: readonly ReplicaKey[];
}

/** Answer to {@link EndQuorumRequest}: that the resignation was heard. */
export interface EndQuorumReply extends Reply {
  readonly type: 'endQuorumReply';
}

/**
 * Fetch (API 1). Asks for entries from `offset` on, and acknowledges everything before it as durable on the replica's
 * disk. `highWatermark` is what the replica knows (Fetch v18), −1 when the wire cannot carry it.
 */
export interface FetchRequest {
  readonly type: 'fetch';
  readonly epoch: number;
  readonly replica: ReplicaKey;
  readonly offset: number;
  /** Epoch of the last entry before `offset`. */
  readonly lastEpoch: number;
  readonly highWatermark: number;
  readonly waitMs: number;
  readonly bytesMax: number;
}

/** Answer to {@link FetchRequest}: entries, or where the replica has to go back to, or which snapshot it has to load. */
export interface FetchReply extends Reply {
  readonly type: 'fetchReply';
  readonly highWatermark: number;
  readonly logStart: number;
  /** The largest epoch not above the requested one that the leader's log has, and where it ends there. */
  readonly diverging: Position | null;
  /** The replica must load this snapshot first. */
  readonly snapshot: Position | null;
  /** Where the entries start: the `offset` of the request. */
  readonly offset: number;
  readonly entries: readonly Entry[];
}

/** FetchSnapshot (API 59). */
export interface FetchSnapshotRequest {
  readonly type: 'fetchSnapshot';
  readonly epoch: number;
  readonly replica: ReplicaKey;
  readonly snapshot: Position;
  readonly position: number;
  readonly bytesMax: number;
}

/** Answer to {@link FetchSnapshotRequest}: one piece of the snapshot; `size` and `position` are in bytes. */
export interface FetchSnapshotReply extends Reply {
  readonly type: 'fetchSnapshotReply';
  readonly snapshot: Position;
  readonly size: number;
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** UpdateRaftVoter (API 82): a voter whose directory or address differs from the voter set. */
export interface UpdateVoterRequest {
  readonly type: 'updateVoter';
  readonly epoch: number;
  readonly voter: ReplicaKey;
  readonly address: string;
}

/** Answer to {@link UpdateVoterRequest}: whether the leader has taken over what the voter said. */
export interface UpdateVoterReply extends Reply {
  readonly type: 'updateVoterReply';
}

/** What one node asks of another; one type for each RPC of KRaft. */
export type RequestMessage =
  | VoteRequest
  | BeginQuorumRequest
  | EndQuorumRequest
  | FetchRequest
  | FetchSnapshotRequest
  | UpdateVoterRequest;

/** The answers, one for each {@link RequestMessage}. */
export type ReplyMessage =
  | VoteReply
  | BeginQuorumReply
  | EndQuorumReply
  | FetchReply
  | FetchSnapshotReply
  | UpdateVoterReply;

/** Everything that Raft nodes say to each other; one to one with Apache's RPCs. */
export type RaftMessage = RequestMessage | ReplyMessage;

/**
 * The durable quorum state, as a value: what must be on the disk before a vote is given or an epoch is acted in
 * (Apache's `quorum-state` file).
 */
export interface QuorumRecord {
  readonly epoch: number;
  readonly leader: NodeId;
  readonly voted: NodeId;
  readonly votedDirectory: string;
}
