import { deepStrictEqual } from 'node:assert';
import { cacheDirectory } from '../java/cache.ts';
import { KraftCluster } from '../kraft-cluster/cluster.ts';
import { administer } from '../mixed-cluster/administer.ts';
import { errorsOf } from '../mixed-cluster/errors.ts';
import { killUnderLoad, untilPreferred } from '../mixed-cluster/kill-under-load.ts';
import { Load } from '../mixed-cluster/load.ts';
import type { Suite } from '../suite.ts';

const TOPIC = 'governed-by-apache';
const PARTITIONS = 3;
const place = { topic: TOPIC, partitions: PARTITIONS };

export const suite: Suite = {
  name: 'kraft-apache-quorum',
  title: "our brokers on a quorum of Apache's controllers",
  needs: ['java', 'javac', 'mvn'],
  live: true,
  async run(context) {
    const { check, scratch } = context;
    await using cluster = await KraftCluster.prepare(await context.java(), {
      root: scratch,
      controllers: ['apache', 'apache', 'apache'],
      brokers: ['ours', 'ours', 'ours'],
      properties: {
        'broker.session.timeout.ms': 6000,
        'broker.heartbeat.interval.ms': 1000,
        'leader.imbalance.check.interval.seconds': 2,
        'metadata.log.max.record.bytes.between.snapshots': 4000,
      },
    });
    await cluster.start();
    await using load = await Load.start(context, cacheDirectory(), cluster.bootstrap);

    await check('brokers register, are unfenced, and carry administration to the active controller', async () => {
      await cluster.untilBrokers([1, 2, 3]);
      for (const id of [1, 2, 3]) await administer(cluster, id, `through-${id}`);
    });
    await check('partitions are led, replicated and read', async () => {
      await load.createTopic(TOPIC, PARTITIONS, 3);
      await cluster.untilInSync(TOPIC);
      await load.write(TOPIC, PARTITIONS, 50);
      return load.check(TOPIC, PARTITIONS);
    });
    await check('a broker is killed under load, fenced, comes back and leads again; nothing is lost', () =>
      killUnderLoad(cluster, load, place, [1]),
    );
    await check('the active controller is killed under load: brokers find the next, and its changes', async () => {
      const active = await cluster.untilActive('known');
      const writing = load.write(TOPIC, PARTITIONS, 50, 1000);
      writing.catch(() => {});
      await cluster.node(active).kill();
      await writing;
      const next = await cluster.untilActive('another', (id) => id !== active);
      for (const id of [1, 2, 3]) await administer(cluster, id, `after-${id}`);
      await cluster.node(active).start();
      return `${active}, then ${next}; ${await load.check(TOPIC, PARTITIONS)}`;
    });
    await check('a broker stops in order, the controller moving its leaderships, and comes back', async () => {
      await cluster.node(2).stop();
      await cluster.untilTopic('led by others', TOPIC, (states) =>
        states.every(({ leader, isr }) => leader > 0 && leader !== 2 && !isr.includes(2)),
      );
      await load.write(TOPIC, PARTITIONS, 10);
      await cluster.node(2).start();
      await untilPreferred(cluster, TOPIC);
      return load.check(TOPIC, PARTITIONS);
    });
    await check('all of it stops, and starts again with what it had', async () => {
      const { brokers, controllers } = cluster;
      await Promise.all(brokers.map((node) => node.stop()));
      await Promise.all(controllers.map((node) => node.stop()));
      await cluster.start();
      await untilPreferred(cluster, TOPIC);
      return load.check(TOPIC, PARTITIONS);
    });
    await check('no node has logged an error that is not about a connection', () => {
      deepStrictEqual([...cluster.nodes.values()].flatMap(errorsOf), []);
    });
  },
};
