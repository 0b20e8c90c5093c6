import { assert } from '@biquorum/std';
import { type LogConfig, resolveLogConfig } from '../config/log-config.ts';
import { flush } from '../log/flush.ts';
import type { LogContext, LogKeeper } from '../log/log-context.ts';
import type { LogState } from '../log/log-state.ts';
import { createLogContext } from './create-log-context.ts';
import { LogDirectory } from './log-directory.ts';
import type { LogManagerOptions } from './log-manager.ts';
import { Removals } from './removals.ts';
import { DEFAULT_SETTINGS, type LogManagerSettings } from './settings.ts';
import { WriteBack } from './write-back.ts';

/** What a `LogManager` is put together from. */
export interface ManagerParts {
  readonly options: LogManagerOptions;
  readonly settings: LogManagerSettings;
  readonly configOf: (topic: string) => LogConfig;
  readonly context: LogContext;
  readonly directories: readonly LogDirectory[];
  readonly writeBack: WriteBack;
  readonly removals: Removals;
}

const SCRATCH_BYTES = 1 << 20;

/** Makes the parts; touches no disk. */
export function managerParts(options: LogManagerOptions): ManagerParts {
  const { disk, telemetry, timers } = options.ports;
  assert(options.directories.length > 0, 'a log manager needs at least one directory; set log.dirs');
  assert(new Set(options.directories).size === options.directories.length, 'log.dirs names a directory twice');
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const directories = options.directories.map((path) => new LogDirectory(path, disk, telemetry));
  const writeBack = new WriteBack(timers, settings);
  const removals = new Removals(disk, timers, telemetry);
  const directoryOf = (log: LogState): LogDirectory => {
    const directory = directories.find(({ path }) => log.directory.startsWith(`${path}/`));
    assert(directory, () => `log ${log.directory} lies in none of the log directories`);
    return directory;
  };
  const keeper: LogKeeper = {
    appended: (log, bytes) => writeBack.appended(log, bytes),
    flushing: (log, bytes) => writeBack.flushing(log, bytes),
    rolled: (log) => {
      flush(log).catch(() => {});
    },
    recoveryPointLowered: (log) => directoryOf(log).checkpointRecoveryPoints(),
    truncated: (log) => directoryOf(log).truncated(log),
    removeLater: (_, paths, delayMs) => removals.removeFiles(paths, delayMs),
    failed: (log, error) => {
      telemetry.log('error', 'log directory failed', { log: log.name, directory: log.directory, error });
      options.onDirectoryFailure?.(directoryOf(log).path, error);
    },
  };
  const context = createLogContext({
    ports: options.ports,
    settings,
    codecs: options.codecs,
    scratchBytes: SCRATCH_BYTES,
    keeper,
  });
  const defaults = resolveLogConfig();
  return {
    options,
    settings,
    configOf: options.configOf ?? (() => defaults),
    context,
    directories,
    writeBack,
    removals,
  };
}
