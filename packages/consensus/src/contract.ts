/** A member of the cluster: a whole number from 0 to 2^31 − 1 (Kafka's node id, ZooKeeper's sid). */
export type NodeId = number;

/** No node: no leader is known, nobody was voted for. */
export const NO_NODE: NodeId = -1;

/** Names what is to be answered or settled; given out by the driver, meaningless to the engine. */
export type Token = number;

/** Names a request that the engine sent, so that its reply can be told from older ones; 0 for one-way messages. */
export type RequestId = number;

/**
 * Names a write. Given out by the engine, strictly increasing from 1; storage finishes writes in this order. 0 stands
 * for "nothing to wait for".
 */
export type WriteId = number;

/**
 * A cut through the log: everything before `index`, whose last entry was written in `epoch`. Ordered by epoch, then by
 * index. Log ends, commit points, snapshot ids and read points are all cuts. In Raft `index` is the offset after the
 * last record; in ZAB (epoch, index) is the zxid after the last one, with the counter as index.
 */
export interface Position {
  readonly epoch: number;
  readonly index: number;
}

/** What an entry carries: the application's payload, or something that the engine wrote for itself. */
export type EntryKind = 'data' | 'control';

/** One entry of the log: `span` consecutive indexes from `index` on. A batch of many records is one entry. */
export interface Entry {
  readonly index: number;
  /** At least 1. */
  readonly span: number;
  readonly epoch: number;
  readonly kind: EntryKind;
  readonly payload: Uint8Array;
}

/** What the application wants to have replicated. */
export interface Proposal {
  /** How many indexes the entry takes; at least 1. */
  readonly span: number;
  /** The most bytes that `build` returns; counted against the cap on uncommitted bytes. */
  readonly bytesMax: number;
  /**
   * Makes the payload once its place is known: a zxid stands inside ZooKeeper's transaction header, a KRaft broker
   * epoch is its record's offset. Called inside the step, at most once, and must not call back.
   *
   * @param at The epoch and the entry's first index.
   */
  build(at: Position): Uint8Array;
}

/**
 * How a channel's links treat messages.
 *
 * - `any`: messages may be lost, repeated and reordered (Raft).
 * - `fifo`: in order and without gaps until the link goes down (ZAB's learner links).
 * - `newest`: of the messages that wait for one peer only the newest is kept, and it is sent again when the link comes
 *   back (ZAB's election links).
 */
export type LinkKind = 'any' | 'fifo' | 'newest';

/** A channel between members; the engine names it in its sends. */
export interface ChannelSpec {
  readonly name: string;
  readonly link: LinkKind;
}

/** A member of the voter set as the contract sees it. */
export interface Peer {
  readonly id: NodeId;
  /** Where it can be reached, `host:port`; empty when the transport knows. */
  readonly address: string;
}

/** What users may ask of an engine only when it declares it; see {@link requireCapabilities}. */
export interface Capabilities {
  readonly voterChanges: boolean;
  readonly leadershipTransfer: boolean;
  readonly leaseReads: boolean;
  readonly observers: boolean;
  /** An election in two steps, so that a cut-off member cannot unseat a working leader (KIP-996). */
  readonly preVote: boolean;
  /** Application messages that keep their order among the engine's own on one link (ZooKeeper's learner links). */
  readonly applicationMessages: boolean;
}

/** What can be asked of an engine besides proposals and reads; each needs the capability of its name. */
export type Command =
  | { readonly kind: 'addVoter'; readonly peer: Peer; readonly directory: string }
  | { readonly kind: 'removeVoter'; readonly id: NodeId; readonly directory: string }
  | { readonly kind: 'transferLeadership'; readonly to: NodeId }
  /**
   * Forgets the log and all snapshots before `start`, the cut of a snapshot that is held: for owners with a policy of
   * their own about old data. Needs no capability.
   */
  | { readonly kind: 'trim'; readonly start: Position }
  /** Steps down if leading; on shutdown, say. Needs no capability. */
  | { readonly kind: 'resign' };

/** Everything that can happen to an engine. */
export type Input<Message> =
  /**
   * Time has passed. `nowMs` never runs backwards; its origin is arbitrary. `random` is 32 fresh random bits, the only
   * randomness that the engine ever sees.
   */
  | { readonly kind: 'tick'; readonly nowMs: number; readonly random: number }
  /** A message, or (with `inReplyTo` other than 0) the answer to a request that this engine sent. */
  | {
      readonly kind: 'message';
      readonly channel: string;
      readonly from: NodeId;
      readonly inReplyTo: RequestId;
      readonly message: Message;
    }
  /** A message that wants an answer, from a member or from a stranger (`from` is then what it calls itself). */
  | {
      readonly kind: 'request';
      readonly channel: string;
      readonly from: NodeId;
      readonly token: Token;
      readonly message: Message;
    }
  /**
   * A link came up or went down. Requests under way on it will not be answered. One of a `fifo` channel that has come up
   * again is another link: nothing that was sent on the one before arrives on it. `gone`: it went down because the peer's
   * process has ended, as far as can be told from here; an engine may use that to act before a timeout would.
   */
  | {
      readonly kind: 'link';
      readonly channel: string;
      readonly peer: NodeId;
      readonly up: boolean;
      readonly gone?: boolean;
    }
  /** This write and all before it are on the disk. */
  | { readonly kind: 'written'; readonly write: WriteId }
  /** Proposals in the order in which the application made them; consecutive ones come in one step. */
  | { readonly kind: 'propose'; readonly proposals: readonly { readonly token: Token; readonly proposal: Proposal }[] }
  /** A linearizable read wants to know the position up to which it must see the log. */
  | { readonly kind: 'read'; readonly token: Token }
  | { readonly kind: 'command'; readonly token: Token; readonly command: Command }
  /** The machine's state up to this delivered cut is to be kept as a snapshot. */
  | { readonly kind: 'snapshot'; readonly upTo: number }
  /** A snapshot that the engine asked for is on the disk, `size` bytes long. */
  | { readonly kind: 'snapshotWritten'; readonly id: Position; readonly size: number }
  /** A received snapshot is in place; `context` is what its header holds for the engine. Null when it was damaged. */
  | {
      readonly kind: 'snapshotInstalled';
      readonly id: Position;
      readonly size: number;
      readonly context: Uint8Array | null;
    }
  /**
   * The application sends a message of its own to a member, in order with the engine's. `afterCommit`: not before
   * everything is committed that was proposed before (ZooKeeper's answer to `sync`).
   */
  | {
      readonly kind: 'application';
      readonly channel: string;
      readonly to: NodeId;
      readonly payload: Uint8Array;
      readonly afterCommit: boolean;
    };

/**
 * Data that a synchronous step cannot hold: the driver fills it in from storage just before sending. On a `fifo` channel
 * what does not fit into `bytesMax` follows in further messages, up to `upTo` or the end of the snapshot, before
 * anything else is sent on that link; when it is gone, the link is given up.
 */
export type Reference =
  /** Whole entries from `from.index` on, below `upTo`, as many as fit into `bytesMax` (at least one). */
  | { readonly kind: 'entries'; readonly from: number; readonly upTo: number; readonly bytesMax: number }
  /** Bytes of a snapshot from `position` on. */
  | { readonly kind: 'snapshot'; readonly id: Position; readonly position: number; readonly bytesMax: number };

/** What a {@link Reference} turned into. */
export type Filling =
  | { readonly kind: 'entries'; readonly entries: readonly Entry[] }
  | { readonly kind: 'snapshot'; readonly size: number; readonly bytes: Uint8Array }
  /** What was referred to is gone; the message goes out without it. */
  | { readonly kind: 'missing' };

/**
 * One write. Its parts take effect in the order of the fields. Writes are made in order; `written` follows when all of
 * it would survive a power loss.
 */
export interface Write<Durable> {
  readonly id: WriteId;
  /** Drop all entries from this index on. */
  readonly truncateTo?: number;
  readonly append?: readonly Entry[];
  /** The engine's durable state replaces the previous one (Kafka's `quorum-state`, ZooKeeper's epoch files). */
  readonly durable?: Durable;
  /** Entries before this cut may go; a snapshot covers them. */
  readonly deletePrefix?: Position;
}

/** How a proposal, read or command ended. */
export type Outcome =
  | { readonly kind: 'committed'; readonly at: Position }
  /** The read may be served by a machine that has applied everything before `index`. */
  | { readonly kind: 'readable'; readonly index: number }
  | { readonly kind: 'done' }
  /** It has not happened and never will. */
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly leader: NodeId }
  /** Leadership was lost: it may or may not happen. */
  | { readonly kind: 'unknown'; readonly leader: NodeId };

/** Why something was refused. */
export type Refusal =
  | 'notLeader'
  /** A bound was reached; see the pressure effect. */
  | 'busy'
  | 'tooLarge'
  /** Leadership is being handed over. */
  | 'transferring'
  /** Another voter change, or the start of the leader's epoch, is not committed yet. */
  | 'changePending'
  | 'alreadyVoter'
  | 'notVoter'
  | 'lastVoter'
  | 'notCaughtUp'
  | 'timedOut'
  /** The engine does not declare the capability. */
  | 'unsupported';

/** Everything that an engine can want done. Effects of one step are performed in their order. */
export type Effect<Message, Durable> =
  | { readonly kind: 'write'; readonly write: Write<Durable> }
  /**
   * Send to a member; held back until write `after` is on the disk, then completed from `fill`. With `request` other
   * than 0 it wants an answer. On a `fifo` channel what waits holds up what comes after it for the same member.
   */
  | {
      readonly kind: 'send';
      readonly channel: string;
      readonly to: NodeId;
      readonly message: Message;
      readonly request: RequestId;
      readonly after: WriteId;
      readonly fill: Reference | null;
    }
  /** Answer a request; held back until write `after` is on the disk, then completed from `fill`. */
  | {
      readonly kind: 'answer';
      readonly token: Token;
      readonly message: Message;
      readonly after: WriteId;
      readonly fill: Reference | null;
    }
  /** Everything before this cut is committed: the machine is to apply what it has not applied yet. */
  | { readonly kind: 'deliver'; readonly upTo: Position }
  /** The machine's whole state is to be replaced by this snapshot. */
  | { readonly kind: 'restore'; readonly snapshot: Position }
  /**
   * The role, epoch or leader changed. A machine that decides ahead of commit starts when `role` is `leader` and goes
   * back to its committed state when it no longer is.
   */
  | {
      readonly kind: 'leadership';
      readonly role: string;
      readonly leading: boolean;
      readonly epoch: number;
      readonly leader: NodeId;
      readonly reason: string;
    }
  | { readonly kind: 'settle'; readonly token: Token; readonly outcome: Outcome }
  /** Proposals are refused (or no longer refused) because uncommitted bytes reached their cap. */
  | { readonly kind: 'pressure'; readonly on: boolean; readonly uncommittedBytes: number }
  /** Keep the machine's state as of `id` as a snapshot, with `context` in its header; then say `snapshotWritten`. */
  | { readonly kind: 'snapshot'; readonly id: Position; readonly context: Uint8Array }
  /** Keep these bytes of a snapshot that is being received; `position` 0 starts over. */
  | {
      readonly kind: 'receiveSnapshot';
      readonly id: Position;
      readonly position: number;
      readonly bytes: Uint8Array;
    }
  /**
   * All bytes are there: put the snapshot in place, replace the whole log by it, then say `snapshotInstalled`. The
   * engine appends nothing until then; it may write durable state.
   */
  | { readonly kind: 'installSnapshot'; readonly id: Position; readonly size: number }
  /** Ask for a snapshot of what the machine has applied: the input `snapshot` follows. */
  | { readonly kind: 'wantSnapshot' }
  /**
   * Make a link of a `fifo` channel to a member; whatever was between the two on that channel before is over, and
   * nothing of it arrives any more. What is sent from now on waits for the link. An input `link` tells how it went. Only
   * one side dials: a member that has dialled takes no link of the channel from the one that it has dialled.
   */
  | { readonly kind: 'dial'; readonly channel: string; readonly peer: NodeId }
  /**
   * End a link of a `fifo` channel. Nothing of it arrives any more, not even that it is down; the other end is told,
   * behind what was sent to it. What is sent later is lost, until one side dials.
   */
  | { readonly kind: 'hangUp'; readonly channel: string; readonly peer: NodeId }
  /** Where members can be reached, as far as this engine knows; adds to what was said before. */
  | { readonly kind: 'members'; readonly peers: readonly Peer[] }
  /** An application message from another member, in order with deliveries. */
  | { readonly kind: 'application'; readonly channel: string; readonly from: NodeId; readonly payload: Uint8Array };

/** How far a member is, as its leader knows it. */
export interface PeerView {
  readonly id: NodeId;
  /** Tells one disk of the member from another; empty when unknown. */
  readonly directory: string;
  readonly voter: boolean;
  /** End of what it acknowledged as durable; 0 when it has not been heard from. */
  readonly matched: number;
  /** Entries' indexes that it lacks. */
  readonly lag: number;
  /** When it was last heard from, on the engine's clock; −1 when never. */
  readonly lastContactMs: number;
  /** When it last had everything, on the engine's clock; −1 when never. */
  readonly lastCaughtUpMs: number;
}

/** What an engine shows of itself. Made afresh on each call; nothing in it changes later. */
export interface View {
  readonly id: NodeId;
  readonly role: string;
  readonly leading: boolean;
  readonly epoch: number;
  readonly leader: NodeId;
  /** The voter set in force (the last one in the log, committed or not) and the index where it stands. */
  readonly voters: readonly NodeId[];
  readonly votersIndex: number;
  readonly logStart: number;
  readonly logEnd: number;
  /** End of what is known to be on this node's disk. */
  readonly durableEnd: number;
  /** End of what is known to be committed. */
  readonly highWatermark: number;
  readonly uncommittedBytes: number;
  readonly peers: readonly PeerView[];
  /** Why the last transition happened. */
  readonly reason: string;
}

/**
 * A consensus engine: a synchronous, total function of its inputs. No clock, randomness, I/O or promise inside; the
 * driver performs the effects and never calls `step` from within a step.
 */
export interface Engine<Message, Durable> {
  /** @throws AssertionError when an invariant of the engine is broken; the node must then stop. */
  step(input: Input<Message>): readonly Effect<Message, Durable>[];
  view(): View;
}

/** What storage found at start; everything an engine is made from. */
export interface Restored<Durable> {
  /** Null on the very first start. */
  readonly durable: Durable | null;
  /** The latest snapshot with the context from its header and its size in bytes; null when there is none. */
  readonly snapshot: { readonly id: Position; readonly context: Uint8Array; readonly size: number } | null;
  /** First index that the log still holds, and the epoch of the entry before it (0 when there was none). */
  readonly logStart: Position;
  /** The whole log's shape, in order, control payloads included; data payloads may be left empty. */
  readonly entries: Iterable<Entry>;
}

/** What an engine needs to know about its place. */
export interface EngineSetup<Durable> {
  readonly id: NodeId;
  /** Tells a wiped disk from the one that voted before (KIP-853); empty when unknown. */
  readonly directory: string;
  /** Where this member can be reached; empty when the transport knows. */
  readonly address: string;
  /** The first voter set; later ones are in the log. */
  readonly peers: readonly Peer[];
  readonly nowMs: number;
  readonly random: number;
  readonly restored: Restored<Durable>;
}

/** Translates an engine's values to bytes and back. Decoders bound what they allocate and throw on malformed bytes. */
export interface Codec<T> {
  encode(value: T): Uint8Array;
  /** @throws BytesError (or a type of the codec's own) when the bytes are malformed. */
  decode(bytes: Uint8Array): T;
}

/** An engine as a thing to choose: what it declares, how its values look as bytes, and how one is made. */
export interface EngineKind<Message, Durable> {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly channels: readonly ChannelSpec[];
  /** A proposal of more bytes is refused as `tooLarge`; infinite when there is no such bound. */
  readonly entryBytesMax: number;
  readonly messages: Codec<Message>;
  readonly durable: Codec<Durable>;
  /** The message with what its {@link Reference} (on a `fifo` channel: this piece of it) turned into. */
  fill(message: Message, filling: Filling, reference: Reference): Message;
  /** @throws EngineConfigError when a setting is out of its range. */
  create(setup: EngineSetup<Durable>): Engine<Message, Durable>;
}
