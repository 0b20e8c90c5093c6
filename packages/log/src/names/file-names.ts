import { assert } from '@biquorum/std';

/** Endings of the files of a segment, and of the producer snapshots that stand beside them. */
export const LOG_ENDING = '.log';
export const OFFSET_INDEX_ENDING = '.index';
export const TIME_INDEX_ENDING = '.timeindex';
export const TRANSACTION_INDEX_ENDING = '.txnindex';
export const SNAPSHOT_ENDING = '.snapshot';

/** The file waits for its removal. */
export const DELETED_SUFFIX = '.deleted';
/** Compaction is writing the file; worth nothing after a crash. */
export const CLEANED_SUFFIX = '.cleaned';
/** The file is complete and takes the place of others; a crash in between is finished at the next start. */
export const SWAP_SUFFIX = '.swap';

/** Files of a partition's directory that belong to no segment. */
export const LEADER_EPOCH_CHECKPOINT_FILE = 'leader-epoch-checkpoint';
export const PARTITION_METADATA_FILE = 'partition.metadata';

/** Files of a log directory. */
export const RECOVERY_POINT_CHECKPOINT_FILE = 'recovery-point-offset-checkpoint';
export const REPLICATION_CHECKPOINT_FILE = 'replication-offset-checkpoint';
export const LOG_START_CHECKPOINT_FILE = 'log-start-offset-checkpoint';
export const CLEANER_CHECKPOINT_FILE = 'cleaner-offset-checkpoint';
export const META_PROPERTIES_FILE = 'meta.properties';
export const CLEAN_SHUTDOWN_FILE = '.kafka_cleanshutdown';
export const LOCK_FILE = '.lock';

/** Endings of a segment's own files, the log first. */
export const SEGMENT_ENDINGS: readonly string[] = [LOG_ENDING, OFFSET_INDEX_ENDING, TIME_INDEX_ENDING];

const ALL_ENDINGS = [...SEGMENT_ENDINGS, TRANSACTION_INDEX_ENDING, SNAPSHOT_ENDING];
const STATE_SUFFIXES = [DELETED_SUFFIX, CLEANED_SUFFIX, SWAP_SUFFIX];

/** A file of a segment, or a producer snapshot: its name taken apart. */
export interface SegmentFileName {
  /** Offset that the name starts with. */
  readonly offset: number;
  /** One of the endings above. */
  readonly ending: string;
  /** `.deleted`, `.cleaned`, `.swap`, or nothing for a file in use. */
  readonly suffix: string;
}

/** The offset as file names carry it, in 20 digits. Source: `LogFileUtils.filenamePrefixFromOffset`. */
export function offsetPrefix(offset: number): string {
  assert(Number.isSafeInteger(offset) && offset >= 0, () => `offset ${offset} of a file name must be in 0..2^53`);
  return String(offset).padStart(20, '0');
}

/** Name of a file of the segment at `baseOffset`, or of the snapshot at that offset. */
export function segmentFileName(baseOffset: number, ending: string, suffix = ''): string {
  return `${offsetPrefix(baseOffset)}${ending}${suffix}`;
}

/** Takes a file name apart; undefined if it is none of a segment's, nor a snapshot's. */
export function parseSegmentFileName(name: string): SegmentFileName | undefined {
  const suffix = STATE_SUFFIXES.find((candidate) => name.endsWith(candidate)) ?? '';
  const stem = name.slice(0, name.length - suffix.length);
  const ending = ALL_ENDINGS.find((candidate) => stem.endsWith(candidate));
  if (ending === undefined) return undefined;
  const digits = stem.slice(0, stem.length - ending.length);
  if (!/^\d{1,20}$/.test(digits)) return undefined;
  const offset = Number(digits);
  return Number.isSafeInteger(offset) ? { offset, ending, suffix } : undefined;
}
