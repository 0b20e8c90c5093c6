import type { Inspection } from './inspection.ts';

/** What a node is for. */
export type NodeRole = 'broker' | 'controller' | 'zookeeper';

/** Where a node can be found. */
export interface NodeStatus {
  readonly role: NodeRole;
  readonly id: number;
  /** `host:port` of its first listener; empty while it does not run. */
  readonly address: string;
  readonly state: 'running' | 'paused' | 'stopped';
}

/** What one node knows of a topic. */
export interface TopicInSync {
  readonly partitionCount: number;
  /** Those that it leads and whose replicas are all in sync. */
  readonly partitions: readonly number[];
}

/** One node of a cluster, wherever it runs. */
export interface ClusterNode extends Inspection {
  readonly id: number;
  readonly role: NodeRole;
  readonly status: NodeStatus;
  start(): Promise<void>;
  /** In order: leaderships are handed over first. */
  stop(): Promise<void>;
  /** At once, as SIGKILL does. */
  kill(): Promise<void>;
  /** Freezes it, as SIGSTOP does. */
  pause(): void;
  resume(): void;
  /** Does it serve as the leader of a partition, by what it sees itself, too? */
  leads(topic: string, partition: number): Promise<boolean>;
  /** Which partitions of a topic it leads with every replica in sync; undefined while it does not know the topic. */
  topicInSync(topic: string): Promise<TopicInSync | undefined>;
  /** The epoch in which it is the active controller; undefined when it is not. */
  activeEpoch(): Promise<number | undefined>;
}
