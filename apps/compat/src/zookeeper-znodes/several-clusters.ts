import { deepStrictEqual, notStrictEqual, strictEqual } from 'node:assert';
import { join } from 'node:path';
import type { Ensemble } from '../ensemble.ts';
import type { Java } from '../java/java.ts';
import type { Make } from '../mixed-cluster/node.ts';
import { ZooKeeperCluster } from '../zookeeper-cluster/cluster.ts';
import { startEnsemble } from '../zookeeper-cluster/ensemble.ts';
import { createTopic, deleteTopic } from './requests.ts';

const TOPIC = 'of-this-name';

/** Clusters of both makes, with the same numbers and names, on one ensemble: none sees or touches what is another's. */
export async function checkSeveralClusters(java: Java, root: string, ensemble: Ensemble): Promise<string> {
  await using zookeeper = await startEnsemble(ensemble, join(root, 'shared-zookeeper'));
  const prepare = (chroot: string, make: Make, count: number): Promise<ZooKeeperCluster> =>
    ZooKeeperCluster.prepare(java, {
      root: join(root, chroot.replaceAll('/', '-')),
      brokers: Array.from({ length: count }, () => make),
      connect: zookeeper.connect + chroot,
      sessionTimeoutMs: 18_000,
    });
  await using ours = await prepare('/clusters/ours', 'ours', 2);
  await using other = await prepare('/clusters/ours-too', 'ours', 1);
  await using apache = await prepare('/clusters/apache', 'apache', 1);
  const all = [ours, other, apache];
  await Promise.all(all.map((cluster) => cluster.start([1])));
  await ours.start([2]);
  for (const cluster of all) {
    await cluster.untilController('its first broker', (id) => id === 1);
    await cluster.untilBrokers([...cluster.nodes.keys()]);
    const { brokers } = await cluster.metadataOn(1);
    deepStrictEqual(brokers.map(({ host, port }) => `${host}:${port}`).toSorted(), cluster.bootstrap.toSorted());
  }
  const ids = await Promise.all(all.map(async (cluster) => (await cluster.metadataOn(1)).clusterId));
  strictEqual(new Set(ids).size, all.length, `ids of clusters: ${ids}`);

  await createTopic(await ours.administratorFor(), TOPIC, [[1], [2]]);
  await ours.untilInSync(TOPIC);
  for (const cluster of [other, apache]) deepStrictEqual(await cluster.topicOn(1, TOPIC), undefined);
  for (const cluster of [other, apache]) {
    await createTopic(await cluster.administratorFor(), TOPIC, [[1]]);
    await cluster.untilInSync(TOPIC);
  }
  await deleteTopic(await apache.administratorFor(), TOPIC);
  await apache.untilNoTopic(TOPIC);
  await apache.node(1).stop();
  strictEqual((await ours.untilInSync(TOPIC)).length, 2);
  strictEqual((await other.untilInSync(TOPIC)).length, 1);
  strictEqual(await ours.untilController('its first broker'), 1);

  const writers = new Map<string, Set<string>>();
  for (const { session, path } of await zookeeper.history(java)) {
    const [, chroot] = /^(\/clusters\/[^/]+)/.exec(path ?? '') ?? [];
    if (chroot === undefined) continue;
    writers.set(session, (writers.get(session) ?? new Set()).add(chroot));
  }
  notStrictEqual(writers.size, 0);
  deepStrictEqual(
    [...writers].filter(([, chroots]) => chroots.size !== 1),
    [],
  );
  return `${writers.size} sessions`;
}
