// Made by scripts/generate.ts from src/messages/read-share-group-state.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { readShareGroupStateRequestTable, readShareGroupStateResponseTable } from '../../messages/read-share-group-state.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Reads the stored state of share partitions.
 *
 * Request of API 84, version 0; the newest version is not stable.
 */
export interface ReadShareGroupStateRequest {
  /** Id of the group. */
  readonly groupId: string;
  /** The topics, one element each. */
  readonly topics: readonly ReadShareGroupStateRequestReadStateData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface ReadShareGroupStateRequestReadStateData {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly ReadShareGroupStateRequestPartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface ReadShareGroupStateRequestPartitionData {
  /** Partition number. */
  readonly partition: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * State of each share partition, as batches of offsets.
 *
 * Response of API 84, version 0.
 */
export interface ReadShareGroupStateResponse {
  /** The outcomes, one element each. */
  readonly results: readonly ReadShareGroupStateResponseReadStateResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface ReadShareGroupStateResponseReadStateResult {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly ReadShareGroupStateResponsePartitionResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface ReadShareGroupStateResponsePartitionResult {
  /** Partition number. */
  readonly partition: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Epoch of the share partition’s state. */
  readonly stateEpoch: number;
  /** First offset that is not settled yet; −1 when not set. */
  readonly startOffset: number;
  /** Ranges of records with the same state. */
  readonly stateBatches: readonly ReadShareGroupStateResponseStateBatch[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `stateBatches`. */
export interface ReadShareGroupStateResponseStateBatch {
  /** First offset of the range. */
  readonly firstOffset: number;
  /** Last offset of the range, included. */
  readonly lastOffset: number;
  /** State of the records: 0 available, 2 acknowledged, 4 archived. */
  readonly deliveryState: number;
  /** How often the records were handed out. */
  readonly deliveryCount: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ReadShareGroupStateRequest}. */
export const readShareGroupStateRequest: MessageCodec<ReadShareGroupStateRequest> = /* @__PURE__ */ codec(readShareGroupStateRequestTable);

/** Reads and writes {@link ReadShareGroupStateResponse}. */
export const readShareGroupStateResponse: MessageCodec<ReadShareGroupStateResponse> = /* @__PURE__ */ codec(readShareGroupStateResponseTable);
