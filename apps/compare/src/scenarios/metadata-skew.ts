import { Missing } from '../sides/side.ts';
import { workRows } from './rows.ts';
import type { Figures, Scenario } from './scenario.ts';
import { now, onStage, type Stage } from './stage.ts';

const REPLICAS = 3;

/** How far the views of brokers are behind what is committed, and behind one another. */
export const metadataSkew: Scenario = {
  name: 'metadata-skew',
  title: 'Metadata skew',
  summary:
    'Topics are made one by one, and every broker is asked for each of them again and again. A topic is committed when the state of its partition is written into a znode, or its record counts in the metadata log; what lies before a moment is negative.',
  rows: () => [
    { id: 'acknowledged', title: 'asked for until acknowledged', unit: 'ms' },
    { id: 'first', title: 'committed until the first broker shows it', unit: 'ms' },
    { id: 'last', title: 'committed until the last broker shows it', unit: 'ms' },
    { id: 'apart', title: 'between the first and the last', unit: 'ms' },
    { id: 'differing', title: 'brokers that do not show it yet when it is acknowledged', unit: '' },
    ...workRows,
  ],
  run: (context) => onStage(context, (stage) => measureSkew(stage, context.extent.topics)),
};

async function measureSkew({ side, client }: Stage, topics: number): Promise<Figures> {
  const ids = side.brokers.map(({ id }) => id);
  const acknowledged: number[] = [];
  const apart: number[] = [];
  const differing: number[] = [];
  const shownAt: { readonly name: string; readonly first: number; readonly last: number }[] = [];
  await side.tellCommits();
  for (let index = 0; index < topics; index++) {
    const name = `skewed-${index}`;
    const asked = now();
    const shown = Promise.all(ids.map((id) => client.untilShown(id, [name], (seen) => seen.topics.has(name))));
    shown.catch(() => {});
    await client.create({ name, partitions: 1, replicas: REPLICAS });
    const doneMs = performance.now();
    const times = await shown;
    const [first, last] = [Math.min(...times), Math.max(...times)];
    acknowledged.push(doneMs - asked.ms);
    apart.push(last - first);
    differing.push(times.filter((time) => time > doneMs).length);
    const wallOf = (ms: number): number => asked.wallMs + (ms - asked.ms);
    shownAt.push({ name, first: wallOf(first), last: wallOf(last) });
  }
  const committed = await Promise.all(shownAt.map(({ name }) => side.committedAt(name)));
  const since = (which: 'first' | 'last'): readonly number[] | Missing => {
    const missing = committed.find((at) => at instanceof Missing);
    if (missing !== undefined) return missing;
    return shownAt.map((shown, index) => shown[which] - (committed[index] as number));
  };
  return { acknowledged, first: since('first'), last: since('last'), apart, differing };
}
