/** The Raft node over Apache's RPCs and files. */

export { MetadataLogError } from './log-shape.ts';
export { MetadataQuorum } from './metadata-quorum.ts';
export { METADATA_LOG_NAME, METADATA_TOPIC, METADATA_TOPIC_ID } from './names.ts';
export * from './options.ts';
export { QuorumStateError } from './quorum-state-file.ts';
export { QuorumUnavailableError } from './quorum-transport.ts';
export type { Quorum } from './types.ts';
