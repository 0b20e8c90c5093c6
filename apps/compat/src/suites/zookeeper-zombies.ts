import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { join } from 'node:path';
import { errorName, type Uuid } from '@biquorum/kafka-wire';
import { ApacheZooKeeper } from '../apache/zookeeper.ts';
import { cacheDirectory } from '../java/cache.ts';
import { Load } from '../mixed-cluster/load.ts';
import { produceOne } from '../mixed-cluster/produce-one.ts';
import { until } from '../mixed-cluster/until.ts';
import type { Suite } from '../suite.ts';
import { ZooKeeperCluster } from '../zookeeper-cluster/cluster.ts';
import { controllerOf, epochOf, govern } from '../zookeeper-cluster/govern.ts';
import { readHistory } from '../zookeeper-cluster/history.ts';
import { Observer } from '../zookeeper-cluster/observer.ts';
import { createTopic } from '../zookeeper-znodes/requests.ts';
import { HoldingProxy } from '../zookeeper-zombies/holding-proxy.ts';
import { askForChanges, electPreferred, PATIENCE_MS, proposeStale, pushStale } from '../zookeeper-zombies/late.ts';
import { checkHistory, LeadersSeen } from '../zookeeper-zombies/leaders-seen.ts';

const ALL: readonly number[] = [1, 2, 3];
const TOPIC = 'contested';
const ASSIGNMENT = [
  [1, 2, 3],
  [2, 3, 1],
  [3, 1, 2],
];
const PARTITIONS = ASSIGNMENT.length;
const LOAD_RECORDS = 100;
const LOAD_MS = 5_000;
const NOBODY_GOVERNS_HERE = ['NOT_CONTROLLER', 'NOT_CONTROLLER', 'NOT_CONTROLLER', 'NOT_CONTROLLER'];
const STALE_PUSHES = ['STALE_CONTROLLER_EPOCH', 'STALE_CONTROLLER_EPOCH', 'STALE_CONTROLLER_EPOCH'];

export const suite: Suite = {
  name: 'zookeeper-zombies',
  title: 'who stood still while it was succeeded governs and leads no more, in processes of their own',
  needs: ['java', 'javac', 'mvn'],
  live: true,
  async run(context) {
    const { check, scratch } = context;
    const java = await context.java();
    await using zookeeper = await ApacheZooKeeper.start(join(scratch, 'zookeeper'));
    // Broker 2 is told of the ensemble's world only when the test wants it.
    await using proxy = await HoldingProxy.start(zookeeper.connect);
    await using observer = await Observer.start(cacheDirectory(), zookeeper.connect);
    await using cluster = await ZooKeeperCluster.prepare(java, {
      root: scratch,
      brokers: ['ours', 'ours', 'ours'],
      connect: zookeeper.connect,
      connectOf: { 2: proxy.address },
      sessionTimeoutMs: 9000,
      properties: { 'auto.leader.rebalance.enable': false },
    });
    await cluster.start();
    await cluster.untilBrokers(ALL);
    await using load = await Load.start(context, cacheDirectory(), cluster.bootstrap);
    await createTopic(await cluster.administratorFor(), TOPIC, ASSIGNMENT, { 'min.insync.replicas': '2' });
    await cluster.untilInSync(TOPIC);
    await using seen = new LeadersSeen(cluster, TOPIC);
    const topicId = await topicIdOf(cluster);
    const address = (id: number): string => cluster.node(id).plan.client;

    /** What an earlier controller and an earlier leader say is refused by everybody, and changes nothing. */
    const refuseStale = async (controllerId: number, controllerEpoch: number): Promise<void> => {
      const before = await cluster.untilInSync(TOPIC);
      for (const id of ALL) {
        const push = { controllerId, controllerEpoch, topic: TOPIC, topicId, brokers: ALL };
        deepStrictEqual(await pushStale(address(id), push), STALE_PUSHES);
      }
      deepStrictEqual(await cluster.untilInSync(TOPIC), before);
    };
    const write = (): Promise<void> => load.write(TOPIC, PARTITIONS, LOAD_RECORDS, LOAD_MS);

    await check('a controller stands still past its session: awake, it changes nothing', async () => {
      await govern(cluster, observer, 1);
      const epoch = await epochOf(observer);
      const writing = write();
      writing.catch(() => {});
      cluster.node(1).pause();
      const late = askForChanges(address(1), TOPIC, 'made-by-a-zombie');
      late.catch(() => {});
      await observer.until('gone', '/brokers/ids/1', (znode) => znode === null);
      const next = await cluster.untilController('alive', (id) => id !== 1);
      await cluster.untilTopic('led by others', TOPIC, (states) =>
        states.every(({ leader, isr }) => leader > 1 && !isr.includes(1)),
      );
      await createTopic(address(next), 'made-meanwhile', [[2, 3]]);
      await writing;
      cluster.node(1).resume();
      deepStrictEqual(await late, NOBODY_GOVERNS_HERE);
      await observer.until('back', '/brokers/ids/1', (znode) => znode !== null);
      await cluster.untilInSync(TOPIC);
      deepStrictEqual(
        [await cluster.untilController('known'), await controllerOf(observer), await epochOf(observer)],
        [next, next, epoch + 1],
      );
      await refuseStale(1, epoch);
      strictEqual(await observer.get('/brokers/topics/made-by-a-zombie'), null);
      await cluster.untilInSync('made-meanwhile');
      return load.check(TOPIC, PARTITIONS);
    });
    await check(
      'a controller loses its office while it stands still in its session: awake, it changes nothing',
      async () => {
        await govern(cluster, observer, 2);
        const epoch = await epochOf(observer);
        const writing = write();
        writing.catch(() => {});
        cluster.node(2).pause();
        const late = askForChanges(address(2), TOPIC, 'made-by-a-zombie');
        late.catch(() => {});
        await observer.delete('/controller');
        const next = await cluster.untilController('another', (id) => id !== 2);
        cluster.node(2).resume();
        deepStrictEqual(await late, NOBODY_GOVERNS_HERE);
        await writing;
        await cluster.untilInSync(TOPIC);
        deepStrictEqual(
          [await cluster.untilController('known'), await controllerOf(observer), await epochOf(observer)],
          [next, next, epoch + 1],
        );
        await refuseStale(2, epoch);
        strictEqual(await observer.get('/brokers/topics/made-by-a-zombie'), null);
        return load.check(TOPIC, PARTITIONS);
      },
    );
    await check('a controller does not hear that it was succeeded: what it writes is refused', async () => {
      await govern(cluster, observer, 2);
      const [epoch, session] = [await epochOf(observer), (await observer.get('/controller'))?.owner];
      const partition = (await cluster.untilInSync(TOPIC)).findIndex(({ leader }) => leader !== 2);
      const { leader = -1, leaderEpoch = -1 } = (await cluster.untilInSync(TOPIC))[partition] ?? {};
      const path = `/brokers/topics/${TOPIC}/partitions/${partition}/state`;
      const before = await observer.get(path);
      const brokerEpoch = (await observer.get(`/brokers/ids/${leader}`))?.created ?? -1;
      const since = await observer.zxid();
      proxy.hold();
      await observer.delete('/controller');
      await observer.until('raised', '/controller_epoch', (znode) => Number(znode?.data) === epoch + 1);
      const proposal = { brokerId: leader, brokerEpoch, topicId, partition, leaderEpoch };
      const late = proposeStale(address(2), { ...proposal, partitionEpoch: before?.version ?? -1 }, PATIENCE_MS);
      late.catch(() => {});
      const refused = await until('refused by ZooKeeper', async () =>
        (await readHistory(java, zookeeper)).find(
          (write) => write.kind === 'refused' && write.session === session && write.zxid > since,
        ),
      );
      proxy.release();
      deepStrictEqual([refused.error, await late], ['BADVERSION', 'NOT_CONTROLLER']);
      deepStrictEqual(await askForChanges(address(2), TOPIC, 'made-by-a-zombie'), NOBODY_GOVERNS_HERE);
      await cluster.untilInSync(TOPIC);
      await refuseStale(2, epoch);
      strictEqual(await observer.get('/brokers/topics/made-by-a-zombie'), null);
      return load.check(TOPIC, PARTITIONS);
    });
    await check('a leader stands still past its session: awake, nobody follows it', async () => {
      await govern(cluster, observer, 1);
      const [, before] = await cluster.untilInSync(TOPIC);
      const zombie = before?.leader === 2 ? 2 : 3;
      const partition = (await cluster.untilInSync(TOPIC)).findIndex(({ leader }) => leader === zombie);
      ok(partition >= 0);
      const { leaderEpoch } = (await cluster.untilInSync(TOPIC))[partition] ?? { leaderEpoch: -1 };
      const incarnation = (await observer.get(`/brokers/ids/${zombie}`))?.created ?? -1;
      cluster.node(zombie).pause();
      const late = produceOne(address(zombie), TOPIC, partition, 'too late', -1, PATIENCE_MS);
      late.catch(() => {});
      await cluster.untilTopic('led by others', TOPIC, (states) =>
        states.every(({ leader, isr }) => leader > 0 && leader !== zombie && !isr.includes(zombie)),
      );
      await load.write(TOPIC, PARTITIONS, LOAD_RECORDS);
      cluster.node(zombie).resume();
      const { errorCode } = await late;
      ok(errorCode !== 0, 'a record that no follower has was acknowledged');
      const states = await cluster.untilInSync(TOPIC);
      const now = states[partition];
      ok(now !== undefined && now.leader !== zombie && now.leaderEpoch > leaderEpoch);
      const partitionEpoch =
        (await observer.get(`/brokers/topics/${TOPIC}/partitions/${partition}/state`))?.version ?? -1;
      const current = (await observer.get(`/brokers/ids/${zombie}`))?.created ?? -1;
      const stale = { brokerId: zombie, topicId, partition, leaderEpoch, partitionEpoch };
      deepStrictEqual(
        [
          await proposeStale(address(1), { ...stale, brokerEpoch: incarnation }),
          await proposeStale(address(1), { ...stale, brokerEpoch: current }),
        ],
        ['STALE_BROKER_EPOCH', 'FENCED_LEADER_EPOCH'],
      );
      deepStrictEqual(await cluster.untilInSync(TOPIC), states);
      return `${errorName(errorCode)}; ${await load.check(TOPIC, PARTITIONS)}`;
    });
    await check('a leader is succeeded while it stands still in its session: awake, nobody follows it', async () => {
      await govern(cluster, observer, 1);
      const before = await cluster.untilInSync(TOPIC);
      const partition = before.findIndex(({ leader, replicas }) => leader !== 1 && leader !== replicas[0]);
      const zombie = before[partition]?.leader ?? -1;
      const heir = before[partition]?.replicas[0] ?? -1;
      cluster.node(zombie).pause();
      const late = produceOne(address(zombie), TOPIC, partition, 'too late', -1, PATIENCE_MS);
      late.catch(() => {});
      strictEqual(await electPreferred(address(1), TOPIC, partition), 'NONE');
      await cluster.untilTopic('led by its heir', TOPIC, (states) => states[partition]?.leader === heir);
      cluster.node(zombie).resume();
      const { errorCode } = await late;
      ok(errorCode !== 0, 'a record that no follower has was acknowledged');
      await load.write(TOPIC, PARTITIONS, LOAD_RECORDS);
      await cluster.untilInSync(TOPIC);
      return `${errorName(errorCode)}; ${await load.check(TOPIC, PARTITIONS)}`;
    });
    await check('no partition ever had two leaders in an epoch: in its znode, and as brokers told', async () => {
      const reigns = checkHistory(await readHistory(java, zookeeper));
      for (const { by, partition, leaderEpoch, leader } of seen.told.filter((told) => told.leader > 0)) {
        const reign = reigns.get(`${TOPIC} ${partition} ${leaderEpoch}`);
        strictEqual(leader, reign, `${TOPIC}-${partition} in epoch ${leaderEpoch}, as broker ${by} told`);
      }
      return `${reigns.size} reigns, ${seen.told.length} different answers`;
    });
  },
};

async function topicIdOf(cluster: ZooKeeperCluster): Promise<Uuid> {
  const { topics } = await cluster.metadataOn(1, [TOPIC]);
  const id = topics[0]?.topicId;
  if (id === undefined) throw new Error(`${TOPIC} has no id`);
  return id;
}
