import { Metrics } from '../metrics.ts';
import type { Counter, Fields, Gauge, Histogram, Labels, LogLevel, Telemetry } from '../telemetry.ts';

/** An event that has been told of. */
export interface CollectedEvent {
  readonly level: LogLevel;
  readonly event: string;
  /** Those of the call and those that were bound before, together. */
  readonly fields: Fields;
}

/** Telemetry that keeps everything, so that a test can look at it. All levels are on. */
export class CollectingTelemetry implements Telemetry {
  /** All events, those of children included, in order. */
  readonly events: CollectedEvent[];
  readonly metrics: Metrics;
  readonly #bound: Fields;

  constructor(parent?: CollectingTelemetry, bound: Fields = {}) {
    this.events = parent?.events ?? [];
    this.metrics = parent?.metrics ?? new Metrics();
    this.#bound = bound;
  }

  enabled(): boolean {
    return true;
  }

  log(level: LogLevel, event: string, fields: Fields | (() => Fields) = {}): void {
    const facts = typeof fields === 'function' ? fields() : fields;
    this.events.push({ level, event, fields: { ...this.#bound, ...facts } });
  }

  child(fields: Fields): CollectingTelemetry {
    return new CollectingTelemetry(this, { ...this.#bound, ...fields });
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

  /** The events of that name. */
  named(event: string): CollectedEvent[] {
    return this.events.filter((collected) => collected.event === event);
  }
}
