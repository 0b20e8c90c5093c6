import type { ErrorName } from '@biquorum/kafka-wire';
import { hmac, type Sha2, sha256, sha512 } from '@biquorum/std';

/** A way to prove a password without showing it. */
export interface ScramMechanism {
  /** In requests and metadata records. */
  readonly code: number;
  /** In SASL, and as a key of a user's znode. */
  readonly name: string;
  readonly iterationsMin: number;
  readonly sha: Sha2;
}

/** What is kept of a password besides of salt and iterations. */
export interface ScramKeys {
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** Why a credential is not taken. */
export interface ScramFault {
  readonly error: ErrorName;
  readonly message: string;
}

/** The mechanisms that there are, by ascending code. Source: Java `ScramMechanism`. */
export const SCRAM_MECHANISMS: readonly ScramMechanism[] = [
  { code: 1, name: 'SCRAM-SHA-256', iterationsMin: 4_096, sha: sha256 },
  { code: 2, name: 'SCRAM-SHA-512', iterationsMin: 4_096, sha: sha512 },
];

/** Source: Java `ScramControlManager.MAX_ITERATIONS`. */
export const SCRAM_ITERATIONS_MAX = 16_384;

/** The mechanism with this code, or undefined. */
export function scramMechanismOf(code: number): ScramMechanism | undefined {
  return SCRAM_MECHANISMS.find((mechanism) => mechanism.code === code);
}

/**
 * What is wrong with a change of a user's credential by itself; null when nothing is.
 *
 * Source: Java `ScramControlManager.validateUpsertion`, `validateDeletion`; `ZkAdminManager` says the same.
 *
 * @param iterations undefined for a deletion
 */
export function scramFault(user: string, mechanismCode: number, iterations?: number): ScramFault | null {
  if (user === '') return { error: 'UNACCEPTABLE_CREDENTIAL', message: 'Username must not be empty' };
  const mechanism = scramMechanismOf(mechanismCode);
  if (mechanism === undefined) return { error: 'UNSUPPORTED_SASL_MECHANISM', message: 'Unknown SCRAM mechanism' };
  if (iterations === undefined) return null;
  if (iterations < mechanism.iterationsMin) return { error: 'UNACCEPTABLE_CREDENTIAL', message: 'Too few iterations' };
  if (iterations > SCRAM_ITERATIONS_MAX) return { error: 'UNACCEPTABLE_CREDENTIAL', message: 'Too many iterations' };
  return null;
}

/**
 * What a server keeps of a password that the client has salted and hashed.
 *
 * Source: RFC 5802, section 3; Java `ScramFormatter`.
 */
export function scramKeys({ sha }: ScramMechanism, saltedPassword: Uint8Array): ScramKeys {
  const clientKey = hmac(sha, saltedPassword, ascii('Client Key'));
  return { storedKey: sha.hash(clientKey), serverKey: hmac(sha, saltedPassword, ascii('Server Key')) };
}

/** How many times a user's password was hashed, by one mechanism. */
export interface ScramInfo {
  readonly mechanism: number;
  readonly iterations: number;
}

/** What is told of a user: with which mechanisms, or why nothing. */
export type ScramDescription =
  | { readonly user: string; readonly infos: readonly ScramInfo[] }
  | { readonly user: string; readonly fault: ScramFault };

/**
 * Which of the users have passwords, and by which mechanisms; nothing of the passwords.
 *
 * Source: Java `ScramImage.describe`; `ZkAdminManager.describeUserScramCredentials` says the same.
 *
 * @param asked the users of the request, as often as they stand there; those of `all` if there are none
 * @param infosOf by ascending mechanism; empty for a user without any
 */
export function describeScram(
  asked: readonly string[],
  all: readonly string[],
  infosOf: (user: string) => readonly ScramInfo[],
): ScramDescription[] {
  const isTwice = (user: string): boolean => asked.indexOf(user) !== asked.lastIndexOf(user);
  return [...new Set(asked.length > 0 ? asked : all)].map((user) => {
    if (isTwice(user)) {
      const message = `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`;
      return { user, fault: { error: 'DUPLICATE_RESOURCE', message } };
    }
    const infos = infosOf(user);
    if (infos.length > 0) return { user, infos };
    const message = `Attempt to describe a user credential that does not exist: ${user}`;
    return { user, fault: { error: 'RESOURCE_NOT_FOUND', message } };
  });
}

/** Whoever changes the credential of one user twice in a request. */
export const SCRAM_TWICE: ScramFault = {
  error: 'DUPLICATE_RESOURCE',
  message: 'A user credential cannot be altered twice in the same request',
};

/** Whoever deletes a credential that a user does not have. */
export const SCRAM_UNKNOWN: ScramFault = {
  error: 'RESOURCE_NOT_FOUND',
  message: 'Attempt to delete a user credential that does not exist',
};

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
