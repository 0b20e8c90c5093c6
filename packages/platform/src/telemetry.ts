/**
 * What a node tells about itself: events with fields for people and machines to read, and metrics. An event has a
 * constant name and says the rest in fields; the consumer decides where it goes.
 */
export interface Telemetry {
  /** Whether events of this level go anywhere: lets a hot path skip the making of fields. */
  enabled(level: LogLevel): boolean;

  /**
   * Tells of an event.
   *
   * @param event A constant, in the words of the field: `segment rolled`.
   * @param fields Facts, or a function that makes them, called only if the level is on.
   */
  log(level: LogLevel, event: string, fields?: Fields | (() => Fields)): void;

  /** The same telemetry, with fields that go with every event. Metrics are shared, and have no fields but labels. */
  child(fields: Fields): Telemetry;

  /** The counter of that name and labels: the same one whenever it is asked for. Look it up once, not per use. */
  counter(name: string, labels?: Labels): Counter;

  /** The gauge of that name and labels. */
  gauge(name: string, labels?: Labels): Gauge;

  /**
   * The histogram of that name and labels. All histograms of one name have the same bounds: those of the first call.
   *
   * @param bounds Upper bounds of the buckets, inclusive and rising; a last bucket takes what is above. By default
   *   {@link millisecondBounds}.
   */
  histogram(name: string, labels?: Labels, bounds?: readonly number[]): Histogram;
}

/** From the chattiest to the gravest. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** Facts of an event, by name; units stand last in the name (`elapsedMs`). Undefined ones are left out. */
export type Fields = { readonly [name: string]: FieldValue };

/** An error is written as its name, code and message, with its causes. */
export type FieldValue = string | number | bigint | boolean | null | undefined | Error | readonly FieldValue[] | Fields;

/** What tells one series of a metric from another. Few values each: never a client's text. */
export type Labels = { readonly [name: string]: string | number };

/** A number that only grows. */
export interface Counter {
  /** Adds `amount`, 1 by default; never negative. */
  add(amount?: number): void;
}

/** A number that goes up and down. */
export interface Gauge {
  set(value: number): void;
  add(amount: number): void;
}

/** How values are spread, in a fixed number of buckets: memory does not grow with use. */
export interface Histogram {
  record(value: number): void;
}

/** Bounds for latencies in milliseconds: 1, 2 and 5 in each decade, from 50 µs to 50 s. */
export const millisecondBounds: readonly number[] = [
  0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000,
];
