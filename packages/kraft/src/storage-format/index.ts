export type { FeatureLevel, InitialVoter } from './checkpoints.ts';
export { bootstrapCheckpoint, votersCheckpoint } from './checkpoints.ts';
export { type DirectoryFinding, inspectDirectories } from './directories.ts';
export {
  type FormatOptions,
  type FormattedDirectory,
  formatDirectories,
  formatLines,
  formatStorage,
  type InitialQuorum,
} from './format.ts';
export { FormatError } from './format-error.ts';
export { describeStorage, type StorageInfo } from './info.ts';
export { randomUuid } from './uuids.ts';
