// Made by scripts/generate.ts from src/messages/describe-delegation-token.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { describeDelegationTokenRequestTable, describeDelegationTokenResponseTable } from '../../messages/describe-delegation-token.ts';

/**
 * Asks for the tokens of some owners, or for all that the caller may see.
 *
 * Request of API 41, versions 0–3; flexible from 2; deprecated: 0.
 */
export interface DescribeDelegationTokenRequest {
  /** Owners whose tokens are wanted; null for all. */
  readonly owners: readonly DescribeDelegationTokenRequestDescribeDelegationTokenOwner[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `owners`. */
export interface DescribeDelegationTokenRequestDescribeDelegationTokenOwner {
  /** Type of the principal, such as `User`. */
  readonly principalType: string;
  /** Name of the principal. */
  readonly principalName: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Tokens with owner, lifetime and renewers.
 *
 * Response of API 41, versions 0–3; flexible from 2.
 */
export interface DescribeDelegationTokenResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** The tokens, one element each. */
  readonly tokens: readonly DescribeDelegationTokenResponseDescribedDelegationToken[];
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `tokens`. */
export interface DescribeDelegationTokenResponseDescribedDelegationToken {
  /** Type of the principal, such as `User`. */
  readonly principalType: string;
  /** Name of the principal. */
  readonly principalName: string;
  /** Type of the principal that asked for the token. Version 3. */
  readonly tokenRequesterPrincipalType: string;
  /** Name of the principal that asked for the token. Version 3. */
  readonly tokenRequesterPrincipalName: string;
  /** When the token was issued, in milliseconds since 1970. */
  readonly issueTimestamp: number;
  /** When the token expires unless renewed, in milliseconds since 1970. */
  readonly expiryTimestamp: number;
  /** When the token ends for good, in milliseconds since 1970. */
  readonly maxTimestamp: number;
  /** Id of the token. */
  readonly tokenId: string;
  /** Secret of the token, which also names it in requests. */
  readonly hmac: Uint8Array;
  /** Principals that may renew the token, besides its owner. */
  readonly renewers: readonly DescribeDelegationTokenResponseDescribedDelegationTokenRenewer[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `renewers`. */
export interface DescribeDelegationTokenResponseDescribedDelegationTokenRenewer {
  /** Type of the principal, such as `User`. */
  readonly principalType: string;
  /** Name of the principal. */
  readonly principalName: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DescribeDelegationTokenRequest}. */
export const describeDelegationTokenRequest: MessageCodec<DescribeDelegationTokenRequest> = /* @__PURE__ */ codec(describeDelegationTokenRequestTable);

/** Reads and writes {@link DescribeDelegationTokenResponse}. */
export const describeDelegationTokenResponse: MessageCodec<DescribeDelegationTokenResponse> = /* @__PURE__ */ codec(describeDelegationTokenResponseTable);
