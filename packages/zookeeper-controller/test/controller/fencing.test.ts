import { describe, expect, it } from 'vitest';
import { GovernedCluster } from './support/governed-cluster.ts';
import { createTopic } from './support/requests.ts';

describe('a controller that has been succeeded', () => {
  for (const seed of [1, 2, 3]) {
    it(`changes nothing when it awakes, seed ${seed}`, () =>
      GovernedCluster.run(
        3,
        async (cluster) => {
          await createTopic(
            cluster,
            'guarded',
            Array.from({ length: 12 }, (_, index) => [(index % 3) + 1, ((index + 1) % 3) + 1, ((index + 2) % 3) + 1]),
          );
          const zombie = cluster.governor;
          const process = cluster.subject.processes.find(({ plane }) => plane === zombie.plane);
          const term = zombie.controller.term;
          if (process === undefined) throw new Error('the controller has no process');
          process.host.pause();
          process.gone = true;
          zombie.gone = true;
          cluster.subject.ensemble.expire(process.plane.session?.sessionId ?? 0n);
          await cluster.until(() => cluster.active !== undefined, 'a successor');
          await cluster.settle();
          const before = Array.from({ length: 12 }, (_, index) =>
            cluster.znode(`/brokers/topics/guarded/partitions/${index}/state`),
          );
          expect(term?.epoch).toBe(1);
          expect(cluster.governor.controller.activeEpoch).toBe(2);

          // It awakes in the middle of its term, with brokers to tell and states to write.
          const partitions = [...(term?.core.context.partitions() ?? [])];
          const batch = term?.core.newBatch();
          for (const partition of partitions) {
            if (partition.leadership === null) continue;
            batch?.leaderAndIsr([1, 2, 3] as never, partition, partition.leadership, partition.assignment, false);
          }
          batch?.send();
          const write = term?.core.partitions.online(partitions, { kind: 'offline', unclean: false });
          write?.catch(() => {});
          process.host.resume();
          await expect(write).rejects.toThrow(/session|epoch 1/);
          await cluster.until(() => zombie.controller.activeEpoch === undefined, 'resignation');
          process.gone = false;
          zombie.gone = false;
          await cluster.settle();

          const after = Array.from({ length: 12 }, (_, index) =>
            cluster.znode(`/brokers/topics/guarded/partitions/${index}/state`),
          );
          for (const [index, state] of after.entries()) {
            expect(state?.['controller_epoch']).toBe(2);
            expect(state?.['leader']).toBe(before[index]?.['leader']);
          }
          // In no leader epoch did two brokers lead.
          const leaders = new Map<string, number>();
          for (const { id, changes } of cluster.brokers) {
            for (const { topic, partition, leaderEpoch, to } of changes) {
              if (to !== 'lead') continue;
              const key = `${topic}-${partition} in ${leaderEpoch}`;
              expect(leaders.get(key) ?? id, key).toBe(id);
              leaders.set(key, id);
            }
          }
        },
        seed,
      ));
  }

  it('is refused by ZooKeeper when only its epoch is old', () =>
    GovernedCluster.run(2, async (cluster) => {
      await createTopic(cluster, 'guarded', [[1, 2]]);
      const { governor } = cluster;
      const term = governor.controller.term;
      const outside = await cluster.observer();
      // Somebody else counts the epoch up, without the znode of the office being touched.
      await outside.setData('/controller_epoch', new TextEncoder().encode('9'));
      const [partition] = [...(term?.core.context.partitions() ?? [])];
      const online = term?.core.partitions.online(partition === undefined ? [] : [partition], { kind: 'preferred' });
      await expect(online).rejects.toThrow(/controller of epoch 1/);
      expect(await createTopic(cluster, 'refused', [[1, 2]]).catch(() => -1)).not.toBe(0);
      expect(cluster.hasZnode('/brokers/topics/refused')).toBe(false);
      await outside.close();
    }));
});
