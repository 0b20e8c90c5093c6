import { createTopicAgain, NodeAdmin, type SeenPartition, untilAnswered } from '../deployment/admin.ts';
import { Deployment, type NodeProgram } from '../deployment/deployment.ts';
import { activeController } from '../scale/failover.ts';

/** How long a cluster took with so many partitions of three replicas each, in ms. */
export interface FailoverRows {
  readonly partitions: number;
  readonly created: number;
  /** And until every broker saw all of them led with all replicas in sync. */
  readonly inSync: number;
  /** From SIGKILL of the active controller until another one is active. */
  readonly controller: number;
  /** From then on until a topic could be made again through a broker; counted from the kill. */
  readonly createTopics: number;
  /** From SIGKILL of a broker until the others see none of its partitions led by it, and all led. */
  readonly leaders: number;
  /** From the restart of that broker until every replica is in sync again. */
  readonly rejoined: number;
}

const REPLICAS = 3;
/** With the topic's own record that is less than what one decision may hold. */
const PARTITIONS_PER_TOPIC = 5_000;
const LOOK_MS = 20;

/** Kills the active controller and a broker at each number of partitions, with Kafka's default timeouts. */
export async function measureFailover(
  program: NodeProgram,
  directory: string,
  sizes: readonly number[],
  onFigures: (partitions: number, figures: Partial<FailoverRows>) => void,
): Promise<readonly FailoverRows[]> {
  await using deployment = await Deployment.format(program, { directory, brokers: 3, controllers: 3 });
  await deployment.startAll();
  await activeController(deployment);
  const rows: FailoverRows[] = [];
  const names: string[] = [];
  let existing = 0;
  for (const partitions of sizes) {
    const created = await timed(async () => {
      using admin = new NodeAdmin(deployment.brokers[0]?.address ?? '');
      while (existing < partitions) {
        const count = Math.min(PARTITIONS_PER_TOPIC, partitions - existing);
        const name = `failover-${names.length}`;
        await createTopicAgain(admin, { name, partitions: count, replicas: REPLICAS });
        names.push(name);
        existing += count;
      }
    });
    const inSync = created + (await timed(() => untilInSync(deployment, names)));
    // Told as they come: on a busy machine the next may never.
    onFigures(partitions, { created, inSync });
    const ended = await killController(deployment, `after-${partitions}`);
    onFigures(partitions, ended);
    await untilInSync(deployment, names);
    const victim = deployment.brokers[1];
    if (victim === undefined) throw new Error('there is no second broker');
    const leaders = await killBroker(deployment, victim.id, names);
    onFigures(partitions, { leaders });
    const rejoined = await timed(async () => {
      await deployment.start(victim.id);
      await untilInSync(deployment, names);
    });
    onFigures(partitions, { rejoined });
    rows.push({ partitions, created, inSync, ...ended, leaders, rejoined });
  }
  return rows;
}

/** Both sides' rows as Markdown, with what is over 1 where we are faster. */
export function formatFailover(apache: readonly FailoverRows[], biquorum: readonly FailoverRows[]): string {
  const titles: Readonly<Record<Exclude<keyof FailoverRows, 'partitions'>, string>> = {
    created: 'created, acknowledged',
    inSync: 'created, every replica in sync',
    controller: 'active controller killed: another is active',
    createTopics: 'active controller killed: CreateTopics succeeds',
    leaders: 'broker killed: its partitions have other leaders',
    rejoined: 'broker started again: every replica in sync',
  };
  const lines = ['| row | partitions | Apache, ms | Biquorum, ms | times as fast |', '| --- | --- | --- | --- | --- |'];
  for (const [key, title] of Object.entries(titles) as [keyof typeof titles, string][]) {
    for (const theirs of apache) {
      const ours = biquorum.find(({ partitions }) => partitions === theirs.partitions);
      if (ours === undefined) continue;
      const [a, b] = [theirs[key], ours[key]];
      lines.push(`| ${title} | ${theirs.partitions} | ${Math.round(a)} | ${Math.round(b)} | ${(a / b).toFixed(2)} |`);
    }
  }
  return lines.join('\n');
}

async function killController(
  deployment: Deployment,
  name: string,
): Promise<Pick<FailoverRows, 'controller' | 'createTopics'>> {
  const before = await activeController(deployment);
  using admin = new NodeAdmin(deployment.brokers[0]?.address ?? '');
  // Whoever is asked first may have to look for the controller; that is no part of what is measured.
  await admin.partitions([]);
  const fromMs = performance.now();
  await deployment.kill(before.id);
  const active = activeController(deployment, (epoch) => epoch > before.epoch).then(() => performance.now() - fromMs);
  await createTopicAgain(admin, { name, partitions: 1, replicas: REPLICAS });
  const createTopics = performance.now() - fromMs;
  const controller = await active;
  await deployment.start(before.id);
  return { controller, createTopics };
}

async function killBroker(deployment: Deployment, victim: number, names: readonly string[]): Promise<number> {
  const fromMs = performance.now();
  await deployment.kill(victim);
  await untilSeen(deployment, names, ({ leaderId }) => leaderId >= 0 && leaderId !== victim);
  return performance.now() - fromMs;
}

function untilInSync(deployment: Deployment, names: readonly string[]): Promise<void> {
  return untilSeen(deployment, names, ({ leaderId, inSync }) => leaderId >= 0 && inSync === REPLICAS);
}

/** Resolves when every broker that runs shows every partition so. */
async function untilSeen(
  deployment: Deployment,
  names: readonly string[],
  isSo: (partition: SeenPartition) => boolean,
): Promise<void> {
  const running = deployment.brokers.filter(({ pid }) => pid !== undefined);
  await Promise.all(
    running.map(async ({ address }) => {
      using admin = new NodeAdmin(address);
      for (const name of names) {
        await untilAnswered(
          `${address} shows ${name} as it should be`,
          async () => ((await admin.partitions([name]))?.every(isSo) === true ? true : undefined),
          LOOK_MS,
        );
      }
    }),
  );
}

async function timed(body: () => Promise<void>): Promise<number> {
  const fromMs = performance.now();
  await body();
  return performance.now() - fromMs;
}
