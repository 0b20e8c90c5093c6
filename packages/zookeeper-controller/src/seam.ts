import type { Action, PlaneFault, PlaneReply, PlaneRequest, RequestContext } from '@biquorum/control-plane';
import type { BrokerEpoch, ClusterView, ConfigResource, FeatureRange, NodeId } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import type { ZooKeeperClient } from '@biquorum/zookeeper-client';

/**
 * The controller that every broker of ZooKeeper mode carries, as its plane sees it. The plane owns sessions,
 * registration and what is pushed to the broker; the controller owns everything under `/controller`, its watch
 * included, and answers what clients and brokers ask of the government.
 *
 * Order of life: `registered` after each registration, `expired` after the session under it is over and before the next
 * `registered`, `close` at the end. No two of these calls are in flight at once.
 */
export interface ControllerService {
  /** The broker's znode exists under this session: stands for election, and watches who is elected. Returns at once. */
  registered(session: ZooKeeperClient, brokerEpoch: BrokerEpoch): void;

  /** The session is over. Resolves when nothing that this node did as a controller goes on. */
  expired(): Promise<void>;

  /**
   * Serves one request of the keys that a plane serves, other than LeaderAndIsr, StopReplica and UpdateMetadata:
   * answered here, or with NOT_CONTROLLER where only the active controller may. Never rejects for what a peer did.
   */
  handle(request: PlaneRequest): Promise<PlaneReply>;

  /** Gives up the office and everything pending, answered with errors. The session still works. Idempotent. */
  close(): Promise<void>;

  /** Epoch of this controller while it is the active one; undefined otherwise. */
  readonly activeEpoch: number | undefined;
}

/** What a plane gives its {@link ControllerService}. */
export interface ControllerHost {
  readonly brokerId: NodeId;
  readonly clusterId: string;
  readonly ports: Ports;
  readonly settings: ControllerSettings;
  readonly configRules: ConfigRules;
  readonly supportedFeatures: ReadonlyMap<string, FeatureRange>;
  /** The newest view that this broker has; it may be behind the znodes. */
  view(): ClusterView;
  authorize(context: RequestContext, action: Action): boolean;
  /** The node cannot go on. */
  halt(fault: PlaneFault): void;
}

/** Makes the controller of a broker; nothing happens before `registered`. */
export type CreateController = (host: ControllerHost) => ControllerService;

/** What both sides read of a broker's properties, in Kafka's units. */
export interface ControllerSettings {
  /** `inter.broker.listener.name`, or the listener of the inter-broker protocol; `control.plane.listener.name` first. */
  readonly interBrokerListener: string;
  /** `inter.broker.protocol.version`, such as `3.9-IV0`. */
  readonly protocolVersion: string;
  /** `controller.socket.timeout.ms`. */
  readonly controllerSocketTimeoutMs: number;
  /** `num.partitions`. */
  readonly defaultPartitions: number;
  /** `default.replication.factor`. */
  readonly defaultReplicationFactor: number;
  /** `delete.topic.enable`. */
  readonly deleteTopicEnable: boolean;
  /** `unclean.leader.election.enable`. */
  readonly uncleanLeaderElection: boolean;
  /** `auto.leader.rebalance.enable`. */
  readonly autoLeaderRebalance: boolean;
  /** `leader.imbalance.check.interval.seconds`, in milliseconds. */
  readonly leaderImbalanceCheckIntervalMs: number;
  /** `leader.imbalance.per.broker.percentage`. */
  readonly leaderImbalancePerBrokerPercent: number;
}

/** Kafka's defaults. */
export const DEFAULT_CONTROLLER_SETTINGS: ControllerSettings = {
  interBrokerListener: 'PLAINTEXT',
  protocolVersion: '3.9-IV0',
  controllerSocketTimeoutMs: 30_000,
  defaultPartitions: 1,
  defaultReplicationFactor: 1,
  deleteTopicEnable: true,
  uncleanLeaderElection: false,
  autoLeaderRebalance: true,
  leaderImbalanceCheckIntervalMs: 300_000,
  leaderImbalancePerBrokerPercent: 10,
};

/** What must be known of configuration keys; given in, since the broker owns their table. */
export interface ConfigRules {
  /** Checks the whole configuration that a resource would have. @returns what is wrong; null when nothing is */
  check(resource: ConfigResource, values: ReadonlyMap<string, string>): string | null;
  /** Can values be appended to the key and subtracted from it. */
  isList(resource: ConfigResource, key: string): boolean;
  /** Is the value a secret, which Kafka encrypts before it lies in ZooKeeper? */
  isPassword(resource: ConfigResource, key: string): boolean;
  /** The value of a key where nothing is set, or null. */
  defaultOf(resource: ConfigResource, key: string): string | null;
  /** Every topic key as it holds for a topic, in the order of their names. */
  describeTopic(layers: ConfigLayers): readonly DescribedConfig[];
  /** The value that the node's own properties and Kafka's defaults give to a topic key. */
  staticTopicValue(key: string): string | null;
}

/** Dynamic configuration that a topic's effective configuration is made of; the first that has a key wins. */
export interface ConfigLayers {
  readonly topic: ReadonlyMap<string, string>;
  /** Of this node as a broker resource. */
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
