import { checkConfig, describeTopic, isListConfig, readBrokerSettings } from '@biquorum/broker';
import { type DescribedConfig, REFERENCE_DEFAULTS, type ReferenceConfig } from '@biquorum/control-plane/testing';
import type { ClusterView } from '@biquorum/metadata';

/**
 * What the reference plane reads from a node's properties.
 *
 * @param view the cluster as it is decided at the moment of asking
 * @throws SettingsError for the first value that is not allowed
 */
export function referenceConfig(properties: ReadonlyMap<string, string>, view: () => ClusterView): ReferenceConfig {
  const { id } = readBrokerSettings(properties);
  const number = (key: string, otherwise: number): number => Number(properties.get(key) ?? otherwise);
  return {
    ...REFERENCE_DEFAULTS,
    defaultPartitions: number('num.partitions', REFERENCE_DEFAULTS.defaultPartitions),
    defaultReplicationFactor: number('default.replication.factor', REFERENCE_DEFAULTS.defaultReplicationFactor),
    deleteTopicEnable: properties.get('delete.topic.enable')?.trim().toLowerCase() !== 'false',
    checkConfig,
    isListConfig,
    describeTopic: (set) => {
      const now = view();
      const perBroker = now.configOf({ type: 'broker', name: String(id) });
      const clusterWide = now.configOf({ type: 'broker', name: '' });
      return describeTopic({ perBroker, clusterWide, file: properties }, set).map(
        ({ name, value, readOnly, source, sensitive }): DescribedConfig => {
          return { name, value, readOnly, configSource: source, isSensitive: sensitive };
        },
      );
    },
  };
}
