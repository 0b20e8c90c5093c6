import type { Ports, Timer } from '@biquorum/platform';
import type { Server } from '../server/server.ts';
import { StandaloneServer } from '../server/standalone.ts';
import { measuringStorage } from '../storage/measuring-storage.ts';
import { Autopurge } from '../storage/purge.ts';
import { StandaloneStorage } from '../storage/standalone-storage.ts';
import { type StorageOptions, storageOptions } from '../storage/storage-options.ts';
import type { SessionTracker } from '../tree/session-tracker.ts';
import { serverOptionsOf } from './memory-core.ts';
import type { DirectorySizes, ServerMode, ServingCore } from './serving-core.ts';
import type { ZooKeeperSettings } from './settings.ts';

/** What a server alone needs of its surroundings. */
type CorePorts = Pick<Ports, 'clock' | 'timers' | 'random' | 'disk' | 'telemetry'>;

/** A server alone whose data is in files: ZooKeeper's standalone mode. */
export class DiskCore implements ServingCore {
  readonly proposalBytes = null;
  readonly #alone: StandaloneServer;
  readonly #storage: StandaloneStorage;
  readonly #purge: Autopurge;
  readonly #beat: Timer;
  #failed = false;

  /** Rebuilds the state from the files. @throws StorageError, DiskError as a rejection */
  static async start(
    settings: ZooKeeperSettings,
    ports: CorePorts,
    onFailure: (error: unknown) => void,
  ): Promise<DiskCore> {
    const { tickMs, containers, enforceQuota, txnBytesMax } = settings;
    let core: DiskCore | null = null;
    let storage: StandaloneStorage | null = null;
    const alone = new StandaloneServer({
      ...serverOptionsOf(settings, ports),
      clock: ports.clock,
      tickMs,
      containers,
      enforceQuota,
      txnBytesMax,
      log: (txn) => storage?.append(txn),
    });
    const { metrics } = alone.server.stats;
    const { dbinittime } = metrics.summaries;
    const options = { ...storageOptionsOf(settings), ...measuringStorage(metrics) };
    const startMs = ports.clock.monotonicMs();
    storage = await StandaloneStorage.open(options, ports, alone, {
      committed: (txn) => alone.committed(txn),
      failed: (error) => {
        core?.fail(error, ports);
        onFailure(error);
      },
    });
    dbinittime.add(Math.round(ports.clock.monotonicMs() - startMs));
    metrics.counters.digest_mismatches_count.value += storage.recovered.digestMismatches;
    alone.restored(storage.recovered.lastZxid);
    core = new DiskCore(settings, ports, alone, storage);
    return core;
  }

  private constructor(
    { tickMs, storage: { purgeIntervalHours, snapRetainCount } }: ZooKeeperSettings,
    { timers, telemetry }: CorePorts,
    alone: StandaloneServer,
    storage: StandaloneStorage,
  ) {
    this.#alone = alone;
    this.#storage = storage;
    this.#purge = new Autopurge(
      timers,
      purgeIntervalHours,
      () => storage.purge(snapRetainCount),
      (error) => telemetry.log('warn', 'old files could not be removed', { error: asError(error) }),
    );
    // Java's tracker wakes when a bucket is due; buckets are a tick wide.
    const beatMs = Math.max(1, Math.floor(tickMs / 4));
    this.#beat = timers.set(beatMs, () => {
      // After the input that is there: a loop that was held up must not let sessions expire that it has heard of.
      timers.soon(() => {
        if (this.#beat.pending) this.#alone.tick();
      });
      this.#beat.reset(beatMs);
    });
  }

  get mode(): ServerMode | null {
    return this.#failed ? null : 'standalone';
  }

  get server(): Server {
    return this.#alone.server;
  }

  get sessions(): SessionTracker {
    return this.#alone.tracker;
  }

  get sessionCount(): number {
    return this.#alone.tracker.size;
  }

  sessionTimeouts(): Iterable<readonly [sessionId: bigint, timeoutMs: number]> {
    return this.#alone.tracker.entries();
  }

  get view(): null {
    return null;
  }

  roleLines(): readonly [] {
    return [];
  }

  configurationLines(): readonly [] {
    return [];
  }

  directorySizes(): Promise<DirectorySizes> {
    return this.#storage.directory.sizes();
  }

  /** The disk failed: what clients wait for may never be on it, so none of them is answered any more. */
  fail(error: unknown, { telemetry }: CorePorts): void {
    telemetry.log('error', 'the log cannot be written; the server serves no more', { error: asError(error) });
    this.#failed = true;
    this.#beat.cancel();
    this.#alone.server.dropAll();
  }

  async stop(): Promise<void> {
    this.#beat.cancel();
    this.#alone.server.dropAll();
    await this.#purge.close();
    await this.#storage.close();
  }
}

/** What settings say about files. */
export function storageOptionsOf({ dataDir, dataLogDir, storage }: ZooKeeperSettings): StorageOptions {
  return storageOptions({
    dataDir,
    dataLogDir,
    autocreate: storage.datadirAutocreate,
    trustEmptySnapshot: storage.trustEmptySnapshot,
    autocreateDb: storage.dbAutocreate,
    snapCount: storage.snapCount,
    snapBytes: storage.snapSizeLimitKiB * KIB,
    preAllocBytes: storage.preAllocKiB * KIB,
    logBytesMax: storage.txnLogSizeLimitKiB < 0 ? -1 : storage.txnLogSizeLimitKiB * KIB,
    compression: storage.compression,
    forceSync: storage.forceSync,
    fsyncWarningThresholdMs: storage.fsyncWarningThresholdMs,
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

const KIB = 1024;
