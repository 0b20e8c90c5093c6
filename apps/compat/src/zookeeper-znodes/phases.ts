import { produceOne } from '../mixed-cluster/produce-one.ts';
import { until } from '../mixed-cluster/until.ts';
import type { ZooKeeperCluster } from '../zookeeper-cluster/cluster.ts';
import { controllerOf, govern } from '../zookeeper-cluster/govern.ts';
import type { Observer } from '../zookeeper-cluster/observer.ts';
import { addPartitions, createTopic, deleteTopic, initProducerId, reassign, setConfig, setQuota } from './requests.ts';

/** What happens, and what of the znodes has to be seen before the next thing happens. */
export interface Phase {
  readonly title: string;
  /** Whether events of different znodes come in one order, whoever writes them. */
  readonly ordered?: boolean;
  /** Whether any broker may be elected. */
  readonly drawn?: boolean;
  /** Whether all znodes are looked at in the end. */
  readonly tree?: boolean;
  /** What has to be so before, and is not looked at. */
  readonly prepare?: (cluster: ZooKeeperCluster, observer: Observer) => Promise<void>;
  play(cluster: ZooKeeperCluster, observer: Observer): Promise<void>;
}

const TOPIC = 'watched';
const state = (partition: number, topic = TOPIC): string => `/brokers/topics/${topic}/partitions/${partition}/state`;

/** The order is the one of the story; each begins where the last one ended. */
export const PHASES: readonly Phase[] = [
  {
    title: 'the first broker registers, and is elected',
    ordered: true,
    async play(cluster) {
      await cluster.start([1]);
      await cluster.untilController('the first', (id) => id === 1);
    },
  },
  {
    title: 'a second broker registers',
    ordered: true,
    async play(cluster) {
      await cluster.start([2]);
      await cluster.untilBrokers([1, 2]);
    },
  },
  {
    title: 'a third broker registers',
    ordered: true,
    async play(cluster) {
      await cluster.start([3]);
      await cluster.untilBrokers([1, 2, 3]);
    },
  },
  {
    title: 'a topic is created',
    ordered: true,
    async play(cluster) {
      const assignment = [
        [1, 2],
        [2, 3],
        [1, 3],
      ];
      await createTopic(await cluster.administratorFor(), TOPIC, assignment, { 'retention.ms': '3600000' });
      await cluster.untilInSync(TOPIC);
    },
  },
  {
    title: 'a topic grows',
    ordered: true,
    async play(cluster) {
      await addPartitions(await cluster.administratorFor(), TOPIC, 4, [[2, 1]]);
      await cluster.untilTopic('grown', TOPIC, (partitions) => partitions.length === 4);
      await cluster.untilInSync(TOPIC);
    },
  },
  {
    title: 'settings and quotas are set at different brokers',
    ordered: true,
    async play(cluster) {
      const [first, second, third] = cluster.bootstrap;
      if (first === undefined || second === undefined || third === undefined) throw new Error('three brokers');
      await setConfig(first, 2, TOPIC, 'max.message.bytes', '200000');
      await setConfig(second, 2, TOPIC, 'cleanup.policy', 'compact,delete');
      await setConfig(third, 4, '', 'background.threads', '5');
      await setConfig(second, 4, '2', 'background.threads', '6');
      await setQuota(third, { user: 'alice' }, 'producer_byte_rate', 1000);
      await setQuota(first, { user: 'alice', 'client-id': 'a b*c' }, 'consumer_byte_rate', 2000);
      await setQuota(second, { user: null }, 'request_percentage', 50.5);
      await setQuota(second, { 'client-id': 'reader' }, 'consumer_byte_rate', 3000);
      await setQuota(third, { ip: '127.0.0.1' }, 'connection_creation_rate', 10);
      await cluster.untilTopicSetting(TOPIC, 'cleanup.policy', 'compact,delete');
      await cluster.untilSetting([1, 3], 'background.threads', '5');
      await cluster.untilSetting([2], 'background.threads', '6');
    },
    tree: true,
  },
  {
    title: 'a broker takes a block of producer ids, and another one the next',
    ordered: true,
    async play({ bootstrap }) {
      for (const broker of bootstrap.slice(0, 2))
        await until('a producer id', async () => ((await initProducerId(broker)) === undefined ? undefined : true));
    },
  },
  {
    title: 'a follower stands still and leaves the ISRs, and comes back',
    // A follower that has everything is in sync, however long it is silent.
    prepare: (cluster) => writeTo(cluster, [1, 2], -1),
    async play(cluster, observer) {
      cluster.node(3).pause();
      try {
        await writeTo(cluster, [1, 2], 1);
        for (const partition of [1, 2]) await untilIsr(observer, partition, (isr) => !isr.includes(3));
      } finally {
        cluster.node(3).resume();
      }
      await cluster.untilInSync(TOPIC);
    },
  },
  {
    title: 'a partition is reassigned to another broker',
    ordered: true,
    async play(cluster, observer) {
      await reassign(await cluster.administratorFor(), TOPIC, 3, [3, 1]);
      await untilAssigned(observer, 3, [3, 1]);
      await cluster.untilTopic(
        'moved',
        TOPIC,
        (states) => `${states[3]?.replicas}` === '3,1' && states[3]?.leader === 3,
      );
    },
  },
  {
    title: 'replicas are added to a partition by a znode, as controllers were told of old',
    ordered: true,
    async play(cluster, observer) {
      const partitions = [{ topic: TOPIC, partition: 3, replicas: [1, 2, 3] }];
      await observer.create('/admin/reassign_partitions', JSON.stringify({ version: 1, partitions }));
      await observer.until('done', '/admin/reassign_partitions', (znode) => znode === null);
      await untilAssigned(observer, 3, [1, 2, 3]);
      await cluster.untilInSync(TOPIC);
    },
  },
  {
    title: 'a preferred leader is elected by a znode',
    ordered: true,
    async play(cluster, observer) {
      const partitions = [{ topic: TOPIC, partition: 3 }];
      await observer.create('/admin/preferred_replica_election', JSON.stringify({ version: 1, partitions }));
      await observer.until('done', '/admin/preferred_replica_election', (znode) => znode === null);
      await cluster.untilTopic('led by 1', TOPIC, (states) => states[3]?.leader === 1);
    },
  },
  {
    title: '/controller is deleted by another client: there is one election',
    drawn: true,
    ordered: true,
    async play(cluster, observer) {
      const epoch = Number((await observer.get('/controller_epoch'))?.data);
      await observer.delete('/controller');
      await observer.until('raised', '/controller_epoch', (znode) => Number(znode?.data) === epoch + 1);
      const elected = await controllerOf(observer);
      await cluster.untilController('the one that is elected', (id) => id === elected);
    },
  },
  {
    title: 'a topic is deleted',
    prepare: async (cluster, observer) => {
      await govern(cluster, observer, 1);
      await createTopic(await cluster.administratorFor(), 'doomed', [[1, 2]]);
      await cluster.untilInSync('doomed');
    },
    ordered: true,
    async play(cluster, observer) {
      await deleteTopic(await cluster.administratorFor(), 'doomed');
      await observer.until('done', '/admin/delete_topics/doomed', (znode) => znode === null);
      await cluster.untilNoTopic('doomed');
    },
  },
  {
    title: 'a broker stops in order',
    async play(cluster) {
      await cluster.node(2).stop();
      await cluster.untilBrokers([1, 3]);
      await untilWithout(cluster, 2);
    },
  },
  {
    title: 'it comes back',
    async play(cluster) {
      await cluster.restart(2);
      await cluster.untilInSync(TOPIC);
    },
  },
  {
    title: 'the controller is killed, and its session ends',
    drawn: true,
    async play(cluster, observer) {
      await cluster.node(1).kill();
      await observer.until('gone', '/brokers/ids/1', (znode) => znode === null);
      await cluster.untilController('alive', (id) => id !== 1);
      await cluster.untilBrokers([2, 3]);
      await untilWithout(cluster, 1);
    },
  },
  {
    title: 'it comes back, a broker like others',
    drawn: true,
    tree: true,
    async play(cluster) {
      await cluster.restart(1);
      await cluster.untilInSync(TOPIC);
    },
  },
];

/** Writes a record to the leader of each of these partitions. */
async function writeTo(cluster: ZooKeeperCluster, partitions: readonly number[], acks: 1 | -1): Promise<void> {
  const states = await cluster.topicOn(1, TOPIC);
  for (const partition of partitions) {
    const { client } = cluster.node(states?.[partition]?.leader ?? -1).plan;
    await until('written', async () => {
      const { errorCode } = await produceOne(client, TOPIC, partition, `${partition}`, acks);
      return errorCode === 0 ? true : undefined;
    });
  }
}

async function untilIsr(
  observer: Observer,
  partition: number,
  accept: (isr: readonly number[]) => boolean,
): Promise<void> {
  await observer.until(
    'as wanted',
    state(partition),
    (znode) => znode?.data != null && accept(JSON.parse(znode.data).isr),
  );
}

/** Waits until a partition has just these replicas, and none is added or removed. */
async function untilAssigned(observer: Observer, partition: number, replicas: readonly number[]): Promise<void> {
  await observer.until('assigned', `/brokers/topics/${TOPIC}`, (znode) => {
    const { partitions, adding_replicas, removing_replicas } = JSON.parse(znode?.data ?? '{}');
    const moving = { ...adding_replicas, ...removing_replicas };
    return `${partitions?.[partition]}` === `${replicas}` && Object.keys(moving).length === 0;
  });
}

async function untilWithout(cluster: ZooKeeperCluster, id: number): Promise<void> {
  await cluster.untilTopic(`without ${id}`, TOPIC, (states) =>
    states.every(({ leader, isr }) => leader > 0 && leader !== id && !isr.includes(id)),
  );
}
