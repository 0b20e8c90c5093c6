import type { ConfigTable } from '@biquorum/control-plane';
import type { ServerLimits } from '@biquorum/kafka-network';
import type { LogManagerSettings } from '@biquorum/log';
import type { NodeId } from '@biquorum/metadata';
import type { FetcherSettings } from './replication/replica-fetcher.ts';

/** A listener of a broker. */
export interface ListenerSettings {
  readonly name: string;
  /** Where it binds; empty for all interfaces. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** What clients are told, where that differs; a port of 0 stands for the bound one. */
  readonly advertised: { readonly host: string; readonly port: number } | null;
}

/** What a broker is configured with, by Kafka's keys. Times in milliseconds, sizes in bytes. */
export interface BrokerSettings {
  /** `node.id` or `broker.id`. */
  readonly id: NodeId;
  /** `broker.rack`. */
  readonly rack: string | null;
  readonly listeners: readonly ListenerSettings[];
  /** `inter.broker.listener.name`. */
  readonly interBrokerListener: string;
  readonly server: ServerLimits;
  /** `socket.listen.backlog.size`. */
  readonly listenBacklog: number;
  /** `auto.create.topics.enable`. */
  readonly autoCreateTopics: boolean;
  /** `fetch.max.bytes`. */
  readonly fetchBytesMax: number;
  /** `max.incremental.fetch.session.cache.slots`. */
  readonly fetchSessionSlots: number;
  /** `replica.selector.class` names the rack-aware selector (KIP-392). */
  readonly rackAwareFetch: boolean;
  /** `replica.lag.time.max.ms`. */
  readonly replicaLagMsMax: number;
  /** `num.replica.fetchers`. */
  readonly replicaFetchers: number;
  /** `replica.socket.timeout.ms`. */
  readonly replicaSocketTimeoutMs: number;
  readonly fetcher: FetcherSettings;
  /** `min.insync.replicas`, where a topic does not say. */
  readonly minInsyncReplicas: number;
  readonly groups: GroupSettings;
  /** `controlled.shutdown.enable`. */
  readonly controlledShutdown: boolean;
  /** `log.dirs`, or `log.dir`. */
  readonly logDirectories: readonly string[];
  /** How logs are looked after, by `log.…` and `producer.id.…`. */
  readonly logs: Partial<LogManagerSettings>;
  /** The node's properties as they were given. */
  readonly properties: ReadonlyMap<string, string>;
  /** Settings of the plane that governs the broker. */
  readonly planeConfigs: ConfigTable;
}

/** Settings of consumer groups and of the topic that keeps their offsets. */
export interface GroupSettings {
  /** `group.min.session.timeout.ms`. */
  readonly sessionTimeoutMsMin: number;
  /** `group.max.session.timeout.ms`. */
  readonly sessionTimeoutMsMax: number;
  /** `group.initial.rebalance.delay.ms`. */
  readonly initialRebalanceDelayMs: number;
  /** `group.max.size`. */
  readonly sizeMax: number;
  /** `offset.metadata.max.bytes`. */
  readonly offsetMetadataBytesMax: number;
  /** `offsets.retention.minutes`. */
  readonly offsetsRetentionMs: number;
  /** `offsets.retention.check.interval.ms`. */
  readonly offsetsRetentionCheckIntervalMs: number;
  /** `offsets.commit.timeout.ms`. */
  readonly offsetsCommitTimeoutMs: number;
  /** `offsets.topic.num.partitions`. */
  readonly topicPartitions: number;
  /** `offsets.topic.replication.factor`. */
  readonly topicReplicationFactor: number;
  /** `offsets.topic.segment.bytes`. */
  readonly topicSegmentBytes: number;
}
