import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MEASUREMENTS, type Measurement, type MeasurementContext } from './measurements.ts';
import { processorMs, residentMiB } from './process-usage.ts';
import { processorRow, ROWS } from './rows.ts';
import type { RunningSide, Side } from './side.ts';
import type { Figure } from './summary.ts';

/** How to measure. */
export interface RoundsSettings {
  readonly rounds: number;
  /** Rows to measure, by parts of their ids; empty for all. */
  readonly only: readonly string[];
  /** Told of each figure as it comes. */
  readonly onFigure?: (figure: Figure) => void;
}

/** Memory is looked at so long after the last request. */
const SETTLE_MS = 2_000;

/**
 * Measures two servers run by run in turn, so that whatever else happens on the machine happens to both. Each round
 * another one begins. Both run all the time once started, and the one that is not measured has nothing to do.
 */
export async function runRounds(
  sides: readonly Side[],
  context: MeasurementContext,
  settings: RoundsSettings,
): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const { only, rounds } = settings;
  const wants = (row: string): boolean => only.length === 0 || only.some((part) => row.includes(part));
  const note = (side: RunningSide, round: number, row: string, value: number): void => {
    if (!wants(row)) return;
    const figure = { row, side: side.name, round, value };
    figures.push(figure);
    settings.onFigure?.(figure);
  };
  const start = async (side: Side, round: number): Promise<RunningSide> => {
    const running = await side.start(join(context.scratch, `${side.name}-${round}`));
    note(running, round, 'start', running.firstRecordMs);
    await sleep(SETTLE_MS);
    note(running, round, 'memory-start', await residentMiB(running.pids));
    return running;
  };

  if (wants('start') || wants('memory-start')) {
    for (let round = 2; round <= rounds; round++) {
      for (const side of inTurn(sides, round)) await (await start(side, round))[Symbol.asyncDispose]();
    }
  }
  await using running = new AsyncDisposableStack();
  const servers: RunningSide[] = [];
  for (const side of sides) servers.push(running.use(await start(side, 1)));
  const measurements = MEASUREMENTS.filter(({ rows }) => rows.some(wants) || wants(processorRow(rows[0] as string)));
  for (let round = 1; round <= rounds; round++) {
    for (const measurement of measurements) {
      for (const server of inTurn(servers, round)) await measure(server, round, measurement);
    }
    if (measurements.length > 0) await sleep(SETTLE_MS);
    for (const server of servers) note(server, round, 'memory-load', await residentMiB(server.pids));
  }
  return figures;

  async function measure(server: RunningSide, round: number, { rows, measure }: Measurement): Promise<void> {
    const before = processorMs(server.pids);
    const values = await measure(server, context);
    const after = processorMs(server.pids);
    for (const [index, row] of rows.entries()) note(server, round, row, values[index] as number);
    const cost = processorRow(rows[0] as string);
    const isRow = ROWS.some(({ id }) => id === cost);
    if (isRow && before !== undefined && after !== undefined) note(server, round, cost, after - before);
  }
}

function inTurn<Item>(items: readonly Item[], round: number): readonly Item[] {
  return round % 2 === 1 ? items : items.toReversed();
}
