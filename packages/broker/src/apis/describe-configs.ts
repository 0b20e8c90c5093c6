import { errorCode, type Init } from '@biquorum/kafka-wire';
import type {
  DescribeConfigsRequest,
  DescribeConfigsRequestDescribeConfigsResource,
  DescribeConfigsResponse,
  DescribeConfigsResponseDescribeConfigsResourceResult,
} from '@biquorum/kafka-wire/messages/describe-configs';
import { TOPIC_LOG_CONFIGS, type TopicConfigEntry } from '@biquorum/log';
import type { ApiRequest, BrokerCore } from './core.ts';

const TOPIC = 2;
const BROKER = 4;
/** Where a value comes from, in Kafka's numbers. */
const SOURCE = { topic: 1, dynamicBroker: 2, staticBroker: 4, builtIn: 5 } as const;
const TYPE = { boolean: 1, string: 2, int: 3, long: 5, double: 6, list: 7 } as const;

/** The configuration that holds, and where each value comes from. */
export function handleDescribeConfigs(request: ApiRequest<DescribeConfigsRequest>): Init<DescribeConfigsResponse> {
  const results = request.body.resources.map((resource) => {
    const { resourceType, resourceName, configurationKeys } = resource;
    const described = describe(request, resource);
    if (typeof described === 'string') {
      const errorMessage = `resource ${resourceName} of type ${resourceType} has no configuration here`;
      return { resourceType, resourceName, errorCode: errorCode(described), errorMessage };
    }
    const configs = described.filter(
      ({ name }) => configurationKeys === null || configurationKeys.includes(name ?? ''),
    );
    return { resourceType, resourceName, errorCode: 0, errorMessage: null, configs };
  });
  return { results };
}

type Row = Init<DescribeConfigsResponseDescribeConfigsResourceResult>;

function describe(
  { core, body, version }: ApiRequest<DescribeConfigsRequest>,
  { resourceType, resourceName }: DescribeConfigsRequestDescribeConfigsResource,
): Row[] | 'UNKNOWN_TOPIC_OR_PARTITION' | 'INVALID_REQUEST' {
  if (resourceType === TOPIC) {
    if (!core.view().topics.has(resourceName)) return 'UNKNOWN_TOPIC_OR_PARTITION';
    return TOPIC_LOG_CONFIGS.map((entry) => topicRow(core, body, version, resourceName, entry));
  }
  if (resourceType === BROKER && (resourceName === '' || resourceName === String(core.id)))
    return brokerRows(core, version, resourceName);
  return 'INVALID_REQUEST';
}

function topicRow(
  core: BrokerCore,
  body: DescribeConfigsRequest,
  version: number,
  topic: string,
  entry: TopicConfigEntry,
): Row {
  const { name, type, defaultValue, documentation } = entry;
  const synonyms: { name: string; value: string; source: number }[] = [];
  const own = core.view().configOf({ type: 'topic', name: topic }).get(name);
  if (own !== undefined) synonyms.push({ name, value: own, source: SOURCE.topic });
  for (const synonym of entry.synonyms) {
    const value = core.settings.properties.get(synonym.name);
    if (value !== undefined) synonyms.push({ name: synonym.name, value, source: SOURCE.staticBroker });
  }
  synonyms.push({ name: entry.synonyms[0]?.name ?? name, value: defaultValue, source: SOURCE.builtIn });
  const holds = synonyms[0];
  return {
    name,
    value: holds?.value ?? defaultValue,
    readOnly: false,
    ...sourceFields(version, holds?.source ?? SOURCE.builtIn),
    isSensitive: false,
    synonyms: body.includeSynonyms ? synonyms : [],
    ...(version >= 3
      ? { configType: TYPE[type], documentation: body.includeDocumentation ? documentation : null }
      : {}),
  };
}

/** Version 0 says only whether a value is the default. */
function sourceFields(version: number, source: number): Pick<Row, 'isDefault' | 'configSource'> {
  return version === 0 ? { isDefault: source === SOURCE.builtIn } : { configSource: source };
}

function brokerRows(core: BrokerCore, version: number, name: string): Row[] {
  const rows: Row[] = [];
  for (const [key, value] of core.view().configOf({ type: 'broker', name })) {
    rows.push({ name: key, value, ...sourceFields(version, SOURCE.dynamicBroker), readOnly: false });
  }
  if (name === '') return rows;
  for (const [key, value] of core.settings.properties) {
    if (!rows.some((row) => row.name === key))
      rows.push({ name: key, value, ...sourceFields(version, SOURCE.staticBroker), readOnly: true });
  }
  return rows;
}
