import { type ConfigEntry, type ConfigTable, ZOOKEEPER_KEYS } from '@biquorum/control-plane';

/** Settings of ZooKeeper mode that have an effect. */
const READ: ReadonlySet<string> = new Set([
  'zookeeper.connect',
  'zookeeper.session.timeout.ms',
  'zookeeper.connection.timeout.ms',
  'zookeeper.max.in.flight.requests',
  'broker.id.generation.enable',
  'reserved.broker.max.id',
  'inter.broker.protocol.version',
]);

/** The rows of the settings that ZooKeeper mode reads: under it they take effect. */
export const ZOOKEEPER_CONFIGS: ConfigTable = ZOOKEEPER_KEYS.filter(({ name }) => READ.has(name)).map(
  ({ because: _, ...entry }): ConfigEntry => ({ ...entry, support: 'effective' }),
);
