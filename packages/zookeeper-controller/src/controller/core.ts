import type { ControllerHost } from '../seam.ts';
import type { BrokerChannels } from './broker-channels.ts';
import type { ClusterZnodes } from './cluster-znodes.ts';
import type { Partition } from './context.ts';
import type { MachineHost } from './machine-host.ts';
import type { PartitionMachine } from './partition-machine.ts';
import type { PushVersions } from './push-versions.ts';
import type { ReplicaMachine } from './replica-machine.ts';

/** What all parts of an active controller share: its knowledge, its machines and its ways to the outside. */
export interface Core extends MachineHost {
  readonly host: ControllerHost;
  readonly versions: PushVersions;
  readonly znodes: ClusterZnodes;
  readonly channels: BrokerChannels;
  readonly partitions: PartitionMachine;
  readonly replicas: ReplicaMachine;
}

/** Tells all brokers who is live, and what became of these partitions. */
export function updateAll(core: Core, partitions: Iterable<Partition> = []): void {
  const batch = core.newBatch();
  batch.updateAll(partitions);
  batch.send();
}
