import { type Mode, PUBLIC_MODES } from '../mode.ts';
import type { Hello } from './agent-protocol.ts';
import type { Outcome } from './play.ts';
import type { Scenario } from './scenario.ts';

/** A client whose part is over. */
export interface FinishedColumn {
  readonly hello: Hello;
  readonly outcomes: ReadonlyMap<Scenario, Outcome>;
}

const INTRODUCTION = `# Clients

Other people's clients, each asked the same things, and what came of it. What one wrote, another of different make read back; what one read, another wrote. Each was asked in KRaft mode and in ZooKeeper mode; a cell tells of both, and what differs is said for each. A tick or a word means that it worked; a dash that the client does not have it, with the reason below.

\`pnpm compat --suite clients\` plays all of it, and fails when this page does not say what it saw; with \`--write\` it makes the page anew. The scenarios stand in \`apps/compat/src/clients/scenarios\`.
`;

/**
 * The page about clients.
 *
 * @param byMode the same clients in each mode, in the same order
 * @throws Error if a scenario failed: the page tells of what works
 */
export function clientsPage(
  scenarios: readonly Scenario[],
  byMode: ReadonlyMap<Mode, readonly FinishedColumn[]>,
): string {
  const notes: string[] = [];
  const [columns = []] = [...byMode.values()];
  const cell = (scenario: Scenario, index: number): string => {
    const cells = [...byMode].map(([mode, ofMode]): readonly [Mode, string] => {
      const { hello, outcomes } = ofMode[index] as FinishedColumn;
      return [mode, cellOf(scenario, hello, outcomes.get(scenario), notes)];
    });
    const texts = new Set(cells.map(([, text]) => text));
    if (texts.size === 1) return [...texts].join();
    return cells.map(([mode, text]) => `${PUBLIC_MODES.get(mode) ?? mode}: ${text}`).join('; ');
  };
  const rows = [
    ['', ...columns.map(({ hello }) => hello.name)],
    ['version', ...columns.map(({ hello }) => hello.version)],
    ...scenarios.map((scenario) => [scenario.title, ...columns.map((_, index) => cell(scenario, index))]),
  ];
  return [INTRODUCTION, ...tableOf(rows), '', ...notes.map((note, index) => `${index + 1}. ${note}`), ''].join('\n');
}

/** The versions that a page tells, by the names of the clients. */
export function versionsIn(page: string): ReadonlyMap<string, string> {
  const rows = page.split('\n').filter((line) => line.startsWith('|'));
  const [names = [], , versions = []] = rows.map((row) =>
    row.split(' | ').map((cell) => cell.replace(/^\||\|$/g, '').trim()),
  );
  return new Map(names.slice(1).map((name, index) => [name, versions[index + 1] ?? '']));
}

/** The first line in which two texts differ, told as a failure; undefined if they are equal. */
export function difference(is: string, shouldBe: string): string | undefined {
  if (is === shouldBe) return undefined;
  const [left, right] = [is.split('\n'), shouldBe.split('\n')];
  const line = left.findIndex((text, index) => text !== right[index]);
  const at = line === -1 ? left.length : line;
  return `line ${at + 1} is\n${left[at] ?? 'missing'}\nand should be\n${right[at] ?? 'missing'}`;
}

function cellOf(scenario: Scenario, { name }: Hello, outcome: Outcome | undefined, notes: string[]): string {
  const numbers = (reasons: readonly string[]): string =>
    [...new Set(reasons.map((reason) => numberOf(`${name}: ${reason}`, notes)))].map((it) => ` [${it}]`).join('');
  switch (outcome?.kind) {
    case 'passed':
      return `${outcome.finding?.detail ?? '✓'}${numbers(outcome.finding?.notes ?? [])}`;
    case 'lacking':
      return `–${numbers(outcome.reasons)}`;
    default:
      throw new Error(`${name} did not pass '${scenario.title}': the page tells of what works`);
  }
}

/** A note's number, from 1; it is added if it is new. */
function numberOf(note: string, notes: string[]): number {
  if (!notes.includes(note)) notes.push(note);
  return notes.indexOf(note) + 1;
}

function tableOf(rows: readonly (readonly string[])[]): readonly string[] {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = escaped[0]?.map((_, column) => Math.max(3, ...escaped.map((row) => row[column]?.length ?? 0))) ?? [];
  const lineOf = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = escaped;
  return [lineOf(head), lineOf(widths.map((width) => '-'.repeat(width))), ...body.map(lineOf)];
}
