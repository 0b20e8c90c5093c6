// Made by scripts/generate.ts from src/consumer-offsets/group-metadata.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { groupMetadataKeyTable, groupMetadataValueTable } from '../../consumer-offsets/group-metadata.ts';

/**
 * Key of a classic group.
 *
 * Data, version 2.
 */
export interface GroupMetadataKey {
  /** Id of the group. */
  readonly group: string;
}

/**
 * A generation of a classic group with its members, written in version 3.
 *
 * Data, versions 0–4; flexible from 4.
 */
export interface GroupMetadataValue {
  /** What the group does, such as `consumer` or `connect`. */
  readonly protocolType: string;
  /** Generation of the group. */
  readonly generation: number;
  /** Name of the chosen protocol; null for none. */
  readonly protocol: string | null;
  /** Member id of the group’s leader; null for none. */
  readonly leader: string | null;
  /** When the group entered its state, in milliseconds since 1970; −1 when unknown. Versions 2+, default −1. */
  readonly currentStateTimestamp: number;
  /** The members, one element each. */
  readonly members: readonly GroupMetadataValueMemberMetadata[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `members`. */
export interface GroupMetadataValueMemberMetadata {
  /** Id of the member. */
  readonly memberId: string;
  /** Name of a static member, which survives restarts; null for a dynamic one. Versions 3+. */
  readonly groupInstanceId: string | null;
  /** Name that the client gave itself. */
  readonly clientId: string;
  /** Address from which the member connects. */
  readonly clientHost: string;
  /** Longest time that the member may take to rejoin, in milliseconds; −1 when unknown. Versions 1+, default −1. */
  readonly rebalanceTimeout: number;
  /** Time without heartbeats after which the member is dropped, in milliseconds. */
  readonly sessionTimeout: number;
  /** What the member subscribes to, in the encoding of the group’s protocol type. */
  readonly subscription: Uint8Array;
  /** The member’s share of the work, in the encoding of the group’s protocol type. */
  readonly assignment: Uint8Array;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link GroupMetadataKey}. */
export const groupMetadataKey: MessageCodec<GroupMetadataKey> = /* @__PURE__ */ codec(groupMetadataKeyTable);

/** Reads and writes {@link GroupMetadataValue}. */
export const groupMetadataValue: MessageCodec<GroupMetadataValue> = /* @__PURE__ */ codec(groupMetadataValueTable);
