import type { Uuid } from '@biquorum/kafka-wire';
import type { Brand } from '@biquorum/std';

/** Number of a broker or controller: `node.id` in KRaft mode, `broker.id` in ZooKeeper mode. */
export type NodeId = Brand<number, 'NodeId'>;

/** Counts the leaderships of one partition; a larger one fences a smaller one. −1 where unknown. */
export type LeaderEpoch = Brand<number, 'LeaderEpoch'>;

/** Counts the changes of one partition's state: the znode's version in ZooKeeper mode, a field of the record in KRaft mode. */
export type PartitionEpoch = Brand<number, 'PartitionEpoch'>;

/** One registration of a broker: czxid of its znode, or offset of its registration record. −1 where there is none. */
export type BrokerEpoch = Brand<number, 'BrokerEpoch'>;

/** A topic's identity across deletion and re-creation: 22 characters of unpadded base64url, as Kafka prints uuids. */
export type TopicId = Uuid;

/** Stands where a partition has no leader. */
export const NO_LEADER: NodeId = -1 as NodeId;

/** The epoch of a broker that holds no registration; requests that carry it are not checked. */
export const NO_BROKER_EPOCH: BrokerEpoch = -1 as BrokerEpoch;

/** The all-zero id: "no topic id" in every message that carries one. */
export const ZERO_TOPIC_ID: TopicId = 'AAAAAAAAAAAAAAAAAAAAAA' as TopicId;
