// Made by scripts/generate.ts from src/messages/envelope.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { envelopeRequestTable, envelopeResponseTable } from '../../messages/envelope.ts';

/**
 * Carries another request, with the identity of its client, from a broker to the active controller.
 *
 * Request of API 58, version 0.
 */
export interface EnvelopeRequest {
  /** Header and body of the request inside, without a size. */
  readonly requestData: Uint8Array;
  /** Identity of the original client; null when it has none. */
  readonly requestPrincipal: Uint8Array | null;
  /** Address of the original client: 4 or 16 bytes. */
  readonly clientHostAddress: Uint8Array;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Carries the controller's response to the request inside the envelope.
 *
 * Response of API 58, version 0.
 */
export interface EnvelopeResponse {
  /** Header and body of the response inside, without a size; null on error. */
  readonly responseData: Uint8Array | null;
  /** Kafka’s error code for the envelope itself; 0 when a response is inside. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link EnvelopeRequest}. */
export const envelopeRequest: MessageCodec<EnvelopeRequest> = /* @__PURE__ */ codec(envelopeRequestTable);

/** Reads and writes {@link EnvelopeResponse}. */
export const envelopeResponse: MessageCodec<EnvelopeResponse> = /* @__PURE__ */ codec(envelopeResponseTable);
