import assert from 'node:assert';
import { errorCode, uuid } from '@biquorum/kafka-wire';
import { addRaftVoterRequest, addRaftVoterResponse } from '@biquorum/kafka-wire/messages/add-raft-voter';
import { describeQuorumRequest, describeQuorumResponse } from '@biquorum/kafka-wire/messages/describe-quorum';
import { removeRaftVoterRequest, removeRaftVoterResponse } from '@biquorum/kafka-wire/messages/remove-raft-voter';
import { describe, it } from 'vitest';
import { nameOf, QuorumCluster } from './support/quorum-cluster.ts';
import { directoryId, LISTENER } from './support/quorum-host.ts';

async function add(cluster: QuorumCluster, id: number, host: string = nameOf(id)): Promise<number> {
  const body = addRaftVoterRequest.toBytes(
    {
      clusterId: null,
      timeoutMs: 5000,
      voterId: id,
      voterDirectoryId: uuid(directoryId(id)),
      listeners: [{ name: LISTENER, host, port: 9093 }],
    },
    0,
  );
  const { quorum } = cluster.node(await cluster.leader());
  return addRaftVoterResponse.fromBytes(await quorum.handle({ apiKey: 80, apiVersion: 0, body }), 0).errorCode;
}

async function remove(cluster: QuorumCluster, id: number, directory: string = directoryId(id)): Promise<number> {
  const body = removeRaftVoterRequest.toBytes({ clusterId: null, voterId: id, voterDirectoryId: uuid(directory) }, 0);
  const { quorum } = cluster.node(await cluster.leader());
  return removeRaftVoterResponse.fromBytes(await quorum.handle({ apiKey: 81, apiVersion: 0, body }), 0).errorCode;
}

describe('a dynamic quorum', () => {
  it('takes its voters from the checkpoint of its format, and writes them into its log', async () => {
    const cluster = new QuorumCluster({ seed: 1, voters: 3, observers: 1, dynamic: true });
    await cluster.world.run(async () => {
      await cluster.start();
      await cluster.write(5);
      await cluster.level();
      cluster.check();
      for (const id of cluster.ids) {
        const { voters, kraftVersion } = cluster.node(id).quorum.status();
        assert.deepEqual([id, voters, kraftVersion], [id, [1, 2, 3], 1]);
      }
      const first = await cluster.leader();
      cluster.powerOff(first);
      await cluster.write(5);
      await cluster.start(first);
      await cluster.level();
      cluster.check();
    });
  });

  it('grows from one voter to three, moves off the first, and survives the loss of another', async () => {
    const cluster = new QuorumCluster({ seed: 2, voters: 4, dynamic: true, firstVoters: [1] });
    await cluster.world.run(async () => {
      await cluster.start();
      await cluster.write(5);
      await cluster.level();
      assert.equal(await add(cluster, 2), 0);
      assert.equal(await add(cluster, 3), 0);
      assert.equal(await add(cluster, 3), errorCode('DUPLICATE_VOTER'));
      assert.deepEqual(cluster.node(1).quorum.status().voters, [1, 2, 3]);
      assert.equal(await remove(cluster, 4), errorCode('VOTER_NOT_FOUND'));
      assert.equal(await remove(cluster, 2, directoryId(3)), errorCode('VOTER_NOT_FOUND'), 'another disk');
      await cluster.write(3);
      // The leader itself: it leads until that is committed, and then makes way.
      assert.equal(await remove(cluster, 1), 0);
      await cluster.until(() => cluster.node(1).follower.leading === null);
      await cluster.write(3);
      assert.notEqual(await cluster.leader(), 1);
      // It has to have fetched from the new leader to be one who keeps up.
      await cluster.level();
      assert.equal(await add(cluster, 4), 0);
      cluster.powerOff(await cluster.leader());
      await cluster.write(3);
      await cluster.level();
      cluster.check();
    });
  });

  it('does not add who cannot be reached, or who lags behind', async () => {
    const cluster = new QuorumCluster({ seed: 3, voters: 3, dynamic: true, firstVoters: [1] });
    await cluster.world.run(async () => {
      await cluster.start(1, 2);
      await cluster.write(1);
      await cluster.level();
      assert.equal(await add(cluster, 2, 'nowhere'), errorCode('REQUEST_TIMED_OUT'));
      assert.equal(await add(cluster, 3, nameOf(2)), errorCode('REQUEST_TIMED_OUT'), 'never fetched');
      assert.equal(await add(cluster, 2), 0);
    });
  });

  it('learns where a voter is that has moved, and reaches it there', async () => {
    const cluster = new QuorumCluster({ seed: 6, voters: 3, dynamic: true });
    await cluster.world.run(async () => {
      await cluster.start();
      await cluster.write(1);
      const leader = await cluster.leader();
      const [moved = 0, other = 0] = cluster.voters.filter((id) => id !== leader);
      cluster.kill(moved);
      cluster.ports.set(moved, 9999);
      await cluster.start(moved);
      const body = describeQuorumRequest.toBytes(
        { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] },
        2,
      );
      let port = 0;
      while (port !== 9999) {
        await cluster.sleep(100);
        const bytes = await cluster.node(leader).quorum.handle({ apiKey: 55, apiVersion: 2, body });
        const { nodes } = describeQuorumResponse.fromBytes(bytes, 2);
        port = nodes.find(({ nodeId }) => nodeId === moved)?.listeners[0]?.port ?? 0;
      }
      await cluster.write(1);
      await cluster.level();
      // The two that are left need each other, and one must ask for the vote of the other at its new place.
      cluster.powerOff(leader);
      await cluster.write(3);
      cluster.powerOff(other);
      await cluster.start(other);
      await cluster.write(3);
      await cluster.level();
      cluster.check();
    });
  });

  it('keeps its voters in snapshots', async () => {
    const settings = { snapshotRecordBytes: 2000, segmentBytes: 4096, retentionBytes: 1 };
    const cluster = new QuorumCluster({ seed: 4, voters: 4, dynamic: true, firstVoters: [1], settings });
    await cluster.world.run(async () => {
      await cluster.start(1, 2, 3);
      await cluster.write(1);
      await cluster.level();
      assert.equal(await add(cluster, 2), 0);
      await cluster.write(80);
      await cluster.sleep(61_000);
      assert(cluster.node(1).quorum.status().logStartOffset > 10);
      // It knows the servers to ask, and nothing else.
      await cluster.start(4);
      await cluster.level();
      assert.equal(cluster.node(4).follower.restored.length, 1);
      assert.deepEqual(cluster.node(4).quorum.status().voters, [1, 2]);
      cluster.powerOff(4);
      await cluster.start(4);
      await cluster.level();
      assert.deepEqual(cluster.node(4).quorum.status().voters, [1, 2]);
      cluster.check();
    });
  });
});

describe('DescribeQuorum', () => {
  const body = describeQuorumRequest.toBytes(
    { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] },
    2,
  );

  it('tells on the leader how far every replica is and where voters are, and on others that they do not lead', async () => {
    const cluster = new QuorumCluster({ seed: 5, voters: 3, observers: 2, dynamic: true });
    await cluster.world.run(async () => {
      await cluster.start();
      await cluster.write(5);
      await cluster.level();
      await cluster.sleep(2000);
      const leader = await cluster.leader();
      for (const id of cluster.voters) {
        const { quorum } = cluster.node(id);
        const bytes = await quorum.handle({ apiKey: 55, apiVersion: 2, body });
        const { errorCode: error, topics, nodes } = describeQuorumResponse.fromBytes(bytes, 2);
        const partition = topics[0]?.partitions[0];
        assert.equal(error, 0);
        if (id !== leader) {
          assert.equal(partition?.errorCode, errorCode('NOT_LEADER_OR_FOLLOWER'));
          continue;
        }
        const { logEndOffset, epoch, highWatermark } = quorum.status();
        assert.deepEqual(
          [partition?.leaderId, partition?.leaderEpoch, partition?.highWatermark],
          [leader, epoch, highWatermark],
        );
        assert.deepEqual(
          partition?.currentVoters.map((voter) => [voter.replicaId, voter.replicaDirectoryId, voter.logEndOffset]),
          [1, 2, 3].map((voter) => [voter, directoryId(voter), logEndOffset]),
        );
        assert.deepEqual(
          partition?.observers.map(({ replicaId }) => replicaId),
          [100, 101],
        );
        const nowMs = cluster.world.host(nameOf(id)).ports.clock.wallMs();
        for (const { lastFetchTimestamp, lastCaughtUpTimestamp } of partition?.currentVoters ?? []) {
          assert(nowMs - lastFetchTimestamp < 1000 && nowMs - lastCaughtUpTimestamp < 1000);
        }
        assert.deepEqual(
          nodes.map(({ nodeId, listeners }) => [nodeId, listeners.map(({ name, host, port }) => [name, host, port])]),
          [1, 2, 3].map((voter) => [voter, [[LISTENER, nameOf(voter), 9093]]]),
        );
      }
    });
  });
});
