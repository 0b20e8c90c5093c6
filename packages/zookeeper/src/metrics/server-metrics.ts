import { COUNTERS, type CounterName, PERCENTILES, SUMMARIES, type SummaryName } from './metric-names.ts';
import { PercentileSummary, Summary } from './summary.ts';

/** A number that only grows. */
export interface MetricCounter {
  value: number;
}

/** A value as `mntr` prints it. */
export interface MetricValue {
  readonly name: string;
  readonly value: number;
  /** Java prints it with a decimal point. */
  readonly isDouble: boolean;
}

const SHARES = [0.5, 0.95, 0.99, 0.999];
const SHARE_NAMES = ['p50', 'p95', 'p99', 'p999'];

/**
 * A server's metrics by Java's names. Counters and summaries are there from the start; gauges are asked when somebody
 * looks. Source: Java `ServerMetrics`, `DefaultMetricsProvider`.
 */
export class ServerMetrics {
  readonly counters: Readonly<Record<CounterName, MetricCounter>> = recordOf(COUNTERS, () => ({ value: 0 }));
  readonly summaries: Readonly<Record<SummaryName, Summary>> = {
    ...recordOf(SUMMARIES, () => new Summary()),
    ...recordOf(PERCENTILES, () => new PercentileSummary()),
  };
  readonly #gauges: Map<string, Gauge> = new Map();

  /** A value that is asked for when somebody looks; one of the same name is replaced. */
  gauge(name: string, read: () => number, options: { readonly isDouble?: boolean } = {}): void {
    this.#gauges.set(name, { read, isDouble: options.isDouble ?? false });
  }

  /** The part of the server that a gauge spoke of is gone. */
  removeGauge(name: string): void {
    this.#gauges.delete(name);
  }

  /** Counters and summaries begin anew. Source: Java `ServerMetrics.resetAll`. */
  reset(): void {
    for (const name of COUNTERS) this.counters[name].value = 0;
    for (const name of [...SUMMARIES, ...PERCENTILES]) this.summaries[name].reset();
  }

  /** Everything as `mntr` prints it, in Java's order of kinds. */
  *values(): Iterable<MetricValue> {
    for (const [name, { read, isDouble }] of this.#gauges) yield { name, value: read(), isDouble };
    for (const name of COUNTERS) yield { name, value: this.counters[name].value, isDouble: false };
    for (const name of SUMMARIES) yield* summaryValues(name, this.summaries[name]);
    for (const name of PERCENTILES) yield* summaryValues(name, this.summaries[name]);
  }

  /** Everything in Prometheus' text format, version 0.0.4. Source: Java `PrometheusMetricsProvider`. */
  prometheusText(): string {
    const lines: string[] = [];
    const one = (name: string, kind: string, samples: readonly string[]): void => {
      lines.push(`# HELP ${name} ${name}`, `# TYPE ${name} ${kind}`, ...samples);
    };
    for (const [name, { read }] of this.#gauges) one(name, 'gauge', [`${name} ${double(read())}`]);
    for (const name of COUNTERS) one(name, 'counter', [`${name} ${double(this.counters[name].value)}`]);
    for (const name of [...SUMMARIES, ...PERCENTILES]) {
      one(name, 'summary', summarySamples(name, this.summaries[name]));
    }
    return `${lines.join('\n')}\n`;
  }
}

interface Gauge {
  readonly read: () => number;
  readonly isDouble: boolean;
}

function* summaryValues(name: string, summary: Summary): Iterable<MetricValue> {
  yield { name: `avg_${name}`, value: summary.avg, isDouble: true };
  yield { name: `min_${name}`, value: summary.min, isDouble: false };
  yield { name: `max_${name}`, value: summary.max, isDouble: false };
  yield { name: `cnt_${name}`, value: summary.count, isDouble: false };
  yield { name: `sum_${name}`, value: summary.sum, isDouble: false };
  if (!(summary instanceof PercentileSummary)) return;
  for (const [at, value] of summary.percentiles(SHARES).entries()) {
    yield { name: `${SHARE_NAMES[at]}_${name}`, value, isDouble: false };
  }
}

function summarySamples(name: string, summary: Summary): string[] {
  const quantiles = summary instanceof PercentileSummary ? SHARES : [0.5];
  const values =
    summary instanceof PercentileSummary
      ? summary.percentiles(SHARES)
      : [summary.count === 0 ? Number.NaN : summary.avg];
  return [
    ...quantiles.map((share, at) => `${name}{quantile="${share}"} ${double(values[at] ?? 0)}`),
    `${name}_count ${double(summary.count)}`,
    `${name}_sum ${double(summary.sum)}`,
  ];
}

function double(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function recordOf<Name extends string, Value>(
  names: readonly Name[],
  make: () => Value,
): Readonly<Record<Name, Value>> {
  return Object.fromEntries(names.map((name) => [name, make()])) as Readonly<Record<Name, Value>>;
}
