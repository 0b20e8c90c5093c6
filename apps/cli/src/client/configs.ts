import { alterClientQuotasRequest, alterClientQuotasResponse } from '@biquorum/kafka-wire/messages/alter-client-quotas';
import {
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from '@biquorum/kafka-wire/messages/alter-user-scram-credentials';
import {
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from '@biquorum/kafka-wire/messages/describe-client-quotas';
import { describeConfigsRequest, describeConfigsResponse } from '@biquorum/kafka-wire/messages/describe-configs';
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '@biquorum/kafka-wire/messages/describe-user-scram-credentials';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import type { KafkaClient } from './kafka-client.ts';
import { check } from './kafka-error.ts';

/** What settings belong to. Source: Java `ConfigResource.Type`. */
export const ResourceType = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;

/** Something that has settings; the defaults of all brokers have an empty name. */
export interface Resource {
  readonly type: (typeof ResourceType)[keyof typeof ResourceType];
  readonly name: string;
}

/** Where a value comes from. Source: Java `DescribeConfigsResponse.ConfigSource`. */
export const CONFIG_SOURCES: readonly string[] = [
  'UNKNOWN',
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'DYNAMIC_CLIENT_METRICS_CONFIG',
  'DYNAMIC_GROUP_CONFIG',
];

/** The source of a value that nobody has set. */
export const DEFAULT_SOURCE = 'DEFAULT_CONFIG';

/** A setting as a broker tells it. */
export interface Config {
  readonly name: string;
  /** Null for secrets. */
  readonly value: string | null;
  readonly source: string;
  readonly sensitive: boolean;
  readonly synonyms: readonly { readonly name: string; readonly value: string | null; readonly source: string }[];
}

const DESCRIBE = { request: describeConfigsRequest, response: describeConfigsResponse, lowestVersion: 1 };
const ALTER = { request: incrementalAlterConfigsRequest, response: incrementalAlterConfigsResponse };
const DESCRIBE_QUOTAS = { request: describeClientQuotasRequest, response: describeClientQuotasResponse };
const ALTER_QUOTAS = { request: alterClientQuotasRequest, response: alterClientQuotasResponse };
const DESCRIBE_SCRAM = { request: describeUserScramCredentialsRequest, response: describeUserScramCredentialsResponse };
const ALTER_SCRAM = { request: alterUserScramCredentialsRequest, response: alterUserScramCredentialsResponse };

/** Resources that are asked for in one request. */
const RESOURCES_AT_ONCE = 500;

/** Settings of each resource, by name; a broker's own are asked of that broker. @throws KafkaError */
export async function describeConfigs(
  client: KafkaClient,
  resources: readonly Resource[],
): Promise<readonly (readonly Config[])[]> {
  const found = new Map<Resource, readonly Config[]>();
  const groups: Resource[][] = [];
  const shared = resources.filter((resource) => !isOfOneBroker(resource));
  for (let at = 0; at < shared.length; at += RESOURCES_AT_ONCE) groups.push(shared.slice(at, at + RESOURCES_AT_ONCE));
  for (const resource of resources) if (isOfOneBroker(resource)) groups.push([resource]);
  for (const group of groups) {
    const body = {
      resources: group.map(({ type, name }) => ({ resourceType: type, resourceName: name, configurationKeys: null })),
      includeSynonyms: true,
    };
    const first = group[0] as Resource;
    const { results } = await client.retrying(() =>
      isOfOneBroker(first) ? client.node(Number(first.name), DESCRIBE, body) : client.any(DESCRIBE, body),
    );
    for (const resource of group) {
      const result = results.find((one) => one.resourceType === resource.type && one.resourceName === resource.name);
      if (result === undefined) continue;
      check(nameOf(resource), result.errorCode, result.errorMessage);
      found.set(
        resource,
        result.configs
          .map(({ name, value, configSource, isSensitive, synonyms }) => ({
            name,
            value,
            source: CONFIG_SOURCES[configSource] ?? 'UNKNOWN',
            sensitive: isSensitive,
            synonyms: synonyms.map((synonym) => ({
              name: synonym.name,
              value: synonym.value,
              source: CONFIG_SOURCES[synonym.source] ?? 'UNKNOWN',
            })),
          }))
          .toSorted((left, right) => (left.name < right.name ? -1 : 1)),
      );
    }
  }
  return resources.map((resource) => found.get(resource) ?? []);
}

/** One change of a setting; without a value its default is back. */
export interface ConfigChange {
  readonly name: string;
  readonly value: string | null;
}

const SET = 0;
const DELETE = 1;

/** Changes settings of one resource, all or none. @throws KafkaError */
export async function alterConfigs(
  client: KafkaClient,
  resource: Resource,
  changes: readonly ConfigChange[],
): Promise<void> {
  const body = {
    resources: [
      {
        resourceType: resource.type,
        resourceName: resource.name,
        configs: changes.map(({ name, value }) => ({
          name,
          value,
          configOperation: value === null ? DELETE : SET,
        })),
      },
    ],
  };
  await client.retrying(async () => {
    const { responses } = isOfOneBroker(resource)
      ? await client.node(Number(resource.name), ALTER, body)
      : await client.controller(ALTER, body);
    for (const { errorCode, errorMessage } of responses) check(nameOf(resource), errorCode, errorMessage);
  });
}

/** Who a quota is for: parts such as `user` and `client-id`, each with a name, or null for the default. */
export type QuotaEntity = Readonly<Record<string, string | null>>;

/** Quotas of one entity. */
export interface Quotas {
  readonly entity: QuotaEntity;
  readonly values: Readonly<Record<string, number>>;
}

const EXACT = 0;
const DEFAULT = 1;
const ANY = 2;

/**
 * Quotas of the entities that are asked for.
 *
 * @param parts by entity type: a name, null for the default, undefined for any
 * @param strict whether entities with further parts are left out
 */
export async function describeQuotas(
  client: KafkaClient,
  parts: Readonly<Record<string, string | null | undefined>>,
  strict: boolean,
): Promise<readonly Quotas[]> {
  const components = Object.entries(parts).map(([entityType, match]) => ({
    entityType,
    matchType: match === undefined ? ANY : match === null ? DEFAULT : EXACT,
    match: match ?? null,
  }));
  return client.retrying(async () => {
    const { errorCode, errorMessage, entries } = await client.any(DESCRIBE_QUOTAS, { components, strict });
    check('quotas', errorCode, errorMessage);
    return (entries ?? []).map(({ entity, values }) => ({
      entity: Object.fromEntries(entity.map(({ entityType, entityName }) => [entityType, entityName])),
      values: Object.fromEntries(values.map(({ key, value }) => [key, value])),
    }));
  });
}

/** Changes quotas of one entity; a value of null takes one away. @throws KafkaError */
export async function alterQuotas(
  client: KafkaClient,
  entity: QuotaEntity,
  changes: ReadonlyMap<string, number | null>,
): Promise<void> {
  const entry = {
    entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
    ops: [...changes].map(([key, value]) => ({ key, value: value ?? 0, remove: value === null })),
  };
  await client.retrying(async () => {
    const { entries } = await client.controller(ALTER_QUOTAS, { entries: [entry] });
    for (const { errorCode, errorMessage } of entries) check('quotas', errorCode, errorMessage);
  });
}

/** SCRAM mechanisms by their number. */
export const SCRAM_MECHANISMS: readonly string[] = ['UNKNOWN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];

/** A user's credential, without its secrets. */
export interface ScramCredential {
  readonly mechanism: string;
  readonly iterations: number;
}

const RESOURCE_NOT_FOUND = 91;

/** Credentials of users; of all when null. */
export async function describeScram(
  client: KafkaClient,
  users: readonly string[] | null,
): Promise<ReadonlyMap<string, readonly ScramCredential[]>> {
  return client.retrying(async () => {
    const body = { users: users?.map((name) => ({ name })) ?? null };
    const { errorCode, errorMessage, results } = await client.any(DESCRIBE_SCRAM, body);
    check('SCRAM credentials', errorCode, errorMessage);
    const found = results.filter((result) => {
      if (result.errorCode === RESOURCE_NOT_FOUND) return false;
      check(`user ${result.user}`, result.errorCode, result.errorMessage);
      return true;
    });
    return new Map(
      found.map(({ user, credentialInfos }) => [
        user,
        credentialInfos.map(({ mechanism, iterations }) => ({
          mechanism: SCRAM_MECHANISMS[mechanism] ?? 'UNKNOWN',
          iterations,
        })),
      ]),
    );
  });
}

/** A credential to store, salted already; the password itself never leaves this process. */
export interface ScramUpsertion {
  readonly mechanism: number;
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly saltedPassword: Uint8Array;
}

/** Stores and deletes credentials of one user. @throws KafkaError */
export async function alterScram(
  client: KafkaClient,
  user: string,
  upsertions: readonly ScramUpsertion[],
  deletions: readonly number[],
): Promise<void> {
  const body = {
    upsertions: upsertions.map((one) => ({ name: user, ...one })),
    deletions: deletions.map((mechanism) => ({ name: user, mechanism })),
  };
  await client.retrying(async () => {
    const { results } = await client.controller(ALTER_SCRAM, body);
    for (const { errorCode, errorMessage } of results) check(`user ${user}`, errorCode, errorMessage);
  });
}

function isOfOneBroker({ type, name }: Resource): boolean {
  return (type === ResourceType.broker && name !== '') || type === ResourceType.brokerLogger;
}

function nameOf({ type, name }: Resource): string {
  const [kind = 'resource'] = Object.entries(ResourceType).find(([, number]) => number === type) ?? [];
  return name === '' ? `defaults of ${kind}s` : `${kind} ${name}`;
}
