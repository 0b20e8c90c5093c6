import type { CompressionCodecs } from '@biquorum/kafka-wire';
import type { Clock, Disk, DiskError, Random, Telemetry } from '@biquorum/platform';
import type { OpenFiles } from '../handles/open-files.ts';
import type { IndexCache } from '../indexes/index-cache.ts';
import type { SegmentEnvironment } from '../segments/segment-files.ts';
import type { LogState } from './log-state.ts';

/** What the logs of one process share: ports, open files, memory, and those who look after them all. */
export interface LogContext extends SegmentEnvironment {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly files: OpenFiles;
  readonly indexCache: IndexCache;
  readonly codecs: CompressionCodecs;
  /** Memory to decompress into, so that most batches need none of their own. */
  readonly scratch: Uint8Array;
  /** The most bytes that the records of one batch may have once decompressed. */
  readonly decompressedBytesMax: number;
  /** Idle time after which a producer is forgotten, in ms. */
  readonly producerIdExpirationMs: number;
  readonly keeper: LogKeeper;
}

/** What a log asks of those who look after all logs. */
export interface LogKeeper {
  /** Bytes were appended that are not durable yet. */
  appended(log: LogState, bytes: number): void;
  /** A flush begins that makes this many of them durable. */
  flushing(log: LogState, bytes: number): void;
  /** A segment was closed: it should be made durable soon. */
  rolled(log: LogState): void;
  /** The recovery point has fallen; resolves when no later one is on disk any more. */
  recoveryPointLowered(log: LogState): Promise<void>;
  /** The log was cut: what was known of its records from the active segment on is void. Resolves when no file says it. */
  truncated(log: LogState): Promise<void>;
  /** These files can be removed when `delayMs` have passed; nobody looks for them any more. */
  removeLater(log: LogState, paths: readonly string[], delayMs: number): void;
  /** The disk has failed under a log. */
  failed(log: LogState, error: DiskError): void;
}
