import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeId } from '@biquorum/metadata';
import { MemoryWorld } from '@biquorum/platform/testing';
import { placeReplicas } from '@biquorum/zookeeper-controller';
import { describe, expect, it } from 'vitest';

/** What `AdminUtils.assignReplicasToBrokers` of Kafka 3.9.2 makes of brokers 1, 3, 5, … with these racks. */
interface Recorded {
  readonly racks: readonly (string | null)[];
  readonly replicationFactor: number;
  readonly startIndex: number;
  readonly firstPartition: number;
  readonly replicas: readonly (readonly number[])[];
}

const recorded: readonly Recorded[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures', 'placements-by-kafka.json'), 'utf8'),
);

describe('replicas of a topic in ZooKeeper mode', () => {
  const { random } = new MemoryWorld({ seed: 1 }).addHost('chance').ports;

  for (const { racks, replicationFactor, startIndex, firstPartition, replicas } of recorded) {
    it(`are placed as by Kafka: ${replicationFactor} on ${racks.length} brokers in racks ${racks}, from ${startIndex}, partition ${firstPartition}`, () => {
      const brokers = racks.map((rack, index) => ({ id: (index * 2 + 1) as NodeId, rack }));
      const start = { startIndex, firstPartition };
      expect(placeReplicas(brokers, replicas.length, replicationFactor, random, start)).toEqual(replicas);
    });
  }

  it('begin at a random broker', () => {
    const brokers = [1, 2, 3].map((id) => ({ id: id as NodeId, rack: null }));
    const firsts = Array.from({ length: 50 }, () => placeReplicas(brokers, 1, 1, random)[0]?.[0]);
    expect(new Set(firsts)).toEqual(new Set([1, 2, 3]));
  });
});
