import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ensemble } from '../ensemble.ts';
import { cacheDirectory } from '../java/cache.ts';
import type { Java } from '../java/java.ts';
import { produceOne } from '../mixed-cluster/produce-one.ts';
import type { Substitutions } from '../mixed-cluster/transcript.ts';
import { until } from '../mixed-cluster/until.ts';
import type { Suite } from '../suite.ts';
import type { Play } from '../tools-script/compare-with-apache.ts';
import { ZooKeeperCluster } from '../zookeeper-cluster/cluster.ts';
import { compareOnEnsembles } from '../zookeeper-cluster/compare-on-ensembles.ts';
import { onEnsembles, startEnsemble } from '../zookeeper-cluster/ensemble.ts';
import type { HistoricWrite } from '../zookeeper-cluster/history.ts';
import { Observer } from '../zookeeper-cluster/observer.ts';
import { describeSeen, observe } from '../zookeeper-znodes/observe.ts';
import { PHASES } from '../zookeeper-znodes/phases.ts';
import { createTopic } from '../zookeeper-znodes/requests.ts';
import { checkSeveralClusters } from '../zookeeper-znodes/several-clusters.ts';

const CHROOT = '/kafka/observed';
/** One phase waits for it; in the others a busy machine must not take followers for late. */
const LAG_MS = 8_000;

export const suite: Suite = {
  name: 'zookeeper-znodes',
  title: "kazoo sees the same znodes, JSON and watch events of our cluster as of Apache's own",
  needs: ['java', 'javac', 'mvn'],
  live: true,
  async run(context) {
    await compareOnEnsembles('zookeeper-znodes-3.9.2', PHASES.length, playOn, context);
    if (context.write) return;
    await onEnsembles(context, (ensemble, { check, scratch }) =>
      check('clusters of several chroots do not see each other', async () =>
        checkSeveralClusters(await context.java(), scratch, ensemble),
      ),
    );
  },
};

const playOn =
  (ensemble: Ensemble): Play =>
  async (make, context, onChapter) => {
    const java = await context.java();
    const root = join(context.scratch, make);
    await using zookeeper = await startEnsemble(ensemble, join(root, 'zookeeper'));
    {
      await using above = await Observer.start(cacheDirectory(), zookeeper.connect);
      await above.create(CHROOT, '', true);
    }
    await using observer = await Observer.start(cacheDirectory(), zookeeper.connect + CHROOT);
    await using cluster = await ZooKeeperCluster.prepare(java, {
      root,
      brokers: [make, make, make],
      connect: zookeeper.connect + CHROOT,
      sessionTimeoutMs: 24_000,
      properties: { 'auto.leader.rebalance.enable': false, 'replica.lag.time.max.ms': LAG_MS },
    });
    const seen = await observe(PHASES, cluster, observer);
    const history = await zookeeper.history(java);
    if (context.write) writeFixture([...history, ...(await recordOfOld(java, root))]);
    const substitutions = substitutionsFor(cluster);
    for (const part of seen) {
      await onChapter(part.phase.title, () => {
        if (part.fault !== undefined) throw part.fault;
        return Promise.resolve(describeSeen(part, history, CHROOT, substitutions));
      });
    }
  };

/** What `kafka-znodes` is tested with: everything that Apache's brokers wrote, as it was. */
const FIXTURE = join(import.meta.dirname, '../../../../packages/kafka-znodes/test/fixtures/writes.json');

function writeFixture(history: readonly HistoricWrite[]): void {
  const writes = history.flatMap(({ kind, path = '', data = null }) => {
    const within = path.startsWith(CHROOT) ? path.slice(CHROOT.length) : path;
    return (kind === 'create' || kind === 'set') && data !== null ? [{ path: within, data }] : [];
  });
  writeFileSync(FIXTURE, `${JSON.stringify(writes, null, 1)}\n`);
}

/** What leaders wrote by themselves before controllers did it for them (inter.broker.protocol.version below 2.7). */
async function recordOfOld(java: Java, root: string): Promise<readonly HistoricWrite[]> {
  await using zookeeper = await startEnsemble('apache', join(root, 'old-zookeeper'));
  await using observer = await Observer.start(cacheDirectory(), zookeeper.connect);
  await using cluster = await ZooKeeperCluster.prepare(java, {
    root: join(root, 'old'),
    brokers: ['apache', 'apache'],
    connect: zookeeper.connect,
    sessionTimeoutMs: 40_000,
    properties: { 'inter.broker.protocol.version': '2.6', 'replica.lag.time.max.ms': 4000 },
  });
  await observer.watch('/isr_change_notification');
  await cluster.start([1]);
  await cluster.start([2]);
  await cluster.untilBrokers([1, 2]);
  await createTopic(await cluster.administratorFor(), 'old', [[1, 2]]);
  await cluster.untilInSync('old');
  const [first] = cluster.bootstrap;
  const write = (acks: 1 | -1): Promise<unknown> => produceOne(first ?? '', 'old', 0, 'text', acks);
  await write(-1);
  cluster.node(2).pause();
  await write(1);
  await until('told of an ISR', async () => {
    const told = await observer.events();
    return told.some(([kind, path]) => kind === 'created' && path.startsWith('/isr_change_notification/'))
      ? true
      : undefined;
  });
  cluster.node(2).resume();
  return zookeeper.history(java);
}

/** Times, ids that were drawn, and where brokers are. */
function substitutionsFor(cluster: ZooKeeperCluster): Substitutions {
  return [
    ...cluster.brokers.map(({ plan: { id, client } }) => [String(client.split(':')[1]), `<port of ${id}>`] as const),
    [/"timestamp":"\d+"/g, '"timestamp":"<ms>"'],
    [/"(topic_id|id)":"[\w-]{22}"/g, '"$1":"<id>"'],
  ];
}
