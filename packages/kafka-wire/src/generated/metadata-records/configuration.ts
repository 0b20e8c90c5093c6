// Made by scripts/generate.ts from src/metadata-records/configuration.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { clientQuotaRecordTable, configRecordTable, featureLevelRecordTable } from '../../metadata-records/configuration.ts';

/**
 * A configuration key was set, or deleted when the value is null.
 *
 * Record type 4, version 0.
 */
export interface ConfigRecord {
  /** Kind of resource: 2 topic, 4 broker, 8 broker logger, 16 client metrics. */
  readonly resourceType: number;
  /** Name of the resource. */
  readonly resourceName: string;
  /** Key of the entry. */
  readonly name: string;
  /** Value; null deletes the entry. */
  readonly value: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * A quota was set or removed.
 *
 * Record type 14, version 0.
 */
export interface ClientQuotaRecord {
  /** The parts that together name the entity. */
  readonly entity: readonly ClientQuotaRecordEntityData[];
  /** Name of the quota, such as `producer_byte_rate`. */
  readonly key: string;
  /** Value of the quota. */
  readonly value: number;
  /** True to remove the quota, false to set it. */
  readonly remove: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `entity`. */
export interface ClientQuotaRecordEntityData {
  /** What the name stands for: `user`, `client-id` or `ip`. */
  readonly entityType: string;
  /** Name of the user, client id or address; null for the default of its type. */
  readonly entityName: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The finalized level of a feature was set; level 0 removes it.
 *
 * Record type 12, version 0.
 */
export interface FeatureLevelRecord {
  /** Name of the feature. */
  readonly name: string;
  /** Finalized level of the feature; 0 removes it. */
  readonly featureLevel: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ConfigRecord}. */
export const configRecord: MessageCodec<ConfigRecord> = /* @__PURE__ */ codec(configRecordTable);

/** Reads and writes {@link ClientQuotaRecord}. */
export const clientQuotaRecord: MessageCodec<ClientQuotaRecord> = /* @__PURE__ */ codec(clientQuotaRecordTable);

/** Reads and writes {@link FeatureLevelRecord}. */
export const featureLevelRecord: MessageCodec<FeatureLevelRecord> = /* @__PURE__ */ codec(featureLevelRecordTable);
