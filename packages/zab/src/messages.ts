import type { Entry, EntryKind, NodeId } from '@biquorum/consensus';

/**
 * Java's `Long.MIN_VALUE`, exact as a Number: what an observer says for the leader, zxid and peer epoch of its own first
 * vote.
 */
export const LONG_MIN: number = -(2 ** 63);

/** The protocol version that learners and leaders exchange (Java's 0x10000). */
export const PROTOCOL_VERSION = 0x10000;

/** The version of notifications that is spoken here. */
export const NOTIFICATION_VERSION = 2;

/** What a server is doing, as its notifications say it (Java's `ServerState`, in the order of its wire values 0 to 3). */
export type ServerState = 'looking' | 'following' | 'leading' | 'observing';

/** A vote of fast leader election, and the state of the one who casts it (Java's election message). */
export interface Notification {
  readonly type: 'notification';
  readonly state: ServerState;
  /** Whom the sender votes for, or follows; {@link LONG_MIN} in the first vote of an observer. */
  readonly leader: NodeId;
  /** The last zxid of the one who is voted for. */
  readonly zxid: number;
  /** The round of the sender's election. */
  readonly electionEpoch: number;
  /** The current epoch of the one who is voted for. */
  readonly peerEpoch: number;
  /** 2 from every living server; 0 for the forms of 28 and 40 bytes, whose votes are compared by `leader` alone. */
  readonly version: number;
  /** The ensemble's configuration as text; empty when the packet has none. */
  readonly config: string;
}

/** FOLLOWERINFO or OBSERVERINFO: the first packet of a learner. */
export interface LearnerInfo {
  readonly type: 'followerInfo' | 'observerInfo';
  /** The packet's zxid is this epoch with counter 0. */
  readonly acceptedEpoch: number;
  readonly sid: NodeId;
  readonly protocolVersion: number;
  readonly configVersion: number;
}

/** LEADERINFO: the epoch that a quorum of learners has made possible. */
export interface LeaderInfo {
  readonly type: 'leaderInfo';
  readonly epoch: number;
  readonly protocolVersion: number;
}

/** ACKEPOCH: the learner will listen to no older leader any more, and this is its history. */
export interface AckEpoch {
  readonly type: 'ackEpoch';
  /** The learner's last zxid. */
  readonly zxid: number;
  /** The learner's current epoch; −1 when it had accepted this epoch before, which does not count for the quorum. */
  readonly currentEpoch: number;
}

/** DIFF, TRUNC or SNAP: how the learner's history is brought to the leader's. */
export interface SyncStart {
  readonly type: 'diff' | 'trunc' | 'snap';
  /** DIFF: the last that the leader has committed; TRUNC: where to cut; SNAP: the name of the snapshot that follows. */
  readonly zxid: number;
}

/**
 * A piece of the snapshot behind SNAP. Java has no such packet: its transport turns these into the raw stream of a
 * snapshot, and a stream into these.
 */
export interface SnapshotChunk {
  readonly type: 'snapshotChunk';
  readonly position: number;
  readonly bytes: Uint8Array;
  /** Nothing comes behind this piece. */
  readonly last: boolean;
}

/**
 * Committed transactions of synchronisation, as many as the driver found in one go: on the wire a PROPOSAL and a COMMIT
 * for each entry of kind `data`, and nothing for the jumps between epochs. A transport of Java's protocol never hands
 * one in; it hands in the pairs.
 */
export interface History {
  readonly type: 'history';
  readonly entries: readonly Entry[];
}

/** NEWLEADER: the synchronisation data ends here; acknowledged once all of it is durable. */
export interface NewLeader {
  readonly type: 'newLeader';
  /** The leader's epoch with counter 0. */
  readonly zxid: number;
  /** The configuration as text; null when the packet has none. */
  readonly config: string | null;
}

/** UPTODATE: a quorum is in sync; serve. */
export interface UpToDate {
  readonly type: 'upToDate';
}

/** PROPOSAL (to participants) or INFORM (to observers, committed already). */
export interface Transaction {
  readonly type: 'proposal' | 'inform';
  readonly zxid: number;
  /** How many zxids it takes from `zxid` on; 1 when left out, as always on Java's wire. */
  readonly span?: number;
  /** Always `data` on Java's wire. */
  readonly kind: EntryKind;
  /** Header, transaction and digest, as in the log. */
  readonly payload: Uint8Array;
}

/** ACK of a proposal (by its last zxid), or (counter 0) of NEWLEADER and UPTODATE; COMMIT of a proposal. */
export interface Decision {
  readonly type: 'ack' | 'commit';
  readonly zxid: number;
}

/** COMMITANDACTIVATE: commits a transaction that changes the configuration. */
export interface CommitAndActivate {
  readonly type: 'commitAndActivate';
  readonly zxid: number;
  readonly designatedLeader: NodeId;
}

/** INFORMANDACTIVATE: the same for observers. */
export interface InformAndActivate {
  readonly type: 'informAndActivate';
  readonly zxid: number;
  readonly designatedLeader: NodeId;
  readonly payload: Uint8Array;
}

/** PING: the leader asks, the learner answers with the same zxid and its touched sessions. */
export interface Ping {
  readonly type: 'ping';
  /** The last zxid that the leader has proposed. */
  readonly zxid: number;
  /** Empty from the leader; from the learner what {@link ZabOptions.pingData} gives (Java: session, timeout, …). */
  readonly payload: Uint8Array;
}

/**
 * A packet of the application among the engine's own: REQUEST, REVALIDATE, SYNC. What stands in it is between the
 * application and its transport; Java's transport takes the bytes of the whole packet.
 */
export interface ApplicationPacket {
  readonly type: 'application';
  readonly payload: Uint8Array;
}

/** What goes over learner links. */
export type LearnerMessage =
  | LearnerInfo
  | LeaderInfo
  | AckEpoch
  | SyncStart
  | SnapshotChunk
  | History
  | NewLeader
  | UpToDate
  | Transaction
  | Decision
  | CommitAndActivate
  | InformAndActivate
  | Ping
  | ApplicationPacket;

/** Everything that ZAB servers say to each other: one type for each packet of Java, zxids and epochs as Numbers. */
export type ZabMessage = Notification | LearnerMessage;

/** What a server has promised, as a value: Java's files `acceptedEpoch` and `currentEpoch`. */
export interface Epochs {
  /** The newest epoch whose leader this server has listened to; it listens to no older one. */
  readonly acceptedEpoch: number;
  /** The newest epoch whose history this server has adopted. */
  readonly currentEpoch: number;
}
