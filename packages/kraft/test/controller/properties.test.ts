import { MetadataLoader } from '@biquorum/kraft';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imageLines, whole } from '../image/support/record-lines.ts';
import { CLUSTER_ID, ControllerKit, incarnation } from './support/controller-kit.ts';

const BROKERS = [1, 2, 3, 4];
const broker = fc.constantFrom(...BROKERS);
const topic = fc.constantFrom('a', 'b', 'c');
const partition = fc.integer({ min: 0, max: 2 });
const nodes = fc.uniqueArray(broker, { minLength: 1, maxLength: 4 });

/** What happens to a cluster, one step at a time. */
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('create' as const),
      topic,
      assignment: fc.array(nodes, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), topic }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('isr' as const), topic, partition, isr: nodes }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('reassign' as const), topic, partition, target: fc.option(nodes) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fence' as const), broker }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('beat' as const), broker }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('shutdown' as const), broker }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restart' as const), broker }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 400_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('failover' as const), loses: fc.boolean() }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(kit: ControllerKit, move: Step, starts: Map<number, number>): Promise<void> {
  const has = (name: string, index: number) => kit.loader.image.view.topics.get(name)?.partition(index) !== undefined;
  switch (move.kind) {
    case 'create':
      await kit.assign(move.topic, move.assignment, { 'retention.ms': '1' });
      return;
    case 'delete': {
      const { deleteTopicsRequest, deleteTopicsResponse } = await import('@biquorum/kafka-wire/messages/delete-topics');
      await kit.call(deleteTopicsRequest, deleteTopicsResponse, { topicNames: [move.topic] }, 5);
      return;
    }
    case 'isr':
      if (has(move.topic, move.partition)) await kit.alterIsr(move.topic, move.partition, move.isr);
      return;
    case 'reassign':
      await kit.reassign(move.topic, move.partition, move.target);
      return;
    case 'fence':
      await kit.beat(move.broker, { wantFence: true });
      return;
    case 'beat':
      await kit.beat(move.broker);
      return;
    case 'shutdown':
      await kit.beat(move.broker, { wantShutDown: true });
      return;
    case 'restart': {
      const start = (starts.get(move.broker) ?? 0) + 1;
      await kit.beat(move.broker, { wantFence: true });
      if ((await kit.register(move.broker, { incarnationId: incarnation(move.broker, start) })) === 'NONE') {
        starts.set(move.broker, start);
      }
      return;
    }
    case 'pass':
      await kit.pass(move.ms);
      return;
    case 'failover':
      kit.journal.autoCommit = !move.loses;
      if (move.loses) {
        const lost = [kit.assign('lost', [[1]]), kit.beat(1, { wantFence: true })];
        kit.journal.resign();
        await Promise.all(lost);
        kit.journal.autoCommit = true;
      } else kit.journal.resign();
      kit.journal.lead();
      return;
  }
}

/** What must hold of each partition, whatever happens. */
function checkPartitions(kit: ControllerKit): void {
  const { view, brokers } = kit.loader.image;
  for (const one of view.topics.values()) {
    for (let index = 0; index < one.partitionCount; index++) {
      const { leader, isr, replicas, adding, removing } = kit.partition(one.name, index);
      expect(isr.length).toBeGreaterThan(0);
      expect(replicas).toEqual(expect.arrayContaining([...isr]));
      expect(new Set(replicas).size).toBe(replicas.length);
      if (leader !== -1) {
        expect(isr).toContain(leader);
        expect(brokers.get(leader)).toMatchObject({ fenced: false, shuttingDown: false });
      }
      expect(replicas).toEqual(expect.arrayContaining([...adding, ...removing]));
    }
  }
}

describe('whatever happens to a cluster', () => {
  test('a fresh replay, a snapshot and the leader agree; leaders are live and in sync; what was lost leaves no trace', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const kit = await ControllerKit.withBrokers(BROKERS);
        const starts = new Map<number, number>();
        const epochs = new Map<string, readonly number[]>();
        for (const move of steps) {
          await take(kit, move, starts);
          await kit.world.time.settle();
          checkPartitions(kit);
          for (const one of kit.loader.image.view.topics.values()) {
            const { leaderEpoch, partitionEpoch } = kit.partition(one.name, 0);
            const [before, beforeThat] = epochs.get(one.id) ?? [0, 0];
            expect(leaderEpoch).toBeGreaterThanOrEqual(before as number);
            expect(partitionEpoch).toBeGreaterThanOrEqual(beforeThat as number);
            epochs.set(one.id, [leaderEpoch, partitionEpoch]);
          }
        }
        const ours = imageLines(kit.loader.image);
        expect(imageLines(kit.controller.uncommittedImage ?? kit.loader.image)).toEqual(ours);

        const fresh = new MetadataLoader(CLUSTER_ID);
        for (const batch of kit.journal.batches) fresh.commit(batch);
        expect(imageLines(fresh.image)).toEqual(ours);
        expect(fresh.image.endOffset).toBe(kit.loader.image.endOffset);

        const restored = new MetadataLoader(CLUSTER_ID);
        const records = Array.from(kit.loader.snapshot(), whole);
        restored.restore({ id: { index: kit.loader.image.endOffset, epoch: 1 }, appendTimeMs: -1, records });
        expect(imageLines(restored.image)).toEqual(ours);
      }),
      { numRuns: 60 },
    );
  });
});
