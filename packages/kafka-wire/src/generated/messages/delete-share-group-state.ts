// Made by scripts/generate.ts from src/messages/delete-share-group-state.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { deleteShareGroupStateRequestTable, deleteShareGroupStateResponseTable } from '../../messages/delete-share-group-state.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Deletes the stored state of share partitions.
 *
 * Request of API 86, version 0; the newest version is not stable.
 */
export interface DeleteShareGroupStateRequest {
  /** Id of the group. */
  readonly groupId: string;
  /** The topics, one element each. */
  readonly topics: readonly DeleteShareGroupStateRequestDeleteStateData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface DeleteShareGroupStateRequestDeleteStateData {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly DeleteShareGroupStateRequestPartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface DeleteShareGroupStateRequestPartitionData {
  /** Partition number. */
  readonly partition: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each share partition.
 *
 * Response of API 86, version 0.
 */
export interface DeleteShareGroupStateResponse {
  /** The outcomes, one element each. */
  readonly results: readonly DeleteShareGroupStateResponseDeleteStateResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface DeleteShareGroupStateResponseDeleteStateResult {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly DeleteShareGroupStateResponsePartitionResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface DeleteShareGroupStateResponsePartitionResult {
  /** Partition number. */
  readonly partition: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DeleteShareGroupStateRequest}. */
export const deleteShareGroupStateRequest: MessageCodec<DeleteShareGroupStateRequest> = /* @__PURE__ */ codec(deleteShareGroupStateRequestTable);

/** Reads and writes {@link DeleteShareGroupStateResponse}. */
export const deleteShareGroupStateResponse: MessageCodec<DeleteShareGroupStateResponse> = /* @__PURE__ */ codec(deleteShareGroupStateResponseTable);
