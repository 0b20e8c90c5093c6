import { type ErrorName, errorCode, type Init } from '@biquorum/kafka-wire';
import type {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsRequestScramCredentialUpsertion,
  AlterUserScramCredentialsResponse,
  AlterUserScramCredentialsResponseAlterUserScramCredentialsResult,
} from '@biquorum/kafka-wire/messages/alter-user-scram-credentials';
import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import {
  SCRAM_TWICE,
  SCRAM_UNKNOWN,
  type ScramFault,
  scramFault,
  scramKeys,
  scramMechanismOf,
} from '@biquorum/metadata';
import { scramKey } from '../image/image.ts';
import { since } from '../image/metadata-version.ts';
import type { Decision, Situation } from './situation.ts';

/**
 * Sets and removes what is kept of users' passwords (KIP-554, KIP-900). A user who stands in a request twice is refused,
 * with another mechanism, too. Source: Java `ScramControlManager.alterCredentials` of 3.9.
 */
export function alterScramCredentials(
  { image, level }: Situation,
  { deletions, upsertions }: AlterUserScramCredentialsRequest,
): Decision<Init<AlterUserScramCredentialsResponse>> {
  const outcomes = new Map<string, MetadataRecord | Refusal>();
  const plan = (user: string, change: () => MetadataRecord | Refusal): void => {
    const before = outcomes.get(user);
    if (before !== undefined && 'error' in before) return;
    if (before !== undefined) outcomes.set(user, SCRAM_TWICE);
    else outcomes.set(user, level < since.scram ? TOO_OLD : change());
  };
  for (const { name, mechanism } of deletions) {
    plan(name, () => {
      const fault = scramFault(name, mechanism);
      if (fault !== null) return fault;
      if (!image.scram.has(scramKey(mechanism, name))) return SCRAM_UNKNOWN;
      return { type: 'RemoveUserScramCredentialRecord', version: 0, record: { name, mechanism } };
    });
  }
  for (const upsertion of upsertions) plan(upsertion.name, () => credentialOf(upsertion));
  return {
    records: [...outcomes.values()].filter((outcome) => 'record' in outcome),
    reply: { results: [...outcomes].map(([user, outcome]) => rowOf(user, 'error' in outcome ? outcome : null)) },
    atomic: true,
  };
}

/** A row for a user, with how it ended. */
export function rowOf(
  user: string,
  refusal: Refusal | null,
): Init<AlterUserScramCredentialsResponseAlterUserScramCredentialsResult> {
  return { user, errorCode: errorCode(refusal?.error ?? 'NONE'), errorMessage: refusal?.message ?? null };
}

interface Refusal {
  readonly error: ErrorName;
  readonly message: string | null;
}

const TOO_OLD: ScramFault = {
  error: 'UNSUPPORTED_VERSION',
  message: 'The current metadata.version does not support SCRAM',
};
/** Java's keyed hash takes no empty key. */
const NO_KEY: Refusal = { error: 'UNKNOWN_SERVER_ERROR', message: null };

function credentialOf({
  name,
  mechanism: code,
  salt,
  saltedPassword,
  iterations,
}: AlterUserScramCredentialsRequestScramCredentialUpsertion): MetadataRecord | Refusal {
  const fault = scramFault(name, code, iterations);
  const mechanism = scramMechanismOf(code);
  if (fault !== null || mechanism === undefined) return fault ?? NO_KEY;
  if (saltedPassword.length === 0) return NO_KEY;
  // What the request came in is used again for others.
  const record = { name, mechanism: code, salt: salt.slice(), ...scramKeys(mechanism, saltedPassword), iterations };
  return { type: 'UserScramCredentialRecord', version: 0, record };
}
