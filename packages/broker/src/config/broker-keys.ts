/** A key of server.properties that this broker acts on. */
export interface BrokerKey {
  readonly name: string;
  readonly type: 'boolean' | 'int' | 'long' | 'list' | 'string';
  /** As text, null for none. */
  readonly defaultValue: string | null;
  readonly minimum?: number;
  readonly maximum?: number;
}

const INT_MAX = 2_147_483_647;

/** Source: Java `KafkaConfig` of 3.9 and the classes it gathers its definitions from. */
export const BROKER_KEYS: readonly BrokerKey[] = [
  { name: 'node.id', type: 'int', defaultValue: '-1', minimum: -1 },
  { name: 'broker.id', type: 'int', defaultValue: '-1', minimum: -1 },
  { name: 'broker.rack', type: 'string', defaultValue: null },
  { name: 'listeners', type: 'list', defaultValue: 'PLAINTEXT://:9092' },
  { name: 'advertised.listeners', type: 'list', defaultValue: null },
  { name: 'inter.broker.listener.name', type: 'string', defaultValue: null },
  { name: 'log.dir', type: 'string', defaultValue: '/tmp/kafka-logs' },
  { name: 'log.dirs', type: 'list', defaultValue: null },
  { name: 'socket.request.max.bytes', type: 'int', defaultValue: '104857600', minimum: 1 },
  { name: 'connections.max.idle.ms', type: 'long', defaultValue: '600000' },
  { name: 'max.connections', type: 'int', defaultValue: String(INT_MAX), minimum: 0 },
  { name: 'max.connections.per.ip', type: 'int', defaultValue: String(INT_MAX), minimum: 0 },
  { name: 'auto.create.topics.enable', type: 'boolean', defaultValue: 'true' },
  { name: 'delete.topic.enable', type: 'boolean', defaultValue: 'true' },
  { name: 'num.partitions', type: 'int', defaultValue: '1', minimum: 1 },
  { name: 'default.replication.factor', type: 'int', defaultValue: '1', minimum: 1 },
  { name: 'min.insync.replicas', type: 'int', defaultValue: '1', minimum: 1 },
  { name: 'fetch.max.bytes', type: 'int', defaultValue: '57671680', minimum: 1024 },
  { name: 'max.incremental.fetch.session.cache.slots', type: 'int', defaultValue: '1000', minimum: 0 },
  { name: 'replica.selector.class', type: 'string', defaultValue: null },
  { name: 'replica.lag.time.max.ms', type: 'long', defaultValue: '30000' },
  { name: 'num.replica.fetchers', type: 'int', defaultValue: '1', minimum: 1 },
  { name: 'replica.socket.timeout.ms', type: 'int', defaultValue: '30000' },
  { name: 'replica.fetch.wait.max.ms', type: 'int', defaultValue: '500' },
  { name: 'replica.fetch.min.bytes', type: 'int', defaultValue: '1' },
  { name: 'replica.fetch.max.bytes', type: 'int', defaultValue: '1048576', minimum: 0 },
  { name: 'replica.fetch.response.max.bytes', type: 'int', defaultValue: '10485760', minimum: 0 },
  { name: 'replica.fetch.backoff.ms', type: 'int', defaultValue: '1000', minimum: 0 },
  { name: 'controlled.shutdown.enable', type: 'boolean', defaultValue: 'true' },
  { name: 'group.min.session.timeout.ms', type: 'int', defaultValue: '6000' },
  { name: 'group.max.session.timeout.ms', type: 'int', defaultValue: '1800000' },
  { name: 'group.initial.rebalance.delay.ms', type: 'int', defaultValue: '3000' },
  { name: 'group.max.size', type: 'int', defaultValue: String(INT_MAX), minimum: 1 },
  { name: 'offset.metadata.max.bytes', type: 'int', defaultValue: '4096' },
  { name: 'offsets.retention.minutes', type: 'int', defaultValue: '10080', minimum: 1 },
  { name: 'offsets.retention.check.interval.ms', type: 'long', defaultValue: '600000', minimum: 1 },
  { name: 'offsets.commit.timeout.ms', type: 'int', defaultValue: '5000', minimum: 1 },
  { name: 'offsets.topic.num.partitions', type: 'int', defaultValue: '50', minimum: 1 },
  { name: 'offsets.topic.replication.factor', type: 'int', defaultValue: '3', minimum: 1, maximum: 32_767 },
  { name: 'offsets.topic.segment.bytes', type: 'int', defaultValue: '104857600', minimum: 1 },
];
