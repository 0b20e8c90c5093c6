export * from './directory-ids.ts';
export { type ClientQuotas, MetadataImage, type PendingRecord, quotaKey, scramKey } from './image.ts';
export type { ImageChange } from './image-change.ts';
export { ImageDraft } from './image-draft.ts';
export { type LeadershipListener, MetadataLoader } from './metadata-loader.ts';
export {
  KRAFT_VERSION,
  LATEST_METADATA_LEVEL,
  METADATA_VERSION,
  METADATA_VERSIONS,
  type MetadataVersion,
  MINIMUM_BOOTSTRAP_LEVEL,
  MINIMUM_METADATA_LEVEL,
  metadataVersionNamed,
  metadataVersionOf,
} from './metadata-version.ts';
export type { BrokerRegistration, ControllerRegistration } from './registrations.ts';
