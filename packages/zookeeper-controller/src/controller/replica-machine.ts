import { isrWithout, NO_LEADER, type NodeId } from '@biquorum/metadata';
import { without } from './assignment.ts';
import { nameOf, type Partition, type Replica } from './context.ts';
import { type Leadership, succeeded } from './leadership.ts';
import type { MachineHost, StateWrite } from './machine-host.ts';
import type { RequestBatch } from './request-batch.ts';
import { REPLICA_TRANSITIONS, type ReplicaPhase } from './states.ts';

/** Moves replicas from state to state, and tells their brokers. Source: Java `ZkReplicaStateMachine`. */
export class ReplicaMachine {
  readonly #host: MachineHost;

  constructor(host: MachineHost) {
    this.#host = host;
  }

  /** Takes up all replicas as the context has them. */
  async start(): Promise<void> {
    const { context } = this.#host;
    const online: Replica[] = [];
    const offline: Replica[] = [];
    for (const partition of context.partitions()) {
      for (const id of partition.assignment.replicas) {
        const isOnline = context.isOnline(id, partition);
        // A dead replica cannot be deleted: should its topic have to go, that must wait.
        partition.replicas.set(id, isOnline ? 'Online' : 'DeletionIneligible');
        (isOnline ? online : offline).push({ partition, id });
      }
    }
    await this.change(online, 'Online');
    await this.change(offline, 'Offline');
  }

  /**
   * Moves replicas; one that may not come into that state stays as it is.
   *
   * @param gathering takes what brokers are to be told, to be sent by the caller; it is sent here if not given
   */
  async change(replicas: Iterable<Replica>, target: ReplicaPhase, gathering?: RequestBatch): Promise<void> {
    const batch = gathering ?? this.#host.newBatch();
    const legal = [...replicas].filter((replica) => this.#isLegal(replica, target));
    if (target === 'Offline') await this.#offline(legal, batch);
    else for (const replica of legal) this.#changeOne(replica, target, batch);
    if (gathering === undefined) batch.send();
  }

  #changeOne({ partition, id }: Replica, target: Exclude<ReplicaPhase, 'Offline'>, batch: RequestBatch): void {
    const { context, telemetry } = this.#host;
    const { leadership, assignment } = partition;
    switch (target) {
      case 'New':
        if (leadership?.leader === id) {
          telemetry.log('error', 'a new replica cannot be the leader', { partition: nameOf(partition), id });
          return;
        }
        if (leadership !== null) batch.leaderAndIsr([id], partition, leadership, assignment, true);
        break;
      case 'Online':
        if (partition.replicas.get(id) !== 'New' && leadership !== null) {
          batch.leaderAndIsr([id], partition, leadership, assignment, false);
        } else if (!assignment.replicas.includes(id)) {
          context.assign(partition, { ...assignment, replicas: [...assignment.replicas, id] });
        }
        break;
      case 'DeletionStarted':
        batch.stopReplica(id, partition, true);
        break;
      case 'NonExistent':
        context.assign(partition, {
          replicas: without(assignment.replicas, [id]),
          adding: without(assignment.adding, [id]),
          removing: without(assignment.removing, [id]),
        });
        partition.replicas.delete(id);
        return;
      case 'DeletionSuccessful':
      case 'DeletionIneligible':
        break;
    }
    partition.replicas.set(id, target);
  }

  async #offline(replicas: readonly Replica[], batch: RequestBatch): Promise<void> {
    const { context } = this.#host;
    for (const { partition, id } of replicas) batch.stopReplica(id, partition, false);
    // Broker by broker: a partition that loses two replicas loses one after the other.
    for (const [id, ofBroker] of Map.groupBy(replicas, (replica) => replica.id)) {
      const led = ofBroker.filter(({ partition }) => partition.leadership !== null);
      const states = await this.#leaveIsr(
        id,
        led.map(({ partition }) => partition),
      );
      for (const { partition } of ofBroker) {
        const leadership = states.get(partition);
        if (leadership === undefined) {
          if (partition.leadership !== null) continue;
          batch.updateAll([partition]);
        } else if (!context.isDoomed(partition)) {
          const others = without(partition.assignment.replicas, [id]);
          batch.leaderAndIsr(others, partition, leadership, partition.assignment, false);
        }
        partition.replicas.set(id, 'Offline');
      }
    }
  }

  /** Takes a broker out of ISRs and leaderships. @returns What holds now; a partition whose state is gone is left out */
  async #leaveIsr(id: NodeId, partitions: readonly Partition[]): Promise<Map<Partition, Leadership>> {
    const { context, store, telemetry } = this.#host;
    const states = new Map<Partition, Leadership>();
    let remaining = partitions;
    while (remaining.length > 0) {
      const writes: StateWrite[] = [];
      for (const partition of remaining) {
        const state = partition.leadership as Leadership;
        if (!state.isr.includes(id)) states.set(partition, state);
        else writes.push({ partition, leadership: leaving(state, id) });
      }
      const written = await store.writeStates(writes);
      const conflicts: Partition[] = [];
      for (const [position, { partition }] of writes.entries()) {
        const leadership = written[position] ?? null;
        if (leadership === null) conflicts.push(partition);
        else {
          partition.leadership = leadership;
          states.set(partition, leadership);
        }
      }
      const reread = conflicts.length === 0 ? [] : await store.readStates(conflicts);
      remaining = conflicts.filter((partition, position) => {
        const state = reread[position] ?? null;
        if (state === null || state.controllerEpoch > context.epoch) {
          telemetry.log('error', 'replica left in the ISR of a partition', { partition: nameOf(partition), id });
          return false;
        }
        partition.leadership = state;
        return true;
      });
    }
    return states;
  }

  #isLegal({ partition, id }: Replica, target: ReplicaPhase): boolean {
    const from = partition.replicas.get(id) ?? 'NonExistent';
    if (REPLICA_TRANSITIONS[target].includes(from)) return true;
    this.#host.telemetry.log('error', 'illegal transition of a replica', {
      partition: nameOf(partition),
      id,
      from,
      to: target,
    });
    return false;
  }
}

function leaving(state: Leadership, id: NodeId): Leadership {
  const leader = state.leader === id ? NO_LEADER : state.leader;
  return succeeded(state, { leader, isr: isrWithout(state.isr, (node) => node === id, true) });
}
