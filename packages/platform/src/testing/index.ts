/**
 * The ports in memory, in virtual time and from one seed: for tests and simulators. And the conformance kit that every
 * implementation of the ports passes.
 *
 * @packageDocumentation
 */
export { type CollectedEvent, CollectingTelemetry } from './collecting-telemetry.ts';
export { ClaimFailed } from './conformance/checks.ts';
export { describePorts, portClaims } from './conformance/index.ts';
export type { Claim, Implementation, Subject, TestFramework } from './conformance/kit.ts';
export { atEveryCrashPoint, type CrashPoint, type CrashScenario } from './crash-points.ts';
export { HostStopped } from './host-loop.ts';
export {
  type DiskStep,
  type Interruption,
  MemoryDisk,
  type MemoryDiskOptions,
  type MemoryDiskSnapshot,
} from './memory-disk.ts';
export type { MemoryHost, MemoryHostOptions } from './memory-host.ts';
export { SECTOR_BYTES, type UnsyncedFate } from './memory-inode.ts';
export type { Latency } from './memory-links.ts';
export type { MemoryNetwork } from './memory-network.ts';
export { MemoryWorld, type MemoryWorldOptions } from './memory-world.ts';
export { type RunOptions, type Scheduled, VirtualTime, type VirtualTimeOptions } from './virtual-time.ts';
