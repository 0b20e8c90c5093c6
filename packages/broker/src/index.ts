/**
 * The broker core: listeners, request routing, replicas, replication, group coordination. It is governed through
 * `@biquorum/control-plane` and does not know by whom.
 *
 * @packageDocumentation
 */
export type { BrokerCore } from './apis/core.ts';
export { Broker, type BrokerParts } from './broker.ts';
export { BROKER_KEYS, type BrokerKey } from './config/broker-keys.ts';
export { readBrokerSettings, SettingsError } from './config/read-settings.ts';
export type { BrokerSettings, GroupSettings, ListenerSettings } from './settings.ts';
