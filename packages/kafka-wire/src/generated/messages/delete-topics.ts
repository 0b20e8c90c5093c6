// Made by scripts/generate.ts from src/messages/delete-topics.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { deleteTopicsRequestTable, deleteTopicsResponseTable } from '../../messages/delete-topics.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Deletes topics, by name or, from version 6 on, by id.
 *
 * Request of API 20, versions 0–6; flexible from 4; deprecated: 0.
 */
export interface DeleteTopicsRequest {
  /** The topics, one element each. Version 6. */
  readonly topics: readonly DeleteTopicsRequestDeleteTopicState[];
  /** Names of the topics. Versions 0–5. */
  readonly topicNames: readonly string[];
  /** Longest time to wait for the work to be done, in milliseconds. */
  readonly timeoutMs: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface DeleteTopicsRequestDeleteTopicState {
  /** Name of the topic. Version 6. */
  readonly name: string | null;
  /** Id of the topic; zero when unknown. Version 6. */
  readonly topicId: Uuid;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each topic that was to be deleted.
 *
 * Response of API 20, versions 0–6; flexible from 4.
 */
export interface DeleteTopicsResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 1+.
   */
  readonly throttleTimeMs: number;
  /** The outcomes, one element each. */
  readonly responses: readonly DeleteTopicsResponseDeletableTopicResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `responses`. */
export interface DeleteTopicsResponseDeletableTopicResult {
  /** Name of the topic. */
  readonly name: string | null;
  /** Id of the topic; zero when unknown. Version 6. */
  readonly topicId: Uuid;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. Versions 5+. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DeleteTopicsRequest}. */
export const deleteTopicsRequest: MessageCodec<DeleteTopicsRequest> = /* @__PURE__ */ codec(deleteTopicsRequestTable);

/** Reads and writes {@link DeleteTopicsResponse}. */
export const deleteTopicsResponse: MessageCodec<DeleteTopicsResponse> = /* @__PURE__ */ codec(deleteTopicsResponseTable);
