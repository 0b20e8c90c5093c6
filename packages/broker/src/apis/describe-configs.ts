import { type ErrorName, errorCode, type Init } from '@biquorum/kafka-wire';
import type {
  DescribeConfigsRequest,
  DescribeConfigsRequestDescribeConfigsResource,
  DescribeConfigsResponse,
  DescribeConfigsResponseDescribeConfigsResourceResult,
  DescribeConfigsResponseDescribeConfigsResult,
} from '@biquorum/kafka-wire/messages/describe-configs';
import { type ConfigResource, validateTopicName } from '@biquorum/metadata';
import {
  CONFIG_SOURCE,
  type DescribedConfig,
  describeBroker,
  describeClusterDefault,
  describeTopic,
} from '../config/describe.ts';
import { type ConfigLayers, withNodeId } from '../config/layers.ts';
import type { ApiRequest, BrokerCore } from './core.ts';

/** Kafka's numbers for resource types. Source: Java `ConfigResource.Type` of 3.9; groups came later. */
const RESOURCE = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16 } as const;
/** Kafka's numbers for types of values; 0 where the setting is unknown. Source: KIP-569. */
const VALUE_TYPE = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
} as const;

type Resource = DescribeConfigsRequestDescribeConfigsResource;
type Result = Init<DescribeConfigsResponseDescribeConfigsResult>;
type Row = Init<DescribeConfigsResponseDescribeConfigsResourceResult>;
type Description =
  | { readonly configs: readonly DescribedConfig[] }
  | { readonly error: ErrorName; readonly message: string };

/**
 * The configuration that holds, and where each value comes from.
 *
 * Source: Java `ConfigHelper.handleDescribeConfigsRequest`.
 */
export function handleDescribeConfigs(request: ApiRequest<DescribeConfigsRequest>): Init<DescribeConfigsResponse> {
  const { resources } = request.body;
  const known: readonly number[] = Object.values(RESOURCE);
  const odd = resources.find(({ resourceType }) => !known.includes(resourceType));
  // Java refuses the request as a whole for one such resource.
  if (odd !== undefined) {
    const message = `resource type ${odd.resourceType} of ${odd.resourceName} is unknown; use one of ${known}`;
    return { results: resources.map((resource) => refused(resource, 'INVALID_REQUEST', message)) };
  }
  return { results: resources.map((resource) => describeResource(request, resource)) };
}

function describeResource(request: ApiRequest<DescribeConfigsRequest>, resource: Resource): Result {
  const { resourceType, resourceName, configurationKeys } = resource;
  const described = describe(request.core, resource);
  if ('error' in described) return refused(resource, described.error, described.message);
  // Java takes an empty list of keys for none.
  const wanted = configurationKeys === null || configurationKeys.length === 0 ? null : new Set(configurationKeys);
  const filtered = resourceType === RESOURCE.clientMetrics ? null : wanted;
  const configs = described.configs
    .filter(({ name }) => filtered === null || filtered.has(name))
    .map((config) => responseRow(request, config));
  return { resourceType, resourceName, errorCode: 0, errorMessage: '', configs };
}

function refused({ resourceType, resourceName }: Resource, error: ErrorName, errorMessage: string): Result {
  return { resourceType, resourceName, errorCode: errorCode(error), errorMessage, configs: [] };
}

function describe(core: BrokerCore, { resourceType, resourceName: name }: Resource): Description {
  switch (resourceType) {
    case RESOURCE.topic:
      return describeOneTopic(core, name);
    case RESOURCE.broker:
      if (name === '') return { configs: describeClusterDefault(layersOf(core)) };
      return (
        otherBroker(core, name, ' or the empty name') ?? {
          configs: describeBroker(layersOf(core), core.settings.planeConfigs),
        }
      );
    case RESOURCE.brokerLogger:
      if (name === '') return invalid('the broker id is empty; name the broker whose loggers to list');
      // There is one level for everything, and it is given at the start.
      return otherBroker(core, name, '') ?? { configs: [] };
    default:
      if (name === '') return invalid('the name of the client metrics subscription is empty; give one');
      return { configs: [...configOf(core, { type: 'client-metrics', name })].map(ofClientMetrics) };
  }
}

function describeOneTopic(core: BrokerCore, name: string): Description {
  const refusal = validateTopicName(name);
  if (refusal !== null) return refusal;
  if (!core.view().topics.has(name)) return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: '' };
  return { configs: describeTopic(layersOf(core), configOf(core, { type: 'topic', name })) };
}

function otherBroker(core: BrokerCore, name: string, alternative: string): Description | undefined {
  if (!/^[+-]?\d+$/.test(name)) return invalid(`broker id "${name}" is not a whole number`);
  if (Number(name) === core.id) return undefined;
  return invalid(`Unexpected broker id ${name}: this broker answers for ${core.id}${alternative}`);
}

function invalid(message: string): Description {
  return { error: 'INVALID_REQUEST', message };
}

function ofClientMetrics([name, value]: readonly [string, string]): DescribedConfig {
  return {
    name,
    value,
    type: undefined,
    sensitive: false,
    readOnly: false,
    source: CONFIG_SOURCE.clientMetrics,
    synonyms: [],
    documentation: '',
  };
}

function layersOf(core: BrokerCore): ConfigLayers {
  return {
    perBroker: configOf(core, { type: 'broker', name: String(core.id) }),
    clusterWide: configOf(core, { type: 'broker', name: '' }),
    file: withNodeId(core.settings.properties),
  };
}

function configOf(core: BrokerCore, resource: ConfigResource): ReadonlyMap<string, string> {
  return core.view().configOf(resource);
}

/** Version 0 has a flag for defaults, but brokers of 3.9 never raise it. */
function responseRow({ body, version }: ApiRequest<DescribeConfigsRequest>, config: DescribedConfig): Row {
  const { name, value, readOnly, source, sensitive, synonyms, type, documentation } = config;
  return {
    name,
    value,
    readOnly,
    isSensitive: sensitive,
    ...(version >= 1 ? { configSource: source, synonyms: body.includeSynonyms ? synonyms : [] } : {}),
    ...(version >= 3
      ? {
          configType: type === undefined ? 0 : VALUE_TYPE[type],
          documentation: body.includeDocumentation || documentation === '' ? documentation : null,
        }
      : {}),
  };
}
