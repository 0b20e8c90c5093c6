// Made by scripts/generate.ts from src/messages/init-producer-id.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { initProducerIdRequestTable, initProducerIdResponseTable } from '../../messages/init-producer-id.ts';

/**
 * Obtains a producer id and epoch; for a transactional id it also fences earlier producers.
 *
 * Request of API 22, versions 0–5; flexible from 2.
 */
export interface InitProducerIdRequest {
  /** Transactional id; null for a producer without transactions. */
  readonly transactionalId: string | null;
  /** Longest time that a transaction may stay open, in milliseconds. */
  readonly transactionTimeoutMs: number;
  /** Id of the producer; −1 for none. Versions 3+, default −1. */
  readonly producerId: number;
  /** Epoch of the producer; −1 for none. Versions 3+, default −1. */
  readonly producerEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The producer id and epoch to use from now on.
 *
 * Response of API 22, versions 0–5; flexible from 2.
 */
export interface InitProducerIdResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Id of the producer; −1 for none. Default −1. */
  readonly producerId: number;
  /** Epoch of the producer; −1 for none. */
  readonly producerEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link InitProducerIdRequest}. */
export const initProducerIdRequest: MessageCodec<InitProducerIdRequest> = /* @__PURE__ */ codec(initProducerIdRequestTable);

/** Reads and writes {@link InitProducerIdResponse}. */
export const initProducerIdResponse: MessageCodec<InitProducerIdResponse> = /* @__PURE__ */ codec(initProducerIdResponseTable);
