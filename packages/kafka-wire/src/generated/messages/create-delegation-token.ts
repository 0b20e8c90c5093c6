// Made by scripts/generate.ts from src/messages/create-delegation-token.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { createDelegationTokenRequestTable, createDelegationTokenResponseTable } from '../../messages/create-delegation-token.ts';

/**
 * Issues a delegation token.
 *
 * Request of API 38, versions 0–3; flexible from 2; deprecated: 0.
 */
export interface CreateDelegationTokenRequest {
  /** Type of the principal that is to own the token; null for the caller. Version 3. */
  readonly ownerPrincipalType: string | null;
  /** Name of the principal that is to own the token; null for the caller. Version 3. */
  readonly ownerPrincipalName: string | null;
  /** Principals that may renew the token, besides its owner. */
  readonly renewers: readonly CreateDelegationTokenRequestCreatableRenewers[];
  /** Longest lifetime of the token, in milliseconds; −1 for the broker’s limit. */
  readonly maxLifetimeMs: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `renewers`. */
export interface CreateDelegationTokenRequestCreatableRenewers {
  /** Type of the principal, such as `User`. */
  readonly principalType: string;
  /** Name of the principal. */
  readonly principalName: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The token that was issued, with its secret.
 *
 * Response of API 38, versions 0–3; flexible from 2.
 */
export interface CreateDelegationTokenResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Type of the principal, such as `User`. */
  readonly principalType: string;
  /** Name of the principal. */
  readonly principalName: string;
  /** Type of the principal that asked for the token. Version 3. */
  readonly tokenRequesterPrincipalType: string;
  /** Name of the principal that asked for the token. Version 3. */
  readonly tokenRequesterPrincipalName: string;
  /** When the token was issued, in milliseconds since 1970. */
  readonly issueTimestampMs: number;
  /** When the token expires unless renewed, in milliseconds since 1970. */
  readonly expiryTimestampMs: number;
  /** When the token ends for good, in milliseconds since 1970. */
  readonly maxTimestampMs: number;
  /** Id of the token. */
  readonly tokenId: string;
  /** Secret of the token, which also names it in requests. */
  readonly hmac: Uint8Array;
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link CreateDelegationTokenRequest}. */
export const createDelegationTokenRequest: MessageCodec<CreateDelegationTokenRequest> = /* @__PURE__ */ codec(createDelegationTokenRequestTable);

/** Reads and writes {@link CreateDelegationTokenResponse}. */
export const createDelegationTokenResponse: MessageCodec<CreateDelegationTokenResponse> = /* @__PURE__ */ codec(createDelegationTokenResponseTable);
