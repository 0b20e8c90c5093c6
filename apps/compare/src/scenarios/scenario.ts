import type { Prng } from '@biquorum/std';
import type { ClientPorts } from '../client/node-client.ts';
import type { Preset } from '../runner/presets.ts';
import type { Missing, RunningSide, SideOptions } from '../sides/side.ts';

/** The unit of a row. */
export type Unit = 'ms' | 's' | 'MiB' | 'KiB' | 'records/s' | 'topics/s' | '1/s' | 'KiB/s' | '%' | '';

/** One line of a report: something that is measured in the same way on every side. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
}

/** What one run measured, by row. Several values are as many measurements. A row that is left out was not measured. */
export type Figures = Readonly<Record<string, number | readonly number[] | Missing>>;

/** How much a run is to do. */
export interface Extent {
  /** Partitions at which the failover of a controller is measured. */
  readonly sizes: readonly number[];
  /** How long steady load goes on. */
  readonly steadyMs: number;
  /** Topics of a storm, and of the measurement of skew. */
  readonly topics: number;
  /** How long a loss lasts that somebody has to end. */
  readonly lossMs: number;
}

/** What a run of a scenario works with. */
export interface ScenarioContext {
  readonly ports: ClientPorts;
  /** Aborted when the run is over, whether it came to its end or not. */
  readonly signal: AbortSignal;
  readonly preset: Preset;
  readonly extent: Extent;
  /** The same for every side. */
  readonly random: Prng;
  /** Starts a cluster of this run's side; it is ended after the run. */
  start(options?: Partial<SideOptions>): Promise<RunningSide>;
}

/** Something that happens to a cluster, the same in every mode. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What is done and what is expected, in a sentence or two. */
  readonly summary: string;
  rows(extent: Extent): readonly Row[];
  run(context: ScenarioContext): Promise<Figures>;
}
