// Made by scripts/generate.ts from src/messages/end-txn.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { endTxnRequestTable, endTxnResponseTable } from '../../messages/end-txn.ts';

/**
 * Commits or aborts a transaction.
 *
 * Request of API 26, versions 0–4; flexible from 3.
 */
export interface EndTxnRequest {
  /** Transactional id. */
  readonly transactionalId: string;
  /** Id of the producer; −1 for none. */
  readonly producerId: number;
  /** Epoch of the producer; −1 for none. */
  readonly producerEpoch: number;
  /** True to commit, false to abort. */
  readonly committed: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Whether the decision was logged; the markers follow later.
 *
 * Response of API 26, versions 0–4; flexible from 3.
 */
export interface EndTxnResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link EndTxnRequest}. */
export const endTxnRequest: MessageCodec<EndTxnRequest> = /* @__PURE__ */ codec(endTxnRequestTable);

/** Reads and writes {@link EndTxnResponse}. */
export const endTxnResponse: MessageCodec<EndTxnResponse> = /* @__PURE__ */ codec(endTxnResponseTable);
