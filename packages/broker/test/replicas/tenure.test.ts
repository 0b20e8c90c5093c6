import type { ReplicaChange } from '@biquorum/control-plane';
import { afterEach, describe, expect, test } from 'vitest';
import { produce } from '../support/data.ts';
import { TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
afterEach(() => cluster.stop());

/** A record with acks=all at a leader of three whose followers are cut off, and the change that its broker is told next. */
async function pending(next: (change: ReplicaChange) => Partial<ReplicaChange>) {
  cluster = await new TestCluster(3).start();
  await cluster.createTopic(cluster.client(), 't', 1);
  const leader = await cluster.untilLeader('t');
  for (const other of cluster.followersOf(leader)) cluster.separate(leader, other);
  const sent = produce(cluster.client('producer'), leader, 't', ['pending'], { timeoutMs: 60_000 });
  const partition = cluster.replica('t', 0, leader);
  const { leadership } = partition ?? {};
  if (partition === undefined || leadership === undefined) throw new Error('nobody leads');
  await cluster.until(() => partition.log.endOffset === 1);
  const change: ReplicaChange = {
    topic: 't',
    topicId: partition.topicId,
    partition: 0,
    to: 'lead',
    isNew: false,
    leader: partition.leader,
    leaderEpoch: (partition.leaderEpoch + 1) as ReplicaChange['leaderEpoch'],
    partitionEpoch: (partition.partitionEpoch + 1) as ReplicaChange['partitionEpoch'],
    replicas: leadership.replicas,
    isr: [partition.leader],
    adding: [],
    removing: [],
    recovering: false,
    configs: new Map(),
    directory: null,
  };
  const manager = cluster.broker(leader).core?.replicas;
  if (manager === undefined) throw new Error('the leader has stopped');
  await cluster.run(manager.assign([{ ...change, ...next(change) }]));
  return cluster.run(sent);
}

// Source: Java `Partition.makeLeader`, which leaves delayed operations of a leader that goes on alone.
describe('what a leader has begun', () => {
  test('is finished under its next epoch', async () => {
    expect(await pending(() => ({}))).toEqual({ error: 'NONE', offset: 0 });
  });

  test('is refused when another broker leads next', async () => {
    const other = ({ replicas, leader }: ReplicaChange) => replicas.find((id) => id !== leader) ?? leader;
    expect((await pending((change) => ({ to: 'follow', leader: other(change) }))).error).toBe('NOT_LEADER_OR_FOLLOWER');
  });
});
