import type { NodeId } from '@biquorum/consensus';
import type { Sent } from '../core.ts';
import type { ReplicaKey, ReplyMessage } from '../messages.ts';

export type RoleName = 'unattached' | 'prospective' | 'candidate' | 'leader' | 'follower' | 'resigned';

/** One state of a node. It lives as long as the node stays in it. */
export interface Role {
  readonly name: RoleName;
  readonly epoch: number;
  /** The leader of `epoch`, −1 when not known. */
  readonly leader: NodeId;
  /** Whom this node voted for in `epoch`. */
  readonly voted: ReplicaKey | null;
  /** When it stands for election if nothing else happens; kept when all that is learnt is that a larger epoch exists. */
  readonly electionAtMs: number;
  /** The node has just entered this state and made it durable. */
  start(): void;
  /** Time has passed. */
  tick(): void;
  /** The answer to a request that this node sent; its epoch is the one of this state. */
  onReply(sent: Sent, reply: ReplyMessage): void;
  /** A request was lost: it timed out, or its link went down. */
  onFailure(sent: Sent): void;
  /** The node goes into another state: settle what depends on this one. */
  leave(): void;
}
