// Made by scripts/generate.ts from src/metadata-records/credentials.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { delegationTokenRecordTable, removeDelegationTokenRecordTable, removeUserScramCredentialRecordTable, userScramCredentialRecordTable } from '../../metadata-records/credentials.ts';

/**
 * A user's SCRAM credential was set.
 *
 * Record type 11, version 0.
 */
export interface UserScramCredentialRecord {
  /** Name of the user. */
  readonly name: string;
  /** SCRAM mechanism: 1 SHA-256, 2 SHA-512. */
  readonly mechanism: number;
  /** Salt of the credential. */
  readonly salt: Uint8Array;
  /** Key with which a client is verified. */
  readonly storedKey: Uint8Array;
  /** Key with which the server proves itself. */
  readonly serverKey: Uint8Array;
  /** Rounds of hashing. */
  readonly iterations: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * A user's SCRAM credential was deleted.
 *
 * Record type 22, version 0.
 */
export interface RemoveUserScramCredentialRecord {
  /** Name of the user. */
  readonly name: string;
  /** SCRAM mechanism: 1 SHA-256, 2 SHA-512. */
  readonly mechanism: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * A delegation token was issued or changed.
 *
 * Record type 10, version 0.
 */
export interface DelegationTokenRecord {
  /** Principal that owns the token. */
  readonly owner: string;
  /** Principal that asked for the token. */
  readonly requester: string;
  /** Principals that may renew the token, besides its owner. */
  readonly renewers: readonly string[];
  /** When the token was issued, in milliseconds since 1970. */
  readonly issueTimestamp: number;
  /** When the token ends for good, in milliseconds since 1970. */
  readonly maxTimestamp: number;
  /** When the token expires unless renewed, in milliseconds since 1970. */
  readonly expirationTimestamp: number;
  /** Id of the token. */
  readonly tokenId: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * A delegation token was deleted.
 *
 * Record type 26, version 0.
 */
export interface RemoveDelegationTokenRecord {
  /** Id of the token. */
  readonly tokenId: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link UserScramCredentialRecord}. */
export const userScramCredentialRecord: MessageCodec<UserScramCredentialRecord> = /* @__PURE__ */ codec(userScramCredentialRecordTable);

/** Reads and writes {@link RemoveUserScramCredentialRecord}. */
export const removeUserScramCredentialRecord: MessageCodec<RemoveUserScramCredentialRecord> = /* @__PURE__ */ codec(removeUserScramCredentialRecordTable);

/** Reads and writes {@link DelegationTokenRecord}. */
export const delegationTokenRecord: MessageCodec<DelegationTokenRecord> = /* @__PURE__ */ codec(delegationTokenRecordTable);

/** Reads and writes {@link RemoveDelegationTokenRecord}. */
export const removeDelegationTokenRecord: MessageCodec<RemoveDelegationTokenRecord> = /* @__PURE__ */ codec(removeDelegationTokenRecordTable);
