import type { Uuid } from '@biquorum/kafka-wire';
import type { BrokerEpoch, BrokerView, Endpoint, FeatureRange, NodeId, SecurityProtocol } from '@biquorum/metadata';

/** A broker as it registered, and what the controller has decided about it since. */
export interface BrokerRegistration extends BrokerView {
  readonly epoch: BrokerEpoch;
  readonly incarnationId: Uuid;
  readonly features: ReadonlyMap<string, FeatureRange>;
  /** Ids of the directories that work; empty below 3.7-IV2. */
  readonly directories: readonly Uuid[];
  readonly isMigratingZkBroker: boolean;
  /** Where in the log its RegisterBrokerRecord stands; a broker is caught up when it has read so far. */
  readonly registeredAt: number;
}

/** A controller as it registered. */
export interface ControllerRegistration {
  readonly id: NodeId;
  readonly incarnationId: Uuid;
  readonly zkMigrationReady: boolean;
  readonly endpoints: readonly Endpoint[];
  readonly features: ReadonlyMap<string, FeatureRange>;
}

/** Unfenced and not shutting down: may lead, may be in an ISR. */
export function isActive(broker: BrokerView | undefined): boolean {
  return broker !== undefined && !broker.fenced && !broker.shuttingDown;
}

const PROTOCOLS: readonly SecurityProtocol[] = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];

/** Kafka's number of a security protocol. */
export function securityProtocolCode(protocol: SecurityProtocol): number {
  return PROTOCOLS.indexOf(protocol);
}

/** The security protocol of this number, or undefined. */
export function securityProtocolOf(code: number): SecurityProtocol | undefined {
  return PROTOCOLS[code];
}
