import { DiskError } from '@biquorum/platform';
import type { LogConfig } from '../config/log-config.ts';
import type { LogFinding } from '../loading/findings.ts';
import { loadLog } from '../loading/load-log.ts';
import type { LogContext } from '../log/log-context.ts';
import type { LogState } from '../log/log-state.ts';
import { CorruptLogError } from '../log-error.ts';
import { type PartitionDirectory, parseDirectoryName } from '../names/directory-names.ts';
import { formatTopicPartition, type TopicPartition } from '../names/topic-partition.ts';
import type { DirectoryCheckpoints, LogDirectory } from './log-directory.ts';
import { eachConcurrently } from './schedule.ts';

/** A log that could not be opened; its files are as they were. */
export interface FailedLog extends TopicPartition {
  readonly directory: string;
  readonly error: Error;
}

/** What loading a log directory came to. */
export interface LoadedDirectory {
  readonly logs: readonly LogState[];
  readonly failed: readonly FailedLog[];
  readonly findings: readonly LogFinding[];
  /** Paths of directories of logs that were being removed. */
  readonly doomed: readonly string[];
  /** Names of directories that are left alone: no log's, or one that waits for a move or an operator. */
  readonly ignored: readonly string[];
}

/** How to load the logs of a directory. */
export interface LoadDirectoryOptions {
  readonly configOf: (topic: string) => LogConfig;
  readonly includes: (partition: TopicPartition) => boolean;
  readonly concurrency: number;
}

/** Opens all logs in a log directory, several at a time. */
export async function loadDirectory(
  context: LogContext,
  directory: LogDirectory,
  checkpoints: DirectoryCheckpoints,
  options: LoadDirectoryOptions,
): Promise<LoadedDirectory> {
  const logs: LogState[] = [];
  const failed: FailedLog[] = [];
  const findings: LogFinding[] = [];
  const doomed: string[] = [];
  const ignored: string[] = [];
  const current: { readonly name: string; readonly parsed: PartitionDirectory }[] = [];
  for (const { name, kind } of await context.disk.list(directory.path)) {
    if (kind !== 'directory') continue;
    const parsed = parseDirectoryName(name);
    if (parsed?.kind === 'delete') doomed.push(`${directory.path}/${name}`);
    else if (parsed?.kind !== 'current') ignored.push(name);
    else if (options.includes(parsed)) current.push({ name, parsed });
  }

  await eachConcurrently(current, options.concurrency, async ({ name, parsed: { topic, partition } }) => {
    const key = { topic, partition };
    const path = `${directory.path}/${name}`;
    try {
      const loaded = await loadLog(context, {
        partition: key,
        directory: path,
        config: options.configOf(topic),
        recoveryPoint: checkpoints.recoveryPoints.get(key),
        logStartOffset: checkpoints.logStartOffsets.get(key),
        highWatermark: checkpoints.highWatermarks.get(key),
        cleanedUpTo: directory.cleanedUpTo.get(key),
        cleanShutdown: directory.wasClosedCleanly,
      });
      logs.push(loaded.log);
      findings.push(...loaded.findings);
    } catch (error) {
      if (!(error instanceof CorruptLogError) && !(error instanceof DiskError)) throw error;
      failed.push({ ...key, directory: path, error });
      findings.push(findingOf(key, path, error));
    }
  });
  return { logs, failed, findings, doomed, ignored };
}

function findingOf(partition: TopicPartition, directory: string, error: CorruptLogError | DiskError): LogFinding {
  const log = formatTopicPartition(partition);
  const isCorrupt = error instanceof CorruptLogError;
  return {
    kind: 'corrupt',
    log,
    file: isCorrupt ? error.path : directory,
    position: isCorrupt ? error.position : 0,
    reason: isCorrupt ? error.reason : error.message,
    droppedBytes: 0,
  };
}
