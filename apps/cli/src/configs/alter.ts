import { pbkdf2Sync, randomBytes } from 'node:crypto';
import {
  alterConfigs,
  alterQuotas,
  alterScram,
  describeQuotas,
  type QuotaEntity,
  SCRAM_MECHANISMS,
  type ScramUpsertion,
} from '../client/configs.ts';
import type { KafkaClient } from '../client/kafka-client.ts';
import { CommandFault, UsageError } from '../command.ts';
import { wholeNumber } from '../flags.ts';
import { readAdditions } from './changes.ts';
import { quotaParts, RESOURCES, settingsOf } from './describe.ts';
import { type Entity, hasQuotas } from './entities.ts';

/** What shall be set, and what taken away. */
export interface Changes {
  readonly additions: ReadonlyMap<string, string>;
  readonly deletions: readonly string[];
}

/** Changes settings, quotas or credentials. @throws UsageError for what nobody can set, CommandFault for what is not set */
export async function alter(client: KafkaClient, entities: readonly Entity[], changes: Changes): Promise<void> {
  const [first] = entities as readonly [Entity];
  if (!hasQuotas(first)) await alterResource(client, first, changes);
  else if (isAboutScram(changes)) await alterCredentials(client, entities, changes);
  else await alterQuotasOf(client, entities, changes);
}

async function alterResource(client: KafkaClient, { type, name = '' }: Entity, changes: Changes): Promise<void> {
  const { additions, deletions } = changes;
  const resource = RESOURCES[type] as NonNullable<(typeof RESOURCES)[typeof type]>;
  const known = new Set((await settingsOf(client, type, name, false)).map((setting) => setting.name));
  ensureSet(deletions, known);
  await alterConfigs(client, { type: resource.type, name }, [
    ...[...additions].map(([key, value]) => ({ name: key, value })),
    ...deletions.map((key) => ({ name: key, value: null })),
  ]);
}

async function alterQuotasOf(client: KafkaClient, entities: readonly Entity[], changes: Changes): Promise<void> {
  const { additions, deletions } = changes;
  const entity = quotaParts(entities) as QuotaEntity;
  const known = await describeQuotas(client, entity, true);
  ensureSet(deletions, new Set(known.flatMap(({ values }) => Object.keys(values))));
  const wanted = new Map<string, number | null>(deletions.map((key) => [key, null]));
  for (const [key, text] of additions) {
    const value = Number(text);
    if (text === '' || !Number.isFinite(value)) throw new UsageError(`--add-config ${key}=${text} is no number.`);
    wanted.set(key, value);
  }
  await alterQuotas(client, entity, wanted);
}

const DEFAULT_ITERATIONS = 4_096;
const ITERATIONS_MAX = 16_384;
const SALT_BYTES = 24;

async function alterCredentials(client: KafkaClient, entities: readonly Entity[], changes: Changes): Promise<void> {
  const [{ type, name }] = entities as readonly [Entity];
  if (entities.length > 1 || type !== 'users' || !name) {
    throw new UsageError('SCRAM credentials belong to one user: give --entity-type users --entity-name NAME.');
  }
  const upsertions = [...changes.additions].map(([mechanism, text]) => readCredential(mechanism, text));
  await alterScram(client, name, upsertions, changes.deletions.map(mechanismOf));
}

/** Salts the password here, so that it never leaves this process. */
function readCredential(name: string, text: string): ScramUpsertion {
  const mechanism = mechanismOf(name);
  const parts = readAdditions(text);
  const password = parts.get('password');
  if (!password) throw new UsageError(`${name} needs a password: ${name}=[iterations=8192,password=SECRET].`);
  const iterations = wholeNumber(
    `${name}: iterations`,
    parts.get('iterations') ?? String(DEFAULT_ITERATIONS),
    DEFAULT_ITERATIONS,
    ITERATIONS_MAX,
  );
  const salt = randomBytes(SALT_BYTES);
  const [digest, bytes] = name.endsWith('256') ? ['sha256', 32] : ['sha512', 64];
  const saltedPassword = pbkdf2Sync(password, salt, iterations, bytes as number, digest as string);
  return { mechanism, iterations, salt, saltedPassword };
}

function isAboutScram({ additions, deletions }: Changes): boolean {
  const keys = [...additions.keys(), ...deletions];
  const scram = keys.filter((key) => SCRAM_MECHANISMS.indexOf(key) > 0);
  if (scram.length > 0 && scram.length < keys.length) {
    throw new UsageError('change quotas and SCRAM credentials in calls of their own.');
  }
  return scram.length > 0;
}

function mechanismOf(name: string): number {
  const mechanism = SCRAM_MECHANISMS.indexOf(name);
  if (mechanism > 0) return mechanism;
  throw new UsageError(`${name} is none of ${SCRAM_MECHANISMS.slice(1).join(', ')}.`);
}

function ensureSet(deletions: readonly string[], known: ReadonlySet<string>): void {
  const missing = deletions.filter((key) => !known.has(key));
  if (missing.length === 0) return;
  throw new CommandFault(
    `Invalid config(s): ${missing.join(',')}. Only what was set can be deleted; --describe shows it.`,
  );
}
