import type { DiskError } from '@biquorum/platform';

/**
 * Bytes of a log that are not what was written, below the point up to which it is known to be durable. The log cannot
 * mend that by itself: the replica must be copied anew from another.
 */
export class CorruptLogError extends Error {
  override readonly name = 'CorruptLogError';
  readonly path: string;
  /** Position in the file, in bytes. */
  readonly position: number;
  readonly reason: string;

  constructor(path: string, position: number, reason: string) {
    super(`${path} is corrupt at byte ${position}: ${reason}; copy the replica from another broker`);
    this.path = path;
    this.position = position;
    this.reason = reason;
  }
}

/**
 * The disk failed under a log, which refuses everything from then on: KAFKA_STORAGE_ERROR for clients. What is on
 * disk is found out at the next start.
 */
export class LogStorageError extends Error {
  override readonly name = 'LogStorageError';
  readonly directory: string;

  constructor(directory: string, cause: DiskError) {
    super(`log ${directory} is offline: ${cause.message}`, { cause });
    this.directory = directory;
  }
}

/** An offset that the log does not have: OFFSET_OUT_OF_RANGE for clients. */
export class OffsetOutOfRangeError extends Error {
  override readonly name = 'OffsetOutOfRangeError';
  readonly offset: number;
  /** First and last offset that could have been asked for. */
  readonly range: readonly [first: number, last: number];

  constructor(log: string, offset: number, first: number, last: number) {
    super(`offset ${offset} of ${log} is out of range; ask for ${first} to ${last}`);
    this.offset = offset;
    this.range = [first, last];
  }
}
