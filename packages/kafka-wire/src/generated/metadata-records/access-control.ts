// Made by scripts/generate.ts from src/metadata-records/access-control.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { accessControlEntryRecordTable, removeAccessControlEntryRecordTable } from '../../metadata-records/access-control.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * An access control entry was added.
 *
 * Record type 18, version 0.
 */
export interface AccessControlEntryRecord {
  /** Id of the entry. */
  readonly id: Uuid;
  /** Kind of resource: 2 topic, 3 group, 4 cluster, 5 transactional id, 6 delegation token, 7 user. */
  readonly resourceType: number;
  /** Name of the resource. */
  readonly resourceName: string;
  /** How the resource name is meant: 3 literally, 4 as a prefix. */
  readonly patternType: number;
  /** Principal, as `type:name`. */
  readonly principal: string;
  /** Host that the entry is about; `*` for any. */
  readonly host: string;
  /**
   * Operation: 1 any, 2 all, 3 read, 4 write, 5 create, 6 delete, 7 alter, 8 describe, 9 cluster action, 10 describe
   * configs, 11 alter configs, 12 idempotent write, 13 create tokens, 14 describe tokens; 0 unknown.
   */
  readonly operation: number;
  /** Permission: 1 any (in filters), 2 deny, 3 allow; 0 unknown. */
  readonly permissionType: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * An access control entry was deleted.
 *
 * Record type 19, version 0.
 */
export interface RemoveAccessControlEntryRecord {
  /** Id of the entry. */
  readonly id: Uuid;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link AccessControlEntryRecord}. */
export const accessControlEntryRecord: MessageCodec<AccessControlEntryRecord> = /* @__PURE__ */ codec(accessControlEntryRecordTable);

/** Reads and writes {@link RemoveAccessControlEntryRecord}. */
export const removeAccessControlEntryRecord: MessageCodec<RemoveAccessControlEntryRecord> = /* @__PURE__ */ codec(removeAccessControlEntryRecordTable);
