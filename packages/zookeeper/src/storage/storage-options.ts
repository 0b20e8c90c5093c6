import type { DiskFile, Ports } from '@biquorum/platform';
import type { DataDirectoryOptions } from './data-directory.ts';
import type { SnapshotCompression } from './file-names.ts';
import type { LogAppenderOptions } from './log-appender.ts';
import type { RecoveryOptions } from './recover.ts';
import type { SnapshotWriting } from './snapshot-files.ts';
import { DEFAULT_PACE, type SnapshotPace } from './snapshot-pacing.ts';

/** What a server's storage needs of its surroundings. */
export type StoragePorts = Pick<Ports, 'clock' | 'disk' | 'timers' | 'random' | 'telemetry'>;

/** Where a server's files go, and how they are written. Names in the text are those of Java's properties. */
export interface StorageOptions extends Omit<DataDirectoryOptions, 'disk'>, RecoveryOptions, SnapshotPace {
  /** `zookeeper.preAllocSize`, in bytes: padding of the log. */
  readonly preAllocBytes: number;
  /** `zookeeper.txnLogSizeLimitInKb`, in bytes; −1 for none. */
  readonly logBytesMax: number;
  /** `zookeeper.snapshot.compression.method`. */
  readonly compression: SnapshotCompression;
  /** `zookeeper.digest.enabled`. */
  readonly digest: boolean;
  /** `zookeeper.serializeLastProcessedZxid.enabled`. */
  readonly serializeLastZxid: boolean;
  /** Payloads of the newest transactions that are kept in memory, in bytes. */
  readonly cacheBytes: number;
  /** `zookeeper.forceSync`: transactions are acknowledged only when they are on the disk. */
  readonly forceSync: boolean;
  /** `fsync.warningthresholdms`: a sync of the log that takes longer is worth a warning. */
  readonly fsyncWarningThresholdMs: number;
  /** Told how long each sync of the log took. */
  readonly onFsync?: (elapsedMs: number) => void;
  /** Told how long each snapshot took that was made. */
  readonly onSnapshot?: (elapsedMs: number) => void;
  /** Told once what the start took. */
  readonly onLoaded?: (loaded: LoadedFiles) => void;
}

/** What a start has read. */
export interface LoadedFiles {
  readonly snapshotMs: number;
  readonly logMs: number;
  /** Transactions behind the snapshot. */
  readonly transactions: number;
}

/** The defaults of Java 3.9, with a directory. */
export function storageOptions(options: Partial<StorageOptions> & { readonly dataDir: string }): StorageOptions {
  return { ...DEFAULTS, ...options };
}

/** What the options say of the log. */
export function appenderOptions(
  options: StorageOptions,
  { clock, disk, telemetry }: StoragePorts,
  directory: string,
): LogAppenderOptions {
  const { preAllocBytes, logBytesMax, forceSync, fsyncWarningThresholdMs, onFsync } = options;
  const sync = async (file: DiskFile): Promise<void> => {
    if (!forceSync) return;
    const startMs = clock.monotonicMs();
    await file.sync();
    const elapsedMs = clock.monotonicMs() - startMs;
    onFsync?.(elapsedMs);
    if (elapsedMs > fsyncWarningThresholdMs) {
      telemetry.log('warn', 'a sync of the log took long; requests wait for it', { path: file.path, elapsedMs });
    }
  };
  return { disk, directory, preAllocBytes, sizeLimitBytes: logBytesMax, sync };
}

/** What the options say of snapshots. */
export function writingOf({ compression, digest, serializeLastZxid }: StorageOptions): SnapshotWriting {
  return { compression, digest, lastZxid: serializeLastZxid };
}

const DEFAULTS: Omit<StorageOptions, 'dataDir'> = {
  autocreate: true,
  trustEmptySnapshot: false,
  autocreateDb: true,
  ...DEFAULT_PACE,
  preAllocBytes: 64 * 1024 * 1024,
  logBytesMax: -1,
  compression: 'none',
  digest: true,
  serializeLastZxid: true,
  cacheBytes: 4 * 1024 * 1024,
  forceSync: true,
  fsyncWarningThresholdMs: 1_000,
};
