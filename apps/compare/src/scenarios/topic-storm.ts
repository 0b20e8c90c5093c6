import { ClusterClient } from '../client/cluster-client.ts';
import { Meter } from '../measure/meter.ts';
import { workFigures, workRows } from './rows.ts';
import type { Scenario } from './scenario.ts';

const PARTITIONS = 4;
const REPLICAS = 3;
const AT_ONCE = 4;
const TIMEOUT_MS = 120_000;

/** Many topics at once. */
export const topicStorm: Scenario = {
  name: 'topic-storm',
  title: 'Topic storm',
  summary: `Topics of ${PARTITIONS} partitions and ${REPLICAS} replicas, asked for by ${AT_ONCE} clients, each the next when it has its answer.`,
  rows: ({ topics }) => [
    { id: 'acknowledged', title: `all ${topics} are acknowledged`, unit: 'ms' },
    { id: 'rate', title: '– topics in a second', unit: 'topics/s' },
    { id: 'shown', title: 'every broker shows all of them, every replica in sync', unit: 'ms' },
    ...workRows,
  ],
  async run(context) {
    const side = await context.start();
    const clients = Array.from({ length: AT_ONCE }, () => new ClusterClient(context, side, TIMEOUT_MS));
    try {
      const names = Array.from({ length: context.extent.topics }, (_, index) => `storm-${index}`);
      const meter = await Meter.start(side);
      const startMs = performance.now();
      const waiting = [...names];
      await Promise.all(
        clients.map(async (client) => {
          for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
            await client.create({ name, partitions: PARTITIONS, replicas: REPLICAS });
          }
        }),
      );
      const acknowledged = performance.now() - startMs;
      await clients[0]?.untilInSync(names);
      const shown = performance.now() - startMs;
      const rate = (names.length * 1000) / acknowledged;
      return { acknowledged, rate, shown, ...workFigures(await meter.read()) };
    } finally {
      for (const client of clients) client[Symbol.dispose]();
    }
  },
};
