import { assert } from '@biquorum/std';
import type { BrokerView } from './brokers.ts';
import type { ClusterDelta, TopicDelta } from './delta.ts';
import { NO_LEADER, type NodeId, type TopicId } from './ids.ts';
import { PersistentMap, type PersistentMapDraft } from './persistent-map.ts';
import { NodeLists, type PartitionIndex, type PartitionState, TopicDraft, type TopicView } from './topics.ts';
import { ClusterView, type ConfigResource, configKey, type FeatureLevels } from './view.ts';

/** The view before anything is known of the cluster. */
export function emptyView(clusterId: string): ClusterView {
  return new ClusterView({
    clusterId,
    brokers: PersistentMap.empty(),
    topics: PersistentMap.empty(),
    topicNames: PersistentMap.empty(),
    configs: PersistentMap.empty(),
    features: { levels: new Map(), epoch: -1 },
    protocolVersion: '',
    controller: NO_LEADER,
    complete: false,
  });
}

/**
 * Turns a view into the next one and remembers what changed.
 *
 * A plane keeps one chain of drafts: apply a batch of decisions, `finish()`, hand `(delta, view)` to the broker, start
 * the next draft from that view.
 */
export class ViewDraft {
  readonly #base: ClusterView;
  readonly #lists: NodeLists;
  #brokers: PersistentMapDraft<number, BrokerView> | undefined;
  #topics: PersistentMapDraft<string, TopicView> | undefined;
  #topicNames: PersistentMapDraft<string, string> | undefined;
  #configs: PersistentMapDraft<string, ReadonlyMap<string, string>> | undefined;
  #features: FeatureLevels;
  #featuresEpoch: number | undefined;
  #protocolVersion: string;
  #controller: NodeId | 'any-broker';
  #complete: boolean;

  readonly #changedBrokers: Set<NodeId> = new Set();
  readonly #changedConfigs: Map<string, ConfigResource> = new Map();
  readonly #openTopics: Map<string, OpenTopic> = new Map();
  readonly #deletedTopics: TopicDelta[] = [];

  /** @param lists shared by all drafts of one chain, so that equal replica lists are kept once */
  constructor(base: ClusterView, lists: NodeLists = new NodeLists()) {
    this.#base = base;
    this.#lists = lists;
    this.#features = base.features;
    this.#protocolVersion = base.protocolVersion;
    this.#controller = base.fields.controller;
    this.#complete = base.complete;
  }

  /** Registers a broker or replaces what is known of it. */
  setBroker(broker: BrokerView): void {
    this.#brokers ??= this.#base.brokers.edit();
    this.#brokers.set(broker.id, broker);
    this.#changedBrokers.add(broker.id);
  }

  removeBroker(id: NodeId): void {
    this.#brokers ??= this.#base.brokers.edit();
    if (this.#brokers.delete(id)) this.#changedBrokers.add(id);
  }

  /** Begins a topic without partitions; a name can be taken again after {@link ViewDraft.deleteTopic}. */
  createTopic(name: string, id: TopicId): void {
    assert(this.#topicNow(name) === undefined, () => `topic ${name} exists already`);
    this.#openTopics.set(name, { created: true, draft: new TopicDraft(name, id, this.#lists), partitions: new Set() });
    this.#topicNames ??= this.#base.fields.topicNames.edit();
    this.#topicNames.set(id, name);
  }

  deleteTopic(name: string): void {
    const topic = this.#topicNow(name);
    assert(topic !== undefined, () => `topic ${name} does not exist`);
    const open = this.#openTopics.get(name);
    this.#openTopics.delete(name);
    this.#topics ??= this.#base.topics.edit();
    this.#topics.delete(name);
    this.#topicNames ??= this.#base.fields.topicNames.edit();
    this.#topicNames.delete(topic.id);
    if (open?.created) return;
    this.#deletedTopics.push({ name, id: topic.id, change: 'deleted', partitions: new Set() });
  }

  setPartition(name: string, index: PartitionIndex, state: PartitionState): void {
    const open = this.#openTopic(name);
    open.draft.set(index, state);
    open.partitions.add(index);
  }

  /** Replaces the whole dynamic configuration of a resource; an empty map removes it. */
  setConfig(resource: ConfigResource, values: ReadonlyMap<string, string>): void {
    const key = configKey(resource);
    this.#configs ??= this.#base.fields.configs.edit();
    if (values.size === 0) this.#configs.delete(key);
    else this.#configs.set(key, values);
    this.#changedConfigs.set(key, resource);
  }

  setFeatures(features: FeatureLevels, protocolVersion: string): void {
    this.#features = features;
    this.#protocolVersion = protocolVersion;
  }

  /** The features in the draft as it stands. */
  featuresNow(): { readonly levels: ReadonlyMap<string, number>; readonly protocolVersion: string } {
    return { levels: this.#features.levels, protocolVersion: this.#protocolVersion };
  }

  /** The same features under a later epoch; no change that the delta tells of. */
  setFeaturesEpoch(epoch: number): void {
    this.#featuresEpoch = epoch;
  }

  /** Name of the topic that has this id in the draft as it stands. */
  topicName(id: TopicId): string | undefined {
    return this.#topicNames === undefined ? this.#base.fields.topicNames.get(id) : this.#topicNames.get(id);
  }

  /** Id of the topic of this name in the draft as it stands. */
  topicId(name: string): TopicId | undefined {
    return this.#topicNow(name)?.id;
  }

  /** How many partitions the topic has in the draft as it stands; 0 when there is no such topic. */
  partitionCount(name: string): number {
    return this.#topicNow(name)?.partitionCount ?? 0;
  }

  /** A partition in the draft as it stands. */
  partition(name: string, index: PartitionIndex): PartitionState | undefined {
    return this.#topicNow(name)?.partition(index);
  }

  /** A broker in the draft as it stands. */
  broker(id: NodeId): BrokerView | undefined {
    return this.#brokers === undefined ? this.#base.brokers.get(id) : this.#brokers.get(id);
  }

  /** A resource's configuration in the draft as it stands. */
  configOf(resource: ConfigResource): ReadonlyMap<string, string> {
    if (this.#configs === undefined) return this.#base.configOf(resource);
    return this.#configs.get(configKey(resource)) ?? NO_CONFIG;
  }

  /** `any-broker` where brokers forward administration (KRaft). */
  setController(controller: NodeId | 'any-broker'): void {
    this.#controller = controller;
  }

  /** From now on a topic's absence means that it does not exist. */
  setComplete(): void {
    this.#complete = true;
  }

  finish(): { readonly delta: ClusterDelta; readonly view: ClusterView } {
    const base = this.#base.fields;
    const topics = [...this.#deletedTopics];
    if (this.#openTopics.size > 0) {
      this.#topics ??= this.#base.topics.edit();
      for (const [name, open] of this.#openTopics) {
        const topic = open.draft.finish();
        this.#topics.set(name, topic);
        topics.push({ name, id: topic.id, change: open.created ? 'created' : 'changed', partitions: open.partitions });
      }
    }
    const view = new ClusterView({
      clusterId: base.clusterId,
      brokers: this.#brokers?.finish() ?? base.brokers,
      topics: this.#topics?.finish() ?? base.topics,
      topicNames: this.#topicNames?.finish() ?? base.topicNames,
      configs: this.#configs?.finish() ?? base.configs,
      features:
        this.#featuresEpoch === undefined
          ? this.#features
          : { levels: this.#features.levels, epoch: this.#featuresEpoch },
      protocolVersion: this.#protocolVersion,
      controller: this.#controller,
      complete: this.#complete,
    });
    const delta: ClusterDelta = {
      brokers: this.#changedBrokers,
      topics,
      configs: [...this.#changedConfigs.values()],
      featuresChanged: this.#features !== base.features || this.#protocolVersion !== base.protocolVersion,
      controllerChanged: this.#controller !== base.controller,
    };
    return { delta, view };
  }

  #topicNow(name: string): TopicView | TopicDraft | undefined {
    const open = this.#openTopics.get(name);
    if (open !== undefined) return open.draft;
    return this.#topics === undefined ? this.#base.topics.get(name) : this.#topics.get(name);
  }

  #openTopic(name: string): OpenTopic {
    const open = this.#openTopics.get(name);
    if (open !== undefined) return open;
    const topic = this.#topicNow(name);
    assert(topic !== undefined, () => `topic ${name} does not exist`);
    const opened: OpenTopic = {
      created: false,
      draft: (topic as TopicView).edit(this.#lists),
      partitions: new Set(),
    };
    this.#openTopics.set(name, opened);
    return opened;
  }
}

const NO_CONFIG: ReadonlyMap<string, string> = new Map();

interface OpenTopic {
  readonly created: boolean;
  readonly draft: TopicDraft;
  readonly partitions: Set<PartitionIndex>;
}
