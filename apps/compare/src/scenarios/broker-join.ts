import { Missing } from '../sides/side.ts';
import { trafficRows, workRows } from './rows.ts';
import type { Scenario } from './scenario.ts';
import { now, onStage, TOPIC } from './stage.ts';

/** A fourth broker comes to three. */
export const brokerJoin: Scenario = {
  name: 'broker-join',
  title: 'A broker joins',
  summary: 'A fourth broker starts on an empty directory, until every broker shows it, and it shows every topic.',
  rows: () => [
    { id: 'serving', title: 'it says that it serves', unit: 'ms' },
    { id: 'known', title: 'every broker shows it', unit: 'ms' },
    { id: 'knows', title: 'it shows every topic', unit: 'ms' },
    ...trafficRows,
    ...workRows,
  ],
  run: (context) =>
    onStage(context, async ({ side, client }) => {
      if (side.addBroker === undefined) {
        const why = new Missing('clusters of this side are planned with all of their brokers');
        return { serving: why, known: why, knows: why };
      }
      const others = side.brokers.map(({ id }) => id);
      const begun = now();
      const expected = Math.max(...others) + 1;
      const known = client
        .untilAllShow([], ({ brokers }) => brokers.has(expected), others)
        .then((times) => (times.at(-1) ?? begun.ms) - begun.ms);
      known.catch(() => {});
      const id = await side.addBroker();
      const serving = performance.now() - begun.ms;
      const knows = (await client.untilShown(id, [TOPIC], ({ topics }) => topics.has(TOPIC))) - begun.ms;
      return { serving, knows, known: await known };
    }),
};
