import { deepStrictEqual } from 'node:assert';
import { cacheDirectory } from '../java/cache.ts';
import { KraftCluster } from '../kraft-cluster/cluster.ts';
import { administer } from '../mixed-cluster/administer.ts';
import { errorsOf } from '../mixed-cluster/errors.ts';
import { killUnderLoad, untilPreferred } from '../mixed-cluster/kill-under-load.ts';
import { Load } from '../mixed-cluster/load.ts';
import type { Make } from '../mixed-cluster/node.ts';
import type { Suite } from '../suite.ts';

/** Two of ours and one of Apache's, of controllers and of brokers. */
const MAKES: readonly Make[] = ['ours', 'ours', 'apache'];
const [OURS, APACHE] = [1, 3];
const APACHE_CONTROLLER = 103;
const TOPIC = 'both-ways';
const PARTITIONS = 3;
const place = { topic: TOPIC, partitions: PARTITIONS };

export const suite: Suite = {
  name: 'kraft-mixed',
  title: "one cluster of our nodes and Apache's: each side's controllers govern, and its brokers lead, in turn",
  needs: ['java', 'javac', 'mvn'],
  live: true,
  async run(context) {
    const { check, scratch } = context;
    await using cluster = await KraftCluster.prepare(await context.java(), {
      root: scratch,
      controllers: MAKES,
      brokers: MAKES,
      properties: {
        'broker.session.timeout.ms': 6000,
        'broker.heartbeat.interval.ms': 1000,
        'leader.imbalance.check.interval.seconds': 2,
        'metadata.log.max.record.bytes.between.snapshots': 4000,
      },
      // Who misses a leader first stands for election first: when ours is killed, Apache's has a head start.
      propertiesOf: {
        ours: { 'controller.quorum.fetch.timeout.ms': 6000 },
        apache: { 'controller.quorum.fetch.timeout.ms': 2000 },
      },
    });
    // Apache's controller comes later.
    await cluster.start([101, 102, 1, 2, 3]);
    await using load = await Load.start(context, cacheDirectory(), cluster.bootstrap);

    await check(
      "an Apache broker joins our quorum of controllers, and carries clients' administration to it",
      async () => {
        await cluster.untilBrokers([1, 2, 3]);
        await administer(cluster, APACHE, 'through-apache');
        await administer(cluster, OURS, 'through-ours');
      },
    );
    await check('records go through the leaders of both sides, with acks of all', async () => {
      await load.createTopic(TOPIC, PARTITIONS, 3);
      const partitions = await cluster.untilInSync(TOPIC);
      deepStrictEqual(partitions.map(({ leader }) => leader).sort(), [1, 2, 3]);
      await load.write(TOPIC, PARTITIONS, 50);
      return load.check(TOPIC, PARTITIONS);
    });
    await check("ours lead the quorum: Apache's broker is killed under load, then ours; nothing is lost", () =>
      killUnderLoad(cluster, load, place, [APACHE, OURS]),
    );
    await check("Apache's controller joins, and leads when ours is killed", async () => {
      await cluster.node(APACHE_CONTROLLER).start();
      // It may take more than one death: the other of ours stands for election too, a little later.
      for (let deaths = 0; deaths < 10; deaths++) {
        const active = await cluster.untilActive('known');
        if (active === APACHE_CONTROLLER) break;
        await cluster.node(active).kill();
        await cluster.untilActive('another', (id) => id !== active);
        await cluster.node(active).start();
      }
      deepStrictEqual(await cluster.untilActive('known'), APACHE_CONTROLLER);
    });
    await check("Apache's controller governs: administration through both sides", async () => {
      await administer(cluster, OURS, 'from-ours-to-apache');
      await administer(cluster, APACHE, 'from-apache-to-apache');
    });
    await check("Apache's leads the quorum: our broker is killed under load, then Apache's; nothing is lost", () =>
      killUnderLoad(cluster, load, place, [OURS, APACHE]),
    );
    await check("Apache's controller stops, and ours govern what it has written", async () => {
      await cluster.node(APACHE_CONTROLLER).stop();
      await cluster.untilActive('ours', (id) => id !== APACHE_CONTROLLER);
      await administer(cluster, APACHE, 'back-to-ours');
      await load.write(TOPIC, PARTITIONS, 20);
      return load.check(TOPIC, PARTITIONS);
    });
    await check('every broker stops in order, handing over what it leads', async () => {
      for (const id of [APACHE, OURS]) {
        await cluster.node(id).stop();
        await cluster.untilTopic('led by others', TOPIC, (partitions) =>
          partitions.every(({ leader, isr }) => leader > 0 && leader !== id && !isr.includes(id)),
        );
        await cluster.node(id).start();
        await untilPreferred(cluster, TOPIC);
      }
      return load.check(TOPIC, PARTITIONS);
    });
    await check('no node has logged an error that is not about a connection', () => {
      deepStrictEqual([...cluster.nodes.values()].flatMap(errorsOf), []);
    });
  },
};
