import type { BrokerEpoch, Endpoint, FeatureRange, NodeId } from '@biquorum/metadata';

/** A directory that holds logs. */
export interface LogDirectory {
  readonly path: string;
  /** `directory.id` of its meta.properties, 22 characters of base64url; null before the mode that writes one ran here. */
  readonly id: string | null;
}

/** Who this broker is, for the time of one process. */
export interface BrokerIdentity {
  readonly id: NodeId;
  /** A fresh uuid per start: tells a restart from a second broker under the same id. */
  readonly incarnationId: string;
  readonly rack: string | null;
  readonly directories: readonly LogDirectory[];
  /** Epoch of the registration before the last stop when that stop was clean, else −1 (KIP-966). */
  readonly previousBrokerEpoch: BrokerEpoch;
  readonly supportedFeatures: ReadonlyMap<string, FeatureRange>;
}

/** What others are told about a broker. */
export interface Registration {
  /** The advertised endpoints, first the one that old clients are told. */
  readonly endpoints: readonly Endpoint[];
}
