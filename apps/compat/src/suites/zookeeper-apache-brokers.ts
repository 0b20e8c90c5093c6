import { deepStrictEqual, strictEqual } from 'node:assert';
import { join } from 'node:path';
import { ToolServer } from '../java/tool-server.ts';
import { administer } from '../mixed-cluster/administer.ts';
import { errorsOf } from '../mixed-cluster/errors.ts';
import { killUnderLoad, untilPreferred } from '../mixed-cluster/kill-under-load.ts';
import { until } from '../mixed-cluster/until.ts';
import type { Suite } from '../suite.ts';
import { isSaidByTool } from '../tools-script/zookeeper-chapters.ts';
import { OurEnsemble } from '../zookeeper-cluster/ensemble.ts';
import { startScene } from '../zookeeper-cluster/scene.ts';
import { sameEverywhere } from '../zookeeper-ensembles/same-everywhere.ts';

const BROKERS: readonly number[] = [1, 2, 3];
const TOPIC = 'on-our-ensemble';
const PARTITIONS = 3;
/** Of a broker that was killed they end; on a busy machine others may end, too. */
const SESSIONS = /[Ss]ession|ephemeral/;
const LOAD_RECORDS = 100;
const LOAD_MS = 2_000;

export const suite: Suite = {
  name: 'zookeeper-apache-brokers',
  title: 'brokers of Apache Kafka 3.9 and zookeeper-shell live on three ZooKeeper servers of ours',
  needs: ['java', 'javac', 'mvn'],
  live: true,
  async run(context) {
    const { check, scratch } = context;
    await using ensemble = await OurEnsemble.start(join(scratch, 'zookeeper'));
    const { servers } = ensemble;
    await using scene = await startScene(context, ensemble, {
      brokers: ['apache', 'apache', 'apache'],
      properties: { 'leader.imbalance.check.interval.seconds': 2, 'auto.create.topics.enable': false },
    });
    const { cluster, observer, load } = scene;
    await using tools = new ToolServer(await context.java());
    const shell = async (server: string, ...command: readonly string[]): Promise<string> => {
      const { stdout, stderr } = await tools.run('zookeeper-shell', ['-server', server, ...command]);
      const said = `${stdout}\n${stderr}`.split('\n').filter((line) => line !== '' && isSaidByTool(line));
      return said.join('\n');
    };
    /** Writes while something happens, and checks that nothing is lost. */
    const underLoad = async (body: () => Promise<void>): Promise<string> => {
      const writing = load.write(TOPIC, PARTITIONS, LOAD_RECORDS, LOAD_MS);
      writing.catch(() => {});
      await body();
      await writing;
      await untilPreferred(cluster, TOPIC);
      return load.check(TOPIC, PARTITIONS);
    };
    /** When brokers registered: the transactions, which are others once a session has ended. */
    const registrations = (): Promise<readonly (number | undefined)[]> =>
      Promise.all(BROKERS.map(async (id) => (await observer.get(`/brokers/ids/${id}`))?.created));

    await check('clients administer topics through each broker', async () => {
      for (const id of BROKERS) await administer(cluster, id, `told-to-${id}`);
    });
    await check(
      'zookeeper-shell sees the brokers through each server, and what is written through another',
      async () => {
        const [first, ...others] = servers.members.map(({ connect }) => connect);
        strictEqual(await shell(first ?? '', 'create', '/told-by-shell', 'hello'), 'Created /told-by-shell');
        for (const server of others) {
          await until('seen', async () =>
            (await shell(server, 'get', '/told-by-shell')) === 'hello' ? true : undefined,
          );
          strictEqual(await shell(server, 'ls', '/brokers/ids'), '[1, 2, 3]');
          strictEqual(await shell(server, 'get', '/controller'), (await observer.get('/controller'))?.data);
        }
      },
    );
    await check('records are acknowledged by all replicas', async () => {
      await load.createTopic(TOPIC, PARTITIONS, BROKERS.length);
      await cluster.untilInSync(TOPIC);
      return underLoad(async () => {});
    });
    await check('the broker that governs is killed under load, and comes back: nothing is lost', async () => {
      const governor = await cluster.untilController('known');
      return killUnderLoad(cluster, load, { topic: TOPIC, partitions: PARTITIONS }, [governor]);
    });
    await check('each server of the ensemble is killed under load, its leader first: nothing is lost', async () => {
      const before = await registrations();
      const leader = await servers.untilServing();
      const followers = servers.members.filter((member) => member !== leader);
      const note = await underLoad(async () => {
        for (const member of [leader, ...followers]) {
          await member.kill();
          await servers.untilServing();
          await administer(cluster, 1, `without-server-${member.id}`);
          await member.start();
          await servers.untilServing();
        }
      });
      const after = await registrations();
      const kept = after.filter((created, at) => created === before[at]);
      return `${note}, ${kept.length} of ${before.length} sessions went on`;
    });
    await check('the leader of the ensemble and the broker that governs are killed at once: nothing is lost', () =>
      underLoad(async () => {
        const [leader, governor] = [await servers.untilServing(), await cluster.untilController('known')];
        await Promise.all([leader.kill(), cluster.node(governor).kill()]);
        await cluster.untilController('alive', (id) => id !== governor);
        await leader.start();
        await cluster.restart(governor);
      }),
    );
    await check('all servers have the same tree, and foretold its digests', () => sameEverywhere(servers));
    await check('no broker has logged an error that is not about a connection or a session', () => {
      const errors = [...cluster.nodes.values()].flatMap(errorsOf);
      deepStrictEqual(
        errors.filter((line) => !SESSIONS.test(line)),
        [],
      );
    });
  },
};
