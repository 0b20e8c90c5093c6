import { ClusterClient } from '../client/cluster-client.ts';
import { produce } from '../client/requests.ts';
import { Meter } from '../measure/meter.ts';
import { workFigures, workRows } from './rows.ts';
import type { Scenario } from './scenario.ts';

const TOPIC = 'first';
const VALUE: Uint8Array = new TextEncoder().encode('first');
const TIMEOUT_MS = 1_000;

/** A cluster comes up. */
export const startUp: Scenario = {
  name: 'start-up',
  title: 'Start-up',
  summary: 'Every node at once, on empty directories, until a record is acknowledged in a topic of three replicas.',
  rows: () => [
    { id: 'serving', title: 'every node says that it serves', unit: 'ms' },
    { id: 'record', title: 'a topic is made and its first record acknowledged', unit: 'ms' },
    ...workRows.filter(({ id }) => id !== 'window'),
  ],
  async run(context) {
    const startMs = performance.now();
    const side = await context.start();
    const serving = performance.now() - startMs;
    using client = new ClusterClient(context, side);
    await client.create({ name: TOPIC, partitions: 1, replicas: 3 });
    await client.until('the first record', async () => {
      const [first] = side.brokers;
      const shown = await client.shownBy(first?.id ?? 1, [TOPIC]);
      const leader = side.brokers.find(({ id }) => id === shown.topics.get(TOPIC)?.[0]?.leader);
      if (leader === undefined) return undefined;
      const record = { topic: TOPIC, partition: 0, values: [VALUE] };
      return (await produce(client.at(leader.address), record, TIMEOUT_MS)) === 0 ? true : undefined;
    });
    const record = performance.now() - startMs;
    // Processes count from their own beginning.
    const { window: _, ...work } = workFigures(await Meter.sinceStart(side));
    return { serving, record, ...work };
  },
};
