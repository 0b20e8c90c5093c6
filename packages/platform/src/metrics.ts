import { assert, lowerBound } from '@biquorum/std';
import { type Counter, type Gauge, type Histogram, type Labels, millisecondBounds } from './telemetry.ts';

/** One series of a metric as it stood when it was read. */
export type MetricReading = NumberReading | HistogramReading;

/** The value of a counter or a gauge. */
export interface NumberReading {
  readonly kind: 'counter' | 'gauge';
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

/** The buckets of a histogram. */
export interface HistogramReading {
  readonly kind: 'histogram';
  readonly name: string;
  readonly labels: Labels;
  /** Upper bounds, inclusive; the last bucket has none. */
  readonly bounds: readonly number[];
  /** How many values fell into each bucket alone: one more than there are bounds. */
  readonly buckets: readonly number[];
  readonly count: number;
  readonly sum: number;
}

/**
 * Keeps the metrics of a node: what an implementation of `Telemetry` hands out, and an exporter reads.
 *
 * A name belongs to one kind of metric. A series costs a few hundred bytes and is kept for good.
 */
export class Metrics {
  readonly #families = new Map<string, Family>();

  /** The counter of that name and labels. @throws AssertionError when the name belongs to another kind of metric. */
  counter(name: string, labels: Labels = {}): Counter {
    return this.#series(name, 'counter', labels, () => new Amount('counter', name, labels)) as Amount;
  }

  /** The gauge of that name and labels. @throws AssertionError when the name belongs to another kind of metric. */
  gauge(name: string, labels: Labels = {}): Gauge {
    return this.#series(name, 'gauge', labels, () => new Amount('gauge', name, labels)) as Amount;
  }

  /**
   * The histogram of that name and labels; the bounds of the first call with a name hold for all.
   *
   * @throws AssertionError when the name belongs to another kind of metric, or the bounds do not rise.
   */
  histogram(name: string, labels: Labels = {}, bounds: readonly number[] = millisecondBounds): Histogram {
    const shared = this.#families.get(name)?.bounds ?? risingBounds(name, bounds);
    return this.#series(name, 'histogram', labels, () => new Buckets(name, labels, shared), shared) as Buckets;
  }

  /** What all series say now, in the order in which they were first asked for. */
  read(): MetricReading[] {
    const readings: MetricReading[] = [];
    for (const family of this.#families.values()) {
      for (const series of family.series.values()) readings.push(series.read());
    }
    return readings;
  }

  #series(
    name: string,
    kind: MetricReading['kind'],
    labels: Labels,
    make: () => Series,
    bounds?: readonly number[],
  ): Series {
    const family = this.#families.get(name) ?? { kind, bounds, series: new Map<string, Series>() };
    this.#families.set(name, family);
    const { kind: taken } = family;
    assert(taken === kind, () => `metric ${name} is a ${taken}; give the ${kind} another name`);
    const key = seriesKey(labels);
    const series = family.series.get(key) ?? make();
    family.series.set(key, series);
    return series;
  }
}

interface Family {
  readonly kind: MetricReading['kind'];
  readonly bounds: readonly number[] | undefined;
  readonly series: Map<string, Series>;
}

type Series = Amount | Buckets;

class Amount implements Counter, Gauge {
  readonly #kind: 'counter' | 'gauge';
  readonly #name: string;
  readonly #labels: Labels;
  #value = 0;

  constructor(kind: 'counter' | 'gauge', name: string, labels: Labels) {
    this.#kind = kind;
    this.#name = name;
    this.#labels = labels;
  }

  add(amount = 1): void {
    assert(amount >= 0 || this.#kind === 'gauge', () => `counter ${this.#name} cannot go down by ${-amount}`);
    this.#value += amount;
  }

  set(value: number): void {
    this.#value = value;
  }

  read(): NumberReading {
    return { kind: this.#kind, name: this.#name, labels: this.#labels, value: this.#value };
  }
}

class Buckets implements Histogram {
  readonly #name: string;
  readonly #labels: Labels;
  readonly #bounds: readonly number[];
  readonly #buckets: Float64Array;
  #count = 0;
  #sum = 0;

  constructor(name: string, labels: Labels, bounds: readonly number[]) {
    this.#name = name;
    this.#labels = labels;
    this.#bounds = bounds;
    this.#buckets = new Float64Array(bounds.length + 1);
  }

  record(value: number): void {
    const bounds = this.#bounds;
    const bucket = lowerBound(bounds.length, (index) => (bounds[index] as number) < value);
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + 1;
    this.#count++;
    this.#sum += value;
  }

  read(): HistogramReading {
    return {
      kind: 'histogram',
      name: this.#name,
      labels: this.#labels,
      bounds: this.#bounds,
      buckets: [...this.#buckets],
      count: this.#count,
      sum: this.#sum,
    };
  }
}

function risingBounds(name: string, bounds: readonly number[]): readonly number[] {
  const rising = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] as number));
  assert(rising, () => `bounds of histogram ${name} do not rise: ${bounds.join(', ')}`);
  return [...bounds];
}

/** The same for the same labels in whatever order. */
function seriesKey(labels: Labels): string {
  const names = Object.keys(labels);
  if (names.length === 0) return '';
  return JSON.stringify(names.sort().map((name) => [name, labels[name]]));
}
