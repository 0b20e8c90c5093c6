// Made by scripts/generate.ts from src/messages/add-offsets-to-txn.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { addOffsetsToTxnRequestTable, addOffsetsToTxnResponseTable } from '../../messages/add-offsets-to-txn.ts';

/**
 * Makes the offsets of a consumer group part of a transaction.
 *
 * Request of API 25, versions 0–4; flexible from 3.
 */
export interface AddOffsetsToTxnRequest {
  /** Transactional id. */
  readonly transactionalId: string;
  /** Id of the producer; −1 for none. */
  readonly producerId: number;
  /** Epoch of the producer; −1 for none. */
  readonly producerEpoch: number;
  /** Id of the group. */
  readonly groupId: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Whether the group's offsets became part of the transaction.
 *
 * Response of API 25, versions 0–4; flexible from 3.
 */
export interface AddOffsetsToTxnResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link AddOffsetsToTxnRequest}. */
export const addOffsetsToTxnRequest: MessageCodec<AddOffsetsToTxnRequest> = /* @__PURE__ */ codec(addOffsetsToTxnRequestTable);

/** Reads and writes {@link AddOffsetsToTxnResponse}. */
export const addOffsetsToTxnResponse: MessageCodec<AddOffsetsToTxnResponse> = /* @__PURE__ */ codec(addOffsetsToTxnResponseTable);
