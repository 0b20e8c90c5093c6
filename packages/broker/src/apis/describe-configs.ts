import type { ConfigTable } from '@biquorum/control-plane';
import { type ErrorName, errorCode, type Init } from '@biquorum/kafka-wire';
import type {
  DescribeConfigsRequest,
  DescribeConfigsRequestDescribeConfigsResource,
  DescribeConfigsResponse,
  DescribeConfigsResponseDescribeConfigsResourceResult,
  DescribeConfigsResponseDescribeConfigsResult,
} from '@biquorum/kafka-wire/messages/describe-configs';
import { type ClusterView, type ConfigResource, validateTopicName } from '@biquorum/metadata';
import {
  CONFIG_SOURCE,
  type DescribedConfig,
  describeBroker,
  describeClusterDefault,
  describeTopic,
} from '../config/describe.ts';
import { type ConfigLayers, type ConfigProperties, withNodeId } from '../config/layers.ts';
import type { ApiRequest } from './core.ts';

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

/** A node that tells of configurations: a broker, or a controller. */
export interface DescribingNode {
  readonly id: number;
  /** Where dynamic configuration stands. */
  readonly view: ClusterView;
  /** The node's own properties. */
  readonly properties: ConfigProperties;
  /** Keys that its plane adds. */
  readonly planeConfigs: ConfigTable;
}

/** Answers for a broker. */
export function handleDescribeConfigs({
  core,
  body,
  version,
}: ApiRequest<DescribeConfigsRequest>): Init<DescribeConfigsResponse> {
  const { properties, planeConfigs } = core.settings;
  return describeConfigs({ id: core.id, view: core.view(), properties, planeConfigs }, body, version);
}

/**
 * The configuration that holds, and where each value comes from.
 *
 * Source: Java `ConfigHelper.handleDescribeConfigsRequest`.
 */
export function describeConfigs(
  node: DescribingNode,
  body: DescribeConfigsRequest,
  version: number,
): Init<DescribeConfigsResponse> {
  const { resources } = body;
  const known: readonly number[] = Object.values(RESOURCE);
  const odd = resources.find(({ resourceType }) => !known.includes(resourceType));
  // Java refuses the request as a whole for one such resource.
  if (odd !== undefined) {
    const message = `resource type ${odd.resourceType} of ${odd.resourceName} is unknown; use one of ${known}`;
    return { results: resources.map((resource) => refused(resource, 'INVALID_REQUEST', message)) };
  }
  return { results: resources.map((resource) => describeResource(node, body, version, resource)) };
}

function describeResource(
  node: DescribingNode,
  body: DescribeConfigsRequest,
  version: number,
  resource: Resource,
): Result {
  const { resourceType, resourceName, configurationKeys } = resource;
  const described = describe(node, resource);
  if ('error' in described) return refused(resource, described.error, described.message);
  // Java takes an empty list of keys for none.
  const wanted = configurationKeys === null || configurationKeys.length === 0 ? null : new Set(configurationKeys);
  const filtered = resourceType === RESOURCE.clientMetrics ? null : wanted;
  const configs = described.configs
    .filter(({ name }) => filtered === null || filtered.has(name))
    .map((config) => responseRow(body, version, config));
  return { resourceType, resourceName, errorCode: 0, errorMessage: '', configs };
}

function refused({ resourceType, resourceName }: Resource, error: ErrorName, errorMessage: string): Result {
  return { resourceType, resourceName, errorCode: errorCode(error), errorMessage, configs: [] };
}

function describe(node: DescribingNode, { resourceType, resourceName: name }: Resource): Description {
  switch (resourceType) {
    case RESOURCE.topic:
      return describeOneTopic(node, name);
    case RESOURCE.broker:
      if (name === '') return { configs: describeClusterDefault(layersOf(node)) };
      return (
        otherBroker(node, name, ' or the empty name') ?? {
          configs: describeBroker(layersOf(node), node.planeConfigs),
        }
      );
    case RESOURCE.brokerLogger:
      if (name === '') return invalid('the broker id is empty; name the broker whose loggers to list');
      // There is one level for everything, and it is given at the start.
      return otherBroker(node, name, '') ?? { configs: [] };
    default:
      if (name === '') return invalid('the name of the client metrics subscription is empty; give one');
      return { configs: [...configOf(node, { type: 'client-metrics', name })].map(ofClientMetrics) };
  }
}

function describeOneTopic(node: DescribingNode, name: string): Description {
  const refusal = validateTopicName(name);
  if (refusal !== null) return refusal;
  if (!node.view.topics.has(name)) return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: '' };
  return { configs: describeTopic(layersOf(node), configOf(node, { type: 'topic', name })) };
}

function otherBroker(node: DescribingNode, name: string, alternative: string): Description | undefined {
  if (!/^[+-]?\d+$/.test(name)) return invalid(`broker id "${name}" is not a whole number`);
  if (Number(name) === node.id) return undefined;
  return invalid(`Unexpected broker id ${name}: this broker answers for ${node.id}${alternative}`);
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

function layersOf(node: DescribingNode): ConfigLayers {
  return {
    perBroker: configOf(node, { type: 'broker', name: String(node.id) }),
    clusterWide: configOf(node, { type: 'broker', name: '' }),
    file: withNodeId(node.properties),
  };
}

function configOf(node: DescribingNode, resource: ConfigResource): ReadonlyMap<string, string> {
  return node.view.configOf(resource);
}

/** Version 0 has a flag for defaults, but brokers of 3.9 never raise it. */
function responseRow(body: DescribeConfigsRequest, version: number, config: DescribedConfig): Row {
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
