import { workRows } from './rows.ts';
import type { Scenario } from './scenario.ts';
import { onStage } from './stage.ts';

/** How far the views of brokers are apart. */
export const metadataSkew: Scenario = {
  name: 'metadata-skew',
  title: 'Metadata skew',
  summary:
    'Topics are made one by one, and every broker is asked for each of them again and again. From outside, what is committed is seen when the first broker shows it.',
  rows: () => [
    { id: 'acknowledged', title: 'asked for until acknowledged', unit: 'ms' },
    { id: 'first', title: 'asked for until the first broker shows it', unit: 'ms' },
    { id: 'last', title: 'asked for until the last broker shows it', unit: 'ms' },
    { id: 'apart', title: 'between the first and the last', unit: 'ms' },
    { id: 'differing', title: 'brokers that do not show it yet when it is acknowledged', unit: '' },
    ...workRows,
  ],
  run: (context) =>
    onStage(context, async ({ side, client }) => {
      const [acknowledged, first, last, apart, differing]: number[][] = [[], [], [], [], []];
      const ids = side.brokers.map(({ id }) => id);
      for (let index = 0; index < context.extent.topics; index++) {
        const name = `skewed-${index}`;
        const askedMs = performance.now();
        const shown = Promise.all(ids.map((id) => client.untilShown(id, [name], ({ topics }) => topics.has(name))));
        await client.create({ name, partitions: 1, replicas: 3 });
        const doneMs = performance.now();
        const times = await shown;
        acknowledged?.push(doneMs - askedMs);
        first?.push(Math.min(...times) - askedMs);
        last?.push(Math.max(...times) - askedMs);
        apart?.push(Math.max(...times) - Math.min(...times));
        differing?.push(times.filter((time) => time > doneMs).length);
      }
      return {
        acknowledged: acknowledged ?? [],
        first: first ?? [],
        last: last ?? [],
        apart: apart ?? [],
        differing: differing ?? [],
      };
    }),
};
