/**
 * What loading a log found out of order:
 *
 * - `tail-cut`: behind the recovery point, torn or damaged bytes were cut off.
 * - `segments-dropped`: segments behind such a cut were removed.
 * - `end-before-recovery-point`: the log ends before the point up to which it should be durable.
 * - `corrupt`: bytes below the recovery point are damaged; nothing was changed, the log is not served.
 * - `index-rebuilt`: an index was missing or broken and was made anew from the log.
 * - `swap-finished`: a compaction that a crash had interrupted was completed.
 * - `epochs-rebuilt`: the leader epoch checkpoint was unreadable; the whole log was read to make it anew.
 */
export type LogFindingKind =
  | 'corrupt'
  | 'end-before-recovery-point'
  | 'epochs-rebuilt'
  | 'index-rebuilt'
  | 'segments-dropped'
  | 'swap-finished'
  | 'tail-cut';

/** Something that was out of order when a log was loaded. */
export interface LogFinding {
  readonly kind: LogFindingKind;
  /** `topic-partition`. */
  readonly log: string;
  /** Path of the file. */
  readonly file: string;
  /** Where in the file, in bytes. */
  readonly position: number;
  readonly reason: string;
  /** Bytes of log that were given up. */
  readonly droppedBytes: number;
}
