// Made by scripts/generate.ts from src/messages/expire-delegation-token.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { expireDelegationTokenRequestTable, expireDelegationTokenResponseTable } from '../../messages/expire-delegation-token.ts';

/**
 * Changes a token's expiry, or expires it at once.
 *
 * Request of API 40, versions 0–2; flexible from 2; deprecated: 0.
 */
export interface ExpireDelegationTokenRequest {
  /** Secret of the token, which also names it in requests. */
  readonly hmac: Uint8Array;
  /** New lifetime from now, in milliseconds; negative expires the token at once. */
  readonly expiryTimePeriodMs: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The token's new expiry.
 *
 * Response of API 40, versions 0–2; flexible from 2.
 */
export interface ExpireDelegationTokenResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** When the token expires unless renewed, in milliseconds since 1970. */
  readonly expiryTimestampMs: number;
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ExpireDelegationTokenRequest}. */
export const expireDelegationTokenRequest: MessageCodec<ExpireDelegationTokenRequest> = /* @__PURE__ */ codec(expireDelegationTokenRequestTable);

/** Reads and writes {@link ExpireDelegationTokenResponse}. */
export const expireDelegationTokenResponse: MessageCodec<ExpireDelegationTokenResponse> = /* @__PURE__ */ codec(expireDelegationTokenResponseTable);
