/**
 * A partition's log in Apache Kafka's files: append as leader and follower, read, look up, truncate, retain, compact,
 * recover. Pure but for the ports that are handed in.
 *
 * @packageDocumentation
 */
export type {
  Appended,
  Duplicate,
  FollowerAppendResult,
  LeaderAppendResult,
  UnexpectedOffset,
} from './append/append-result.ts';
export type { AppendErrorName, AppendOrigin, AppendRejection, RecordFault } from './append/rejection.ts';
export type {
  CompactedGroup,
  CompactionInput,
  CompactionOutput,
  KnownProducer,
  SourceSegment,
} from './cleaner/compaction.ts';
export { type CompactionJob, compactionJob } from './cleaner/compaction-job.ts';
export type { CleanerJob } from './cleaner/log-cleaner.ts';
export {
  type ConfigType,
  type ServerSynonym,
  TOPIC_LOG_CONFIGS,
  type TopicConfigEntry,
} from './config/config-table.ts';
export { ConfigFault } from './config/config-value.ts';
export { type ConfigProperties, type LogConfig, logConfig, resolveLogConfig } from './config/log-config.ts';
export { type EpochEnd, LeaderEpochs } from './epochs/leader-epochs.ts';
export { FileFault } from './files/checkpoint-text.ts';
export { formatCleanShutdown, parseCleanShutdown } from './files/clean-shutdown.ts';
export { formatProperties, parseProperties } from './files/java-properties.ts';
export { type EpochStart, formatLeaderEpochs, parseLeaderEpochs } from './files/leader-epoch-checkpoint.ts';
export {
  formatMetaProperties,
  type MetaProperties,
  type MetaPropertiesV0,
  type MetaPropertiesV1,
  parseMetaProperties,
} from './files/meta-properties.ts';
export { type CheckpointedOffset, formatOffsetCheckpoint, parseOffsetCheckpoint } from './files/offset-checkpoint.ts';
export { formatPartitionMetadata, parsePartitionMetadata } from './files/partition-metadata.ts';
export type { FileSlice } from './handles/file-slice.ts';
export type { LogFinding, LogFindingKind } from './loading/findings.ts';
export type { FollowerAppendOptions } from './log/append-as-follower.ts';
export type { LeaderAppendOptions, Log } from './log/log.ts';
export type { FoundRecord } from './log/look-up.ts';
export type { LogRead, ReadRequest } from './log/read.ts';
export type { LeaderEpochEnd, TruncationStep } from './log/truncate-to-epoch.ts';
export { CorruptLogError, LogStorageError, OffsetOutOfRangeError } from './log-error.ts';
export type { FailedLog } from './manager/load-directory.ts';
export { makeDurableDirectory } from './manager/log-directory.ts';
export {
  type CreateLogOptions,
  type LogDirectoryFacts,
  LogManager,
  type LogManagerOptions,
  type LogPorts,
} from './manager/log-manager.ts';
export { type OpenedLog, type OpenLogOptions, openLog } from './manager/open-log.ts';
export { DEFAULT_SETTINGS, type LogManagerSettings } from './manager/settings.ts';
export {
  currentDirectoryName,
  type DirectoryKind,
  type PartitionDirectory,
  parseDirectoryName,
  suffixedDirectoryName,
} from './names/directory-names.ts';
export { parseSegmentFileName, type SegmentFileName, segmentFileName } from './names/file-names.ts';
export { formatTopicPartition, type TopicPartition } from './names/topic-partition.ts';
export type { ProducerEntry, RetainedBatch } from './producers/producer-entry.ts';
export { formatProducerSnapshot, parseProducerSnapshot } from './producers/producer-snapshot.ts';
