import {
  brokerKey,
  type ConfigProperties,
  checkConfig,
  describeConfigs,
  describeTopic,
  isListConfig,
  isPasswordConfig,
} from '@biquorum/broker';
import { KRAFT_KEYS } from '@biquorum/control-plane';
import type { ConfigRules } from '@biquorum/kraft';
import type { ConfigRules as ZooKeeperConfigRules } from '@biquorum/zookeeper-controller';

/** What a controller must know of configuration keys, from the broker's tables and its node's properties. */
export function configRules(properties: ConfigProperties): ConfigRules & ZooKeeperConfigRules {
  const nothingSet: ConfigProperties = new Map();
  const staticTopicValues = new Map(
    describeTopic({ perBroker: nothingSet, clusterWide: nothingSet, file: properties }, nothingSet).map(
      ({ name, value }) => [name, value],
    ),
  );
  const staticTopicValue = (key: string): string | null => staticTopicValues.get(key) ?? null;
  return {
    check(resource, values) {
      for (const [key, value] of values) {
        const fault = checkConfig(resource, key, value);
        if (fault !== null) return fault;
      }
      return null;
    },
    isList: (_resource, key) => isListConfig(key),
    isPassword: (resource, key) => resource.type === 'broker' && isPasswordConfig(key),
    defaultOf(resource, key) {
      if (resource.type === 'topic') return staticTopicValue(key);
      if (resource.type === 'broker') return properties.get(key) ?? brokerKey(key)?.defaultValue ?? null;
      return null;
    },
    describeTopic: ({ topic, node, cluster }) =>
      describeTopic({ perBroker: node, clusterWide: cluster, file: properties }, topic).map(
        ({ name, value, readOnly, source, sensitive }) => ({
          name,
          value,
          readOnly,
          configSource: source,
          isSensitive: sensitive,
        }),
      ),
    staticTopicValue,
    describeConfigs: (id, view, body, version) =>
      describeConfigs({ id, view, properties, planeConfigs: KRAFT_KEYS }, body, version),
  };
}
