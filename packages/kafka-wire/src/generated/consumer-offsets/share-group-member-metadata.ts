// Made by scripts/generate.ts from src/consumer-offsets/share-group-member-metadata.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { shareGroupMemberMetadataKeyTable, shareGroupMemberMetadataValueTable } from '../../consumer-offsets/share-group-member-metadata.ts';

/**
 * Key of a share group member.
 *
 * Data, version 10.
 */
export interface ShareGroupMemberMetadataKey {
  /** Id of the group. */
  readonly groupId: string;
  /** Id of the member. */
  readonly memberId: string;
}

/**
 * What a share group member told about itself.
 *
 * Data, version 0.
 */
export interface ShareGroupMemberMetadataValue {
  /** Rack of the sender; null or empty for none. */
  readonly rackId: string | null;
  /** Name that the client gave itself. */
  readonly clientId: string;
  /** Address from which the member connects. */
  readonly clientHost: string;
  /** Names of the topics that the member wants; null in a heartbeat when unchanged. */
  readonly subscribedTopicNames: readonly string[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ShareGroupMemberMetadataKey}. */
export const shareGroupMemberMetadataKey: MessageCodec<ShareGroupMemberMetadataKey> = /* @__PURE__ */ codec(shareGroupMemberMetadataKeyTable);

/** Reads and writes {@link ShareGroupMemberMetadataValue}. */
export const shareGroupMemberMetadataValue: MessageCodec<ShareGroupMemberMetadataValue> = /* @__PURE__ */ codec(shareGroupMemberMetadataValueTable);
