import { errorCode, type Init } from '@biquorum/kafka-wire';
import {
  type AlterConfigsRequest,
  type AlterConfigsResponse,
  alterConfigsRequest,
  alterConfigsResponse,
} from '@biquorum/kafka-wire/messages/alter-configs';
import {
  type DescribeConfigsRequest,
  type DescribeConfigsResponse,
  describeConfigsRequest,
  describeConfigsResponse,
} from '@biquorum/kafka-wire/messages/describe-configs';
import {
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResponse,
  type IncrementalAlterConfigsResponseAlterConfigsResourceResponse,
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import type { ConfigResource } from '@biquorum/metadata';
import { configTypeOf } from '../../image/config-types.ts';
import { alterConfigs, type ConfigOperation, type ConfigWish } from '../configs.ts';
import { type Failure, failure } from '../fault.ts';
import type { ControllerRequest } from '../request.ts';
import { type ApiDefinition, type ApiHost, CLUSTER } from './api.ts';

export const incrementalAlterConfigsApi: ApiDefinition<
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse
> = {
  request: incrementalAlterConfigsRequest,
  response: incrementalAlterConfigsResponse,
  respond: async (host, { resources, validateOnly }, request) => ({
    responses: await alter(host, request, resources, validateOnly, false),
  }),
  fail: ({ code, message }, { resources }) => ({ responses: everyResource(resources, code, message) }),
};

export const alterConfigsApi: ApiDefinition<AlterConfigsRequest, AlterConfigsResponse> = {
  request: alterConfigsRequest,
  response: alterConfigsResponse,
  async respond(host, { resources, validateOnly }, request) {
    const wishes = resources.map((resource) => ({
      ...resource,
      configs: resource.configs.map((config) => ({ ...config, configOperation: SET })),
    }));
    return { responses: await alter(host, request, wishes, validateOnly, true) };
  },
  fail: ({ code, message }, { resources }) => ({ responses: everyResource(resources, code, message) }),
};

/** What holds, for topics and for this node; a controller that is not active tells it, too. */
export const describeConfigsApi: ApiDefinition<DescribeConfigsRequest, DescribeConfigsResponse> = {
  request: describeConfigsRequest,
  response: describeConfigsResponse,
  respond: async (host, body, { context, apiVersion }) => {
    const { view } = host.committed();
    const mayDescribe = (row: DescribeConfigsRequest['resources'][number]): boolean => {
      const isTopic = configTypeOf(row.resourceType) === 'topic';
      const resource = isTopic ? ({ type: 'Topic', name: row.resourceName } as const) : CLUSTER;
      return host.authorize(context, { operation: 'DescribeConfigs', resource });
    };
    const allowed = { ...body, resources: body.resources.filter(mayDescribe) };
    const refused = body.resources.filter((row) => !mayDescribe(row));
    const { results = [] } = host.configRules.describeConfigs(host.nodeId, view, allowed, apiVersion);
    return {
      results: [
        ...results,
        ...refused.map((row) => {
          const isTopic = configTypeOf(row.resourceType) === 'topic';
          return rowOf(row, failure(isTopic ? 'TOPIC_AUTHORIZATION_FAILED' : 'CLUSTER_AUTHORIZATION_FAILED'));
        }),
      ],
    };
  },
  fail: ({ code, message }, { resources }) => ({ results: everyResource(resources, code, message) }),
};

const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;
const BROKER_LOGGER = 8;

type Row = Init<IncrementalAlterConfigsResponseAlterConfigsResourceResponse>;
type Resources = IncrementalAlterConfigsRequest['resources'];

async function alter(
  host: ApiHost,
  request: ControllerRequest,
  resources: Resources,
  validateOnly: boolean,
  replaces: boolean,
): Promise<Row[]> {
  const rows: Row[] = [];
  const wishes = new Map<string, ConfigWish & { readonly row: Resources[number] }>();
  const twice = new Set<string>();
  for (const row of resources) {
    const key = `${row.resourceType}/${row.resourceName}`;
    if (twice.has(key)) continue;
    if (wishes.has(key)) {
      wishes.delete(key);
      twice.add(key);
      rows.push(rowOf(row, failure('INVALID_REQUEST', 'Duplicate resource.')));
      continue;
    }
    const wish = wishOf(host, request, row);
    if ('error' in wish) rows.push(rowOf(row, wish));
    else wishes.set(key, { ...wish, row });
  }
  if (wishes.size === 0) return rows;
  const asked = [...wishes.values()];
  const outcomes = await host.decide((situation) =>
    alterConfigs(situation, asked, {
      replaces,
      validateOnly,
      isNode: (id) => situation.image.brokers.has(id) || host.quorumNodeIds().includes(id),
    }),
  );
  return [...rows, ...outcomes.map((outcome, index) => rowOf((asked[index] as (typeof asked)[number]).row, outcome))];
}

function wishOf(host: ApiHost, { context }: ControllerRequest, row: Resources[number]): ConfigWish | Failure {
  const { resourceType, resourceName, configs } = row;
  if (resourceType === BROKER_LOGGER) {
    return failure('INVALID_REQUEST', 'This node has no loggers whose levels could be set.');
  }
  const type = configTypeOf(resourceType);
  // Groups have configuration in the records of 3.9, but not yet in its requests.
  if (type === undefined || type === 'group') {
    return failure('UNSUPPORTED_VERSION', `Unknown resource type ${resourceType}.`);
  }
  const resource: ConfigResource = { type, name: resourceName };
  const acted = type === 'topic' ? ({ type: 'Topic', name: resourceName } as const) : CLUSTER;
  if (!host.authorize(context, { operation: 'AlterConfigs', resource: acted })) {
    return failure(type === 'topic' ? 'TOPIC_AUTHORIZATION_FAILED' : 'CLUSTER_AUTHORIZATION_FAILED');
  }
  const operations = new Map<string, ConfigOperation>();
  for (const { name, configOperation, value } of configs) {
    const operation = operationOf(configOperation, value);
    if (operation === null) {
      return failure('INVALID_REQUEST', `Unknown operation ${configOperation} on key ${name}.`);
    }
    operations.set(name, operation);
  }
  return { resource, operations };
}

function operationOf(code: number, value: string | null): ConfigOperation | null {
  switch (code) {
    case SET:
      return { kind: 'set', value };
    case DELETE:
      return { kind: 'delete' };
    case APPEND:
      return { kind: 'append', value };
    case SUBTRACT:
      return { kind: 'subtract', value };
    default:
      return null;
  }
}

function rowOf(
  { resourceType, resourceName }: Pick<Resources[number], 'resourceType' | 'resourceName'>,
  { error, message }: Failure,
): Row {
  return { resourceType, resourceName, errorCode: errorCode(error), errorMessage: message };
}

function everyResource(
  resources: readonly { readonly resourceType: number; readonly resourceName: string }[],
  code: number,
  message: string | null,
): Row[] {
  return resources.map(({ resourceType, resourceName }) => ({
    resourceType,
    resourceName,
    errorCode: code,
    errorMessage: message,
  }));
}
