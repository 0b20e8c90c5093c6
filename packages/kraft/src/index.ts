/**
 * KRaft: a cluster governed by a Raft quorum of controllers that speak Apache's protocol and write Apache's files.
 *
 * @packageDocumentation
 */

export * from './controller/index.ts';
export * from './image/index.ts';
export type * from './journal.ts';
export { KraftNode, type KraftNodeParts } from './node/kraft-node.ts';
export {
  type HostPort,
  type KraftSettings,
  type ProcessRole,
  type Properties,
  readKraftSettings,
  type VoterAddress,
} from './node/kraft-settings.ts';
export { StorageError } from './node/node-storage.ts';
export { KraftSettingsError } from './node/settings-error.ts';
export { KraftPlane, type KraftPlaneConfig } from './plane/kraft-plane.ts';
export type { MetadataSource } from './plane/metadata-source.ts';
export * from './quorum/index.ts';
export * from './storage-format/index.ts';
