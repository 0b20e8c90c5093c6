import type { NodeId, TopicId } from './ids.ts';
import type { PartitionIndex } from './topics.ts';
import type { ConfigResource } from './view.ts';

/** What happened to one topic between two views. */
export interface TopicDelta {
  readonly name: string;
  readonly id: TopicId;
  readonly change: 'created' | 'changed' | 'deleted';
  /** The partitions that are new or changed; empty for a deleted topic. */
  readonly partitions: ReadonlySet<PartitionIndex>;
}

/**
 * What differs between a view and the one before it, so that a reader need not compare.
 *
 * A topic deleted and created again under its name stands here twice, the deletion first.
 */
export interface ClusterDelta {
  /** Brokers that came, went or changed; look them up in the view. */
  readonly brokers: ReadonlySet<NodeId>;
  readonly topics: readonly TopicDelta[];
  /** Resources whose dynamic configuration changed. */
  readonly configs: readonly ConfigResource[];
  readonly featuresChanged: boolean;
  readonly controllerChanged: boolean;
}
