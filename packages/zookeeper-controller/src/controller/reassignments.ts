import { decodeReassignments, encodeReassignments, PATHS } from '@biquorum/kafka-znodes';
import type { NodeId } from '@biquorum/metadata';
import {
  type Assignment,
  isReassigning,
  originOf,
  reassigned,
  sameAssignment,
  settled,
  targetOf,
  without,
} from './assignment.ts';
import { nameOf, type Partition } from './context.ts';
import { type Core, updateAll } from './core.ts';
import { type Failure, NO_FAILURE, StateChangeFailed } from './faults.ts';
import { raiseLeaderEpoch } from './leader-epochs.ts';
import type { TopicDeletion } from './topic-deletion.ts';

/**
 * Moves partitions to other brokers (KIP-455). The steps have the names of Kafka's: U1 to U3 set the way, A1 and A2 add
 * replicas, and once all of the target are in sync, B1 to B8 take the others away.
 *
 * Source: Java `KafkaController.onPartitionReassignment`.
 */
export class Reassignments {
  readonly #core: Core;
  readonly #deletion: TopicDeletion;
  /** What the legacy znode wants, as long as it does. */
  #wished: Map<Partition, readonly NodeId[]> = new Map();

  constructor(core: Core, deletion: TopicDeletion) {
    this.#core = core;
    this.#deletion = deletion;
  }

  /** Goes on with what an earlier controller has begun. */
  async start(): Promise<void> {
    await this.takeWishes();
    await this.resume(() => true);
  }

  /** Goes on with those that a change among brokers may have helped. */
  async resume(concerns: (assignment: Assignment) => boolean): Promise<void> {
    for (const partition of [...this.#core.context.reassigning]) {
      if (concerns(partition.assignment)) await this.#advance(partition, partition.assignment);
    }
  }

  /** The ISR of a partition has changed: is its reassignment complete? */
  async isrChanged(partition: Partition): Promise<void> {
    if (!this.#core.context.reassigning.has(partition)) return;
    if (isComplete(partition, partition.assignment)) await this.#advance(partition, partition.assignment);
  }

  /** Starts, replaces or calls off reassignments; null calls off. */
  async change(wishes: ReadonlyMap<Partition, readonly NodeId[] | null>): Promise<Map<Partition, Failure>> {
    const outcomes = new Map<Partition, Failure>();
    const plans = new Map<Partition, Assignment>();
    for (const [partition, target] of wishes) {
      const plan = this.#planOf(partition, target);
      if ('error' in plan) outcomes.set(partition, plan);
      else plans.set(partition, plan);
    }
    await this.#forget([...plans.keys()]);
    for (const [partition, plan] of plans) outcomes.set(partition, await this.#begin(partition, plan));
    return outcomes;
  }

  /** Does what `/admin/reassign_partitions` wants. */
  async takeWishes(): Promise<void> {
    const { context, znodes, telemetry } = this.#core;
    const data = await znodes.data(PATHS.reassignPartitions);
    if (data === undefined) return;
    const wished = new Map<Partition, readonly NodeId[]>();
    try {
      for (const { topic, partition: index, replicas } of decodeReassignments(data)) {
        const partition = context.partition(topic, index);
        if (partition !== undefined) wished.set(partition, replicas as readonly NodeId[]);
      }
    } catch (error) {
      telemetry.log('error', 'reassignments in ZooKeeper cannot be read', {
        path: PATHS.reassignPartitions,
        error: error as Error,
      });
    }
    this.#wished = wished;
    const done: Partition[] = [];
    for (const [partition, target] of wished) {
      const plan = this.#planOf(partition, target);
      if ('error' in plan || !isReassigning(plan)) done.push(partition);
      else {
        const { error } = await this.#begin(partition, plan);
        if (error !== 'NONE') done.push(partition);
      }
    }
    await this.#forget(done);
    if (wished.size === 0) await znodes.remove(PATHS.reassignPartitions);
  }

  #planOf(partition: Partition, target: readonly NodeId[] | null): Assignment | Failure {
    const { assignment } = partition;
    if (target === null) {
      if (!isReassigning(assignment)) return { error: 'NO_REASSIGNMENT_IN_PROGRESS', message: null };
      return reassigned(assignment, originOf(assignment));
    }
    const refuse = (message: string): Failure => ({ error: 'INVALID_REPLICA_ASSIGNMENT', message });
    const list = target.join(', ');
    if (target.length === 0) return refuse('Empty replica list specified in partition reassignment.');
    if (new Set(target).size !== target.length) {
      return refuse(`Duplicate replica ids in partition reassignment replica list: [${list}]`);
    }
    if (target.some((id) => id < 0)) return refuse(`Invalid broker id in replica list: [${list}]`);
    const plan = reassigned(assignment, target);
    const { context } = this.#core;
    if (!plan.adding.every((id) => context.isLive(id))) {
      const live = [...context.brokers.keys()].filter((id) => context.isLive(id));
      return refuse(
        `Replica assignment has brokers that are not alive. Replica list: [${plan.adding.join(', ')}], live broker list: [${live.join(', ')}]`,
      );
    }
    return plan;
  }

  async #begin(partition: Partition, plan: Assignment): Promise<Failure> {
    const { context, telemetry } = this.#core;
    if (context.isDoomed(partition)) {
      return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: 'The topic is being deleted' };
    }
    try {
      await this.#advance(partition, plan);
      return NO_FAILURE;
    } catch (error) {
      if (!(error instanceof StateChangeFailed)) throw error;
      telemetry.log('error', 'reassignment failed', { partition: nameOf(partition), error });
      return { error: 'UNKNOWN_SERVER_ERROR', message: error.message };
    }
  }

  async #advance(partition: Partition, plan: Assignment): Promise<void> {
    this.#deletion.halt([partition.topic.name]);
    await this.#setWay(partition, plan);
    if (isComplete(partition, plan)) await this.#finish(partition, plan);
    else {
      // A1
      await raiseLeaderEpoch(this.#core, partition);
      // A2
      const fresh = plan.adding.filter((id) => (partition.replicas.get(id) ?? 'NonExistent') === 'NonExistent');
      await this.#core.replicas.change(
        fresh.map((id) => ({ partition, id })),
        'New',
      );
    }
  }

  async #setWay(partition: Partition, plan: Assignment): Promise<void> {
    const { context, znodes } = this.#core;
    const present = partition.assignment;
    if (!sameAssignment(present, plan)) {
      // U1
      await znodes.writeAssignment(partition.topic, new Map([[partition.index, plan]]));
      // U2
      context.assign(partition, plan);
      // U3
      const unwanted = without(present.replicas, plan.replicas);
      if (unwanted.length > 0) await this.#removeReplicas(partition, unwanted);
    }
    context.reassigning.add(partition);
  }

  async #finish(partition: Partition, plan: Assignment): Promise<void> {
    const { context, znodes, replicas } = this.#core;
    // B1
    await replicas.change(
      plan.adding.map((id) => ({ partition, id })),
      'Online',
    );
    // B2
    const target = settled(targetOf(plan));
    context.assign(partition, target);
    // B3
    await this.#moveLeader(partition);
    // B4, B5
    await this.#removeReplicas(partition, plan.removing);
    // B6
    await znodes.writeAssignment(partition.topic);
    // B7
    context.reassigning.delete(partition);
    await this.#forget([partition]);
    // B8
    updateAll(this.#core, [partition]);
    await this.#deletion.resume([partition.topic.name]);
  }

  async #moveLeader(partition: Partition): Promise<void> {
    const { context, partitions } = this.#core;
    const leader = partition.leadership?.leader;
    const stays = leader !== undefined && partition.assignment.replicas.includes(leader);
    if (stays && context.isOnline(leader, partition)) await raiseLeaderEpoch(this.#core, partition);
    else await partitions.online([partition], { kind: 'reassign' });
  }

  async #removeReplicas(partition: Partition, ids: readonly NodeId[]): Promise<void> {
    const { replicas, newBatch } = this.#core;
    const removed = ids.map((id) => ({ partition, id }));
    const batch = newBatch();
    for (const phase of ['Offline', 'DeletionStarted', 'DeletionSuccessful', 'NonExistent'] as const) {
      await replicas.change(removed, phase, batch);
    }
    batch.send();
  }

  /** Takes partitions from the legacy znode, and the znode away with the last of them. */
  async #forget(partitions: readonly Partition[]): Promise<void> {
    if (!partitions.some((partition) => this.#wished.delete(partition))) return;
    for (const partition of partitions) this.#wished.delete(partition);
    const { znodes } = this.#core;
    if (this.#wished.size === 0) {
      await znodes.remove(PATHS.reassignPartitions);
      return;
    }
    const left = [...this.#wished].map(([{ topic, index }, replicas]) => ({
      topic: topic.name,
      partition: index,
      replicas,
    }));
    await znodes.put(PATHS.reassignPartitions, encodeReassignments(left));
  }
}

/** Are all replicas of the target in sync? */
function isComplete({ leadership }: Partition, plan: Assignment): boolean {
  if (!isReassigning(plan)) return true;
  return leadership !== null && targetOf(plan).every((id) => leadership.isr.includes(id));
}
