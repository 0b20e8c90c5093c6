import { brokerKey } from '@biquorum/broker';
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

/** Settings that brokers have in both modes, and that only this one heeds. */
const HEEDED: readonly string[] = [
  'controlled.shutdown.max.retries',
  'controlled.shutdown.retry.backoff.ms',
  'controller.socket.timeout.ms',
  'leader.imbalance.check.interval.seconds',
  'leader.imbalance.per.broker.percentage',
];

/** The rows of the settings that ZooKeeper mode reads: under it they take effect. */
export const ZOOKEEPER_CONFIGS: ConfigTable = [
  ...ZOOKEEPER_KEYS.filter(({ name }) => READ.has(name)),
  ...HEEDED.flatMap((name) => brokerKey(name) ?? []),
].map(({ because: _, ...entry }): ConfigEntry => ({ ...entry, support: 'effective' }));
