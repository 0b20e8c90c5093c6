// Made by scripts/generate.ts from src/metadata-records/brokers.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { brokerRegistrationChangeRecordTable, fenceBrokerRecordTable, registerBrokerRecordTable, unfenceBrokerRecordTable, unregisterBrokerRecordTable } from '../../metadata-records/brokers.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A broker registered, or registered anew.
 *
 * Record type 0, versions 0–3; all flexible.
 */
export interface RegisterBrokerRecord {
  /** Id of the broker. */
  readonly brokerId: number;
  /** Whether the broker still runs on ZooKeeper, during migration. Versions 2+. */
  readonly isMigratingZkBroker: boolean;
  /** Id that the node draws anew at each start. */
  readonly incarnationId: Uuid;
  /** Epoch of the broker’s registration; −1 when unknown. */
  readonly brokerEpoch: number;
  /** Where the node can be reached, by listener. */
  readonly endPoints: readonly RegisterBrokerRecordBrokerEndpoint[];
  /** Features that the node supports, with their ranges of levels. */
  readonly features: readonly RegisterBrokerRecordBrokerFeature[];
  /** Rack of the node; null for none. */
  readonly rack: string | null;
  /** Whether the broker is fenced. Default true. */
  readonly fenced: boolean;
  /** Whether the broker prepares to stop. Versions 1+. */
  readonly inControlledShutdown: boolean;
  /** Ids of the broker’s log directories. Version 3, tag 0. */
  readonly logDirs: readonly Uuid[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `endPoints`. */
export interface RegisterBrokerRecordBrokerEndpoint {
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
export interface RegisterBrokerRecordBrokerFeature {
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
 * A broker's registration was removed.
 *
 * Record type 1, version 0.
 */
export interface UnregisterBrokerRecord {
  /** Id of the broker. */
  readonly brokerId: number;
  /** Epoch of the broker’s registration; −1 when unknown. */
  readonly brokerEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Parts of a broker's registration changed; what is at its default stays as it was.
 *
 * Record type 17, versions 0–2; all flexible.
 */
export interface BrokerRegistrationChangeRecord {
  /** Id of the broker. */
  readonly brokerId: number;
  /** Epoch of the broker’s registration; −1 when unknown. */
  readonly brokerEpoch: number;
  /** 1 fences the broker, −1 unfences it, 0 leaves it as it is. Tag 0. */
  readonly fenced: number;
  /** 1 when the broker prepares to stop, 0 leaves it as it is. Versions 1+, tag 1. */
  readonly inControlledShutdown: number;
  /** Ids of the broker’s log directories. Version 2, tag 2. */
  readonly logDirs: readonly Uuid[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * A broker was fenced; only metadata versions without registration change records use it.
 *
 * Record type 7, version 0.
 */
export interface FenceBrokerRecord {
  /** Id of the broker. */
  readonly id: number;
  /** Epoch of the broker’s registration. */
  readonly epoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * A broker was unfenced; only metadata versions without registration change records use it.
 *
 * Record type 8, version 0.
 */
export interface UnfenceBrokerRecord {
  /** Id of the broker. */
  readonly id: number;
  /** Epoch of the broker’s registration. */
  readonly epoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link RegisterBrokerRecord}. */
export const registerBrokerRecord: MessageCodec<RegisterBrokerRecord> = /* @__PURE__ */ codec(registerBrokerRecordTable);

/** Reads and writes {@link UnregisterBrokerRecord}. */
export const unregisterBrokerRecord: MessageCodec<UnregisterBrokerRecord> = /* @__PURE__ */ codec(unregisterBrokerRecordTable);

/** Reads and writes {@link BrokerRegistrationChangeRecord}. */
export const brokerRegistrationChangeRecord: MessageCodec<BrokerRegistrationChangeRecord> = /* @__PURE__ */ codec(brokerRegistrationChangeRecordTable);

/** Reads and writes {@link FenceBrokerRecord}. */
export const fenceBrokerRecord: MessageCodec<FenceBrokerRecord> = /* @__PURE__ */ codec(fenceBrokerRecordTable);

/** Reads and writes {@link UnfenceBrokerRecord}. */
export const unfenceBrokerRecord: MessageCodec<UnfenceBrokerRecord> = /* @__PURE__ */ codec(unfenceBrokerRecordTable);
