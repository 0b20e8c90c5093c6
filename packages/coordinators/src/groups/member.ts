import type { Timer } from '@biquorum/platform';

/** A protocol that a member can follow (an assignor), with what it tells the leader under it. */
export interface MemberProtocol {
  readonly name: string;
  /** Opaque to the coordinator but for the topics of `consumer` members. */
  readonly metadata: Uint8Array;
}

/** What a member is answered when a join phase ends. */
export interface JoinReply {
  readonly error: string;
  readonly generation: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leader: string;
  /** The leader need not assign: the present assignment still holds (KIP-814). */
  readonly skipAssignment: boolean;
  readonly memberId: string;
  /** Only the leader is told who is there. */
  readonly members: readonly JoinedMember[];
}

/** One line of what the leader is told. */
export interface JoinedMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly metadata: Uint8Array;
}

/** What a member is answered when assignments are known. */
export interface SyncReply {
  readonly error: string;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Uint8Array;
}

/** What a member is and how it wants to be treated. */
export interface MemberFacts {
  readonly memberId: string;
  /** `group.instance.id` of a static member (KIP-345), else null. */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
}

/** A member of a classic group. */
export class Member {
  memberId: string;
  readonly groupInstanceId: string | null;
  clientId: string;
  clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: readonly MemberProtocol[];
  assignment: Uint8Array = NO_BYTES;
  /** Parked while it waits for the others to join. */
  joinReply: ((reply: JoinReply) => void) | undefined;
  /** Parked while it waits for the leader's assignment. */
  syncReply: ((reply: SyncReply) => void) | undefined;
  /** It joined for the first time and its client may be gone: it is dropped if the join phase takes very long. */
  isNew = false;
  /** Ends the membership when it fires. */
  session: Timer | undefined;

  constructor(facts: MemberFacts, protocols: readonly MemberProtocol[]) {
    this.memberId = facts.memberId;
    this.groupInstanceId = facts.groupInstanceId;
    this.clientId = facts.clientId;
    this.clientHost = facts.clientHost;
    this.sessionTimeoutMs = facts.sessionTimeoutMs;
    this.rebalanceTimeoutMs = facts.rebalanceTimeoutMs;
    this.protocols = protocols;
  }

  get isStatic(): boolean {
    return this.groupInstanceId !== null;
  }

  /** Would it say the same as before? Then nothing has to be assigned anew. */
  matches(protocols: readonly MemberProtocol[]): boolean {
    return (
      protocols.length === this.protocols.length &&
      protocols.every((protocol, index) => {
        const known = this.protocols[index] as MemberProtocol;
        return protocol.name === known.name && sameBytes(protocol.metadata, known.metadata);
      })
    );
  }

  metadataFor(protocolName: string): Uint8Array {
    return this.protocols.find((protocol) => protocol.name === protocolName)?.metadata ?? NO_BYTES;
  }

  /** The first of its protocols that the whole group can follow: what it votes for. */
  vote(candidates: ReadonlySet<string>): string | undefined {
    return this.protocols.find((protocol) => candidates.has(protocol.name))?.name;
  }
}

const NO_BYTES: Uint8Array = new Uint8Array(0);

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
