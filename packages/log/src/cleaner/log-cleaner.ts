import type { Job, JobRun, Workers } from '@biquorum/platform';
import { flush } from '../log/flush.ts';
import type { LogContext } from '../log/log-context.ts';
import type { LogState } from '../log/log-state.ts';
import { lastStableOffset } from '../log/offsets.ts';
import type { LogDirectory } from '../manager/log-directory.ts';
import type { LogManagerSettings } from '../manager/settings.ts';
import { lastDataOffsetOf } from '../producers/producer-entry.ts';
import type { Segment } from '../segments/segment.ts';
import { type CleanRange, findCleanRange } from './clean-range.ts';
import type { CompactionInput, CompactionOutput, SourceSegment } from './compaction.ts';
import { discardGroups, swapGroup } from './swap-segments.ts';

/** The name of a compaction job, as `defineJob` makes it. */
export type CleanerJob = Job<CompactionInput, CompactionOutput>;

/** A log whose compaction has failed waits so long at first, and at most. */
const RETRY_MS_MIN = 60_000;
const RETRY_MS_MAX = 3_600_000;

interface Candidate {
  readonly log: LogState;
  readonly directory: LogDirectory;
  readonly range: CleanRange;
}

/**
 * Compacts logs, one at a time: chooses the one that needs it most, has a worker write what is left of its closed
 * segments, and puts that in their place. Appends to the log go on all the while.
 *
 * Source: `LogCleaner`, `LogCleanerManager`.
 */
export class LogCleaner {
  readonly #context: LogContext;
  readonly #workers: Workers;
  readonly #job: CleanerJob;
  readonly #settings: LogManagerSettings;
  /** Logs whose compaction has failed: how often in a row, and when it is tried again, on the monotonic clock. */
  readonly #failures = new WeakMap<LogState, { readonly count: number; readonly retryAtMs: number }>();
  #run: JobRun<CompactionOutput> | undefined;
  #busy: Promise<boolean> | undefined;
  #closed = false;

  constructor(context: LogContext, workers: Workers, job: CleanerJob, settings: LogManagerSettings) {
    this.#context = context;
    this.#workers = workers;
    this.#job = job;
    this.#settings = settings;
  }

  /** Compacts the log that needs it most. Resolves with whether one did, and was compacted. */
  cleanDirtiest(directories: readonly LogDirectory[]): Promise<boolean> {
    this.#busy ??= this.#cleanDirtiest(directories).finally(() => {
      this.#busy = undefined;
    });
    return this.#busy;
  }

  /** Begins nothing more; resolves when a compaction that was under way has ended or given up. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#run?.cancel();
    await this.#busy?.catch(() => {});
  }

  async #cleanDirtiest(directories: readonly LogDirectory[]): Promise<boolean> {
    const dirtiest = this.#closed ? undefined : await this.#choose(directories);
    if (dirtiest === undefined) return false;
    const { log } = dirtiest;
    try {
      const cleaned = await this.#clean(dirtiest);
      this.#failures.delete(log);
      return cleaned;
    } catch (error) {
      if (this.#closed || log.closed || log.failure !== undefined) return false;
      const retryMs = this.#putOff(log);
      const fact = error instanceof Error ? error : String(error);
      this.#context.telemetry.log('error', 'compaction failed', { log: log.name, error: fact, retryMs });
      return true;
    }
  }

  /** Leaves a log alone for a while, each time for longer: what has failed may be for good, and others have their turn. */
  #putOff(log: LogState): number {
    const count = (this.#failures.get(log)?.count ?? 0) + 1;
    const retryMs = Math.min(RETRY_MS_MIN * 2 ** (count - 1), RETRY_MS_MAX);
    this.#failures.set(log, { count, retryAtMs: this.#context.clock.monotonicMs() + retryMs });
    return retryMs;
  }

  #mayTry(log: LogState): boolean {
    return this.#context.clock.monotonicMs() >= (this.#failures.get(log)?.retryAtMs ?? Number.NEGATIVE_INFINITY);
  }

  async #choose(directories: readonly LogDirectory[]): Promise<Candidate | undefined> {
    let best: Candidate | undefined;
    for (const directory of directories) {
      for (const log of [...directory.logs]) {
        if (!log.config.compact || log.closed || log.failure !== undefined || !this.#mayTry(log)) continue;
        if (log.segments.count < 2) continue;
        const range = await findCleanRange(log, directory.cleanedUpTo.get(log.partition));
        const isDue = range.dirtyRatio > log.config.minCleanableDirtyRatio || range.isOverdue;
        if (range.dirtyBytes === 0 || !isDue || log.closed) continue;
        if (range.dirtyRatio > (best?.range.dirtyRatio ?? -1)) best = { log, directory, range };
      }
    }
    return best;
  }

  async #clean({ log, directory, range }: Candidate): Promise<boolean> {
    const { truncations } = log;
    const segments = log.segments.all.slice();
    const input = this.#inputFor(log, segments, range);
    this.#run = this.#workers.run(this.#job, input);
    let output: CompactionOutput;
    try {
      output = await this.#run.result;
    } finally {
      this.#run = undefined;
    }
    // Compaction leaves gaps, which recovery takes for lost records where it looks for them: behind the recovery point.
    await flush(log);
    await directory.checkpointRecoveryPoints();
    const bySource = new Map(segments.map((segment) => [segment.baseOffset, segment]));
    for (const [index, group] of output.groups.entries()) {
      const sources = group.sources.map((baseOffset) => bySource.get(baseOffset) as Segment);
      const swapped = !this.#closed && (await swapGroup(log, group, sources, truncations));
      if (swapped) continue;
      await discardGroups(log, output.groups.slice(index));
      return !this.#closed;
    }
    if (log.truncations !== truncations) return true;
    directory.cleanedUpTo.set(log.partition, output.endOffset);
    await directory.checkpointCleaned();
    const { groups, ...counts } = output;
    this.#context.telemetry.log('info', 'log compacted', { log: log.name, groups: groups.length, ...counts });
    return true;
  }

  #inputFor(log: LogState, segments: readonly Segment[], range: CleanRange): CompactionInput {
    const { config, context } = log;
    const { firstDirtyOffset, firstUncleanableOffset } = range;
    const stable = lastStableOffset(log);
    return {
      directory: log.directory,
      segments: segments.filter(({ baseOffset }) => baseOffset < firstUncleanableOffset).map(sourceOf),
      laterSegments: segments
        .filter(({ baseOffset }) => baseOffset >= firstUncleanableOffset && baseOffset < stable)
        .map(sourceOf),
      firstDirtyOffset,
      firstUncleanableOffset,
      producers: [...log.producers.entries()].map((entry) => ({
        producerId: entry.producerId,
        epoch: entry.epoch,
        lastDataOffset: lastDataOffsetOf(entry),
      })),
      nowMs: context.clock.wallMs(),
      deleteRetentionMs: config.deleteRetentionMs,
      segmentBytes: config.segmentBytes,
      segmentIndexBytes: config.segmentIndexBytes,
      indexIntervalBytes: config.indexIntervalBytes,
      dedupeBufferBytes: this.#settings.cleanerDedupeBufferBytes,
      ioBufferBytes: this.#settings.cleanerIoBufferBytes,
      decompressedBytesMax: context.decompressedBytesMax,
    };
  }
}

function sourceOf({ baseOffset, log, size, modifiedMs, offsetIndex, timeIndex }: Segment): SourceSegment {
  return {
    baseOffset,
    path: log.path,
    size,
    modifiedMs,
    offsetIndexBytes: offsetIndex.entries.count * offsetIndex.entries.entrySize,
    timeIndexBytes: timeIndex.entries.count * timeIndex.entries.entrySize,
  };
}
