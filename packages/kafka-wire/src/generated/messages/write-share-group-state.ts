// Made by scripts/generate.ts from src/messages/write-share-group-state.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { writeShareGroupStateRequestTable, writeShareGroupStateResponseTable } from '../../messages/write-share-group-state.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Stores changes to the state of share partitions.
 *
 * Request of API 85, version 0; the newest version is not stable.
 */
export interface WriteShareGroupStateRequest {
  /** Id of the group. */
  readonly groupId: string;
  /** The topics, one element each. */
  readonly topics: readonly WriteShareGroupStateRequestWriteStateData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface WriteShareGroupStateRequestWriteStateData {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly WriteShareGroupStateRequestPartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface WriteShareGroupStateRequestPartitionData {
  /** Partition number. */
  readonly partition: number;
  /** Epoch of the share partition’s state. */
  readonly stateEpoch: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** First offset that is not settled yet; −1 leaves it as it is. */
  readonly startOffset: number;
  /** Ranges of records with the same state. */
  readonly stateBatches: readonly WriteShareGroupStateRequestStateBatch[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `stateBatches`. */
export interface WriteShareGroupStateRequestStateBatch {
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

/**
 * The outcome for each share partition.
 *
 * Response of API 85, version 0.
 */
export interface WriteShareGroupStateResponse {
  /** The outcomes, one element each. */
  readonly results: readonly WriteShareGroupStateResponseWriteStateResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface WriteShareGroupStateResponseWriteStateResult {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly WriteShareGroupStateResponsePartitionResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface WriteShareGroupStateResponsePartitionResult {
  /** Partition number. */
  readonly partition: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link WriteShareGroupStateRequest}. */
export const writeShareGroupStateRequest: MessageCodec<WriteShareGroupStateRequest> = /* @__PURE__ */ codec(writeShareGroupStateRequestTable);

/** Reads and writes {@link WriteShareGroupStateResponse}. */
export const writeShareGroupStateResponse: MessageCodec<WriteShareGroupStateResponse> = /* @__PURE__ */ codec(writeShareGroupStateResponseTable);
