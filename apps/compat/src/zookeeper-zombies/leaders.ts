import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { errorName } from '@biquorum/kafka-wire';
import { type Produced, produceOne } from '../mixed-cluster/produce-one.ts';
import { govern } from '../zookeeper-cluster/govern.ts';
import { electPreferred, PATIENCE_MS, proposeStale } from './late.ts';
import { type Stage, TOPIC } from './stage.ts';

/** A leader stands still until its session is over, and others lead; a record for it waits in its sockets. */
export async function pastItsSession(stage: Stage): Promise<string> {
  const { cluster, observer, topicId } = stage;
  await govern(cluster, observer, 1);
  const before = await cluster.untilInSync(TOPIC);
  const partition = before.findIndex(({ leader }) => leader !== 1);
  const { leader: zombie = -1, leaderEpoch = -1 } = before[partition] ?? {};
  const incarnation = (await observer.get(`/brokers/ids/${zombie}`))?.created ?? -1;
  const { late } = await stage.standStill(zombie, async () => {
    const waiting = writeLate(stage, zombie, partition);
    await cluster.untilTopic('led by others', TOPIC, (states) =>
      states.every(({ leader, isr }) => leader > 0 && leader !== zombie && !isr.includes(zombie)),
    );
    await stage.write();
    return { late: waiting };
  });
  const error = await refusalOf(late);
  const states = await cluster.untilInSync(TOPIC);
  const { leader = -1, leaderEpoch: epochNow = -1 } = states[partition] ?? {};
  ok(leader !== zombie && epochNow > leaderEpoch);
  const state = await observer.get(`/brokers/topics/${TOPIC}/partitions/${partition}/state`);
  const current = (await observer.get(`/brokers/ids/${zombie}`))?.created ?? -1;
  const stale = { brokerId: zombie, topicId, partition, leaderEpoch, partitionEpoch: state?.version ?? -1 };
  deepStrictEqual(
    [
      await proposeStale(stage.address(1), { ...stale, brokerEpoch: incarnation }),
      await proposeStale(stage.address(1), { ...stale, brokerEpoch: current }),
    ],
    ['STALE_BROKER_EPOCH', 'FENCED_LEADER_EPOCH'],
  );
  deepStrictEqual(await cluster.untilInSync(TOPIC), states);
  return `${error}; ${await stage.checkRecords()}`;
}

/** A leader that is not the preferred one stands still for a moment, in which the preferred one is elected. */
export async function withinItsSession(stage: Stage): Promise<string> {
  const { cluster, observer } = stage;
  await govern(cluster, observer, 1);
  const before = await cluster.untilInSync(TOPIC);
  const partition = before.findIndex(({ leader, replicas }) => leader !== 1 && leader !== replicas[0]);
  ok(partition >= 0, 'a partition is led by another than the preferred');
  const { leader: zombie = -1, replicas: [heir = -1] = [] } = before[partition] ?? {};
  const { late } = await stage.standStill(zombie, async () => {
    const waiting = writeLate(stage, zombie, partition);
    strictEqual(await electPreferred(stage.address(1), TOPIC, partition), 'NONE');
    await cluster.untilTopic('led by its heir', TOPIC, (states) => states[partition]?.leader === heir);
    return { late: waiting };
  });
  const error = await refusalOf(late);
  await stage.write();
  await cluster.untilInSync(TOPIC);
  return `${error}; ${await stage.checkRecords()}`;
}

/** Sends a record that asks for the acknowledgement of all. */
function writeLate(stage: Stage, leader: number, partition: number): Promise<Produced> {
  const late = produceOne(stage.address(leader), TOPIC, partition, 'too late', -1, PATIENCE_MS);
  late.catch(() => {});
  return late;
}

async function refusalOf(late: Promise<Produced>): Promise<string> {
  const { errorCode } = await late;
  ok(errorCode !== 0, 'a record that no follower has was acknowledged');
  return errorName(errorCode);
}
