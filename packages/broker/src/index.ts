/**
 * The broker core: listeners, request routing, replicas, replication, group coordination. It is governed through
 * `@biquorum/control-plane` and does not know by whom.
 *
 * @packageDocumentation
 */
export type { BrokerCore } from './apis/core.ts';
export { type DescribingNode, describeConfigs } from './apis/describe-configs.ts';
export { Broker, type BrokerParts } from './broker.ts';
export { BROKER_KEYS, brokerKey } from './config/broker-keys.ts';
export { checkConfig, isListConfig, isPasswordConfig } from './config/check-config.ts';
export { checkProperties } from './config/check-properties.ts';
export {
  CONFIG_SOURCE,
  type ConfigSource,
  type ConfigSynonym,
  type DescribedConfig,
  describeBroker,
  describeClusterDefault,
  describeTopic,
} from './config/describe.ts';
export { DYNAMIC_QUOTA_KEYS } from './config/keys/dynamic-quota-keys.ts';
export { type ConfigLayers, type ConfigProperties, effectiveProperties, withNodeId } from './config/layers.ts';
export { readBrokerSettings } from './config/read-settings.ts';
export { type ConfigValue, readValue, type ValueReading } from './config/read-value.ts';
export { reviewProperties, type SettingsFinding } from './config/review-properties.ts';
export { SettingsError } from './config/settings-error.ts';
export { TOPIC_CONFIGS, type TopicConfig, topicConfig } from './config/topic-configs.ts';
export type { BrokerSettings, GroupSettings, ListenerSettings } from './settings.ts';
