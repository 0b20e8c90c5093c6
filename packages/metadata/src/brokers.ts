import type { BrokerEpoch, NodeId } from './ids.ts';

/** How records on a listener are protected. The names are Kafka's. */
export type SecurityProtocol = 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';

/** Where a broker can be reached by those who use the listener of this name. */
export interface Endpoint {
  readonly listener: string;
  readonly host: string;
  /** 0 to 65535. */
  readonly port: number;
  readonly securityProtocol: SecurityProtocol;
}

/** The levels of a feature that a node can run at, both ends included. */
export interface FeatureRange {
  readonly min: number;
  readonly max: number;
}

/** A registered broker. A broker that is gone is absent, one that is fenced is here and `fenced`. */
export interface BrokerView {
  readonly id: NodeId;
  /** Null where the mode does not tell other brokers' epochs (ZooKeeper mode). */
  readonly epoch: BrokerEpoch | null;
  readonly endpoints: readonly Endpoint[];
  /** `broker.rack`. */
  readonly rack: string | null;
  /** True: registered but not serving; leads nothing and is in no ISR. Always false in ZooKeeper mode. */
  readonly fenced: boolean;
  /** True during a controlled shutdown. Always false in ZooKeeper mode. */
  readonly shuttingDown: boolean;
}

/** The broker's endpoint on a listener, or undefined: clients of one listener never hear of another's addresses. */
export function endpointOn(broker: BrokerView, listener: string): Endpoint | undefined {
  return broker.endpoints.find((endpoint) => endpoint.listener === listener);
}
