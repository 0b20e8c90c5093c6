import type { IsrChange } from '@biquorum/control-plane';
import { AlterPartitions, type AlterPartitionsParts, Pauses } from '@biquorum/control-plane/channel';
import { errorCode, type Uuid } from '@biquorum/kafka-wire';
import {
  type AlterPartitionRequest,
  alterPartitionRequest,
  alterPartitionResponse,
} from '@biquorum/kafka-wire/messages/alter-partition';
import type { BrokerEpoch, LeaderEpoch, NodeId, PartitionEpoch, TopicId } from '@biquorum/metadata';
import { MemoryWorld } from '@biquorum/platform/testing';
import { describe, expect, it } from 'vitest';

const IDS = ['sc6qt_aFRIK88xj98n-UAA', 'RoXA7nE1dApJUI3Qfe-3QQ'] as const;

function changeOf(topic: number, partition: number): IsrChange {
  return {
    partition: { topic: `t${topic}`, topicId: IDS[topic] as TopicId, partition },
    leaderEpoch: 1 as LeaderEpoch,
    partitionEpoch: partition as PartitionEpoch,
    isr: [{ node: 1 as NodeId, brokerEpoch: 7 as BrokerEpoch }],
    recovering: false,
  };
}

/** Takes every proposal but those of partition 13; everything goes through its bytes in this version. */
function answering(version: number, requests: AlterPartitionRequest[]): AlterPartitionsParts['channel'] {
  return {
    ask: (call) => {
      const bytes = alterPartitionRequest.toBytes(call.body(version) as AlterPartitionRequest, version);
      const request = alterPartitionRequest.fromBytes(bytes, version);
      requests.push(request);
      const topics = request.topics.toReversed().map(({ topicName, topicId, partitions }) => ({
        topicName,
        topicId: topicId as Uuid,
        partitions: partitions
          .toReversed()
          .map(({ partitionIndex, partitionEpoch }) =>
            partitionIndex === 13
              ? { partitionIndex, errorCode: errorCode('INELIGIBLE_REPLICA') }
              : { partitionIndex, leaderId: 1, leaderEpoch: 1, isr: [1], partitionEpoch: partitionEpoch + 1 },
          ),
      }));
      const response = alterPartitionResponse.toBytes({ topics }, version);
      return Promise.resolve(call.response.fromBytes(response, version));
    },
  };
}

describe('the proposals of a leader', () => {
  it.each([1, 3])('are asked in requests of bounded size, and answered one by one (version %i)', async (version) => {
    const requests: AlterPartitionRequest[] = [];
    const { timers } = new MemoryWorld({ seed: 1 }).addHost('broker').ports;
    const isrs = new AlterPartitions({
      self: 1 as NodeId,
      channel: answering(version, requests),
      pauses: new Pauses(timers),
      brokerEpoch: () => 7,
    });
    const changes = Array.from({ length: 20_000 }, (_, index) => changeOf(index % 2, index >> 1));
    const outcomes = await isrs.propose(changes);
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.partitionEpoch : outcome.error))).toEqual(
      changes.map(({ partition: { partition } }) => (partition === 13 ? 'INELIGIBLE_REPLICA' : partition + 1)),
    );
    const sizes = requests.map(({ topics }) => topics.reduce((sum, { partitions }) => sum + partitions.length, 0));
    expect(Math.max(...sizes)).toBe(2_000);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(20_000);
  });

  it('keep their order for one partition: the next is asked once the one before is answered', async () => {
    const requests: AlterPartitionRequest[] = [];
    const { timers } = new MemoryWorld({ seed: 1 }).addHost('broker').ports;
    const isrs = new AlterPartitions({
      self: 1 as NodeId,
      channel: answering(3, requests),
      pauses: new Pauses(timers),
      brokerEpoch: () => 7,
    });
    await isrs.propose([changeOf(0, 1), changeOf(0, 1), changeOf(1, 1)]);
    expect(requests.map(({ topics }) => topics.flatMap(({ topicId }) => topicId))).toEqual([[...IDS], [IDS[0]]]);
  });
});
