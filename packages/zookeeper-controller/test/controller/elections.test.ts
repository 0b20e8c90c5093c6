import {
  controlledShutdownRequest,
  controlledShutdownResponse,
} from '@biquorum/kafka-wire/messages/controlled-shutdown';
import { electLeadersRequest, electLeadersResponse } from '@biquorum/kafka-wire/messages/elect-leaders';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import { describe, expect, it } from 'vitest';
import { GovernedCluster } from './support/governed-cluster.ts';
import { createTopic } from './support/requests.ts';

const PREFERRED_LEADER_NOT_AVAILABLE = 80;
const ELECTION_NOT_NEEDED = 84;
const UNKNOWN_TOPIC_OR_PARTITION = 3;
const NOT_CONTROLLER = 41;
const STALE_BROKER_EPOCH = 77;

async function elect(
  cluster: GovernedCluster,
  electionType: number,
  topics: Record<string, number[]> | null,
): Promise<unknown> {
  const answer = await cluster.ask(cluster.governor, electLeadersRequest, electLeadersResponse, {
    electionType,
    topicPartitions:
      topics === null ? null : Object.entries(topics).map(([topic, partitions]) => ({ topic, partitions })),
    timeoutMs: 10_000,
  });
  await cluster.settle();
  return answer.replicaElectionResults.map(({ topic, partitionResult }) => [
    topic,
    ...partitionResult.map(({ partitionId, errorCode }) => [partitionId, errorCode]),
  ]);
}

describe('leaders', () => {
  it('go back to their preferred replica when a client asks, and where it can', () =>
    GovernedCluster.run(3, async (cluster) => {
      await createTopic(cluster, 'back', [
        [3, 1, 2],
        [1, 2, 3],
      ]);
      cluster.kill(cluster.broker(3));
      await cluster.settle();
      expect(cluster.partition('back', 0).leader).toBe(1);
      expect(await elect(cluster, 0, { back: [0, 1, 7] })).toEqual([
        ['back', [0, PREFERRED_LEADER_NOT_AVAILABLE], [1, ELECTION_NOT_NEEDED], [7, UNKNOWN_TOPIC_OR_PARTITION]],
      ]);
      await cluster.join(3);
      await cluster.settle();
      const { plane } = cluster.broker(1);
      const { leaderEpoch, partitionEpoch } = cluster.partition('back', 0);
      const topicId = cluster.broker(1).view?.topics.get('back')?.id as never;
      const isr = [1, 2, 3].map((node) => ({ node: node as never, brokerEpoch: -1 }));
      await plane.alterPartitions([
        { partition: { topic: 'back', topicId, partition: 0 }, leaderEpoch, partitionEpoch, isr, recovering: false },
      ]);
      expect(await elect(cluster, 0, null)).toEqual([['back', [0, 0]]]);
      expect(cluster.partition('back', 0).leader).toBe(3);
      expect(cluster.partition('back', 0).leaderEpoch).toBe(leaderEpoch + 1);
    }));

  it('go back by themselves when a broker lacks more than a tenth of its own', () =>
    GovernedCluster.run(2, async (cluster) => {
      await createTopic(cluster, 'own', [
        [2, 1],
        [2, 1],
        [1, 2],
      ]);
      const two = cluster.broker(2);
      await cluster.close(two);
      await cluster.settle();
      expect(cluster.partition('own', 0).leader).toBe(1);
      await cluster.join(2);
      await cluster.settle();
      const topicId = cluster.broker(1).view?.topics.get('own')?.id as never;
      const isr = [1, 2].map((node) => ({ node: node as never, brokerEpoch: -1 }));
      for (const partition of [0, 1]) {
        const { leaderEpoch, partitionEpoch } = cluster.partition('own', partition);
        const change = { leaderEpoch, partitionEpoch, isr, recovering: false };
        await cluster.broker(1).plane.alterPartitions([{ partition: { topic: 'own', topicId, partition }, ...change }]);
      }
      await cluster.until(() => cluster.partition('own', 0).leader === 2, 'balance', 400_000);
      await cluster.settle();
      expect([0, 1, 2].map((index) => cluster.partition('own', index).leader)).toEqual([2, 2, 1]);
    }));

  it('are unclean only where the topic allows it, also when it allows it later', () =>
    GovernedCluster.run(3, async (cluster) => {
      await createTopic(cluster, 'lossy', [[3, 2]], { 'unclean.leader.election.enable': 'true' });
      await createTopic(cluster, 'safe', [[3, 2]]);
      // Broker 2 falls out of the ISR, then broker 3 dies.
      cluster.kill(cluster.broker(2));
      await cluster.settle();
      await cluster.join(2);
      await cluster.settle();
      cluster.kill(cluster.broker(3));
      await cluster.settle();
      const state = (topic: string): Record<string, unknown> | undefined =>
        cluster.znode(`/brokers/topics/${topic}/partitions/0/state`);
      expect(state('lossy')).toMatchObject({ leader: 2, isr: [2], leader_recovery_state: 1 });
      expect(state('safe')).toMatchObject({ leader: -1, isr: [3] });
      await cluster.ask(cluster.broker(2), incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, {
        resources: [
          {
            resourceType: 2,
            resourceName: 'safe',
            configs: [{ name: 'unclean.leader.election.enable', configOperation: 0, value: 'true' }],
          },
        ],
      });
      await cluster.until(() => state('safe')?.['leader'] === 2, 'an unclean leader');
      expect(state('safe')).toMatchObject({ isr: [2], leader_recovery_state: 1 });
    }));

  it('leave a broker that is about to stop; who asks another broker, or with an old epoch, is refused', () =>
    GovernedCluster.run(3, async (cluster) => {
      await createTopic(cluster, 'moved', [
        [3, 1],
        [2, 3],
      ]);
      await createTopic(cluster, 'alone', [[3]]);
      const brokerEpoch = cluster.broker(3).plane.brokerEpoch();
      const ask = (id: number, epoch: number): Promise<unknown> =>
        cluster.ask(cluster.broker(id), controlledShutdownRequest, controlledShutdownResponse, {
          brokerId: 3,
          brokerEpoch: epoch,
        });
      const other = cluster.live.find((broker) => broker !== cluster.governor)?.id ?? 0;
      expect(await ask(other, brokerEpoch)).toMatchObject({
        errorCode: expect.toSatisfy((code) => [11, NOT_CONTROLLER].includes(code)),
      });
      expect(await ask(cluster.governor.id, brokerEpoch - 1)).toMatchObject({ errorCode: STALE_BROKER_EPOCH });
      expect(await ask(cluster.governor.id, brokerEpoch)).toMatchObject({ errorCode: 0, remainingPartitions: [] });
      await cluster.settle();
      const state = (index: number, topic = 'moved'): unknown =>
        cluster.znode(`/brokers/topics/${topic}/partitions/${index}/state`);
      expect(state(0)).toMatchObject({ leader: 1, isr: [1], leader_epoch: 1 });
      expect(state(1)).toMatchObject({ leader: 2, isr: [2], leader_epoch: 1 });
      // What nobody else has stays.
      expect(state(0, 'alone')).toMatchObject({ leader: 3, isr: [3], leader_epoch: 0 });
      const held = [...cluster.broker(3).replicas].map(([key, { to, leader }]) => [key, to, leader]);
      expect(held).toEqual([
        ['moved-0', 'follow', 1],
        ['alone-0', 'lead', 3],
      ]);
    }));
});

describe('a broker whose id is taken', () => {
  it('goes at once, and takes nothing from the broker that has the id', () =>
    GovernedCluster.run(3, async (cluster) => {
      await createTopic(cluster, 'kept', [[2, 1, 3]]);
      const before = cluster.znode('/brokers/topics/kept/partitions/0/state');
      const holder = cluster.broker(2);
      await expect(cluster.join(2)).rejects.toMatchObject({ fault: { code: 'id-taken' } });
      const second = cluster.brokers.at(-1);
      if (second === undefined || second === holder) throw new Error('there is no second broker 2');
      second.gone = true;
      const { clock } = second.process.ports;
      const startMs = clock.monotonicMs();
      expect(await second.plane.withdraw(startMs + 30_000)).toEqual([]);
      expect(clock.monotonicMs() - startMs).toBeLessThan(100);
      await second.plane.close();
      await cluster.settle();
      expect(cluster.znode('/brokers/topics/kept/partitions/0/state')).toEqual(before);
    }));
});
