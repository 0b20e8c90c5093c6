import type { TopicAssignment } from '@biquorum/kafka-znodes';
import type { NodeId, TopicId } from '@biquorum/metadata';
import { randomId } from '../topics/random-id.ts';
import type { Assignment } from './assignment.ts';
import { type Partition, replicasOf, type Topic } from './context.ts';
import type { Core } from './core.ts';

/** Takes up topics and partitions that appeared in ZooKeeper. Source: Java `KafkaController.processTopicChange`, `processPartitionModifications`. */
export class TopicChanges {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** What is in ZooKeeper when this controller is elected. */
  async load(assignments: ReadonlyMap<string, TopicAssignment>): Promise<void> {
    for (const [name, assignment] of assignments) await this.#add(name, assignment);
  }

  /** The topics are these now. @param read reads the assignments of new ones, and watches them */
  async compare(
    names: readonly string[],
    read: (fresh: readonly string[]) => Promise<ReadonlyMap<string, TopicAssignment>>,
  ): Promise<void> {
    const { context } = this.#core;
    const present = new Set(names);
    for (const name of [...context.topics.keys()]) if (!present.has(name)) context.removeTopic(name);
    const fresh = await read(names.filter((name) => !context.topics.has(name)));
    const created: Partition[] = [];
    for (const [name, assignment] of fresh) {
      const topic = await this.#add(name, assignment);
      created.push(...topic.partitions.values());
    }
    await this.#create(created);
  }

  /** A topic may have more partitions now. */
  async compareTopic(name: string, { partitions }: TopicAssignment): Promise<void> {
    const { context, znodes, telemetry } = this.#core;
    const topic = context.topics.get(name);
    if (topic === undefined) return;
    const fresh = [...partitions].filter(([index]) => !topic.partitions.has(index));
    if (fresh.length === 0) return;
    if (context.doomed.has(name)) {
      telemetry.log('error', 'partitions added to a topic that is being deleted are taken back', { topic: name });
      await znodes.writeAssignment(topic);
      return;
    }
    await this.#create(
      fresh.map(([index, assignment]) => context.addPartition(topic, index, assignmentOf(assignment))),
    );
  }

  async #add(name: string, { topicId, partitions }: TopicAssignment): Promise<Topic> {
    const { context, znodes, host } = this.#core;
    // An old controller made the topic, or an old tool.
    const id = (topicId ?? randomId(host.ports.random)) as TopicId;
    if (topicId === null) await znodes.writeTopic(name, { topicId: id, partitions });
    const topic = context.addTopic(name, id);
    for (const [index, assignment] of partitions) context.addPartition(topic, index, assignmentOf(assignment));
    return topic;
  }

  async #create(partitions: readonly Partition[]): Promise<void> {
    if (partitions.length === 0) return;
    const { partitions: machine, replicas } = this.#core;
    machine.change(partitions, 'New');
    await replicas.change(replicasOf(partitions), 'New');
    await machine.online(partitions);
    await replicas.change(replicasOf(partitions), 'Online');
  }
}

function assignmentOf(
  partition: TopicAssignment['partitions'] extends ReadonlyMap<number, infer One> ? One : never,
): Assignment {
  const nodes = (ids: readonly number[]): readonly NodeId[] => ids as readonly NodeId[];
  return {
    replicas: nodes(partition.replicas),
    adding: nodes(partition.adding),
    removing: nodes(partition.removing),
  };
}
