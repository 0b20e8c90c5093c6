import { type Disk, DiskError, type DiskLock, type Telemetry } from '@biquorum/platform';
import { FileFault } from '../files/checkpoint-text.ts';
import { formatCleanShutdown, parseCleanShutdown } from '../files/clean-shutdown.ts';
import { type MetaProperties, parseMetaProperties } from '../files/meta-properties.ts';
import { type CheckpointedOffset, parseOffsetCheckpoint } from '../files/offset-checkpoint.ts';
import type { LogState } from '../log/log-state.ts';
import {
  CLEAN_SHUTDOWN_FILE,
  CLEANER_CHECKPOINT_FILE,
  LOCK_FILE,
  LOG_START_CHECKPOINT_FILE,
  META_PROPERTIES_FILE,
  RECOVERY_POINT_CHECKPOINT_FILE,
  REPLICATION_CHECKPOINT_FILE,
} from '../names/file-names.ts';
import { type CheckpointSource, CheckpointWriter } from './checkpoint-writer.ts';
import { LatestWins } from './latest-wins.ts';
import { PartitionMap } from './partition-map.ts';

const CHECKPOINT_BYTES_MAX = 256 << 20;
const SMALL_FILE_BYTES_MAX = 1 << 20;

/** What the checkpoints of a log directory said when it was opened. */
export interface DirectoryCheckpoints {
  readonly recoveryPoints: PartitionMap<number>;
  readonly logStartOffsets: PartitionMap<number>;
  readonly highWatermarks: PartitionMap<number>;
}

/**
 * One of the directories in `log.dirs`: its lock, its identity, and the checkpoints that speak of all logs in it.
 *
 * Source: `LogManager`, `OffsetCheckpointFile`.
 */
export class LogDirectory {
  readonly path: string;
  /** The logs in it that are in use. */
  readonly logs: Set<LogState> = new Set();
  /** First offset that compaction has not seen yet, by partition. */
  readonly cleanedUpTo: PartitionMap<number> = new PartitionMap();
  /** Whether the process that had it before closed everything, and with which broker epoch it was registered. */
  wasClosedCleanly = false;
  previousBrokerEpoch: number | undefined;
  /** Whose directory it is; undefined if it is not formatted. */
  meta: MetaProperties | undefined;
  readonly #disk: Disk;
  readonly #telemetry: Telemetry;
  readonly #recoveryPoints: CheckpointWriter;
  readonly #logStarts: CheckpointWriter;
  readonly #highWatermarks: CheckpointWriter;
  readonly #cleaned: CheckpointWriter;
  readonly #names: LatestWins;
  #lock: DiskLock | undefined;

  constructor(path: string, disk: Disk, telemetry: Telemetry) {
    this.path = path;
    this.#disk = disk;
    this.#telemetry = telemetry;
    this.#recoveryPoints = this.#checkpoint(RECOVERY_POINT_CHECKPOINT_FILE, ({ recoveryPoint }) => recoveryPoint);
    // A log that begins with its first segment needs no entry.
    this.#logStarts = this.#checkpoint(LOG_START_CHECKPOINT_FILE, ({ logStartOffset, segments }) =>
      logStartOffset > segments.first.baseOffset ? logStartOffset : undefined,
    );
    this.#highWatermarks = this.#checkpoint(REPLICATION_CHECKPOINT_FILE, ({ highWatermark }) => highWatermark);
    this.#cleaned = this.#checkpoint(CLEANER_CHECKPOINT_FILE, ({ partition }) => this.cleanedUpTo.get(partition));
    this.#names = new LatestWins(() => disk.syncDirectory(path));
  }

  /**
   * Takes the directory into use: makes it if it is missing, locks it, reads what it says of itself. From here on a
   * crash leads to recovery.
   *
   * @throws DiskError (as rejection) `locked` if another process uses it. @throws FileFault a broken `meta.properties`
   */
  async open(): Promise<DirectoryCheckpoints> {
    await makeDurableDirectory(this.#disk, this.path);
    this.#lock = await this.#disk.lock(this.#pathOf(LOCK_FILE));
    try {
      const meta = await this.#readIfThere(META_PROPERTIES_FILE, SMALL_FILE_BYTES_MAX);
      this.meta = meta === undefined ? undefined : parseMetaProperties(this.#pathOf(META_PROPERTIES_FILE), meta);
      const marker = await this.#readIfThere(CLEAN_SHUTDOWN_FILE, SMALL_FILE_BYTES_MAX);
      this.wasClosedCleanly = marker !== undefined;
      if (marker !== undefined) {
        this.previousBrokerEpoch = parseCleanShutdown(marker);
        await this.#disk.remove(this.#pathOf(CLEAN_SHUTDOWN_FILE));
        await this.#disk.syncDirectory(this.path);
      }
      for (const { topic, partition, offset } of await this.#readCheckpoint(CLEANER_CHECKPOINT_FILE)) {
        this.cleanedUpTo.set({ topic, partition }, offset);
      }
      return {
        recoveryPoints: byPartition(await this.#readCheckpoint(RECOVERY_POINT_CHECKPOINT_FILE)),
        logStartOffsets: byPartition(await this.#readCheckpoint(LOG_START_CHECKPOINT_FILE)),
        highWatermarks: byPartition(await this.#readCheckpoint(REPLICATION_CHECKPOINT_FILE)),
      };
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  /** Makes the recovery points of all logs durable as they are. */
  checkpointRecoveryPoints(): Promise<void> {
    return this.#recoveryPoints.run();
  }

  /** Makes the start offsets of the logs durable whose first segment begins before. */
  checkpointLogStarts(): Promise<void> {
    return this.#logStarts.run();
  }

  /** Makes the high watermarks of all logs durable. */
  checkpointHighWatermarks(): Promise<void> {
    return this.#highWatermarks.run();
  }

  /** Makes durable how far compaction has come in each log. */
  checkpointCleaned(): Promise<void> {
    return this.#cleaned.run();
  }

  /** A log was cut: what comes in the place of what was compacted has not been. Resolves when that is durable. */
  async truncated({ partition, segments }: LogState): Promise<void> {
    const cleaned = this.cleanedUpTo.get(partition);
    if (cleaned === undefined || cleaned <= segments.active.baseOffset) return;
    this.cleanedUpTo.set(partition, segments.active.baseOffset);
    await this.checkpointCleaned();
  }

  /** Writes the checkpoints that speak of all logs once more, whatever the files may have become meanwhile. */
  async rewriteCheckpoints(): Promise<void> {
    for (const checkpoint of [this.#recoveryPoints, this.#logStarts, this.#highWatermarks]) await checkpoint.rewrite();
  }

  /** Makes the names of the logs' own directories durable. */
  syncNames(): Promise<void> {
    return this.#names.run();
  }

  /** Says that everything was closed. Only then is nothing read at the next start. */
  async markClean(brokerEpoch: number): Promise<void> {
    await this.#disk.replace(this.#pathOf(CLEAN_SHUTDOWN_FILE), formatCleanShutdown(brokerEpoch));
  }

  /** Waits for the checkpoints that are being written, and gives the lock up. */
  async release(): Promise<void> {
    for (const checkpoint of [this.#recoveryPoints, this.#logStarts, this.#highWatermarks, this.#cleaned]) {
      await checkpoint.idle();
    }
    await this.#lock?.release();
    this.#lock = undefined;
  }

  #checkpoint(name: string, offsetOf: CheckpointSource['offsetOf']): CheckpointWriter {
    return new CheckpointWriter(this.#disk, this.#pathOf(name), { logs: this.logs, offsetOf });
  }

  /** A checkpoint that cannot be read is worth nothing: then more is read from the logs. */
  async #readCheckpoint(name: string): Promise<CheckpointedOffset[]> {
    const path = this.#pathOf(name);
    try {
      const bytes = await this.#readIfThere(name, CHECKPOINT_BYTES_MAX);
      return bytes === undefined ? [] : parseOffsetCheckpoint(path, bytes);
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      this.#telemetry.log('error', 'checkpoint unreadable', { path, error });
      return [];
    }
  }

  async #readIfThere(name: string, bytesMax: number): Promise<Uint8Array | undefined> {
    const path = this.#pathOf(name);
    return (await this.#disk.stat(path)) === undefined ? undefined : this.#disk.readWhole(path, bytesMax);
  }

  #pathOf(name: string): string {
    return `${this.path}/${name}`;
  }
}

function byPartition(entries: readonly CheckpointedOffset[]): PartitionMap<number> {
  const map = new PartitionMap<number>();
  for (const entry of entries) map.set(entry, entry.offset);
  return map;
}

/**
 * Makes a directory, so that a power failure cannot take it away again: its name and those above it are durable when
 * this resolves. Also where it is there already: who made it may have been killed before it was durable, or did not care.
 */
export async function makeDurableDirectory(disk: Disk, path: string): Promise<void> {
  await disk.makeDirectory(path);
  for (let at = path; at !== '/' && at !== '.'; at = parentOf(at)) {
    try {
      await disk.syncDirectory(parentOf(at));
    } catch (error) {
      // What we may not open we have not made either.
      if (!(error instanceof DiskError && error.code === 'not-permitted')) throw error;
    }
  }
}

function parentOf(path: string): string {
  const cut = path.lastIndexOf('/');
  if (cut < 0) return '.';
  return path.slice(0, cut) || '/';
}
