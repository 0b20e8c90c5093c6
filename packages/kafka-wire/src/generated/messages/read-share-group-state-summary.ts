// Made by scripts/generate.ts from src/messages/read-share-group-state-summary.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { readShareGroupStateSummaryRequestTable, readShareGroupStateSummaryResponseTable } from '../../messages/read-share-group-state-summary.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Reads where share partitions start, without their batches.
 *
 * Request of API 87, version 0; the newest version is not stable.
 */
export interface ReadShareGroupStateSummaryRequest {
  /** Id of the group. */
  readonly groupId: string;
  /** The topics, one element each. */
  readonly topics: readonly ReadShareGroupStateSummaryRequestReadStateSummaryData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface ReadShareGroupStateSummaryRequestReadStateSummaryData {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly ReadShareGroupStateSummaryRequestPartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface ReadShareGroupStateSummaryRequestPartitionData {
  /** Partition number. */
  readonly partition: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The start offset of each share partition.
 *
 * Response of API 87, version 0.
 */
export interface ReadShareGroupStateSummaryResponse {
  /** The outcomes, one element each. */
  readonly results: readonly ReadShareGroupStateSummaryResponseReadStateSummaryResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface ReadShareGroupStateSummaryResponseReadStateSummaryResult {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly ReadShareGroupStateSummaryResponsePartitionResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface ReadShareGroupStateSummaryResponsePartitionResult {
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
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ReadShareGroupStateSummaryRequest}. */
export const readShareGroupStateSummaryRequest: MessageCodec<ReadShareGroupStateSummaryRequest> = /* @__PURE__ */ codec(readShareGroupStateSummaryRequestTable);

/** Reads and writes {@link ReadShareGroupStateSummaryResponse}. */
export const readShareGroupStateSummaryResponse: MessageCodec<ReadShareGroupStateSummaryResponse> = /* @__PURE__ */ codec(readShareGroupStateSummaryResponseTable);
