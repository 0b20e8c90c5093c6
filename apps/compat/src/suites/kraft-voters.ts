import { deepStrictEqual } from 'node:assert';
import { cacheDirectory } from '../java/cache.ts';
import { ToolServer } from '../java/tool-server.ts';
import { KraftCluster } from '../kraft-cluster/cluster.ts';
import { administer } from '../mixed-cluster/administer.ts';
import { errorsOf } from '../mixed-cluster/errors.ts';
import { Load } from '../mixed-cluster/load.ts';
import { until } from '../mixed-cluster/until.ts';
import type { Suite } from '../suite.ts';

/** The first voter is ours, the second comes from Apache. */
const [OURS, APACHE] = [101, 102];
const TOPIC = 'under-both';

export const suite: Suite = {
  name: 'kraft-voters',
  title: "a quorum goes from our controller to Apache's and back, voter by voter, under running brokers",
  needs: ['java', 'javac', 'mvn'],
  live: true,
  async run(context) {
    const { check, scratch } = context;
    const java = await context.java();
    await using cluster = await KraftCluster.prepare(java, {
      root: scratch,
      controllers: ['ours', 'apache'],
      brokers: ['ours'],
      dynamic: true,
      properties: { 'offsets.topic.replication.factor': 1, 'metadata.log.max.record.bytes.between.snapshots': 4000 },
    });
    await using tools = new ToolServer(java);
    await cluster.start([OURS, 1]);
    await using load = await Load.start(context, cacheDirectory(), cluster.bootstrap);
    /** Runs kafka-metadata-quorum against the leader; it has to succeed. */
    const quorum = async (leader: number, ...args: readonly string[]): Promise<void> => {
      const address = ['--bootstrap-controller', cluster.node(leader).plan.controller];
      const { status, stdout, stderr } = await tools.run('kafka-metadata-quorum', [...address, ...args]);
      if (status !== 0) throw new Error(`kafka-metadata-quorum ${args.join(' ')}: ${stdout}${stderr}`);
    };
    const join = async (leader: number, id: number): Promise<void> => {
      await until(
        `${id} has all that ${leader} has`,
        async () => ((await cluster.observers(leader)).some((it) => it.id === id && it.lag === 0) ? true : undefined),
        () => cluster.observers(leader),
      );
      await quorum(leader, '--command-config', cluster.node(id).propertiesFile, 'add-controller');
    };
    const leave = (leader: number, id: number): Promise<void> => {
      const { directoryId } = cluster.node(id);
      return quorum(leader, 'remove-controller', '--controller-id', `${id}`, '--controller-directory-id', directoryId);
    };
    const proceed = async (topic: string): Promise<string> => {
      await administer(cluster, 1, topic, 1);
      await load.write(TOPIC, 1, 20);
      return load.check(TOPIC, 1);
    };

    await check('our controller alone governs', async () => {
      await load.createTopic(TOPIC, 1, 1);
      await cluster.untilInSync(TOPIC);
      return proceed('alone');
    });
    await check("Apache's controller starts as an observer and becomes a voter", async () => {
      await cluster.node(APACHE).start();
      await join(OURS, APACHE);
      deepStrictEqual(await cluster.voters(OURS), [OURS, APACHE]);
      return proceed('of-two');
    });
    await check("ours leaves the quorum that it leads, and Apache's governs alone", async () => {
      await leave(OURS, OURS);
      await cluster.untilActive("Apache's", (id) => id === APACHE);
      deepStrictEqual(await cluster.voters(APACHE), [APACHE]);
      return proceed('apache-alone');
    });
    await check('ours comes back as a voter', async () => {
      await join(APACHE, OURS);
      deepStrictEqual(await cluster.voters(APACHE), [OURS, APACHE]);
      return proceed('of-two-again');
    });
    await check("Apache's leaves the quorum that it leads, and ours governs alone, restarted as well", async () => {
      await leave(APACHE, APACHE);
      await cluster.untilActive('ours', (id) => id === OURS);
      deepStrictEqual(await cluster.voters(OURS), [OURS]);
      await cluster.node(OURS).kill();
      await cluster.node(OURS).start();
      await cluster.untilActive('ours', (id) => id === OURS);
      return proceed('ours-alone');
    });
    await check('no node has logged an error that is not about a connection', () => {
      deepStrictEqual([...cluster.nodes.values()].flatMap(errorsOf), []);
    });
  },
};
