import type { PlaneRequest } from '@biquorum/control-plane';
import { errorCode, type Init } from '@biquorum/kafka-wire';
import {
  type AlterConfigsRequest,
  type AlterConfigsResponse,
  alterConfigsRequest,
  alterConfigsResponse,
} from '@biquorum/kafka-wire/messages/alter-configs';
import {
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResponse,
  type IncrementalAlterConfigsResponseAlterConfigsResourceResponse,
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import { DEFAULT_ENTITY, topicPath } from '@biquorum/kafka-znodes';
import { type ConfigResource, validateTopicName } from '@biquorum/metadata';
import { untilAnswered } from '../../until-answered.ts';
import type { Controller } from '../controller.ts';
import { readEntityConfig, writeEntityConfig } from '../entity-configs.ts';
import { type Failure, failureOf, NO_FAILURE, Refused } from '../faults.ts';
import { type ApiDefinition, CLUSTER, duplicates } from './api.ts';

export const incrementalAlterConfigsApi: ApiDefinition<
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse
> = {
  request: incrementalAlterConfigsRequest,
  response: incrementalAlterConfigsResponse,
  respond: async (controller, { resources, validateOnly }, request) => ({
    responses: await alterAll(controller, request, resources, { validateOnly, replaces: false }),
  }),
  fail: ({ code, message }, { resources }) => ({ responses: everyResource(resources, code, message) }),
};

export const alterConfigsApi: ApiDefinition<AlterConfigsRequest, AlterConfigsResponse> = {
  request: alterConfigsRequest,
  response: alterConfigsResponse,
  async respond(controller, { resources, validateOnly }, request) {
    const wishes = resources.map((resource) => ({
      ...resource,
      configs: resource.configs.map((config) => ({ ...config, configOperation: SET })),
    }));
    return { responses: await alterAll(controller, request, wishes, { validateOnly, replaces: true }) };
  },
  fail: ({ code, message }, { resources }) => ({ responses: everyResource(resources, code, message) }),
};

const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;
/** Kafka's numbers of resource types. */
const TOPIC = 2;
const BROKER = 4;

type Row = Init<IncrementalAlterConfigsResponseAlterConfigsResourceResponse>;
type Wish = IncrementalAlterConfigsRequest['resources'][number];

interface Manner {
  readonly validateOnly: boolean;
  /** The keys that are not named are deleted. */
  readonly replaces: boolean;
}

/** Any broker does it: the change lies in ZooKeeper, and all are told there. Source: Java `ZkAdminManager.incrementalAlterConfigs`. */
async function alterAll(
  controller: Controller,
  request: PlaneRequest,
  wishes: readonly Wish[],
  manner: Manner,
): Promise<Row[]> {
  const keyOf = ({ resourceType, resourceName }: Wish): string => `${resourceType}/${resourceName}`;
  const twice = duplicates(wishes.map(keyOf));
  const rows: Row[] = [];
  for (const wish of wishes) {
    const failure: Failure = twice.has(keyOf(wish))
      ? { error: 'INVALID_REQUEST', message: 'Each resource must appear at most once' }
      : await alter(controller, request, wish, manner).catch(failureOf);
    const { resourceType, resourceName } = wish;
    rows.push({ resourceType, resourceName, errorCode: errorCode(failure.error), errorMessage: failure.message });
  }
  return rows;
}

async function alter(
  controller: Controller,
  { context }: PlaneRequest,
  wish: Wish,
  { validateOnly, replaces }: Manner,
): Promise<Failure> {
  const { host, session } = controller;
  const resource = resourceOf(wish);
  const acted = resource.type === 'topic' ? ({ type: 'Topic', name: resource.name } as const) : CLUSTER;
  if (!host.authorize(context, { operation: 'AlterConfigs', resource: acted })) {
    throw new Refused(acted === CLUSTER ? 'CLUSTER_AUTHORIZATION_FAILED' : 'TOPIC_AUTHORIZATION_FAILED');
  }
  if (session === undefined) throw new Refused('NOT_CONTROLLER');
  const entity = entityOf(resource);
  const twice = duplicates(wish.configs.map(({ name }) => name));
  if (twice.size > 0) {
    throw new Refused('INVALID_REQUEST', `Error due to duplicate config keys : ${[...twice].join(', ')}`);
  }
  const before = await readEntityConfig(session, entity);
  const values = new Map(replaces ? [] : before);
  for (const change of wish.configs) changeKey(controller, resource, values, change);
  if (resource.type === 'topic') {
    const { name } = resource;
    const refusal = validateTopicName(name);
    if (refusal !== null) throw new Refused(refusal.error, refusal.message);
    if ((await untilAnswered(session, () => session.exists(topicPath(name)))) === undefined) {
      throw new Refused('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${name}' does not exist.`);
    }
  }
  const fault = host.configRules.check(resource, values);
  if (fault !== null) throw new Refused('INVALID_CONFIG', fault);
  if (validateOnly) return NO_FAILURE;
  // As Java's without password.encoder.secret: a password never lies in ZooKeeper as it is.
  if ([...values.keys()].some((key) => host.configRules.isPassword(resource, key))) {
    const named = `ConfigResource(type=BROKER, name='${resource.name}')`;
    const message = `Invalid config value for resource ${named}: Password encoder secret not configured`;
    throw new Refused('INVALID_REQUEST', message);
  }
  await writeEntityConfig(session, entity, values);
  return NO_FAILURE;
}

function changeKey(
  { host: { configRules } }: Controller,
  resource: ConfigResource,
  values: Map<string, string>,
  { name, configOperation, value }: Wish['configs'][number],
): void {
  if (configOperation === DELETE) {
    values.delete(name);
    return;
  }
  if (value === null) {
    throw new Refused('INVALID_REQUEST', `Null value not supported for : ${name}`);
  }
  switch (configOperation) {
    case SET:
      values.set(name, value);
      return;
    case APPEND:
    case SUBTRACT: {
      if (!configRules.isList(resource, name)) {
        throw new Refused(
          'INVALID_CONFIG',
          `Config value ${configOperation === APPEND ? 'append' : 'subtract'} is not allowed for config key: ${name}`,
        );
      }
      const present = values.get(name) ?? configRules.defaultOf(resource, name) ?? '';
      const items = present.split(',').filter((item) => item !== '');
      const named = value.split(',');
      const next =
        configOperation === APPEND
          ? [...items, ...named.filter((item) => !items.includes(item))]
          : items.filter((item) => !named.includes(item));
      values.set(name, next.join());
      return;
    }
    default:
      throw new Refused('INVALID_REQUEST', `Unknown operation ${configOperation} on key ${name}.`);
  }
}

function resourceOf({ resourceType, resourceName: name }: Wish): ConfigResource {
  if (resourceType === TOPIC) return { type: 'topic', name };
  if (resourceType !== BROKER) {
    throw new Refused('INVALID_REQUEST', `AlterConfigs is only supported for topics and brokers, not ${resourceType}`);
  }
  if (name !== '' && !/^\d{1,10}$/.test(name)) {
    throw new Refused('INVALID_REQUEST', `Broker id must be an integer, but it is: ${name}`);
  }
  return { type: 'broker', name: name === '' ? '' : String(Number(name)) };
}

function entityOf({ type, name }: ConfigResource): string {
  return type === 'topic' ? `topics/${name}` : `brokers/${name === '' ? DEFAULT_ENTITY : name}`;
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
