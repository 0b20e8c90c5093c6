import type { NodeId, Outcome, Proposal, Token } from '@biquorum/consensus';
import type { LoggedTxn, QuorumPacket, TouchedSession, Zxid } from '@biquorum/zookeeper-wire';
import type { Pipeline } from '../server/pipeline.ts';
import type { Server } from '../server/server.ts';
import type { GlobalSessions } from './global-sessions.ts';

/** What a server does with its clients' requests for as long as it leads or follows. */
export interface Role extends Pipeline {
  readonly name: 'leader' | 'follower' | 'observer';
  /** A packet of the application from the other end of a link. */
  received(from: NodeId, packet: QuorumPacket): void;
  /** A learner has told which sessions it has heard of. */
  touched(sessions: readonly TouchedSession[]): void;
  /** What has become of a proposal. */
  settled(token: Token, outcome: Outcome): void;
  /** A transaction that this server has prepared itself, if so. */
  prepared(zxid: Zxid): LoggedTxn | undefined;
  /** Everything up to this transaction is applied. */
  applied(zxid: Zxid): void;
  sessionCreated(sessionId: bigint, timeoutMs: number): void;
  sessionClosed(sessionId: bigint): void;
  /** To be called about once a tick. */
  tick(): void;
}

/** What a {@link Role} works with. */
export interface RoleSurroundings {
  readonly server: Server;
  readonly sessions: GlobalSessions;
  readonly clock: { wallMs(): number; monotonicMs(): number };
  propose(proposal: Proposal): Token;
  /** Whether more is welcome beneath. */
  hasRoom(): boolean;
  /**
   * Sends a packet in order with those of the engine.
   *
   * @param afterCommit not before everything is committed that was proposed before
   * @returns False when there is no room: it was not sent
   */
  send(to: NodeId, packet: QuorumPacket, afterCommit?: boolean): boolean;
}
