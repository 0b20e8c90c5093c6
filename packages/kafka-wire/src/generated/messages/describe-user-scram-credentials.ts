// Made by scripts/generate.ts from src/messages/describe-user-scram-credentials.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { describeUserScramCredentialsRequestTable, describeUserScramCredentialsResponseTable } from '../../messages/describe-user-scram-credentials.ts';

/**
 * Asks for which mechanisms users have SCRAM credentials.
 *
 * Request of API 50, version 0.
 */
export interface DescribeUserScramCredentialsRequest {
  /** Users asked for; null or empty for all. */
  readonly users: readonly DescribeUserScramCredentialsRequestUserName[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `users`. */
export interface DescribeUserScramCredentialsRequestUserName {
  /** Name of the user. */
  readonly name: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Mechanisms and iteration counts per user; never the secrets.
 *
 * Response of API 50, version 0.
 */
export interface DescribeUserScramCredentialsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** The outcomes, one element each. */
  readonly results: readonly DescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface DescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult {
  /** Name of the user. */
  readonly user: string;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Credentials of the user. */
  readonly credentialInfos: readonly DescribeUserScramCredentialsResponseCredentialInfo[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `credentialInfos`. */
export interface DescribeUserScramCredentialsResponseCredentialInfo {
  /** SCRAM mechanism: 1 SHA-256, 2 SHA-512. */
  readonly mechanism: number;
  /** Rounds of hashing. */
  readonly iterations: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DescribeUserScramCredentialsRequest}. */
export const describeUserScramCredentialsRequest: MessageCodec<DescribeUserScramCredentialsRequest> = /* @__PURE__ */ codec(describeUserScramCredentialsRequestTable);

/** Reads and writes {@link DescribeUserScramCredentialsResponse}. */
export const describeUserScramCredentialsResponse: MessageCodec<DescribeUserScramCredentialsResponse> = /* @__PURE__ */ codec(describeUserScramCredentialsResponseTable);
