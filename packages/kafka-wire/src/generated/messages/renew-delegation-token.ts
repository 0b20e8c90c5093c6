// Made by scripts/generate.ts from src/messages/renew-delegation-token.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { renewDelegationTokenRequestTable, renewDelegationTokenResponseTable } from '../../messages/renew-delegation-token.ts';

/**
 * Moves a token's expiry forward, up to its maximum lifetime.
 *
 * Request of API 39, versions 0–2; flexible from 2; deprecated: 0.
 */
export interface RenewDelegationTokenRequest {
  /** Secret of the token, which also names it in requests. */
  readonly hmac: Uint8Array;
  /** Lifetime from now, in milliseconds; −1 for the broker’s default. */
  readonly renewPeriodMs: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The token's new expiry.
 *
 * Response of API 39, versions 0–2; flexible from 2.
 */
export interface RenewDelegationTokenResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** When the token expires unless renewed, in milliseconds since 1970. */
  readonly expiryTimestampMs: number;
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link RenewDelegationTokenRequest}. */
export const renewDelegationTokenRequest: MessageCodec<RenewDelegationTokenRequest> = /* @__PURE__ */ codec(renewDelegationTokenRequestTable);

/** Reads and writes {@link RenewDelegationTokenResponse}. */
export const renewDelegationTokenResponse: MessageCodec<RenewDelegationTokenResponse> = /* @__PURE__ */ codec(renewDelegationTokenResponseTable);
