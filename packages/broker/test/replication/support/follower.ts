import type { ReplicaChange } from '@biquorum/control-plane';
import type { LeaderEpoch, NodeId, PartitionEpoch, TopicId } from '@biquorum/metadata';

export const TOPIC_ID: TopicId = 'AAAAAAAAAAAAAAAAAAAAAQ' as TopicId;
export const LEADER: NodeId = 1 as NodeId;
export const SELF: NodeId = 2 as NodeId;

/** Kafka's defaults, but for smaller bounds. */
export const SETTINGS = {
  waitMsMax: 500,
  bytesMin: 1,
  partitionBytesMax: 1 << 20,
  responseBytesMax: 10 << 20,
  backoffMs: 1_000,
} as const;

/** That a partition of topic `t` follows the leader in an epoch. */
export function followed(leaderEpoch: number, partition: number = 0): ReplicaChange {
  return {
    topic: 't',
    topicId: TOPIC_ID,
    partition,
    to: 'follow',
    isNew: true,
    leader: LEADER,
    leaderEpoch: leaderEpoch as LeaderEpoch,
    partitionEpoch: 0 as PartitionEpoch,
    replicas: [LEADER, SELF],
    isr: [LEADER, SELF],
    adding: [],
    removing: [],
    recovering: false,
    configs: new Map(),
    directory: null,
  };
}
