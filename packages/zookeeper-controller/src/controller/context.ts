import {
  type BrokerEpoch,
  type Endpoint,
  type FeatureRange,
  NO_LEADER,
  type NodeId,
  type TopicId,
} from '@biquorum/metadata';
import { type Assignment, isReassigning } from './assignment.ts';
import type { Leadership } from './leadership.ts';
import type { PartitionPhase, ReplicaPhase } from './states.ts';

/** A broker as its znode tells. */
export interface LiveBroker {
  readonly id: NodeId;
  /** czxid of its znode. */
  readonly epoch: BrokerEpoch;
  readonly endpoints: readonly Endpoint[];
  readonly rack: string | null;
  readonly features: ReadonlyMap<string, FeatureRange>;
}

/** A topic as the controller knows it. */
export interface Topic {
  readonly name: string;
  readonly id: TopicId;
  /** By number; topics of older clusters may have gaps while they grow. */
  readonly partitions: Map<number, Partition>;
}

/** A partition as the controller knows it; one object for its whole life. */
export interface Partition {
  readonly topic: Topic;
  readonly index: number;
  /** Changed through {@link ControllerContext.assign} only. */
  assignment: Assignment;
  /** Null while no state znode exists. */
  leadership: Leadership | null;
  phase: PartitionPhase;
  readonly replicas: Map<NodeId, ReplicaPhase>;
}

/**
 * All that the active controller knows: what the znodes say, and the states of the machines. Only the one event that is
 * being worked on changes it. Source: Java `ControllerContext`.
 */
export class ControllerContext {
  /** Epoch of this controller. */
  readonly epoch: number;
  /** zkVersion of `/controller_epoch`: what all writes are fenced by. */
  readonly epochZkVersion: number;
  /** Brokers that are live; those in controlled shutdown among them. */
  readonly brokers: Map<NodeId, LiveBroker> = new Map();
  readonly shuttingDown: Set<NodeId> = new Set();
  readonly topics: Map<string, Topic> = new Map();
  readonly topicNames: Map<TopicId, string> = new Map();
  /** Partitions whose replica on a live broker lies in a directory that failed. */
  readonly offlineDirectories: Map<NodeId, Set<Partition>> = new Map();
  readonly reassigning: Set<Partition> = new Set();
  /** Topics that are to be deleted. */
  readonly doomed: Set<string> = new Set();
  /** Those of them whose partitions have left the machine. */
  readonly deletionBegun: Set<string> = new Set();
  /** Those of them that must wait: a replica is dead, or a reassignment runs. */
  readonly deletionHalted: Set<string> = new Set();
  readonly #hosted: Map<NodeId, Set<Partition>> = new Map();

  constructor(epoch: number, epochZkVersion: number) {
    this.epoch = epoch;
    this.epochZkVersion = epochZkVersion;
  }

  /** Is the broker live and not about to go? */
  isLive(id: NodeId): boolean {
    return this.brokers.has(id) && !this.shuttingDown.has(id);
  }

  /** Can the replica serve? @param leaving counts brokers in controlled shutdown as live */
  isOnline(id: NodeId, partition: Partition, leaving: boolean = false): boolean {
    const live = leaving ? this.brokers.has(id) : this.isLive(id);
    return live && this.offlineDirectories.get(id)?.has(partition) !== true;
  }

  addTopic(name: string, id: TopicId): Topic {
    const topic: Topic = { name, id, partitions: new Map() };
    this.topics.set(name, topic);
    this.topicNames.set(id, name);
    return topic;
  }

  removeTopic(name: string): void {
    const topic = this.topics.get(name);
    this.doomed.delete(name);
    this.deletionBegun.delete(name);
    this.deletionHalted.delete(name);
    if (topic === undefined) return;
    this.topics.delete(name);
    this.topicNames.delete(topic.id);
    for (const partition of topic.partitions.values()) {
      this.reassigning.delete(partition);
      for (const partitions of this.offlineDirectories.values()) partitions.delete(partition);
      for (const id of hosts(partition)) this.#hosted.get(id)?.delete(partition);
    }
  }

  /** Adds a partition that is in no state yet. */
  addPartition(topic: Topic, index: number, assignment: Assignment): Partition {
    const partition: Partition = {
      topic,
      index,
      assignment: { replicas: [], adding: [], removing: [] },
      leadership: null,
      phase: 'NonExistent',
      replicas: new Map(),
    };
    topic.partitions.set(index, partition);
    this.assign(partition, assignment);
    return partition;
  }

  assign(partition: Partition, assignment: Assignment): void {
    for (const id of partition.assignment.replicas) this.#hosted.get(id)?.delete(partition);
    partition.assignment = assignment;
    for (const id of assignment.replicas) {
      const partitions = this.#hosted.get(id);
      if (partitions === undefined) this.#hosted.set(id, new Set([partition]));
      else partitions.add(partition);
    }
    if (isReassigning(assignment)) this.reassigning.add(partition);
  }

  /** Partitions that have a replica on the broker. */
  partitionsOn(id: NodeId): readonly Partition[] {
    return [...(this.#hosted.get(id) ?? [])];
  }

  *partitions(): IterableIterator<Partition> {
    for (const topic of this.topics.values()) yield* topic.partitions.values();
  }

  partition(topic: string, index: number): Partition | undefined {
    return this.topics.get(topic)?.partitions.get(index);
  }

  isDoomed({ topic }: Partition): boolean {
    return this.doomed.has(topic.name);
  }

  /** Partitions whose leader cannot lead, of topics that are to stay. */
  *withOfflineLeader(): IterableIterator<Partition> {
    for (const partition of this.partitions()) {
      const { leadership } = partition;
      if (leadership === null || leadership.leader === NO_LEADER || this.isDoomed(partition)) continue;
      if (!this.isOnline(leadership.leader, partition)) yield partition;
    }
  }

  /** Is any replica of the topic in this state? */
  hasReplicaIn(topic: Topic, phase: ReplicaPhase): boolean {
    for (const partition of topic.partitions.values()) {
      for (const one of partition.replicas.values()) if (one === phase) return true;
    }
    return false;
  }

  /** Are all replicas of the topic in this state? */
  hasAllReplicasIn(topic: Topic, phase: ReplicaPhase): boolean {
    for (const partition of topic.partitions.values()) {
      for (const id of partition.assignment.replicas) if (partition.replicas.get(id) !== phase) return false;
    }
    return true;
  }

  /** The replicas of a topic in this state. */
  replicasIn(topic: Topic, phase: ReplicaPhase): Replica[] {
    const found: Replica[] = [];
    for (const partition of topic.partitions.values()) {
      for (const [id, one] of partition.replicas) if (one === phase) found.push({ partition, id });
    }
    return found;
  }
}

/** One replica of a partition. */
export interface Replica {
  readonly partition: Partition;
  readonly id: NodeId;
}

/** All replicas of these partitions. */
export function replicasOf(partitions: Iterable<Partition>): Replica[] {
  const replicas: Replica[] = [];
  for (const partition of partitions) {
    for (const id of partition.assignment.replicas) replicas.push({ partition, id });
  }
  return replicas;
}

/** How a broker is reached on a listener. */
export function endpointOf({ endpoints }: LiveBroker, listener: string): Endpoint | undefined {
  return endpoints.find((endpoint) => endpoint.listener === listener);
}

/** `topic-0`, for logs and messages. */
export function nameOf({ topic, index }: Partition): string {
  return `${topic.name}-${index}`;
}

function hosts({ assignment, replicas }: Partition): Set<NodeId> {
  return new Set([...assignment.replicas, ...replicas.keys()]);
}
