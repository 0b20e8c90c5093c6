import { type LeaderEpoch, NO_LEADER, type PartitionEpoch } from '@biquorum/metadata';
import { nameOf, type Partition } from './context.ts';
import { type Election, type ElectionStrategy, elect } from './election-strategy.ts';
import { StateChangeFailed } from './faults.ts';
import type { Leadership } from './leadership.ts';
import type { MachineHost, StateWrite } from './machine-host.ts';
import type { RequestBatch } from './request-batch.ts';
import { PARTITION_TRANSITIONS, type PartitionPhase } from './states.ts';

/** What became of partitions that were to be online. */
export type OnlineResults = Map<Partition, Leadership | StateChangeFailed>;

const OFFLINE: ElectionStrategy = { kind: 'offline', unclean: false };

/** Moves partitions from state to state, and with that elects leaders. Source: Java `ZkPartitionStateMachine`. */
export class PartitionMachine {
  readonly #host: MachineHost;

  constructor(host: MachineHost) {
    this.#host = host;
  }

  /** Takes up all partitions as the context has them, and brings online what can be. */
  async start(): Promise<void> {
    const { context } = this.#host;
    for (const partition of context.partitions()) {
      const { leadership } = partition;
      if (leadership === null) partition.phase = 'New';
      else partition.phase = context.isOnline(leadership.leader, partition) ? 'Online' : 'Offline';
    }
    await this.trigger();
  }

  /** Elects leaders for whatever has none, of all topics that are to stay. */
  async trigger(topic?: string): Promise<void> {
    const { context } = this.#host;
    const partitions: Partition[] = [];
    for (const partition of context.partitions()) {
      const waits = partition.phase === 'Offline' || partition.phase === 'New';
      if (!waits || context.isDoomed(partition)) continue;
      if (topic === undefined || partition.topic.name === topic) partitions.push(partition);
    }
    await this.online(partitions, OFFLINE);
  }

  /** Sets a state that needs no election. */
  change(partitions: Iterable<Partition>, target: Exclude<PartitionPhase, 'Online'>): void {
    for (const partition of partitions) {
      if (this.#isLegal(partition, target)) partition.phase = target;
    }
  }

  /** Brings partitions online: new ones with their first leader, others with another one. */
  async online(partitions: Iterable<Partition>, strategy: ElectionStrategy = OFFLINE): Promise<OnlineResults> {
    const results: OnlineResults = new Map();
    const fresh: Partition[] = [];
    const others: Partition[] = [];
    for (const partition of partitions) {
      if (!this.#isLegal(partition, 'Online')) {
        results.set(
          partition,
          new StateChangeFailed(`${nameOf(partition)} is ${partition.phase}, and cannot be online`),
        );
      } else if (partition.phase === 'New') fresh.push(partition);
      else others.push(partition);
    }
    const batch = this.#host.newBatch();
    if (fresh.length > 0) await this.#initialize(fresh, batch, results);
    if (others.length > 0) await this.#elect(others, strategy, batch, results);
    for (const [partition, result] of results) {
      if (!(result instanceof StateChangeFailed)) partition.phase = 'Online';
    }
    batch.send();
    return results;
  }

  async #initialize(partitions: readonly Partition[], batch: RequestBatch, results: OnlineResults): Promise<void> {
    const { context, store } = this.#host;
    const writes: StateWrite[] = [];
    for (const partition of partitions) {
      const isr = partition.assignment.replicas.filter((id) => context.isOnline(id, partition));
      const [leader] = isr;
      if (leader === undefined) {
        const failure = new StateChangeFailed(`no replica of ${nameOf(partition)} is live; start one of them`);
        this.#failed(partition, failure, results);
        continue;
      }
      const leadership: Leadership = {
        leader,
        isr,
        leaderEpoch: 0 as LeaderEpoch,
        partitionEpoch: 0 as PartitionEpoch,
        recovering: false,
        controllerEpoch: context.epoch,
      };
      writes.push({ partition, leadership });
    }
    const written = await store.createStates(writes);
    for (const [position, { partition }] of writes.entries()) {
      const leadership = written[position] ?? null;
      if (leadership === null) {
        const failure = new StateChangeFailed(
          `${nameOf(partition)} has a state already, which another controller wrote`,
        );
        this.#failed(partition, failure, results);
        continue;
      }
      partition.leadership = leadership;
      batch.leaderAndIsr(leadership.isr, partition, leadership, partition.assignment, true);
      results.set(partition, leadership);
    }
  }

  async #elect(
    partitions: readonly Partition[],
    strategy: ElectionStrategy,
    batch: RequestBatch,
    results: OnlineResults,
  ): Promise<void> {
    const { context, store } = this.#host;
    let remaining = partitions;
    while (remaining.length > 0) {
      const elections = await this.#electionsOf(remaining, strategy, results);
      const writes = [...elections].map(([partition, { next }]) => ({ partition, leadership: next }));
      const written = await store.writeStates(writes);
      const conflicts: Partition[] = [];
      for (const [position, [partition, { recipients }]] of [...elections].entries()) {
        const leadership = written[position] ?? null;
        if (leadership === null) {
          conflicts.push(partition);
          continue;
        }
        partition.leadership = leadership;
        batch.leaderAndIsr(recipients, partition, leadership, partition.assignment, false);
        results.set(partition, leadership);
      }
      remaining = await this.#reread(conflicts, results);
    }
    if (strategy.kind === 'offline') return;
    this.#host.telemetry.log('debug', 'leaders elected', {
      reason: strategy.kind,
      partitions: partitions.length,
      epoch: context.epoch,
    });
  }

  async #electionsOf(
    partitions: readonly Partition[],
    strategy: ElectionStrategy,
    results: OnlineResults,
  ): Promise<Map<Partition, Election>> {
    const { context } = this.#host;
    const unclean = await this.#uncleanAmong(partitions, strategy);
    const elections = new Map<Partition, Election>();
    for (const partition of partitions) {
      const state = partition.leadership;
      const chosen = strategy.kind === 'offline' ? { ...strategy, unclean: unclean.has(partition) } : strategy;
      const election = state === null ? null : elect(context, partition, state, chosen);
      if (election !== null) elections.set(partition, election);
      else {
        const failure = new StateChangeFailed(
          `Failed to elect leader for partition ${nameOf(partition)} under strategy ${strategy.kind}`,
        );
        this.#failed(partition, failure, results);
      }
    }
    return elections;
  }

  /** Partitions without a live replica in sync that may be led by another one. */
  async #uncleanAmong(partitions: readonly Partition[], strategy: ElectionStrategy): Promise<ReadonlySet<Partition>> {
    if (strategy.kind !== 'offline') return new Set();
    const { context } = this.#host;
    const stuck = partitions.filter(
      (partition) => partition.leadership?.isr.some((id) => context.isOnline(id, partition)) !== true,
    );
    if (strategy.unclean || stuck.length === 0) return new Set(stuck);
    const topics = await this.#host.uncleanTopics(new Set(stuck.map(({ topic }) => topic.name)));
    return new Set(stuck.filter(({ topic }) => topics.has(topic.name)));
  }

  /** Looks up what others wrote meanwhile. @returns The partitions that are to be tried again */
  async #reread(partitions: readonly Partition[], results: OnlineResults): Promise<Partition[]> {
    if (partitions.length === 0) return [];
    const { context, store } = this.#host;
    const states = await store.readStates(partitions);
    return partitions.filter((partition, position) => {
      const state = states[position] ?? null;
      if (state === null || state.controllerEpoch > context.epoch) {
        const reason =
          state === null ? 'its state is gone' : `the controller of epoch ${state.controllerEpoch} has changed it`;
        this.#failed(partition, new StateChangeFailed(`${nameOf(partition)} is given up: ${reason}`), results);
        return false;
      }
      partition.leadership = state;
      return true;
    });
  }

  #failed(partition: Partition, failure: StateChangeFailed, results: OnlineResults): void {
    results.set(partition, failure);
    const leader = partition.leadership?.leader ?? NO_LEADER;
    this.#host.telemetry.log('debug', 'partition not online', { partition: nameOf(partition), leader, error: failure });
  }

  #isLegal(partition: Partition, target: PartitionPhase): boolean {
    if (PARTITION_TRANSITIONS[target].includes(partition.phase)) return true;
    const fields = { partition: nameOf(partition), from: partition.phase, to: target };
    this.#host.telemetry.log('error', 'illegal transition of a partition', fields);
    return false;
  }
}
