import type { Counter, Fields, Gauge, Histogram, Labels, LogLevel, Telemetry } from '@biquorum/platform';

/** Told of every event, with all fields that were bound to it. */
export type EventListener = (level: LogLevel, event: string, fields: Fields) => void;

/** Telemetry that a listener hears from `debug` on, beside the one that has been there. */
export class LiveTelemetry implements Telemetry {
  readonly #behind: Telemetry;
  readonly #listener: EventListener;
  readonly #bound: Fields;

  constructor(behind: Telemetry, listener: EventListener, bound: Fields = {}) {
    this.#behind = behind;
    this.#listener = listener;
    this.#bound = bound;
  }

  enabled(level: LogLevel): boolean {
    return level !== 'trace' || this.#behind.enabled(level);
  }

  log(level: LogLevel, event: string, fields: Fields | (() => Fields) = {}): void {
    if (!this.enabled(level)) return;
    const facts = typeof fields === 'function' ? fields() : fields;
    this.#behind.log(level, event, facts);
    this.#listener(level, event, { ...this.#bound, ...facts });
  }

  child(fields: Fields): LiveTelemetry {
    return new LiveTelemetry(this.#behind.child(fields), this.#listener, { ...this.#bound, ...fields });
  }

  counter(name: string, labels?: Labels): Counter {
    return this.#behind.counter(name, labels);
  }

  gauge(name: string, labels?: Labels): Gauge {
    return this.#behind.gauge(name, labels);
  }

  histogram(name: string, labels?: Labels, bounds?: readonly number[]): Histogram {
    return this.#behind.histogram(name, labels, bounds);
  }
}
