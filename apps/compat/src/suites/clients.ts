import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findClients } from '../clients/find-clients.ts';
import { type Column, missedSabotage, runMatrix } from '../clients/matrix.ts';
import type { Outcome } from '../clients/play.ts';
import { sabotages } from '../clients/sabotage.ts';
import type { Scenario } from '../clients/scenario.ts';
import { scenarios } from '../clients/scenarios/index.ts';
import { clientsPage, difference, type FinishedColumn, versionsIn } from '../clients/table.ts';
import { cacheDirectory } from '../java/cache.ts';
import { type Mode, PUBLIC_MODES } from '../mode.ts';
import type { Suite } from '../suite.ts';

const PAGE = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'clients.md');

export const suite: Suite = {
  name: 'clients',
  title: "other people's clients do with us what they do with Kafka",
  needs: ['java', 'javac', 'mvn'],
  live: true,
  async run({ check, java, scratch, mode, only, write }) {
    const clients = await findClients();
    const context = { cache: cacheDirectory(), scratch, java };
    const rows = chosen(scenarios, only);
    const subjects = chosen(clients, only);
    const modes = mode === undefined ? [...PUBLIC_MODES.keys()] : [mode];
    const played = new Map<Mode, readonly Column[]>();
    for (const now of modes) {
      const { columns, end } = runMatrix({ mode: now, clients, subjects, scenarios: rows, context });
      // What breaks it off is told at the end, after the checks that it took with it.
      end.catch(() => {});
      for (const { client, outcomes } of columns) {
        for (const [{ title }, outcome] of outcomes)
          await check(`${client.id}, mode ${now}: ${title}`, async () => noteOf(await outcome));
      }
      await end;
      played.set(now, columns);
    }
    if (only.length > 0 || mode !== undefined) return;
    const [first = 'kraft'] = modes;
    await check('what a client does wrong is found', async () => {
      const missed = await missedSabotage({ mode: first, clients, scenarios, context }, sabotages);
      if (missed.length > 0) throw new Error(`not found:\n${missed.join('\n')}`);
      return `${sabotages.length} sabotages`;
    });
    await check(write ? 'docs/clients.md is written' : 'docs/clients.md says what was seen', async () => {
      if (write) return writeFileSync(PAGE, clientsPage(rows, await finishedOf(played, new Map())));
      const there = readFileSync(PAGE, 'utf8');
      const found = difference(there, clientsPage(rows, await finishedOf(played, versionsIn(there))));
      if (found !== undefined) throw new Error(`${found}\nMake it anew with pnpm compat --suite clients --write.`);
    });
  },
};

/** Those of which a text that was given is part of the id; all, if it is of none. */
function chosen<Item extends { readonly id: string }>(
  items: readonly Item[],
  texts: readonly string[],
): readonly Item[] {
  const wanted = items.filter(({ id }) => texts.some((text) => id.includes(text)));
  return wanted.length === 0 ? items : wanted;
}

/** @param known versions of clients whose version is the machine's affair */
async function finishedOf(
  played: ReadonlyMap<Mode, readonly Column[]>,
  known: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<Mode, readonly FinishedColumn[]>> {
  const all = [...played].map(async ([mode, columns]) => {
    return [mode, await Promise.all(columns.map((column) => finished(column, known)))] as const;
  });
  return new Map(await Promise.all(all));
}

async function finished(
  { client, hello, outcomes }: Column,
  known: ReadonlyMap<string, string>,
): Promise<FinishedColumn> {
  if (hello === undefined) throw new Error(`${client.id} was never started`);
  const entries = [...outcomes].map(async ([scenario, outcome]) => [scenario, await outcome] as const);
  const version = client.unpinned === true ? (known.get(hello.name) ?? hello.version) : hello.version;
  return { hello: { ...hello, version }, outcomes: new Map<Scenario, Outcome>(await Promise.all(entries)) };
}

/** @throws Error with the failure */
function noteOf(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'passed':
      return outcome.finding?.detail;
    case 'lacking':
      return `not asked: ${outcome.reasons.join('; ')}`;
    case 'failed':
      throw Object.assign(new Error(outcome.failure), { stack: outcome.failure });
  }
}
