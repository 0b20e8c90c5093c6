// Made by scripts/generate.ts from src/metadata-records/controllers.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { noOpRecordTable, registerControllerRecordTable, zkMigrationStateRecordTable } from '../../metadata-records/controllers.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A controller registered.
 *
 * Record type 27, version 0.
 */
export interface RegisterControllerRecord {
  /** Node id of the controller that registered. */
  readonly controllerId: number;
  /** Id that the node draws anew at each start. */
  readonly incarnationId: Uuid;
  /** Whether the node is ready for the move from ZooKeeper. */
  readonly zkMigrationReady: boolean;
  /** Where the node can be reached, by listener. */
  readonly endPoints: readonly RegisterControllerRecordControllerEndpoint[];
  /** Features that the node supports, with their ranges of levels. */
  readonly features: readonly RegisterControllerRecordControllerFeature[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `endPoints`. */
export interface RegisterControllerRecordControllerEndpoint {
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
export interface RegisterControllerRecordControllerFeature {
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
 * Changes nothing; written when idle, so that followers can tell a quiet leader from a dead one.
 *
 * Record type 20, version 0.
 */
export interface NoOpRecord {
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * How far the move from ZooKeeper to KRaft has come.
 *
 * Record type 21, version 0.
 */
export interface ZkMigrationStateRecord {
  /** How far the move is: 0 none, 1 under way, 2 before, 3 done. */
  readonly zkMigrationState: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link RegisterControllerRecord}. */
export const registerControllerRecord: MessageCodec<RegisterControllerRecord> = /* @__PURE__ */ codec(registerControllerRecordTable);

/** Reads and writes {@link NoOpRecord}. */
export const noOpRecord: MessageCodec<NoOpRecord> = /* @__PURE__ */ codec(noOpRecordTable);

/** Reads and writes {@link ZkMigrationStateRecord}. */
export const zkMigrationStateRecord: MessageCodec<ZkMigrationStateRecord> = /* @__PURE__ */ codec(zkMigrationStateRecordTable);
