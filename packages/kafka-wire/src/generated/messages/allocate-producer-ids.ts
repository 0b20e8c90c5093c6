// Made by scripts/generate.ts from src/messages/allocate-producer-ids.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { allocateProducerIdsRequestTable, allocateProducerIdsResponseTable } from '../../messages/allocate-producer-ids.ts';

/**
 * A broker asks the controller for a block of producer ids.
 *
 * Request of API 67, version 0.
 */
export interface AllocateProducerIdsRequest {
  /** Id of the broker. */
  readonly brokerId: number;
  /** Epoch of the broker’s registration; −1 when unknown. Default −1. */
  readonly brokerEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The block of producer ids that the broker may hand out.
 *
 * Response of API 67, version 0.
 */
export interface AllocateProducerIdsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** First producer id of the block. */
  readonly producerIdStart: number;
  /** How many producer ids the block has. */
  readonly producerIdLen: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link AllocateProducerIdsRequest}. */
export const allocateProducerIdsRequest: MessageCodec<AllocateProducerIdsRequest> = /* @__PURE__ */ codec(allocateProducerIdsRequestTable);

/** Reads and writes {@link AllocateProducerIdsResponse}. */
export const allocateProducerIdsResponse: MessageCodec<AllocateProducerIdsResponse> = /* @__PURE__ */ codec(allocateProducerIdsResponseTable);
