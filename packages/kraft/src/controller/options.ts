import type { Init } from '@biquorum/kafka-wire';
import type { DescribeConfigsRequest, DescribeConfigsResponse } from '@biquorum/kafka-wire/messages/describe-configs';
import type { ClusterView, ConfigResource, FeatureRange } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import type { MetadataLoader } from '../image/metadata-loader.ts';
import type { MetadataJournal, VersionedRecord } from '../journal.ts';
import type { Authorize } from './request.ts';

/** What a controller is made of. */
export interface QuorumControllerOptions {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly ports: Pick<Ports, 'clock' | 'timers' | 'random' | 'telemetry'>;
  /** Follows the log; the controller attaches itself to it. */
  readonly loader: MetadataLoader;
  /** Where decisions are written. */
  readonly journal: MetadataJournal;
  /** The records of `bootstrap.checkpoint`: what the first controller of an empty log writes. */
  readonly bootstrap: readonly VersionedRecord[];
  /** What this controller can run at, by feature; `kraft.version` included. */
  readonly supportedFeatures: ReadonlyMap<string, FeatureRange>;
  /** Ids of the quorum's voters, as they are now. */
  readonly quorumNodeIds: () => readonly number[];
  /** The level of `kraft.version`, which lies in the quorum's own records. 0 when not given. */
  readonly kraftVersion?: () => number;
  readonly settings?: Partial<ControllerSettings>;
  /** Knows the configuration keys. */
  readonly configRules: ConfigRules;
  /** Everything is allowed when not given. */
  readonly authorize?: Authorize;
  /** Called when this node has become active. */
  readonly onActive?: () => void;
}

/** Kafka's settings of a controller, in its units. */
export interface ControllerSettings {
  /** `default.replication.factor`. */
  readonly defaultReplicationFactor: number;
  /** `num.partitions`. */
  readonly defaultPartitions: number;
  /** `broker.session.timeout.ms`. */
  readonly sessionTimeoutMs: number;
  /** `leader.imbalance.check.interval.seconds`; null when `auto.leader.rebalance.enable` is false. */
  readonly leaderImbalanceCheckIntervalMs: number | null;
  /** `unclean.leader.election.interval.ms`. */
  readonly uncleanElectionIntervalMs: number;
  /** `metadata.max.idle.interval.ms`; 0 writes no NoOpRecord. */
  readonly maxIdleIntervalMs: number;
  /** `delete.topic.enable`. */
  readonly deleteTopicEnable: boolean;
  /** Records in one batch; larger decisions that need not be atomic are written in several. */
  readonly recordsPerBatchMax: number;
}

/** Kafka's defaults. */
export const DEFAULT_CONTROLLER_SETTINGS: ControllerSettings = {
  defaultReplicationFactor: 1,
  defaultPartitions: 1,
  sessionTimeoutMs: 9_000,
  leaderImbalanceCheckIntervalMs: 300_000,
  uncleanElectionIntervalMs: 300_000,
  maxIdleIntervalMs: 500,
  deleteTopicEnable: true,
  recordsPerBatchMax: 10_000,
};

/** What the controller must know of configuration keys; given in, since the broker owns their table. */
export interface ConfigRules {
  /**
   * Checks the whole configuration that a topic or client-metrics resource would have.
   *
   * @returns what is wrong, for the client; null when nothing is
   */
  check(resource: ConfigResource, values: ReadonlyMap<string, string>): string | null;
  /** Can values be appended to the key and subtracted from it. */
  isList(resource: ConfigResource, key: string): boolean;
  /** The value of a key where nothing is set, or null. */
  defaultOf(resource: ConfigResource, key: string): string | null;
  /** Every topic key as it holds for a topic, in the order of their names. */
  describeTopic(layers: ConfigLayers): readonly DescribedConfig[];
  /** The value that the node's own properties and Kafka's defaults give to a topic key. */
  staticTopicValue(key: string): string | null;
  /** Answers DescribeConfigs for this node, by what stands in a view. */
  describeConfigs(
    nodeId: number,
    view: ClusterView,
    body: DescribeConfigsRequest,
    version: number,
  ): Init<DescribeConfigsResponse>;
}

/** Dynamic configuration that a topic's effective configuration is made of; the first that has a key wins. */
export interface ConfigLayers {
  readonly topic: ReadonlyMap<string, string>;
  /** Of this controller as a broker resource. */
  readonly node: ReadonlyMap<string, string>;
  /** The cluster-wide default of broker resources. */
  readonly cluster: ReadonlyMap<string, string>;
}

/** One row of a topic's configuration in a CreateTopics response. */
export interface DescribedConfig {
  readonly name: string;
  /** Null for a secret. */
  readonly value: string | null;
  readonly readOnly: boolean;
  /** 1 topic, 2 dynamic broker, 3 dynamic default broker, 4 static broker, 5 default. */
  readonly configSource: number;
  readonly isSensitive: boolean;
}
