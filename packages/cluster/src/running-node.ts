import type { Broker } from '@biquorum/broker';
import type { QuorumStanding } from './inspection.ts';

/** A node's process, in whatever mode: made, then started, then stopped. */
export interface RunningNode {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Undefined where the node is a controller only. */
  readonly broker: Broker | undefined;
  /** The epoch in which it is the active controller; undefined when it is not. */
  readonly activeEpoch: number | undefined;
  /** How it stands in the quorum that it votes in; undefined of a broker alone, and while it does not run. */
  readonly quorum: QuorumStanding | undefined;
  /** `host:port` of its first listener; empty while it is not bound. */
  readonly address: string;
}
