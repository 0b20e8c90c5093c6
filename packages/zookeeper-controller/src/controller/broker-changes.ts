import { errorCode } from '@biquorum/kafka-wire';
import type { LeaderAndIsrResponse } from '@biquorum/kafka-wire/messages/leader-and-isr';
import type { NodeId } from '@biquorum/metadata';
import { targetOf } from './assignment.ts';
import type { LiveBroker, Partition, Replica } from './context.ts';
import { type Core, updateAll } from './core.ts';
import type { Reassignments } from './reassignments.ts';
import type { TopicDeletion } from './topic-deletion.ts';

/** What happens when brokers come, change, fail and go. Source: Java `KafkaController.processBrokerChange` and what it calls. */
export class BrokerChanges {
  readonly #core: Core;
  readonly #reassignments: Reassignments;
  readonly #deletion: TopicDeletion;
  readonly #watch: (id: NodeId) => Promise<void>;

  /** @param watch sets the watch on a broker's registration */
  constructor(core: Core, reassignments: Reassignments, deletion: TopicDeletion, watch: (id: NodeId) => Promise<void>) {
    this.#core = core;
    this.#reassignments = reassignments;
    this.#deletion = deletion;
    this.#watch = watch;
  }

  /** The registered brokers may be other ones than those known. */
  async compare(registered: readonly LiveBroker[]): Promise<void> {
    const { context, channels, telemetry } = this.#core;
    const present = new Map(registered.map((broker) => [broker.id, broker]));
    const fresh = registered.filter(({ id }) => !context.brokers.has(id));
    // A larger czxid under a known number: the broker was gone in between.
    const bounced = registered.filter(({ id, epoch }) => epoch > (context.brokers.get(id)?.epoch ?? epoch));
    const dead = [...context.brokers.keys()].filter((id) => !present.has(id));
    const ids = (brokers: readonly LiveBroker[]): NodeId[] => brokers.map(({ id }) => id);
    telemetry.log('info', 'brokers changed', { fresh: ids(fresh), bounced: ids(bounced), dead });

    for (const broker of [...fresh, ...bounced]) channels.add(broker);
    for (const id of dead) channels.remove(id);
    if (fresh.length > 0) {
      for (const broker of fresh) context.brokers.set(broker.id, broker);
      await this.#started(fresh);
    }
    if (bounced.length > 0) {
      for (const { id } of bounced) context.brokers.delete(id);
      await this.#failed(ids(bounced));
      for (const broker of bounced) context.brokers.set(broker.id, broker);
      await this.#started(bounced);
    }
    if (dead.length > 0) {
      for (const id of dead) context.brokers.delete(id);
      await this.#failed(dead);
    }
  }

  /** A broker has written its registration anew. It is told things where it was told them before, as Java's are. */
  modified(broker: LiveBroker): void {
    const { context } = this.#core;
    const known = context.brokers.get(broker.id);
    if (known === undefined || known.epoch !== broker.epoch) return;
    context.brokers.set(broker.id, broker);
    if (sameContacts(known, broker)) return;
    updateAll(this.#core);
  }

  /** A broker has told of a failed directory: it is asked which replicas are left. */
  askForReplicas(ids: readonly NodeId[]): void {
    const { context } = this.#core;
    const batch = this.#core.newBatch();
    for (const id of ids) {
      for (const partition of context.partitionsOn(id)) {
        const { leadership, assignment } = partition;
        if (leadership !== null) batch.leaderAndIsr([id], partition, leadership, assignment, false);
      }
    }
    batch.send();
  }

  /** A broker has answered what it can lead and follow. */
  async answered(id: NodeId, { errorCode: error, topics }: LeaderAndIsrResponse): Promise<void> {
    const { context, telemetry } = this.#core;
    if (error !== 0) {
      telemetry.log('error', 'broker refuses LeaderAndIsr', { broker: id, error });
      return;
    }
    const before = context.offlineDirectories.get(id) ?? new Set();
    const now = new Set(before);
    const failed: Replica[] = [];
    for (const { topicId, partitionErrors } of topics) {
      const topic = context.topics.get(context.topicNames.get(topicId) ?? '');
      for (const row of partitionErrors) {
        const partition = topic?.partitions.get(row.partitionIndex);
        if (partition === undefined) continue;
        if (row.errorCode === 0) now.delete(partition);
        else if (row.errorCode === STORAGE_ERROR) {
          now.add(partition);
          if (!before.has(partition)) failed.push({ partition, id });
        }
      }
    }
    if (now.size > 0 || before.size > 0) context.offlineDirectories.set(id, now);
    if (failed.length > 0) await this.#offline(failed);
  }

  async #started(brokers: readonly LiveBroker[]): Promise<void> {
    const { context, replicas, partitions } = this.#core;
    const ids = new Set(brokers.map(({ id }) => id));
    for (const id of ids) context.offlineDirectories.delete(id);
    const batch = this.#core.newBatch();
    batch.update(
      [...context.brokers.keys()].filter((id) => !ids.has(id)),
      [],
    );
    batch.send();
    // Who is new is told of everything.
    batch.update(ids, withLeaders(context.partitions()));
    batch.send();
    const hosted = [...ids].flatMap((id) => context.partitionsOn(id).map((partition): Replica => ({ partition, id })));
    await replicas.change(hosted, 'Online');
    await partitions.trigger();
    await this.#reassignments.resume((assignment) => targetOf(assignment).some((id) => ids.has(id)));
    const doomed = hosted.filter(({ partition }) => context.isDoomed(partition));
    if (doomed.length > 0) await this.#deletion.resume(new Set(doomed.map(({ partition }) => partition.topic.name)));
    for (const id of ids) await this.#watch(id);
  }

  async #failed(ids: readonly NodeId[]): Promise<void> {
    const { context } = this.#core;
    for (const id of ids) {
      context.offlineDirectories.delete(id);
      context.shuttingDown.delete(id);
    }
    await this.#offline(ids.flatMap((id) => context.partitionsOn(id).map((partition): Replica => ({ partition, id }))));
  }

  async #offline(gone: readonly Replica[]): Promise<void> {
    const { context, partitions, replicas } = this.#core;
    const leaderless = [...context.withOfflineLeader()];
    partitions.change(leaderless, 'Offline');
    await partitions.trigger();
    await replicas.change(
      gone.filter(({ partition }) => !context.isDoomed(partition)),
      'Offline',
    );
    await this.#deletion.fail(gone.filter(({ partition }) => context.isDoomed(partition)));
    if (leaderless.length === 0) updateAll(this.#core);
  }
}

const STORAGE_ERROR = errorCode('KAFKA_STORAGE_ERROR');

function* withLeaders(partitions: Iterable<Partition>): IterableIterator<Partition> {
  for (const partition of partitions) if (partition.leadership !== null) yield partition;
}

function sameContacts(a: LiveBroker, b: LiveBroker): boolean {
  const text = ({ endpoints, rack, features }: LiveBroker): string => JSON.stringify([endpoints, rack, [...features]]);
  return text(a) === text(b);
}
