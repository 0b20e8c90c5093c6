import type { CompressionCodecs } from '@biquorum/kafka-wire';
import { OpenFiles } from '../handles/open-files.ts';
import { IndexCache } from '../indexes/index-cache.ts';
import type { LogContext, LogKeeper } from '../log/log-context.ts';
import type { LogPorts } from './log-manager.ts';
import type { LogManagerSettings } from './settings.ts';

/** What the context of logs is made of. */
export interface LogContextParts {
  readonly ports: Pick<LogPorts, 'clock' | 'disk' | 'random' | 'telemetry'>;
  readonly settings: LogManagerSettings;
  readonly codecs: CompressionCodecs | undefined;
  /** Size of the memory to decompress into. */
  readonly scratchBytes: number;
  readonly keeper: LogKeeper;
}

/** The surroundings that logs share, with open files and a cache of indexes of their own. */
export function createLogContext({ ports, settings, codecs, scratchBytes, keeper }: LogContextParts): LogContext {
  const { clock, disk, random, telemetry } = ports;
  const files = new OpenFiles(disk, settings.openFilesMax);
  const indexCache = new IndexCache(settings.indexCacheBytes);
  return {
    clock,
    disk,
    random,
    telemetry,
    files,
    indexCache,
    indexes: { files, cache: indexCache },
    codecs: codecs ?? {},
    scratch: new Uint8Array(scratchBytes),
    decompressedBytesMax: settings.decompressedBytesMax,
    producerIdExpirationMs: settings.producerIdExpirationMs,
    keeper,
  };
}
