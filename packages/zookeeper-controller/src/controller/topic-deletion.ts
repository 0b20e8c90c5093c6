import { type Partition, type Replica, replicasOf, type Topic } from './context.ts';
import { type Core, updateAll } from './core.ts';

/**
 * Deletes topics: partitions leave, every replica is stopped and deleted by its broker, then the znodes go. A topic waits
 * while one of its replicas is dead or a reassignment runs.
 *
 * Source: Java `TopicDeletionManager`.
 */
export class TopicDeletion {
  readonly #core: Core;
  readonly #enabled: boolean;

  constructor(core: Core) {
    this.#core = core;
    this.#enabled = core.host.settings.deleteTopicEnable;
  }

  /** Takes up the deletions that an earlier controller has left. */
  async start(wished: readonly string[]): Promise<void> {
    const { context, znodes } = this.#core;
    if (!this.#enabled) {
      await znodes.forgetDeletions(wished);
      return;
    }
    for (const name of wished) {
      const topic = context.topics.get(name);
      if (topic === undefined) {
        // The earlier controller ended between the topic's znode and the rest.
        await znodes.deleteTopic(name);
        continue;
      }
      context.doomed.add(name);
      if (mustWait(this.#core, topic)) context.deletionHalted.add(name);
    }
  }

  /** New wishes. */
  async wish(names: readonly string[]): Promise<void> {
    const { context, znodes } = this.#core;
    const known = names.filter((name) => context.topics.has(name));
    await znodes.forgetDeletions(names.filter((name) => !context.topics.has(name)));
    if (!this.#enabled) {
      await znodes.forgetDeletions(known);
      return;
    }
    if (known.length === 0) return;
    for (const name of known) context.doomed.add(name);
    const reassigning = new Set([...context.reassigning].map(({ topic }) => topic.name));
    this.halt(known.filter((name) => reassigning.has(name)));
    await this.resumeAll();
  }

  /** These topics wait until they are resumed. */
  halt(names: Iterable<string>): void {
    const { context } = this.#core;
    for (const name of names) if (context.doomed.has(name)) context.deletionHalted.add(name);
  }

  /** What these topics waited for has come. */
  async resume(names: Iterable<string>): Promise<void> {
    const { context } = this.#core;
    let any = false;
    for (const name of names) {
      if (!context.doomed.has(name)) continue;
      any = true;
      context.deletionHalted.delete(name);
    }
    if (any) await this.resumeAll();
  }

  /** Brokers could not delete these replicas, or are gone. */
  async fail(replicas: readonly Replica[]): Promise<void> {
    const failed = replicas.filter(({ partition }) => this.#core.context.isDoomed(partition));
    if (failed.length === 0) return;
    await this.#core.replicas.change(failed, 'DeletionIneligible');
    this.halt(failed.map(({ partition }) => partition.topic.name));
    await this.resumeAll();
  }

  /** Brokers have deleted these replicas. */
  async complete(replicas: readonly Replica[]): Promise<void> {
    const done = replicas.filter(({ partition }) => this.#core.context.isDoomed(partition));
    await this.#core.replicas.change(done, 'DeletionSuccessful');
    await this.resumeAll();
  }

  /** Goes on with every deletion as far as it can. */
  async resumeAll(): Promise<void> {
    const { context, replicas } = this.#core;
    const retried: Replica[] = [];
    const begun: Topic[] = [];
    for (const name of [...context.doomed]) {
      const topic = context.topics.get(name);
      if (topic === undefined) continue;
      if (context.hasAllReplicasIn(topic, 'DeletionSuccessful')) {
        await this.#finish(topic);
        continue;
      }
      const isRunning = context.hasReplicaIn(topic, 'DeletionStarted');
      if (!isRunning) retried.push(...context.replicasIn(topic, 'DeletionIneligible'));
      if (!isRunning && !context.deletionHalted.has(name)) begun.push(topic);
    }
    if (retried.length > 0) await replicas.change(retried, 'Offline');
    if (begun.length > 0) await this.#begin(begun);
  }

  async #begin(topics: readonly Topic[]): Promise<void> {
    const { context, partitions } = this.#core;
    const fresh: Partition[] = [];
    const all: Partition[] = [];
    for (const topic of topics) {
      const isFresh = !context.deletionBegun.has(topic.name);
      context.deletionBegun.add(topic.name);
      for (const partition of topic.partitions.values()) {
        all.push(partition);
        if (isFresh) fresh.push(partition);
      }
    }
    partitions.change(fresh, 'Offline');
    partitions.change(fresh, 'NonExistent');
    // Brokers stop to serve it.
    updateAll(this.#core, all);
    await this.#deleteReplicas(all);
  }

  async #deleteReplicas(all: readonly Partition[]): Promise<void> {
    const { context, replicas } = this.#core;
    const dead: Replica[] = [];
    const live: Replica[] = [];
    for (const replica of replicasOf(all)) {
      const { partition, id } = replica;
      if (!context.isOnline(id, partition)) dead.push(replica);
      else if (partition.replicas.get(id) !== 'DeletionSuccessful') live.push(replica);
    }
    const stuck = dead.filter(({ partition, id }) => partition.replicas.get(id) !== 'DeletionIneligible');
    await replicas.change(stuck, 'DeletionIneligible');
    // Java tells brokers to stop a replica and then to delete it; one request says both.
    const batch = this.#core.newBatch();
    await replicas.change(live, 'Offline', batch);
    await replicas.change(live, 'DeletionStarted', batch);
    batch.send();
    this.halt(dead.map(({ partition }) => partition.topic.name));
  }

  async #finish(topic: Topic): Promise<void> {
    const { context, replicas, znodes } = this.#core;
    const { name } = topic;
    await replicas.change(context.replicasIn(topic, 'DeletionSuccessful'), 'NonExistent');
    await znodes.deleteTopic(name);
    context.removeTopic(name);
  }
}

/** Is a replica dead, or does a reassignment run? */
function mustWait({ context }: Core, topic: Topic): boolean {
  for (const partition of topic.partitions.values()) {
    if (context.reassigning.has(partition)) return true;
    for (const id of partition.assignment.replicas) if (!context.isOnline(id, partition)) return true;
  }
  return false;
}
