import { OPEN_FILES_MAX_DEFAULT } from '../handles/open-files.ts';
import { INDEX_CACHE_BYTES_DEFAULT } from '../indexes/index-cache.ts';

/** How the logs of one process are looked after. Times in ms, sizes in bytes. */
export interface LogManagerSettings {
  /** Time from the start to the first run of the tasks below. `log.initial.task.delay.ms` */
  readonly initialTaskDelayMs: number;
  /** `log.retention.check.interval.ms` */
  readonly retentionCheckIntervalMs: number;
  /** `log.flush.offset.checkpoint.interval.ms` */
  readonly recoveryPointCheckpointIntervalMs: number;
  /** `log.flush.start.offset.checkpoint.interval.ms` */
  readonly logStartCheckpointIntervalMs: number;
  /** `replica.high.watermark.checkpoint.interval.ms` */
  readonly highWatermarkCheckpointIntervalMs: number;
  /** `producer.id.expiration.ms` */
  readonly producerIdExpirationMs: number;
  /** `producer.id.expiration.check.interval.ms` */
  readonly producerIdExpirationCheckIntervalMs: number;
  /** Logs of one directory that are loaded, or closed, at the same time. */
  readonly loadingConcurrency: number;
  /** Files that are kept open. */
  readonly openFilesMax: number;
  /** Memory for indexes that were read back. */
  readonly indexCacheBytes: number;
  /** The most bytes that the records of one batch may have once decompressed. */
  readonly decompressedBytesMax: number;
  /** Bytes of one log that may wait to be made durable before that begins. */
  readonly unflushedBytesPerLog: number;
  /** Bytes of all logs together that may wait. */
  readonly unflushedBytesTotal: number;
  /** `log.cleaner.enable` */
  readonly cleanerEnabled: boolean;
  /** `log.cleaner.backoff.ms` */
  readonly cleanerBackoffMs: number;
  /** `log.cleaner.dedupe.buffer.size` */
  readonly cleanerDedupeBufferBytes: number;
  /** `log.cleaner.io.buffer.size` */
  readonly cleanerIoBufferBytes: number;
}

/** Apache's defaults, and ours where Apache has no such setting. */
export const DEFAULT_SETTINGS: LogManagerSettings = {
  initialTaskDelayMs: 30_000,
  retentionCheckIntervalMs: 300_000,
  recoveryPointCheckpointIntervalMs: 60_000,
  logStartCheckpointIntervalMs: 60_000,
  highWatermarkCheckpointIntervalMs: 5_000,
  producerIdExpirationMs: 86_400_000,
  producerIdExpirationCheckIntervalMs: 600_000,
  loadingConcurrency: 16,
  openFilesMax: OPEN_FILES_MAX_DEFAULT,
  indexCacheBytes: INDEX_CACHE_BYTES_DEFAULT,
  decompressedBytesMax: 128 << 20,
  unflushedBytesPerLog: 16 << 20,
  unflushedBytesTotal: 256 << 20,
  cleanerEnabled: true,
  cleanerBackoffMs: 15_000,
  cleanerDedupeBufferBytes: 128 << 20,
  cleanerIoBufferBytes: 512 << 10,
};
