/** Zookeeper paths of Kafka 3.9. Source: Java `ZkData`. */
export const PATHS = {
  brokerIds: '/brokers/ids',
  topics: '/brokers/topics',
} as const;
