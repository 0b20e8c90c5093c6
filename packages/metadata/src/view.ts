import { type BrokerView, endpointOn } from './brokers.ts';
import { NO_LEADER, type NodeId, type TopicId } from './ids.ts';
import type { PersistentMap } from './persistent-map.ts';
import type { TopicView } from './topics.ts';

/** What a dynamic configuration belongs to. Names are Kafka's resource types. */
export type ConfigResourceType = 'topic' | 'broker' | 'client-metrics' | 'group';

/** A thing that has dynamic configuration. For brokers the empty name is the cluster-wide default. */
export interface ConfigResource {
  readonly type: ConfigResourceType;
  readonly name: string;
}

/** Finalized feature levels and the epoch under which they hold. */
export interface FeatureLevels {
  readonly levels: ReadonlyMap<string, number>;
  /** zkVersion of `/feature`, or offset of the metadata log. −1 where unknown. */
  readonly epoch: number;
}

/** The fields of a {@link ClusterView}. */
export interface ClusterViewFields {
  readonly clusterId: string;
  readonly brokers: PersistentMap<number, BrokerView>;
  readonly topics: PersistentMap<string, TopicView>;
  readonly topicNames: PersistentMap<string, string>;
  readonly configs: PersistentMap<string, ReadonlyMap<string, string>>;
  readonly features: FeatureLevels;
  readonly protocolVersion: string;
  readonly controller: NodeId | 'any-broker';
  readonly complete: boolean;
}

/**
 * The cluster as one broker sees it at one moment; immutable.
 *
 * The planes make it, the broker reads it. Views follow each other; epochs of a partition never go back from one to the
 * next. In KRaft mode equal offsets give equal views; in ZooKeeper mode views converge once changes stop.
 */
export class ClusterView {
  readonly clusterId: string;
  readonly brokers: PersistentMap<number, BrokerView>;
  readonly topics: PersistentMap<string, TopicView>;
  readonly features: FeatureLevels;
  /** The level that inter-broker requests go by: `inter.broker.protocol.version` or the finalized `metadata.version`. */
  readonly protocolVersion: string;
  /**
   * Does a topic's absence mean that it does not exist? KRaft: after catch-up. ZooKeeper mode: never, since a broker
   * hears of topics piecemeal.
   */
  readonly complete: boolean;
  /** For a draft that continues from this view. */
  readonly fields: ClusterViewFields;

  constructor(fields: ClusterViewFields) {
    this.fields = fields;
    this.clusterId = fields.clusterId;
    this.brokers = fields.brokers;
    this.topics = fields.topics;
    this.features = fields.features;
    this.protocolVersion = fields.protocolVersion;
    this.complete = fields.complete;
  }

  /** The topic of this id, or undefined. */
  topicById(id: TopicId): TopicView | undefined {
    const name = this.fields.topicNames.get(id);
    return name === undefined ? undefined : this.topics.get(name);
  }

  /** The dynamic configuration of a resource: only what was set, as written. */
  configOf(resource: ConfigResource): ReadonlyMap<string, string> {
    return this.fields.configs.get(configKey(resource)) ?? NO_CONFIG;
  }

  /**
   * Whom clients are told to send administration to: the controller where it is a broker, otherwise any live broker
   * (it forwards). −1 when there is none.
   *
   * @param below gives a random integer from 0 to its argument minus one
   */
  controllerForClients(below: (n: number) => number): NodeId {
    const { controller } = this.fields;
    if (controller !== 'any-broker') return controller;
    const live = [...this.brokers.values()].filter((broker) => !broker.fenced && !broker.shuttingDown);
    return live.length === 0 ? NO_LEADER : (live[below(live.length)] as BrokerView).id;
  }

  /** Can clients of this listener reach the broker now? */
  isReachable(id: NodeId, listener: string): boolean {
    const broker = this.brokers.get(id);
    return broker !== undefined && !broker.fenced && endpointOn(broker, listener) !== undefined;
  }
}

/** The key of a resource in the view's map of configurations. */
export function configKey(resource: ConfigResource): string {
  return `${resource.type}/${resource.name}`;
}

const NO_CONFIG: ReadonlyMap<string, string> = new Map();
