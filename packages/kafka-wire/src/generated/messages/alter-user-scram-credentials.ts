// Made by scripts/generate.ts from src/messages/alter-user-scram-credentials.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { alterUserScramCredentialsRequestTable, alterUserScramCredentialsResponseTable } from '../../messages/alter-user-scram-credentials.ts';

/**
 * Sets or deletes SCRAM credentials of users.
 *
 * Request of API 51, version 0.
 */
export interface AlterUserScramCredentialsRequest {
  /** Credentials to delete. */
  readonly deletions: readonly AlterUserScramCredentialsRequestScramCredentialDeletion[];
  /** Credentials to set. */
  readonly upsertions: readonly AlterUserScramCredentialsRequestScramCredentialUpsertion[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `deletions`. */
export interface AlterUserScramCredentialsRequestScramCredentialDeletion {
  /** Name of the user. */
  readonly name: string;
  /** SCRAM mechanism: 1 SHA-256, 2 SHA-512. */
  readonly mechanism: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `upsertions`. */
export interface AlterUserScramCredentialsRequestScramCredentialUpsertion {
  /** Name of the user. */
  readonly name: string;
  /** SCRAM mechanism: 1 SHA-256, 2 SHA-512. */
  readonly mechanism: number;
  /** Rounds of hashing. */
  readonly iterations: number;
  /** Salt of the credential. */
  readonly salt: Uint8Array;
  /** Password after salting and hashing. */
  readonly saltedPassword: Uint8Array;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each user.
 *
 * Response of API 51, version 0.
 */
export interface AlterUserScramCredentialsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The outcomes, one element each. */
  readonly results: readonly AlterUserScramCredentialsResponseAlterUserScramCredentialsResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface AlterUserScramCredentialsResponseAlterUserScramCredentialsResult {
  /** Name of the user. */
  readonly user: string;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link AlterUserScramCredentialsRequest}. */
export const alterUserScramCredentialsRequest: MessageCodec<AlterUserScramCredentialsRequest> = /* @__PURE__ */ codec(alterUserScramCredentialsRequestTable);

/** Reads and writes {@link AlterUserScramCredentialsResponse}. */
export const alterUserScramCredentialsResponse: MessageCodec<AlterUserScramCredentialsResponse> = /* @__PURE__ */ codec(alterUserScramCredentialsResponseTable);
