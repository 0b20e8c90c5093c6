import type { NodeId, PeerView, Proposal, Token } from '@biquorum/consensus';
import type { LearnerMessage, ServerState } from '../messages.ts';

/** How far a server is with its leader (Java's ZabState). */
export type Phase = 'election' | 'discovery' | 'synchronization' | 'broadcast';

/** One state of a server. It lives as long as the server stays in it. */
export interface Role {
  readonly state: ServerState;
  readonly phase: Phase;
  /** The server that this one follows, itself when it leads; −1 while it looks for one. */
  readonly leader: NodeId;
  /** The server has just entered this state. */
  start(): void;
  /** Time has passed. */
  tick(): void;
  /** A packet on a learner link. */
  onMessage(from: NodeId, message: LearnerMessage): void;
  /** A learner link came up or went down. */
  onLink(peer: NodeId, up: boolean): void;
  /** Writes have finished. */
  onWritten(): void;
  /** A received snapshot is in place; false when it was damaged. */
  onInstalled(whole: boolean): void;
  /** A snapshot of this server's machine is on the disk. */
  onSnapshot(): void;
  /** The application sends a packet to a member. */
  application(to: NodeId, payload: Uint8Array, afterCommit: boolean): void;
  /** The server goes into another state: settle what depends on this one. */
  leave(): void;
}

/** What only the state of a leader can do. */
export interface Leading extends Role {
  readonly uncommittedBytes: number;
  readonly peers: readonly PeerView[];
  propose(proposals: readonly { readonly token: Token; readonly proposal: Proposal }[]): void;
  read(token: Token): void;
}
