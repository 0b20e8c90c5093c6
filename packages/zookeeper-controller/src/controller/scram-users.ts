import type { AlterUserScramCredentialsRequest } from '@biquorum/kafka-wire/messages/alter-user-scram-credentials';
import {
  DEFAULT_ENTITY,
  decodeScramCredential,
  desanitize,
  encodeScramCredential,
  PATHS,
  sanitize,
} from '@biquorum/kafka-znodes';
import {
  SCRAM_MECHANISMS,
  SCRAM_TWICE,
  SCRAM_UNKNOWN,
  type ScramInfo,
  scramFault,
  scramKeys,
  scramMechanismOf,
} from '@biquorum/metadata';
import type { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { unlessMissing, untilAnswered } from '../until-answered.ts';
import { readEntityConfig, writeEntityConfig } from './entity-configs.ts';
import { type Failure, failureOf, NO_FAILURE } from './faults.ts';
import { pipelined } from './fenced-writes.ts';

/**
 * The mechanisms by which users have passwords; users without any are left out.
 *
 * @param users all that have a znode by default
 */
export async function readScramCredentials(
  session: ZooKeeperClient,
  users?: readonly string[],
): Promise<ReadonlyMap<string, readonly ScramInfo[]>> {
  const wanted = users ?? (await everyUser(session));
  const rows = await pipelined([...new Set(wanted)], async (user) => [user, await infosOf(session, user)] as const);
  return new Map(rows.filter(([, infos]) => infos.length > 0));
}

/**
 * Sets and removes what is kept of users' passwords, in their configuration (KIP-554). Whoever names a user and a
 * mechanism twice changes nothing of that user's; one fault of a user's spoils the rest of it.
 *
 * Source: Java `ZkAdminManager.alterUserScramCredentials` of 3.9.
 *
 * @returns how it ended, by user
 */
export async function alterScramCredentials(
  session: ZooKeeperClient,
  { deletions, upsertions }: AlterUserScramCredentialsRequest,
): Promise<ReadonlyMap<string, Failure>> {
  const plans = new Map<string, Plan>();
  const add = (user: string, mechanism: number, iterations: number | undefined, value: () => string | null): void => {
    const plan = plans.get(user) ?? { changes: new Map(), failure: undefined };
    plans.set(user, plan);
    const isTwice = plan.changes.has(mechanism);
    plan.failure ??= scramFault(user, mechanism, iterations) ?? (isTwice ? SCRAM_TWICE : undefined);
    if (plan.failure === undefined) plan.changes.set(mechanism, value());
  };
  for (const { name, mechanism, iterations, salt, saltedPassword } of upsertions) {
    add(name, mechanism, iterations, () => credentialOf(mechanism, salt, saltedPassword, iterations));
  }
  for (const { name, mechanism } of deletions) add(name, mechanism, undefined, () => null);
  const outcomes = new Map<string, Failure>();
  for (const [user, plan] of plans) {
    outcomes.set(user, plan.failure ?? (await alter(session, user, plan.changes).catch(failureOf)));
  }
  return outcomes;
}

interface Plan {
  /** By mechanism; null deletes. */
  readonly changes: Map<number, string | null>;
  failure: Failure | undefined;
}

async function alter(
  session: ZooKeeperClient,
  user: string,
  changes: ReadonlyMap<number, string | null>,
): Promise<Failure> {
  const entity = `users/${sanitize(user)}`;
  const values = new Map(await readEntityConfig(session, entity));
  for (const [mechanism, value] of changes) {
    const name = nameOf(mechanism);
    if (value !== null) values.set(name, value);
    else if (!values.delete(name)) return SCRAM_UNKNOWN;
  }
  await writeEntityConfig(session, entity, values);
  return NO_FAILURE;
}

function credentialOf(code: number, salt: Uint8Array, saltedPassword: Uint8Array, iterations: number): string | null {
  const mechanism = scramMechanismOf(code);
  return mechanism === undefined
    ? null
    : encodeScramCredential({ salt, ...scramKeys(mechanism, saltedPassword), iterations });
}

async function infosOf(session: ZooKeeperClient, user: string): Promise<ScramInfo[]> {
  if (user === '') return [];
  const values = await readEntityConfig(session, `users/${sanitize(user)}`);
  return SCRAM_MECHANISMS.flatMap(({ code: mechanism, name }) => {
    const text = values.get(name);
    const credential = text === undefined ? undefined : decodeScramCredential(text);
    return credential === undefined ? [] : [{ mechanism, iterations: credential.iterations }];
  });
}

async function everyUser(session: ZooKeeperClient): Promise<string[]> {
  const path = `${PATHS.config}/users`;
  const found = await untilAnswered(session, () => unlessMissing(session.getChildren(path)));
  return (found?.children ?? []).filter((name) => name !== DEFAULT_ENTITY).map(desanitize);
}

function nameOf(mechanism: number): string {
  return scramMechanismOf(mechanism)?.name ?? '';
}
