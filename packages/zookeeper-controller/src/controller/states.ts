/** States of a partition in the controller. Source: Java `PartitionStateMachine`. */
export type PartitionPhase = 'NonExistent' | 'New' | 'Online' | 'Offline';

/** States of a replica in the controller. Source: Java `ReplicaStateMachine`. */
export type ReplicaPhase =
  | 'NonExistent'
  | 'New'
  | 'Online'
  | 'Offline'
  | 'DeletionStarted'
  | 'DeletionSuccessful'
  | 'DeletionIneligible';

/** From which states a partition may come into each. */
export const PARTITION_TRANSITIONS: Readonly<Record<PartitionPhase, readonly PartitionPhase[]>> = {
  New: ['NonExistent'],
  Online: ['New', 'Online', 'Offline'],
  Offline: ['New', 'Online', 'Offline'],
  NonExistent: ['Offline'],
};

/** From which states a replica may come into each. */
export const REPLICA_TRANSITIONS: Readonly<Record<ReplicaPhase, readonly ReplicaPhase[]>> = {
  New: ['NonExistent'],
  Online: ['New', 'Online', 'Offline', 'DeletionIneligible'],
  Offline: ['New', 'Online', 'Offline', 'DeletionIneligible'],
  DeletionStarted: ['Offline'],
  DeletionSuccessful: ['DeletionStarted'],
  DeletionIneligible: ['Offline', 'DeletionStarted'],
  NonExistent: ['DeletionSuccessful'],
};
