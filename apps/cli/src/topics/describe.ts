import { type Config, DEFAULT_SOURCE, describeConfigs, ResourceType } from '../client/configs.ts';
import type { KafkaClient } from '../client/kafka-client.ts';
import { describeTopics, listReassignments, type PartitionState, type Reassignment } from '../client/topics.ts';
import type { Terminal } from '../command.ts';

/** Which partitions are of interest, and what is shown of them. */
export interface DescribeOptions {
  readonly filter: PartitionFilter | undefined;
  /** Only topics with settings of their own, and no partitions. */
  readonly onlyOverridden: boolean;
  readonly pageSize: number;
  readonly json: boolean;
}

/** Kinds of partitions that are not well. */
export type PartitionFilter = 'under-replicated' | 'unavailable' | 'under-min-isr' | 'at-min-isr';

/** Prints topics and their partitions, in the words of Apache's `kafka-topics --describe`. */
export async function describe(
  client: KafkaClient,
  names: readonly string[],
  { filter, onlyOverridden, pageSize, json }: DescribeOptions,
  terminal: Terminal,
): Promise<void> {
  const topics = await describeTopics(client, names, pageSize);
  const configs = await describeConfigs(
    client,
    topics.map(({ name }) => ({ type: ResourceType.topic, name })),
  );
  const reassignments = await listReassignments(client);
  const alive = new Set((await client.nodes()).nodes.map(({ id }) => id));
  const described: unknown[] = [];
  for (const [index, topic] of topics.entries()) {
    const { name, id } = topic;
    const settings = configs[index] ?? [];
    const changed = settings.filter(({ source }) => source !== DEFAULT_SOURCE);
    if (onlyOverridden && changed.length === 0) continue;
    const minIsr = Number(settings.find((setting) => setting.name === 'min.insync.replicas')?.value ?? 1);
    const replication = ({ partition, replicas }: PartitionState): number =>
      replicationFactorOf(replicas, reassignments.get(`${name}-${partition}`));
    const shown = topic.partitions.filter((state) => matches(filter, state, replication(state), minIsr, alive));
    const [first] = topic.partitions;
    const replicationFactor = first === undefined ? 0 : replication(first);
    if (json) {
      if (filter !== undefined && shown.length === 0) continue;
      described.push({
        name,
        topicId: id ?? null,
        internal: topic.internal,
        partitionCount: topic.partitions.length,
        replicationFactor,
        configs: Object.fromEntries(changed.map((config) => [config.name, config.value])),
        ...(onlyOverridden ? {} : { partitions: shown }),
      });
      continue;
    }
    if (filter === undefined) {
      terminal.print(
        [
          `Topic: ${name}`,
          ...(id === undefined ? [] : [`TopicId: ${id}`]),
          `PartitionCount: ${topic.partitions.length}`,
          `ReplicationFactor: ${replicationFactor}`,
          `Configs: ${changed.map(pair).join(',')}`,
        ].join('\t'),
      );
    }
    if (!onlyOverridden) for (const state of shown) terminal.print(partitionLine(name, state));
  }
  if (json) terminal.print(JSON.stringify(described));
}

function partitionLine(topic: string, { partition, leader, replicas, isr, elr, lastKnownElr }: PartitionState): string {
  return [
    `\tTopic: ${topic}`,
    `Partition: ${partition}`,
    `Leader: ${leader < 0 ? 'none' : leader}`,
    `Replicas: ${replicas.join(',')}`,
    `Isr: ${isr.join(',')}`,
    `Elr: ${elr?.join(',') ?? 'N/A'}`,
    `LastKnownElr: ${lastKnownElr?.join(',') ?? 'N/A'}`,
  ].join('\t');
}

function matches(
  filter: PartitionFilter | undefined,
  { leader, isr }: PartitionState,
  replicationFactor: number,
  minIsr: number,
  alive: ReadonlySet<number>,
): boolean {
  switch (filter) {
    case undefined:
      return true;
    case 'under-replicated':
      return isr.length < replicationFactor;
    case 'unavailable':
      return leader < 0 || !alive.has(leader);
    case 'under-min-isr':
      return isr.length < minIsr;
    case 'at-min-isr':
      return isr.length === minIsr;
  }
}

/** Replicas that are being added do not count yet. */
function replicationFactorOf(replicas: readonly number[], reassignment: Reassignment | undefined): number {
  const adding = reassignment?.adding.filter((id) => replicas.includes(id)) ?? [];
  return replicas.length - adding.length;
}

function pair({ name, value }: Config): string {
  return `${name}=${value}`;
}
