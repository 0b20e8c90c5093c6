import { errorName } from '@biquorum/kafka-wire';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import { LogManager } from '@biquorum/log';
import {
  emptyView,
  type LeaderEpoch,
  type NodeId,
  NodeLists,
  type PartitionEpoch,
  type PartitionState,
  type TopicId,
  ViewDraft,
} from '@biquorum/metadata';
import { MemoryWorld } from '@biquorum/platform/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { setStraysAside } from '../src/replicas/stray-logs.ts';
import { produce, readAll } from './support/data.ts';
import { withIncompleteViews } from './support/incomplete-views.ts';
import { type TestClient, TestCluster, type TestClusterOptions } from './support/test-cluster.ts';

let cluster: TestCluster | undefined;
afterEach(async () => {
  await cluster?.stop();
  cluster = undefined;
});

/** Two brokers with a record in `t`, of which broker 2 is away while the topic is deleted. */
async function deletedWhileAway(options: TestClusterOptions = {}) {
  const two = await new TestCluster(2, { 'default.replication.factor': '2' }, options).start();
  cluster = two;
  const client = two.client();
  await two.createTopic(client, 't', 1);
  await two.createTopic(client, 'kept', 1);
  for (const topic of ['t', 'kept']) {
    await two.untilIsr(topic, 0, 2);
    await two.run(produce(client, await two.untilLeader(topic), topic, ['old']));
  }
  two.kill(2);
  await two.untilLeader('t', 0, 2);
  await deleteTopic(two, client, 't');
  return { two, client };
}

async function deleteTopic(two: TestCluster, client: TestClient, topic: string): Promise<void> {
  const answer = await client.administer(deleteTopicsRequest, deleteTopicsResponse, 5, {
    topicNames: [topic],
    timeoutMs: 60_000,
  });
  expect(errorName(answer.responses[0]?.errorCode ?? -1)).toBe('NONE');
  await two.until(() => !two.broker(1).view.topics.has(topic));
}

/** Names of the directories of topic `t` on broker 2. */
async function directories(two: TestCluster): Promise<string[]> {
  const entries = await two.run(two.world.host('broker2').ports.disk.list('/logs'));
  return entries.map(({ name }) => name).filter((name) => name.startsWith('t-'));
}

describe('the log of a topic that was deleted while its broker was away', () => {
  test('is set aside at the start, and the others stay', async () => {
    const { two, client } = await deletedWhileAway();
    await two.restart(2);
    expect(await directories(two)).toEqual([expect.stringMatching(/^t-0\.[0-9a-f]{32}-stray$/)]);
    await two.untilIsr('kept', 0, 2);
    expect(two.replica('kept', 0, 2)?.log.endOffset).toBe(1);
    // A topic of the same name is another one.
    await two.createTopic(client, 't', 1);
    await two.untilIsr('t', 0, 2);
    const leader = await two.untilLeader('t');
    await two.run(produce(client, leader, 't', ['new']));
    expect(await two.run(readAll(client, leader, 't'))).toEqual(['new']);
    await two.until(() => two.replica('t', 0, 2)?.log.endOffset === 1);
    expect(await directories(two)).toEqual(['t-0', expect.stringMatching(/-stray$/)]);
  });

  test('is set aside although the topic exists anew under its name', async () => {
    const { two, client } = await deletedWhileAway();
    const assignments = [{ partitionIndex: 0, brokerIds: [1, 2] }];
    const topics = [{ name: 't', numPartitions: -1, replicationFactor: -1, assignments }];
    await client.administer(createTopicsRequest, createTopicsResponse, 7, { topics });
    await two.untilLeader('t');
    await two.run(produce(client, 1, 't', ['new'], { acks: 1 }));
    await two.restart(2);
    await two.untilIsr('t', 0, 2);
    expect((await directories(two)).filter((name) => name.endsWith('-stray'))).toHaveLength(1);
    expect(await two.run(readAll(client, await two.untilLeader('t'), 't'))).toEqual(['new']);
  });

  test('does not come back under its name', async () => {
    const { two, client } = await deletedWhileAway();
    await two.restart(2);
    expect(two.replica('t', 0, 2)).toBeUndefined();
    await two.createTopic(client, 't', 1);
    const next = await two.untilLeader('t');
    expect(await two.run(produce(client, next, 't', ['new']))).toEqual({ error: 'NONE', offset: 0 });
    expect(two.replica('t', 0, 2)?.log.endOffset).toBe(1);
  });

  test('stays where it is while the view does not say which topics there are', async () => {
    const { two } = await deletedWhileAway({ wrapPlane: withIncompleteViews });
    await two.restart(2);
    expect(two.broker(2).view.topics.has('t')).toBe(false);
    expect(await directories(two)).toEqual(['t-0']);
  });
});

describe('of the logs in a directory', () => {
  const SELF = 1 as NodeId;
  const HERE = 'AAAAAAAAAAAAAAAAAAAAAQ' as TopicId;
  const GONE = 'AAAAAAAAAAAAAAAAAAAAAg' as TopicId;

  test('those are strays without topic id, of unknown topics and partitions, and of replicas on other brokers', async () => {
    const world = new MemoryWorld({ seed: 1 });
    const { ports } = world.addHost('broker');
    await world.run(
      (async () => {
        await using logs = await LogManager.open({ ports, directories: ['/logs'] });
        await logs.create({ topic: 'here', partition: 0 }, { topicId: HERE });
        await logs.create({ topic: 'here', partition: 1 }, { topicId: HERE });
        await logs.create({ topic: 'here', partition: 2 }, { topicId: HERE });
        await logs.create({ topic: 'gone', partition: 0 }, { topicId: GONE });
        await logs.create({ topic: 'nameless', partition: 0 });
        const draft = new ViewDraft(emptyView('cluster'), new NodeLists());
        draft.createTopic('here', HERE);
        draft.setPartition('here', 0, partitionOn(SELF));
        draft.setPartition('here', 1, partitionOn(2 as NodeId));
        const { view: incomplete } = draft.finish();
        await setStraysAside(logs, incomplete, SELF, ports.telemetry);
        expect(logs.logCount).toBe(5);
        const complete = new ViewDraft(incomplete, new NodeLists());
        complete.setComplete();
        await setStraysAside(logs, complete.finish().view, SELF, ports.telemetry);
        expect([...logs.logs()].map(({ partition }) => partition)).toEqual([{ topic: 'here', partition: 0 }]);
        const names = (await ports.disk.list('/logs')).filter(({ kind }) => kind === 'directory').map((it) => it.name);
        expect(names.filter((name) => name.endsWith('-stray'))).toHaveLength(4);
      })(),
    );
  });

  function partitionOn(node: NodeId): PartitionState {
    const epochs = { leaderEpoch: 0 as LeaderEpoch, partitionEpoch: 0 as PartitionEpoch };
    const rest = { adding: [], removing: [], offline: null, recovering: false, directories: null };
    return { leader: node, ...epochs, replicas: [node], isr: [node], ...rest };
  }
});
