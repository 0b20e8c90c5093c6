import type { Log, LogManager } from '@biquorum/log';
import type { ClusterView, NodeId, TopicId } from '@biquorum/metadata';
import type { Telemetry } from '@biquorum/platform';

/**
 * Sets aside the logs that the cluster does not place on this broker: their topics were deleted, or their replicas moved,
 * while it was away. Nothing is erased. To be called when logs are recovered and before any replica has a role.
 *
 * A log without a topic id never had a record: the id is durable before the first one. Where the view is incomplete a
 * topic's absence means nothing, and nothing is touched. Source: Java `LogManager.isStrayKraftReplica`.
 */
export async function setStraysAside(
  logs: LogManager,
  view: ClusterView,
  self: NodeId,
  telemetry: Telemetry,
): Promise<void> {
  if (!view.complete) return;
  const strays = [...logs.logs()].flatMap((log) => {
    const reason = whyStray(log, view, self);
    return reason === null ? [] : [{ log, reason }];
  });
  await Promise.all(
    strays.map(async ({ log: { partition }, reason }) => {
      const directory = await logs.setAside(partition);
      telemetry.log('warn', 'stray log set aside', { ...partition, reason, directory: directory ?? '' });
    }),
  );
}

function whyStray({ partition: { partition }, topicId }: Log, view: ClusterView, self: NodeId): string | null {
  if (topicId === undefined) return 'it has no topic id';
  const topic = view.topicById(topicId as TopicId);
  if (topic === undefined || partition >= topic.partitionCount) return `there is no topic of id ${topicId}`;
  return topic.replicasOf(partition).includes(self) ? null : 'this broker is none of its replicas';
}
