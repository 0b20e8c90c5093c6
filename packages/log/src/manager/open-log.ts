import type { CompressionCodecs } from '@biquorum/kafka-wire';
import type { DiskError } from '@biquorum/platform';
import type { LogConfig } from '../config/log-config.ts';
import type { LogFinding } from '../loading/findings.ts';
import { loadLog } from '../loading/load-log.ts';
import { abandonLog, closeLog } from '../log/close.ts';
import { flush } from '../log/flush.ts';
import { Log } from '../log/log.ts';
import type { TopicPartition } from '../names/topic-partition.ts';
import { createLogContext } from './create-log-context.ts';
import { makeDurableDirectory } from './log-directory.ts';
import type { LogPorts } from './log-manager.ts';
import { Removals } from './removals.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

/** How to open a log that has a directory, and an owner, of its own. */
export interface OpenLogOptions {
  readonly ports: Omit<LogPorts, 'workers'>;
  readonly partition: TopicPartition;
  /** Directory of the log, absolute; made when it is missing. */
  readonly directory: string;
  readonly config: LogConfig;
  readonly codecs?: CompressionCodecs;
  /** Told when the disk has failed under the log. */
  readonly onFailure: (error: DiskError) => void;
}

/** A log outside of any `LogManager`. */
export interface OpenedLog {
  readonly log: Log;
  /** What was out of order. */
  readonly findings: readonly LogFinding[];
  /** Makes everything durable, writes what a clean stop leaves, and lets go of the files. Idempotent. */
  close(): Promise<void>;
  /** Lets go of the files and writes nothing more. Idempotent. */
  abandon(): Promise<void>;
}

/**
 * Opens one log for an owner who looks after it alone, as the metadata quorum does with its log: when to flush, what to
 * retain and what is committed are the owner's to say, no checkpoint of a log directory speaks of it, and so all of it is
 * read and checked here.
 *
 * Source: `KafkaMetadataLog.apply`, which opens its `UnifiedLog` with a recovery point of 0 and as uncleanly closed.
 *
 * @throws CorruptLogError, DiskError (as rejections)
 */
export async function openLog(options: OpenLogOptions): Promise<OpenedLog> {
  const { partition, directory, config } = options;
  const { disk, telemetry, timers } = options.ports;
  const removals = new Removals(disk, timers, telemetry);
  const context = createLogContext({
    ports: options.ports,
    settings: DEFAULT_SETTINGS,
    codecs: options.codecs,
    scratchBytes: SCRATCH_BYTES,
    keeper: {
      appended: () => {},
      flushing: () => {},
      rolled: (log) => {
        flush(log).catch(() => {});
      },
      recoveryPointLowered: () => Promise.resolve(),
      truncated: () => Promise.resolve(),
      removeLater: (_, paths, delayMs) => removals.removeFiles(paths, delayMs),
      failed: (_, error) => options.onFailure(error),
    },
  });
  await makeDurableDirectory(disk, directory);
  const { log: state, findings } = await loadLog(context, {
    partition,
    directory,
    config,
    recoveryPoint: undefined,
    logStartOffset: undefined,
    highWatermark: undefined,
    cleanedUpTo: undefined,
    cleanShutdown: false,
  });
  let ending: Promise<void> | undefined;
  const end = async (how: typeof closeLog): Promise<void> => {
    try {
      await how(state);
    } finally {
      await removals.close();
      context.files.closeAll();
    }
  };
  return {
    log: new Log(state),
    findings,
    close: () => (ending ??= end(closeLog)),
    abandon: () => (ending ??= end(abandonLog)),
  };
}

const SCRATCH_BYTES = 64 * 1024;
