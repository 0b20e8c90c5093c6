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
    const { columns, end } = runMatrix({ mode, clients, subjects, scenarios: rows, context });
    // What breaks it off is told at the end, after the checks that it took with it.
    end.catch(() => {});
    for (const { client, outcomes } of columns) {
      for (const [{ title }, outcome] of outcomes)
        await check(`${client.id}, mode ${mode}: ${title}`, async () => noteOf(await outcome));
    }
    await end;
    if (only.length > 0) return;
    await check('what a client does wrong is found', async () => {
      const missed = await missedSabotage({ mode, clients, scenarios, context }, sabotages);
      if (missed.length > 0) throw new Error(`not found:\n${missed.join('\n')}`);
      return `${sabotages.length} sabotages`;
    });
    await check(write ? 'docs/clients.md is written' : 'docs/clients.md says what was seen', async () => {
      if (write) return writeFileSync(PAGE, clientsPage(rows, await Promise.all(columns.map(finished))));
      const there = readFileSync(PAGE, 'utf8');
      const known = versionsIn(there);
      const seen = columns.map(async (column) => {
        const { hello, outcomes } = await finished(column);
        const version = column.client.unpinned === true ? known.get(hello.name) : undefined;
        return { hello: { ...hello, version: version ?? hello.version }, outcomes };
      });
      const found = difference(there, clientsPage(rows, await Promise.all(seen)));
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

async function finished({ client, hello, outcomes }: Column): Promise<FinishedColumn> {
  if (hello === undefined) throw new Error(`${client.id} was never started`);
  const entries = [...outcomes].map(async ([scenario, outcome]) => [scenario, await outcome] as const);
  return { hello, outcomes: new Map<Scenario, Outcome>(await Promise.all(entries)) };
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
