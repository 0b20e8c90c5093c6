import type { CompressionCodecs } from '@biquorum/kafka-wire';
import { DiskError, type Ports } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import { type CleanerJob, LogCleaner } from '../cleaner/log-cleaner.ts';
import { type LogConfig, resolveLogConfig } from '../config/log-config.ts';
import { LeaderEpochs } from '../epochs/leader-epochs.ts';
import { formatPartitionMetadata } from '../files/partition-metadata.ts';
import type { LogFinding } from '../loading/findings.ts';
import { abandonLog, closeLog, evictLog } from '../log/close.ts';
import { Log } from '../log/log.ts';
import type { LogContext } from '../log/log-context.ts';
import { LogState } from '../log/log-state.ts';
import { removeOldSegments } from '../log/retention.ts';
import { beginSegment } from '../log/roll.ts';
import { currentDirectoryName, suffixedDirectoryName } from '../names/directory-names.ts';
import { PARTITION_METADATA_FILE } from '../names/file-names.ts';
import { formatTopicPartition, type TopicPartition } from '../names/topic-partition.ts';
import { ProducerStates } from '../producers/producer-states.ts';
import { SegmentList } from '../segments/segment-list.ts';
import { type FailedLog, loadDirectory } from './load-directory.ts';
import type { LogDirectory } from './log-directory.ts';
import { type ManagerParts, managerParts } from './manager-parts.ts';
import { PartitionMap } from './partition-map.ts';
import type { Removals } from './removals.ts';
import { eachConcurrently, eachInTurn, Schedule } from './schedule.ts';
import type { LogManagerSettings } from './settings.ts';
import type { WriteBack } from './write-back.ts';

/** The ports that logs need. */
export type LogPorts = Pick<Ports, 'clock' | 'disk' | 'random' | 'telemetry' | 'timers' | 'workers'>;

/** How to open the logs of a process. */
export interface LogManagerOptions {
  readonly ports: LogPorts;
  /** `log.dirs`: absolute paths, each of which must be this process's alone. */
  readonly directories: readonly string[];
  /** Settings by topic; Apache's defaults for all topics if left out. Asked again by `updateConfig`. */
  readonly configOf?: (topic: string) => LogConfig;
  /** Codecs for compressed batches; without them such batches are refused. */
  readonly codecs?: CompressionCodecs;
  /** What compacts logs in a worker, made with `compactionJob`; without it nothing is compacted. */
  readonly cleanerJob?: CleanerJob;
  readonly settings?: Partial<LogManagerSettings>;
  /** Which logs to open; by default all but a controller's `__cluster_metadata`. */
  readonly includes?: (partition: TopicPartition) => boolean;
  /** Told when the disk has failed under a log of a directory, or under one that is to be there. */
  readonly onDirectoryFailure?: (directory: string, error: DiskError) => void;
}

/** What a new log is given. */
export interface CreateLogOptions {
  /** 22 characters of base64url; a log without one is given it later, by `Log.assignTopicId`. */
  readonly topicId?: string | undefined;
  /** Log directory to put it into; by default the one with the fewest logs. */
  readonly directory?: string | undefined;
}

/** A log directory, as others see it. */
export interface LogDirectoryFacts {
  readonly path: string;
  /** Number of logs in it. */
  readonly logCount: number;
  /** Whether the process that had it before closed everything. */
  readonly wasClosedCleanly: boolean;
  /** Epoch with which the broker was registered then, if it says so. */
  readonly previousBrokerEpoch: number | undefined;
  readonly meta: LogDirectory['meta'];
}

/**
 * All logs of a process: opens them, hands them out by topic and partition, and looks after them: makes them durable
 * piece by piece, writes checkpoints, removes what is old, compacts.
 *
 * Source: `kafka.log.LogManager`.
 */
export class LogManager implements AsyncDisposable {
  /** What was out of order when the logs were opened. */
  readonly findings: readonly LogFinding[];
  /** Logs that could not be opened. Their files are as they were. */
  readonly failedLogs: readonly FailedLog[];
  /** Names of directories that are no log's in use, and were left alone. */
  readonly ignoredDirectories: readonly string[];
  readonly #options: LogManagerOptions;
  readonly #settings: LogManagerSettings;
  readonly #context: LogContext;
  readonly #directories: readonly LogDirectory[];
  readonly #logs = new PartitionMap<ManagedLog>();
  readonly #creating = new PartitionMap<Promise<Log>>();
  readonly #writeBack: WriteBack;
  readonly #removals: Removals;
  readonly #schedule: Schedule;
  readonly #cleaner: LogCleaner | undefined;
  #closing: Promise<void> | undefined;

  private constructor(parts: ManagerParts, loaded: LoadedLogs) {
    this.#options = parts.options;
    this.#settings = parts.settings;
    this.#context = parts.context;
    this.#directories = parts.directories;
    this.#writeBack = parts.writeBack;
    this.#removals = parts.removals;
    const { timers, telemetry, workers } = parts.options.ports;
    this.#schedule = new Schedule(timers, telemetry);
    for (const { state, directory } of loaded.logs) this.#add(state, directory);
    this.findings = loaded.findings;
    this.failedLogs = loaded.failed;
    this.ignoredDirectories = loaded.ignored;
    const { cleanerJob } = parts.options;
    this.#cleaner =
      cleanerJob === undefined ? undefined : new LogCleaner(this.#context, workers, cleanerJob, this.#settings);
  }

  /**
   * Opens the logs in some directories. After an unclean stop this reads what lies past the recovery points.
   *
   * @throws DiskError (as rejection) `locked`: another process uses a directory.
   */
  static async open(options: LogManagerOptions): Promise<LogManager> {
    const parts = managerParts(options);
    const loaded: LoadedLogs = { logs: [], failed: [], findings: [], ignored: [] };
    const opened: LogDirectory[] = [];
    try {
      for (const directory of parts.directories) {
        const checkpoints = await directory.open();
        opened.push(directory);
        const found = await loadDirectory(parts.context, directory, checkpoints, {
          configOf: parts.configOf,
          includes: options.includes ?? (({ topic }) => topic !== CLUSTER_METADATA_TOPIC),
          concurrency: parts.settings.loadingConcurrency,
        });
        for (const state of found.logs) loaded.logs.push({ state, directory });
        loaded.failed.push(...found.failed);
        loaded.findings.push(...found.findings);
        loaded.ignored.push(...found.ignored);
        for (const path of found.doomed) parts.removals.removeDirectory(path, FILE_DELETE_DELAY_MS);
      }
      const manager = new LogManager(parts, loaded);
      await manager.#start();
      return manager;
    } catch (error) {
      await parts.removals.close();
      for (const directory of opened) await directory.release();
      throw error;
    }
  }

  /** The log of a partition; undefined if there is none here. */
  get(partition: TopicPartition): Log | undefined {
    return this.#logs.get(partition)?.log;
  }

  /** All logs. */
  *logs(): Generator<Log, void, void> {
    for (const { log } of this.#logs.values()) yield log;
  }

  /** Number of logs. */
  get logCount(): number {
    return this.#logs.size;
  }

  /** The log directories. */
  get directories(): readonly LogDirectoryFacts[] {
    return this.#directories.map(({ path, logs, wasClosedCleanly, previousBrokerEpoch, meta }) => ({
      path,
      logCount: logs.size,
      wasClosedCleanly,
      previousBrokerEpoch,
      meta,
    }));
  }

  /** Bytes that were appended and are not being made durable yet: when it stays high, the disk cannot keep up. */
  get unflushedBytes(): number {
    return this.#writeBack.totalBytes;
  }

  /**
   * The log of a partition, made if there is none. Its directory, and the topic id in it, are durable when the promise
   * resolves.
   *
   * @throws CorruptLogError, DiskError (as rejections) there is one that could not be opened.
   */
  create(partition: TopicPartition, options: CreateLogOptions = {}): Promise<Log> {
    const known = this.get(partition);
    if (known !== undefined) return Promise.resolve(known);
    const failed = this.failedLogs.find(
      ({ topic, partition: number }) => topic === partition.topic && number === partition.partition,
    );
    if (failed !== undefined) {
      const directory = this.#directories.find(({ path }) => failed.directory.startsWith(`${path}/`));
      this.#failed(directory?.path ?? failed.directory, failed.error);
      return Promise.reject(failed.error);
    }
    let creating = this.#creating.get(partition);
    if (creating === undefined) {
      creating = this.#create(partition, options).finally(() => this.#creating.delete(partition));
      this.#creating.set(partition, creating);
    }
    return creating;
  }

  /**
   * Takes a log out of use: its directory is renamed at once and removed after `file.delete.delay.ms`. Reads that are
   * under way keep their files. Returns false if there is no such log.
   */
  async remove(partition: TopicPartition): Promise<boolean> {
    const managed = this.#logs.get(partition);
    if (managed === undefined) return false;
    const path = await this.#rename(managed, 'delete');
    this.#removals.removeDirectory(path, managed.state.config.fileDeleteDelayMs);
    return true;
  }

  /**
   * Takes a log out of use that the cluster does not place here: its directory is renamed to `….<unique id>-stray` and
   * left to the operator, now and at later starts. Resolves with its path, undefined if there is no such log.
   *
   * Source: `LogManager.addStrayLog`.
   */
  async setAside(partition: TopicPartition): Promise<string | undefined> {
    const managed = this.#logs.get(partition);
    if (managed === undefined) return undefined;
    return await this.#rename(managed, 'stray');
  }

  /** Asks for the settings of a topic again. */
  updateConfig(topic: string): void {
    const config = this.#configOf(topic);
    for (const { log } of this.#logs.ofTopic(topic)) log.updateConfig(config);
  }

  /** Removes what retention allows to, in all logs. Also happens by itself from time to time. */
  async removeOldSegments(): Promise<number> {
    let removed = 0;
    await eachInTurn(this.#options.ports.timers, this.#logs.values(), async ({ state }) => {
      removed += await this.#whileUsable(state, () => removeOldSegments(state));
    });
    return removed;
  }

  /** Compacts the log that needs it most; resolves with whether there was one. Also happens by itself. */
  async compactDirtiest(): Promise<boolean> {
    return (await this.#cleaner?.cleanDirtiest(this.#directories)) ?? false;
  }

  /** Writes all checkpoints now. Also happens by itself from time to time. */
  async checkpoint(): Promise<void> {
    for (const directory of this.#directories) {
      await directory.checkpointRecoveryPoints();
      await directory.checkpointLogStarts();
      await directory.checkpointHighWatermarks();
    }
  }

  /**
   * Makes everything durable and marks the directories as closed cleanly, so that nothing has to be read again at the
   * next start. A log that cannot be closed leaves its directory unmarked.
   *
   * @param brokerEpoch epoch with which the broker is registered; −1 if it is not.
   */
  close(brokerEpoch = -1): Promise<void> {
    this.#closing ??= this.#close(brokerEpoch);
    return this.#closing;
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #start(): Promise<void> {
    const { initialTaskDelayMs: first } = this.#settings;
    const settings = this.#settings;
    const each = async (step: (directory: LogDirectory) => Promise<void>): Promise<void> => {
      for (const directory of this.#directories) await step(directory);
    };
    // Entries of logs that are gone must not be taken for later ones of the same name.
    await each((directory) => directory.checkpointRecoveryPoints());
    const { timers } = this.#options.ports;
    this.#schedule.every('retention', first, settings.retentionCheckIntervalMs, async () => {
      await this.removeOldSegments();
    });
    this.#schedule.every('recovery points', first, settings.recoveryPointCheckpointIntervalMs, () =>
      each((directory) => directory.checkpointRecoveryPoints()),
    );
    this.#schedule.every('log starts', first, settings.logStartCheckpointIntervalMs, () =>
      each((directory) => directory.checkpointLogStarts()),
    );
    const watermarkMs = settings.highWatermarkCheckpointIntervalMs;
    this.#schedule.every('high watermarks', watermarkMs, watermarkMs, () =>
      each((directory) => directory.checkpointHighWatermarks()),
    );
    this.#schedule.every('producers', first, settings.producerIdExpirationCheckIntervalMs, () =>
      eachInTurn(timers, this.#logs.values(), ({ log }) => {
        log.removeExpiredProducers();
        return undefined;
      }),
    );
    this.#schedule.every('idle logs', IDLE_CHECK_MS, IDLE_CHECK_MS, () => this.#evictIdle());
    if (this.#cleaner === undefined || !settings.cleanerEnabled) return;
    this.#schedule.every('compaction', first, settings.cleanerBackoffMs, async () => {
      while (this.#closing === undefined && (await this.compactDirtiest()));
    });
  }

  async #create(partition: TopicPartition, { topicId, directory: wanted }: CreateLogOptions): Promise<Log> {
    const directory = this.#directoryFor(wanted);
    const path = `${directory.path}/${currentDirectoryName(partition)}`;
    const { disk } = this.#context;
    try {
      await disk.makeDirectory(path);
      if (topicId !== undefined) {
        await disk.replace(`${path}/${PARTITION_METADATA_FILE}`, formatPartitionMetadata(topicId));
      }
      await directory.syncNames();
    } catch (error) {
      this.#failed(directory.path, error);
      throw error;
    }
    const state = new LogState({
      context: this.#context,
      partition,
      directory: path,
      config: this.#configOf(partition.topic),
      topicId,
      segments: new SegmentList(),
      epochs: new LeaderEpochs(),
      producers: new ProducerStates(),
      snapshots: [],
      logStartOffset: 0,
      endOffset: 0,
      recoveryPoint: 0,
      highWatermark: 0,
    });
    state.segments.push(state.attempt(() => beginSegment(state, 0)));
    return this.#add(state, directory);
  }

  /** A log that is needed cannot be had, and nobody tries again: it is as if its directory had failed. */
  #failed(directory: string, error: unknown): void {
    if (error instanceof DiskError) this.#options.onDirectoryFailure?.(directory, error);
  }

  /** Takes a log out of use, and gives its directory another name. Resolves with its path, once that is durable. */
  async #rename({ state, directory }: ManagedLog, kind: 'delete' | 'stray'): Promise<string> {
    const { partition } = state;
    this.#logs.delete(partition);
    directory.logs.delete(state);
    directory.cleanedUpTo.delete(partition);
    this.#writeBack.forget(state);
    await abandonLog(state);
    const path = `${directory.path}/${suffixedDirectoryName(partition, kind, this.#uniqueId())}`;
    await this.#context.disk.rename(state.directory, path);
    await directory.syncNames();
    // What the checkpoints say of this log must not be taken for a later one of the same name.
    await Promise.all([
      directory.checkpointRecoveryPoints(),
      directory.checkpointLogStarts(),
      directory.checkpointHighWatermarks(),
      directory.checkpointCleaned(),
    ]);
    return path;
  }

  #add(state: LogState, directory: LogDirectory): Log {
    const other = this.#logs.get(state.partition);
    assert(other === undefined, () => {
      const name = formatTopicPartition(state.partition);
      return `log ${name} lies in ${other?.state.directory} and in ${state.directory}; remove the one that is out of date`;
    });
    const log = new Log(state);
    this.#logs.set(state.partition, { log, state, directory, idleSince: -1 });
    directory.logs.add(state);
    return log;
  }

  #directoryFor(wanted: string | undefined): LogDirectory {
    const candidates = this.#directories.filter(({ path }) => wanted === undefined || path === wanted);
    const [best] = candidates.toSorted((left, right) => left.logs.size - right.logs.size);
    assert(best, () => `${wanted} is not one of the log directories`);
    return best;
  }

  #configOf(topic: string): LogConfig {
    return this.#options.configOf?.(topic) ?? resolveLogConfig();
  }

  /** Runs a step for a log that may fail by itself; its failure is known by then and not that of all others. */
  async #whileUsable(state: LogState, step: () => Promise<number>): Promise<number> {
    if (state.failure !== undefined || state.closed) return 0;
    try {
      return await step();
    } catch (error) {
      if (state.failure === undefined && !state.closed) throw error;
      return 0;
    }
  }

  /** Lets go of the memory of logs to which nothing was appended since the last look. */
  async #evictIdle(): Promise<void> {
    await eachInTurn(this.#options.ports.timers, this.#logs.values(), (managed) => {
      const { endOffset } = managed.state;
      if (managed.idleSince === endOffset) evictLog(managed.state);
      managed.idleSince = endOffset;
      return undefined;
    });
  }

  #uniqueId(): string {
    const bytes = new Uint8Array(16);
    this.#context.random.fill(bytes);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  async #close(brokerEpoch: number): Promise<void> {
    await this.#cleaner?.close();
    await this.#schedule.close();
    for (const directory of this.#directories) await this.#closeDirectory(directory, brokerEpoch);
    await this.#removals.close();
    this.#context.files.closeAll();
  }

  async #closeDirectory(directory: LogDirectory, brokerEpoch: number): Promise<void> {
    let allClosed = true;
    await eachConcurrently([...directory.logs], this.#settings.loadingConcurrency, async (state) => {
      try {
        await closeLog(state);
        if (state.failure !== undefined) allClosed = false;
      } catch (error) {
        allClosed = false;
        const fact = error instanceof Error ? error : String(error);
        this.#context.telemetry.log('error', 'log not closed', { log: state.name, error: fact });
      }
    });
    try {
      await directory.rewriteCheckpoints();
      if (allClosed) await directory.markClean(brokerEpoch);
    } finally {
      await directory.release();
    }
  }
}

/** A log and what its keeper knows of it. */
interface ManagedLog {
  readonly log: Log;
  readonly state: LogState;
  readonly directory: LogDirectory;
  /** End of the log at the last look for idle ones. */
  idleSince: number;
}

interface LoadedLogs {
  readonly logs: { readonly state: LogState; readonly directory: LogDirectory }[];
  readonly failed: FailedLog[];
  readonly findings: LogFinding[];
  readonly ignored: string[];
}

const CLUSTER_METADATA_TOPIC = '__cluster_metadata';
/** For what a previous process has left; Apache's default. */
const FILE_DELETE_DELAY_MS = 60_000;
const IDLE_CHECK_MS = 60_000;
