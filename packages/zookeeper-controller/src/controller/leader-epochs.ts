import { originOf } from './assignment.ts';
import type { Partition } from './context.ts';
import { nameOf } from './context.ts';
import type { Core } from './core.ts';
import { StateChangeFailed } from './faults.ts';
import { succeeded } from './leadership.ts';

/**
 * Raises the leader epoch of a partition and tells its replicas: the leader learns of a changed assignment, and proposals
 * of ISRs that were made before are fenced. Source: Java `KafkaController.updateLeaderEpochAndSendRequest`.
 *
 * @throws StateChangeFailed when the partition has no state, or a later controller has changed it
 */
export async function raiseLeaderEpoch(core: Core, partition: Partition): Promise<void> {
  const { context, store } = core;
  for (;;) {
    const state = partition.leadership;
    if (state === null) throw new StateChangeFailed(`${nameOf(partition)} has no state`);
    if (state.controllerEpoch > context.epoch) {
      throw new StateChangeFailed(`the controller of epoch ${state.controllerEpoch} has changed ${nameOf(partition)}`);
    }
    const [written = null] = await store.writeStates([{ partition, leadership: succeeded(state, state) }]);
    if (written !== null) {
      partition.leadership = written;
      const batch = core.newBatch();
      const { assignment } = partition;
      batch.leaderAndIsr(originOf(assignment), partition, written, assignment, false);
      // A replica that is to be made: where it is missing, no failed directory hides it.
      batch.leaderAndIsr(assignment.adding, partition, written, assignment, true);
      batch.send();
      return;
    }
    const [read = null] = await store.readStates([partition]);
    partition.leadership = read;
  }
}
