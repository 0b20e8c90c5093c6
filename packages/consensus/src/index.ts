/**
 * The seam between consensus engines and everything else: what an engine is, what drives it, and a replicated state
 * machine that takes either engine.
 *
 * @packageDocumentation
 */
export * from './contract.ts';
export { DEFAULT_LIMITS, Driver, type DriverEvents, type DriverLimits, type DriverSetup } from './driver.ts';
export { CapabilityError, EngineConfigError, ReplicaError, requireCapabilities } from './errors.ts';
export * from './ports.ts';
export { comparePositions, ORIGIN, samePosition } from './position.ts';
export { hasMajority, majorityOf, majorityValue, type Tally, tally } from './quorum.ts';
export { inMemory, type OverTcpOptions, onDisk, overTcp } from './replica/choices.ts';
export {
  createReplica,
  type Machine,
  type NetworkChoice,
  type NetworkContext,
  type Replica,
  type ReplicaOptions,
  type ReplicaPorts,
  type ReplicaStatus,
  type StorageChoice,
} from './replica/replica.ts';
export { DiskStorage, type DiskStorageOptions } from './storage/disk-storage.ts';
export { MemoryStorage } from './storage/memory-storage.ts';
export { StorageError } from './storage/storage-error.ts';
export { TcpTransport, type TcpTransportOptions } from './tcp/tcp-transport.ts';
export { tellMessages } from './told-transport.ts';
