import type { ClusterView } from '@biquorum/metadata';

/** Whether the cluster has such a partition, wherever its replicas are. Clients may name any number. */
export function isKnownPartition(view: ClusterView, topic: string, index: number): boolean {
  return index >= 0 && index < (view.topics.get(topic)?.partitionCount ?? 0);
}
