import { type LineFormat, lineFormats } from './log-line.ts';
import { Metrics } from './metrics.ts';
import type { Counter, Fields, Gauge, Histogram, Labels, LogLevel, Telemetry } from './telemetry.ts';

/** How a {@link LineTelemetry} writes, and where to. */
export interface LineTelemetryOptions {
  /** Takes one event as a line of text, without the line's end. */
  readonly write: (line: string) => void;
  /** The least grave level that is written. By default `info`. */
  readonly level?: LogLevel;
  /** `json`, one object a line, or `human`. By default `json`. */
  readonly format?: LineFormat;
  /** The time that goes with each event, in milliseconds of the wall clock. */
  readonly wallMs: () => number;
  /** Where the metrics are kept, to be read by an exporter. By default a registry of its own. */
  readonly metrics?: Metrics;
}

/** Telemetry that writes each event as a line of text to wherever the consumer wants it. */
export class LineTelemetry implements Telemetry {
  /** The metrics of this telemetry and of its children. */
  readonly metrics: Metrics;
  readonly #options: LineTelemetryOptions;
  readonly #threshold: number;
  readonly #bound: Fields;

  constructor(options: LineTelemetryOptions, bound: Fields = {}) {
    this.metrics = options.metrics ?? new Metrics();
    this.#options = options;
    this.#threshold = gravity[options.level ?? 'info'];
    this.#bound = bound;
  }

  enabled(level: LogLevel): boolean {
    return gravity[level] >= this.#threshold;
  }

  log(level: LogLevel, event: string, fields: Fields | (() => Fields) = {}): void {
    if (gravity[level] < this.#threshold) return;
    const { format = 'json', wallMs, write } = this.#options;
    const facts = typeof fields === 'function' ? fields() : fields;
    write(lineFormats[format]({ wallMs: wallMs(), level, event, fields: { ...this.#bound, ...facts } }));
  }

  child(fields: Fields): LineTelemetry {
    return new LineTelemetry({ ...this.#options, metrics: this.metrics }, { ...this.#bound, ...fields });
  }

  counter(name: string, labels?: Labels): Counter {
    return this.metrics.counter(name, labels);
  }

  gauge(name: string, labels?: Labels): Gauge {
    return this.metrics.gauge(name, labels);
  }

  histogram(name: string, labels?: Labels, bounds?: readonly number[]): Histogram {
    return this.metrics.histogram(name, labels, bounds);
  }
}

const gravity: Readonly<Record<LogLevel, number>> = { trace: 0, debug: 1, info: 2, warn: 3, error: 4 };
