import { DEFAULT_ENTITY, desanitize, PATHS, sanitize } from '@biquorum/kafka-znodes';
import type { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { unlessMissing, untilAnswered } from '../until-answered.ts';
import { readEntityConfig } from './entity-configs.ts';
import { Refused } from './faults.ts';
import { pipelined } from './fenced-writes.ts';

/** A part of what a quota belongs to; a null name is the default of its type. */
export interface QuotaPart {
  readonly entityType: string;
  readonly entityName: string | null;
}

/** What a quota belongs to, with its limits as they are written. */
export interface QuotaEntity {
  readonly entity: readonly QuotaPart[];
  readonly limits: ReadonlyMap<string, number>;
}

type Kind = 'int' | 'long' | 'double';

const ADDRESS_KEYS: ReadonlyMap<string, Kind> = new Map([['connection_creation_rate', 'int']]);
const CLIENT_KEYS: ReadonlyMap<string, Kind> = new Map([
  ['producer_byte_rate', 'long'],
  ['consumer_byte_rate', 'long'],
  ['request_percentage', 'double'],
  ['controller_mutation_rate', 'double'],
]);

/**
 * The path below `/config` of an entity, such as `users/U/clients/C`, and the keys that it may have.
 *
 * @throws Refused INVALID_REQUEST when there is no such entity
 *
 * Source: Java `ZkAdminManager.parseAndSanitizeQuotaEntity`.
 */
export function quotaPlaceOf(parts: readonly QuotaPart[]): {
  readonly path: string;
  readonly keys: ReadonlyMap<string, Kind>;
} {
  if (parts.length === 0) refuse('Invalid empty client quota entity');
  const names = new Map<string, string>();
  for (const { entityType, entityName } of parts) {
    if (!['user', 'client-id', 'ip'].includes(entityType)) refuse(`Unhandled client quota entity type: ${entityType}`);
    if (names.has(entityType)) refuse(`Invalid client quota entity, duplicate entity entry ${entityType}`);
    if (entityName === '') refuse(`Empty ${entityType} not supported`);
    names.set(entityType, entityName === null ? DEFAULT_ENTITY : sanitize(entityName));
  }
  const [user, client, address] = [names.get('user'), names.get('client-id'), names.get('ip')];
  if (address !== undefined) {
    if (names.size > 1) {
      refuse('Invalid quota entity combination, IP entity should not be combined with User or ClientId');
    }
    return { path: `ips/${address}`, keys: ADDRESS_KEYS };
  }
  const clients = client === undefined ? '' : `clients/${client}`;
  const path = user === undefined ? clients : `users/${user}${clients === '' ? '' : `/${clients}`}`;
  return { path, keys: CLIENT_KEYS };
}

/** A limit as Kafka writes it. @throws Refused INVALID_REQUEST when the key cannot have it */
export function limitText(keys: ReadonlyMap<string, Kind>, key: string, value: number): string {
  const kind = keys.get(key) ?? refuse(`Invalid configuration key ${key}`);
  if (value <= 0) refuse(`Quota ${key} must be greater than 0`);
  if (kind === 'double') return Number.isInteger(value) ? `${value}.0` : String(value);
  if (Math.abs(Math.round(value) - value) > 1e-6) refuse(`${key} cannot be a fractional value.`);
  if (value > (kind === 'int' ? 2 ** 31 - 1 : 2 ** 63)) refuse(`Proposed value for ${key} is too large.`);
  return BigInt(Math.round(value)).toString();
}

/** All entities that have limits. */
export async function readQuotas(session: ZooKeeperClient): Promise<QuotaEntity[]> {
  const [users, clients, addresses] = await Promise.all([
    childrenOf(session, 'users'),
    childrenOf(session, 'clients'),
    childrenOf(session, 'ips'),
  ]);
  const ofUsers = await pipelined(users, async (user) => {
    const below = await childrenOf(session, `users/${user}/clients`);
    return [
      { path: `users/${user}`, entity: [part('user', user)] },
      ...below.map((client) => ({
        path: `users/${user}/clients/${client}`,
        entity: [part('user', user), part('client-id', client)],
      })),
    ];
  });
  const places = [
    ...ofUsers.flat(),
    ...clients.map((client) => ({ path: `clients/${client}`, entity: [part('client-id', client)] })),
    ...addresses.map((address) => ({ path: `ips/${address}`, entity: [part('ip', address)] })),
  ];
  const found = await pipelined(places, async ({ path, entity }): Promise<QuotaEntity> => {
    const values = await readEntityConfig(session, path);
    // Users have their SCRAM credentials in the same place.
    const limits = [...values].filter(([key]) => CLIENT_KEYS.has(key) || ADDRESS_KEYS.has(key));
    return { entity, limits: new Map(limits.map(([key, text]) => [key, Number(text)])) };
  });
  return found.filter(({ limits }) => limits.size > 0);
}

async function childrenOf(session: ZooKeeperClient, entity: string): Promise<readonly string[]> {
  const path = `${PATHS.config}/${entity}`;
  return (await untilAnswered(session, () => unlessMissing(session.getChildren(path))))?.children ?? [];
}

function part(entityType: string, name: string): QuotaPart {
  return { entityType, entityName: name === DEFAULT_ENTITY ? null : desanitize(name) };
}

function refuse(message: string): never {
  throw new Refused('INVALID_REQUEST', message);
}
