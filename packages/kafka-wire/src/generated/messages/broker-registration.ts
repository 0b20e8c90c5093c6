// Made by scripts/generate.ts from src/messages/broker-registration.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { brokerRegistrationRequestTable, brokerRegistrationResponseTable } from '../../messages/broker-registration.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * KRaft mode: a starting broker registers with the active controller.
 *
 * Request of API 62, versions 0–4; all flexible.
 */
export interface BrokerRegistrationRequest {
  /** Id of the broker. */
  readonly brokerId: number;
  /** Id of the cluster; null when unknown. */
  readonly clusterId: string;
  /** Id that the node draws anew at each start. */
  readonly incarnationId: Uuid;
  /** Where the node can be reached, by listener. */
  readonly listeners: readonly BrokerRegistrationRequestListener[];
  /** Features that the node supports, with their ranges of levels. */
  readonly features: readonly BrokerRegistrationRequestFeature[];
  /** Rack of the node; null for none. */
  readonly rack: string | null;
  /** Whether the broker still runs on ZooKeeper, during migration. Versions 1+. */
  readonly isMigratingZkBroker: boolean;
  /** Ids of the broker’s log directories. Versions 2+. */
  readonly logDirs: readonly Uuid[];
  /** Epoch before the last clean stop; −1 when the stop was not clean. Versions 3+, default −1. */
  readonly previousBrokerEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `listeners`. */
export interface BrokerRegistrationRequestListener {
  /** Name of the listener. */
  readonly name: string;
  /** Host name or address. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /** Security of the listener: 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL. */
  readonly securityProtocol: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `features`. */
export interface BrokerRegistrationRequestFeature {
  /** Name of the feature. */
  readonly name: string;
  /** Lowest level that the node supports. */
  readonly minSupportedVersion: number;
  /** Highest level that the node supports. */
  readonly maxSupportedVersion: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The epoch that the registration was given.
 *
 * Response of API 62, versions 0–4; all flexible.
 */
export interface BrokerRegistrationResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Epoch of the broker’s registration; −1 when unknown. Default −1. */
  readonly brokerEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link BrokerRegistrationRequest}. */
export const brokerRegistrationRequest: MessageCodec<BrokerRegistrationRequest> = /* @__PURE__ */ codec(brokerRegistrationRequestTable);

/** Reads and writes {@link BrokerRegistrationResponse}. */
export const brokerRegistrationResponse: MessageCodec<BrokerRegistrationResponse> = /* @__PURE__ */ codec(brokerRegistrationResponseTable);
