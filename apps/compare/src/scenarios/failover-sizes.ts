import { ClusterClient, isInSync } from '../client/cluster-client.ts';
import type { ShownCluster } from '../client/requests.ts';
import { Missing } from '../sides/side.ts';
import { successionFigures, successionRows } from './rows.ts';
import type { Figures, Row, Scenario, ScenarioContext } from './scenario.ts';
import { now, untilAdministered } from './stage.ts';

const REPLICAS = 3;
/** A topic's assignment has to fit into one znode, and its creation into the patience of one request. */
const PARTITIONS_PER_TOPIC = 1_000;
const TIMEOUT_MS = 600_000;

/** The same death of a controller in clusters of more and more partitions. */
export const failoverSizes: Scenario = {
  name: 'failover-sizes',
  title: 'Failover by number of partitions',
  summary:
    'SIGKILL of the active controller in clusters of so many partitions of three replicas: what grows with them, and what does not.',
  rows: ({ sizes }) =>
    sizes.flatMap((size): readonly Row[] => [
      { id: `created-${size}`, title: `${size} partitions: created, every replica in sync`, unit: 'ms' },
      ...successionRows.map(({ id, title, unit }) => ({ id: `${id}-${size}`, title: `${size}: ${title}`, unit })),
      { id: `leaders-${size}`, title: `${size}: every broker shows the dead one leading nothing`, unit: 'ms' },
    ]),
  async run(context) {
    let figures: Figures = {};
    for (const size of context.extent.sizes) figures = { ...figures, ...(await failover(context, size)) };
    return figures;
  },
};

async function failover(context: ScenarioContext, size: number): Promise<Figures> {
  const side = await context.start();
  try {
    using client = new ClusterClient(context, side, TIMEOUT_MS);
    const names = Array.from({ length: Math.ceil(size / PARTITIONS_PER_TOPIC) }, (_, index) => `sized-${index}`);
    const startMs = performance.now();
    for (const [index, name] of names.entries()) {
      const partitions = Math.min(PARTITIONS_PER_TOPIC, size - index * PARTITIONS_PER_TOPIC);
      await client.create({ name, partitions, replicas: REPLICAS });
    }
    await client.untilAllShow(names, (shown) => isInSync(shown, names));
    const created = performance.now() - startMs;
    const victim = await side.controller();
    using quick = new ClusterClient(context, side);
    const epoch = await side.controllerEpoch();
    const killed = now();
    await side.kill(victim);
    const leaders = client.untilAllShow(names, (shown) => isWithout(shown, victim));
    leaders.catch(() => {});
    const topic = { name: 'after', partitions: 1, replicas: 2 };
    const { usable, shown } = await untilAdministered(quick, killed, topic);
    const leadersMs = ((await leaders).at(-1) ?? killed.ms) - killed.ms;
    const succession = await side.succession(killed.wallMs);
    const measured: Figures = {
      created,
      ...successionFigures(succession, killed.wallMs + shown),
      usable,
      epochs: (await side.controllerEpoch()) - epoch,
      leaders: side.governors.includes(victim) ? LEADS_NOTHING : leadersMs,
    };
    return Object.fromEntries(Object.entries(measured).map(([id, figure]) => [`${id}-${size}`, figure]));
  } finally {
    await side[Symbol.asyncDispose]();
  }
}

const LEADS_NOTHING: Missing = new Missing('a controller in KRaft mode leads no partitions');

function isWithout({ topics }: ShownCluster, victim: number): boolean {
  return [...topics.values()].every((partitions) =>
    partitions.every(({ leader, isr }) => leader >= 0 && leader !== victim && !isr.includes(victim)),
  );
}
