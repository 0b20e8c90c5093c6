import { errorCode } from '@biquorum/kafka-wire';
import {
  type AlterClientQuotasRequest,
  type AlterClientQuotasResponse,
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from '@biquorum/kafka-wire/messages/alter-client-quotas';
import {
  type DescribeClientQuotasRequest,
  type DescribeClientQuotasRequestComponentData,
  type DescribeClientQuotasResponse,
  describeClientQuotasRequest,
  describeClientQuotasResponse,
} from '@biquorum/kafka-wire/messages/describe-client-quotas';
import type { ZooKeeperClient } from '@biquorum/zookeeper-client';
import type { Controller } from '../controller.ts';
import { readEntityConfig, writeEntityConfig } from '../entity-configs.ts';
import { type Failure, failureOf, NO_FAILURE, Refused } from '../faults.ts';
import { limitText, type QuotaEntity, quotaPlaceOf, readQuotas } from '../quota-entities.ts';
import { type ApiDefinition, CLUSTER } from './api.ts';

/** Any broker reads it from ZooKeeper (KIP-546). Source: Java `ZkAdminManager.describeClientQuotas`. */
export const describeClientQuotasApi: ApiDefinition<DescribeClientQuotasRequest, DescribeClientQuotasResponse> = {
  request: describeClientQuotasRequest,
  response: describeClientQuotasResponse,
  needs: 'DescribeConfigs',
  async respond(controller, { components, strict }) {
    const isWanted = filterOf(components, strict);
    const found = (await readQuotas(sessionOf(controller))).filter(isWanted);
    return {
      errorMessage: null,
      entries: found.map(({ entity, limits }) => ({
        entity,
        values: [...limits].map(([key, value]) => ({ key, value })),
      })),
    };
  },
  fail: ({ code, message }) => ({ errorCode: code, errorMessage: message, entries: null }),
};

/** Any broker writes it to ZooKeeper. Source: Java `ZkAdminManager.alterClientQuotas`. */
export const alterClientQuotasApi: ApiDefinition<AlterClientQuotasRequest, AlterClientQuotasResponse> = {
  request: alterClientQuotasRequest,
  response: alterClientQuotasResponse,
  async respond(controller, { entries, validateOnly }, { context }) {
    if (!controller.host.authorize(context, { operation: 'AlterConfigs', resource: CLUSTER })) {
      throw new Refused('CLUSTER_AUTHORIZATION_FAILED');
    }
    const session = sessionOf(controller);
    const rows: { errorCode: number; errorMessage: string | null; entity: (typeof entries)[number]['entity'] }[] = [];
    for (const entry of entries) {
      const { error, message } = await alter(session, entry, validateOnly).catch(failureOf);
      rows.push({ errorCode: errorCode(error), errorMessage: message, entity: entry.entity });
    }
    return { entries: rows };
  },
  fail: ({ code, message }, { entries }) => ({
    entries: entries.map(({ entity }) => ({ errorCode: code, errorMessage: message, entity })),
  }),
};

async function alter(
  session: ZooKeeperClient,
  { entity, ops }: AlterClientQuotasRequest['entries'][number],
  validateOnly: boolean,
): Promise<Failure> {
  const { path, keys } = quotaPlaceOf(entity);
  const values = new Map(await readEntityConfig(session, path));
  for (const { key, value, remove } of ops) {
    if (remove) values.delete(key);
    else values.set(key, limitText(keys, key, value));
  }
  if (!validateOnly) await writeEntityConfig(session, path, values);
  return NO_FAILURE;
}

const EXACT = 0;
const DEFAULT = 1;

function filterOf(
  components: readonly DescribeClientQuotasRequestComponentData[],
  strict: boolean,
): (entity: QuotaEntity) => boolean {
  const types = new Set<string>();
  for (const { entityType } of components) {
    if (types.has(entityType)) {
      throw new Refused('INVALID_REQUEST', `Duplicate ${entityType} filter component entity type`);
    }
    if (entityType === '') throw new Refused('INVALID_REQUEST', 'Unexpected empty filter component entity type');
    if (!['user', 'client-id', 'ip'].includes(entityType)) {
      throw new Refused('UNSUPPORTED_VERSION', `Custom entity type '${entityType}' not supported`);
    }
    types.add(entityType);
  }
  return ({ entity }) => {
    if (strict && entity.length !== components.length) return false;
    return components.every(({ entityType, matchType, match }) => {
      const part = entity.find((one) => one.entityType === entityType);
      if (part === undefined) return false;
      if (matchType === EXACT) return part.entityName === match;
      return matchType !== DEFAULT || part.entityName === null;
    });
  };
}

function sessionOf({ session }: Controller): ZooKeeperClient {
  if (session === undefined)
    throw new Refused('COORDINATOR_NOT_AVAILABLE', 'this broker has no session with ZooKeeper');
  return session;
}
