import type { Broker } from '@biquorum/broker';

/** A node's process, in whatever mode: made, then started, then stopped. */
export interface RunningNode {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Undefined where the node is a controller only. */
  readonly broker: Broker | undefined;
  /** The epoch in which it is the active controller; undefined when it is not. */
  readonly activeEpoch: number | undefined;
  /** `host:port` of its first listener; empty while it is not bound. */
  readonly address: string;
}
