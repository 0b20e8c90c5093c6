// Made by scripts/generate.ts from src/messages/initialize-share-group-state.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { initializeShareGroupStateRequestTable, initializeShareGroupStateResponseTable } from '../../messages/initialize-share-group-state.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Creates the stored state of share partitions.
 *
 * Request of API 83, version 0; the newest version is not stable.
 */
export interface InitializeShareGroupStateRequest {
  /** Id of the group. */
  readonly groupId: string;
  /** The topics, one element each. */
  readonly topics: readonly InitializeShareGroupStateRequestInitializeStateData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface InitializeShareGroupStateRequestInitializeStateData {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly InitializeShareGroupStateRequestPartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface InitializeShareGroupStateRequestPartitionData {
  /** Partition number. */
  readonly partition: number;
  /** Epoch of the share partition’s state. */
  readonly stateEpoch: number;
  /** First offset that is not settled yet; −1 when not set. */
  readonly startOffset: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each share partition.
 *
 * Response of API 83, version 0.
 */
export interface InitializeShareGroupStateResponse {
  /** The outcomes, one element each. */
  readonly results: readonly InitializeShareGroupStateResponseInitializeStateResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface InitializeShareGroupStateResponseInitializeStateResult {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly InitializeShareGroupStateResponsePartitionResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface InitializeShareGroupStateResponsePartitionResult {
  /** Partition number. */
  readonly partition: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link InitializeShareGroupStateRequest}. */
export const initializeShareGroupStateRequest: MessageCodec<InitializeShareGroupStateRequest> = /* @__PURE__ */ codec(initializeShareGroupStateRequestTable);

/** Reads and writes {@link InitializeShareGroupStateResponse}. */
export const initializeShareGroupStateResponse: MessageCodec<InitializeShareGroupStateResponse> = /* @__PURE__ */ codec(initializeShareGroupStateResponseTable);
