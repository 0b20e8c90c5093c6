import type { Timers } from '@biquorum/platform';
import { flush } from '../log/flush.ts';
import type { LogState } from '../log/log-state.ts';
import type { LogManagerSettings } from './settings.ts';

/**
 * Begins to make bytes durable before the operating system finds that there are too many of them: when it does, it
 * makes every write wait for the device, and a write that waits holds up the whole loop.
 *
 * Also keeps the promise of `flush.ms`: a timer for each log that has one and was appended to.
 */
export class WriteBack {
  readonly #timers: Timers;
  readonly #settings: LogManagerSettings;
  /** Logs with bytes that are not durable, and how many. */
  readonly #unflushed = new Map<LogState, number>();
  readonly #timed = new Set<LogState>();
  #totalBytes = 0;

  constructor(timers: Timers, settings: LogManagerSettings) {
    this.#timers = timers;
    this.#settings = settings;
  }

  /** Bytes that were appended and are not being made durable yet: when it stays high, the disk cannot keep up. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Bytes were appended. */
  appended(log: LogState, bytes: number): void {
    this.#totalBytes += bytes;
    this.#unflushed.set(log, log.unflushedBytes);
    if (log.unflushedBytes >= this.#settings.unflushedBytesPerLog) begin(log);
    else if (this.#totalBytes >= this.#settings.unflushedBytesTotal) begin(this.#largest() ?? log);
    if (log.config.flushMs !== Number.POSITIVE_INFINITY) this.#flushLater(log);
  }

  /** A flush begins that covers this many bytes. */
  flushing(log: LogState, bytes: number): void {
    this.#totalBytes -= bytes;
    this.#unflushed.delete(log);
  }

  /** The log is no longer in use. */
  forget(log: LogState): void {
    if (this.#unflushed.delete(log)) this.#totalBytes -= log.unflushedBytes;
    this.#timed.delete(log);
  }

  #largest(): LogState | undefined {
    let largest: LogState | undefined;
    for (const [log, bytes] of this.#unflushed) {
      if (bytes > (largest === undefined ? 0 : (this.#unflushed.get(largest) ?? 0))) largest = log;
    }
    return largest;
  }

  #flushLater(log: LogState): void {
    if (this.#timed.has(log)) return;
    this.#timed.add(log);
    this.#timers.set(log.config.flushMs, () => {
      if (this.#timed.delete(log)) begin(log);
    });
  }
}

/** A flush that fails has told so already. */
function begin(log: LogState): void {
  flush(log).catch(() => {});
}
