import { assert } from '@biquorum/std';
import type { Row } from '../scenarios/scenario.ts';
import type { SideName } from '../sides/side.ts';
import { type Spread, spreadOf } from './spread.ts';

/** Where and when a report was made. */
export interface ReportHeader {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly elapsedMs: number;
  readonly version: string;
  readonly node: string;
  readonly java: string | null;
  readonly system: string;
  readonly processor: string;
  readonly processors: number;
  readonly memoryMiB: number;
  /** Load averages over one minute before the first run and after the last. */
  readonly load: readonly [before: number, after: number];
  readonly seed: number;
  readonly runs: number;
  readonly preset: string;
  readonly presetSummary: string;
}

/** A column: what is compared. */
export interface ReportSide {
  readonly name: SideName;
  readonly title: string;
}

/** What stands in one row under one column. */
export interface Cell {
  /** Every measurement, in the order of the runs. */
  readonly values: readonly number[];
  readonly spread: Spread | null;
  /** Why there is nothing, or less than in other runs. */
  readonly note: string | null;
}

/** A row with its cells. */
export interface ReportRow extends Row {
  /** In the order of the report's sides. */
  readonly cells: readonly Cell[];
}

/** One scenario. */
export interface ReportSection {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly rows: readonly ReportRow[];
  /** Runs that did not come to their end, in words. */
  readonly failures: readonly string[];
}

/** Everything that was measured. Plain data: as JSON it is what `--json` prints. */
export interface Report {
  readonly header: ReportHeader;
  readonly sides: readonly ReportSide[];
  readonly sections: readonly ReportSection[];
}

/** Puts together what runs have measured. */
export class CellDraft {
  readonly #values: number[] = [];
  #note: string | null = null;
  /** How many runs have nothing for this note's reason or another. */
  #explained = 0;

  /** @throws AssertionError for what is no number: that would be a mistake of the scenario */
  add(values: readonly number[]): void {
    assert(values.every(Number.isFinite), () => `not all of ${values.join(', ')} are numbers`);
    this.#values.push(...values);
  }

  explain(note: string): void {
    this.#note ??= note;
    this.#explained += 1;
  }

  finish(): Cell {
    const runs = this.#explained === 1 ? 'one run' : `${this.#explained} runs`;
    const note = this.#note !== null && this.#values.length > 0 ? `but in ${runs}: ${this.#note}` : this.#note;
    return { values: this.#values, spread: spreadOf(this.#values) ?? null, note };
  }
}
