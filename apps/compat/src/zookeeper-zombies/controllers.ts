import { deepStrictEqual } from 'node:assert';
import { until } from '../mixed-cluster/until.ts';
import { epochOf, govern } from '../zookeeper-cluster/govern.ts';
import { createTopic } from '../zookeeper-znodes/requests.ts';
import { PATIENCE_MS, proposeStale } from './late.ts';
import { type Stage, TOPIC } from './stage.ts';

/** Broker 1 governs and stands still until its session is over; another governs meanwhile. */
export async function pastItsSession(stage: Stage): Promise<string> {
  const { cluster, observer } = stage;
  await govern(cluster, observer, 1);
  const epoch = await epochOf(observer);
  const writing = stage.writeForAWhile();
  const { next, checkRefused } = await stage.standStill(1, async () => {
    const refused = stage.askZombie(1);
    await observer.until('gone', '/brokers/ids/1', (znode) => znode === null);
    const elected = await cluster.untilController('alive', (id) => id !== 1);
    await cluster.untilTopic('led by others', TOPIC, (states) =>
      states.every(({ leader, isr }) => leader > 1 && !isr.includes(1)),
    );
    await createTopic(stage.address(elected), 'made-meanwhile', [[2, 3]]);
    await writing;
    return { next: elected, checkRefused: refused };
  });
  await checkRefused();
  await observer.until('back', '/brokers/ids/1', (znode) => znode !== null);
  await cluster.untilInSync(TOPIC);
  await stage.checkOneElection(epoch, next);
  await stage.checkPushesRefused(1, epoch);
  await cluster.untilInSync('made-meanwhile');
  return stage.checkRecords();
}

/** Broker 2 governs and stands still for a moment, in which its office is taken away. */
export async function withinItsSession(stage: Stage): Promise<string> {
  const { cluster, observer } = stage;
  await govern(cluster, observer, 2);
  const epoch = await epochOf(observer);
  const writing = stage.writeForAWhile();
  const { next, checkRefused } = await stage.standStill(2, async () => {
    const refused = stage.askZombie(2);
    await observer.delete('/controller');
    return { next: await cluster.untilController('another', (id) => id !== 2), checkRefused: refused };
  });
  await checkRefused();
  await writing;
  await cluster.untilInSync(TOPIC);
  await stage.checkOneElection(epoch, next);
  await stage.checkPushesRefused(2, epoch);
  return stage.checkRecords();
}

/** Broker 2 governs, and hears nothing of ZooKeeper while its office is taken away: it writes, and is refused. */
export async function withoutHearing(stage: Stage): Promise<string> {
  const { cluster, observer, proxy, topicId } = stage;
  await govern(cluster, observer, 2);
  const [epoch, session] = [await epochOf(observer), (await observer.get('/controller'))?.owner];
  const states = await cluster.untilInSync(TOPIC);
  const partition = states.findIndex(({ leader }) => leader !== 2);
  const { leader = -1, leaderEpoch = -1 } = states[partition] ?? {};
  const state = await observer.get(`/brokers/topics/${TOPIC}/partitions/${partition}/state`);
  const brokerEpoch = (await observer.get(`/brokers/ids/${leader}`))?.created ?? -1;
  const proposal = { brokerId: leader, brokerEpoch, topicId, partition, leaderEpoch };
  const since = await observer.zxid();
  proxy.hold();
  try {
    await observer.delete('/controller');
    await observer.until('raised', '/controller_epoch', (znode) => Number(znode?.data) === epoch + 1);
    const late = proposeStale(stage.address(2), { ...proposal, partitionEpoch: state?.version ?? -1 }, PATIENCE_MS);
    late.catch(() => {});
    const refused = await until('refused by ZooKeeper', async () =>
      (await stage.history()).find(
        (write) => write.kind === 'refused' && write.session === session && write.zxid > since,
      ),
    );
    proxy.release();
    deepStrictEqual([refused.error, await late], ['BADVERSION', 'NOT_CONTROLLER']);
  } finally {
    proxy.release();
  }
  await stage.askZombie(2)();
  await stage.checkPushesRefused(2, epoch);
  return stage.checkRecords();
}
