import { createNodePorts } from '@biquorum/platform/node';
import { Prng } from '@biquorum/std';
import { CellDraft, type Report, type ReportSection } from '../report/report.ts';
import type { Extent, Figures, Row, Scenario } from '../scenarios/scenario.ts';
import { Missing, type RunningSide, type Side } from '../sides/side.ts';
import { finishHeader, startHeader } from './header.ts';
import { type PresetName, presets } from './presets.ts';

/** What is to be compared. */
export interface CompareOptions {
  readonly scenarios: readonly Scenario[];
  readonly sides: readonly Side[];
  readonly preset: PresetName;
  /** How often each scenario is run on each side. */
  readonly runs: number;
  readonly seed: number;
  readonly extent: Extent;
  readonly version: string;
  /** Which Java Apache's sides run on. */
  readonly java?: string;
  /** Told what is being done, for somebody who waits. */
  readonly progress?: (line: string) => void;
  /**
   * Ends the comparison early when it resolves: the run under way is broken off, and the report has what there is,
   * without the scenarios that were not begun.
   */
  readonly interrupted?: Promise<unknown>;
}

const BROKERS = 3;
const GOVERNORS = 3;

/**
 * Runs every scenario on every side, each alone, in turns and in an order that the seed decides, so that a machine that
 * slows down for a while slows all sides.
 */
export async function compare(options: CompareOptions): Promise<Report> {
  const { sides, runs, progress = () => {} } = options;
  const header = startHeader();
  const random = new Prng(options.seed);
  const sections: ReportSection[] = [];
  const interruption = { yes: false };
  void options.interrupted?.then(() => {
    interruption.yes = true;
  });
  for (const scenario of options.scenarios) {
    if (interruption.yes) break;
    const rows = scenario.rows(options.extent);
    const draft = new SectionDraft(scenario, rows, sides);
    for (let run = 0; run < runs && !interruption.yes; run++) {
      const seed = random.below(SEED_MAX);
      for (const side of shuffled(sides, random)) {
        if (interruption.yes) break;
        progress(`${scenario.title}, ${side.title}: run ${run + 1} of ${runs}`);
        await runOnce(options, { scenario, side, seed, run }, draft);
      }
    }
    sections.push(draft.finish());
  }
  return {
    header: finishHeader(header, options),
    sides: sides.map(({ name, title }) => ({ name, title })),
    sections,
  };
}

const SEED_MAX = 0x7fff_ffff;

interface Run {
  readonly scenario: Scenario;
  readonly side: Side;
  readonly seed: number;
  readonly run: number;
}

async function runOnce(options: CompareOptions, run: Run, draft: SectionDraft): Promise<void> {
  const { scenario, side, seed } = run;
  const preset = presets[options.preset];
  const ports = createNodePorts();
  const over = new AbortController();
  const starting: Promise<RunningSide>[] = [];
  let running: Promise<Figures> | undefined;
  try {
    running = scenario.run({
      ports,
      signal: over.signal,
      preset,
      extent: options.extent,
      random: new Prng(seed),
      start(own = {}) {
        over.signal.throwIfAborted();
        const cluster = side.start({
          brokers: BROKERS,
          governors: GOVERNORS,
          ...own,
          properties: { ...preset.properties, 'default.replication.factor': '3', ...own.properties },
          signal: over.signal,
        });
        starting.push(cluster);
        return cluster;
      },
    });
    const givenUp = options.interrupted?.then((): never => {
      throw new Error('interrupted');
    });
    draft.add(side, await Promise.race([running, ...(givenUp === undefined ? [] : [givenUp])]));
  } catch (error) {
    draft.fail(side, run.run, error);
    options.progress?.(`  failed: ${reasonOf(error)}`);
  } finally {
    over.abort(new Error('the run is over'));
    for (const cluster of starting) await cluster.then((made) => made[Symbol.asyncDispose](), nothing);
    await running?.catch(nothing);
    await ports.close();
  }
}

function nothing(): void {}

class SectionDraft {
  readonly #scenario: Scenario;
  readonly #rows: readonly Row[];
  readonly #sides: readonly Side[];
  readonly #cells: Map<string, CellDraft> = new Map();
  readonly #failures: string[] = [];

  constructor(scenario: Scenario, rows: readonly Row[], sides: readonly Side[]) {
    this.#scenario = scenario;
    this.#rows = rows;
    this.#sides = sides;
  }

  add(side: Side, figures: Figures): void {
    for (const { id } of this.#rows) {
      const figure = figures[id];
      const cell = this.#cell(id, side);
      if (figure === undefined) cell.explain('not measured here');
      else if (figure instanceof Missing) cell.explain(figure.note);
      else cell.add(typeof figure === 'number' ? [figure] : figure);
    }
  }

  fail(side: Side, run: number, error: unknown): void {
    this.#failures.push(`${side.title}, run ${run + 1}: ${reasonOf(error)}`);
    for (const { id } of this.#rows) this.#cell(id, side).explain('a run did not come to its end; see below');
  }

  finish(): ReportSection {
    const { name, title, summary } = this.#scenario;
    const rows = this.#rows.map((row) => ({
      ...row,
      cells: this.#sides.map((side) => this.#cell(row.id, side).finish()),
    }));
    return { name, title, summary, rows, failures: this.#failures };
  }

  #cell(row: string, { name }: Side): CellDraft {
    const key = `${name}/${row}`;
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      cell = new CellDraft();
      this.#cells.set(key, cell);
    }
    return cell;
  }
}

function shuffled<Item>(items: readonly Item[], random: Prng): readonly Item[] {
  const rest = [...items];
  return items.map(() => rest.splice(random.below(rest.length), 1)[0] as Item);
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause !== undefined ? `; ${reasonOf(error.cause)}` : '';
  return `${text}${cause}`;
}
