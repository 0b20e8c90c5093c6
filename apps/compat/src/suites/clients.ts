import { findClients } from '../clients/find-clients.ts';
import { runMatrix } from '../clients/matrix.ts';
import type { Outcome } from '../clients/play.ts';
import { scenarios } from '../clients/scenarios/index.ts';
import { cacheDirectory } from '../java/cache.ts';
import type { Suite } from '../suite.ts';

export const suite: Suite = {
  name: 'clients',
  title: "other people's clients do with us what they do with Kafka",
  needs: ['java', 'javac', 'mvn'],
  async run({ check, java, scratch, mode, only }) {
    const clients = await findClients();
    const context = { cache: cacheDirectory(), scratch, java };
    const rows = chosen(scenarios, only);
    const subjects = chosen(clients, only);
    const { columns, end } = runMatrix({ mode, clients, subjects, scenarios: rows, context });
    // What breaks it off is told at the end, after the checks that it took with it.
    end.catch(() => {});
    for (const { client, outcomes } of columns) {
      for (const [{ title }, outcome] of outcomes)
        await check(`${client.id}: ${title}`, async () => noteOf(await outcome));
    }
    await end;
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

/** @throws Error with the failure */
function noteOf(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'passed':
      return outcome.detail;
    case 'lacking':
      return `not asked: ${outcome.reasons.join('; ')}`;
    case 'failed':
      throw Object.assign(new Error(outcome.failure), { stack: outcome.failure });
  }
}
