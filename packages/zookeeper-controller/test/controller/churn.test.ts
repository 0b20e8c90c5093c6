import type { Random } from '@biquorum/platform';
import { describe, expect, it } from 'vitest';
import { type GovernedBroker, GovernedCluster } from './support/governed-cluster.ts';
import { createTopic, reassign } from './support/requests.ts';

const STEPS = 25;

/** Brokers that come and go, sessions that end, offices that are taken away, topics that come, move and go. */
async function churn(cluster: GovernedCluster, random: Random): Promise<void> {
  const outside = await cluster.observer();
  const below = (limit: number): number => random.uint32() % limit;
  const away: number[] = [];
  const topics: string[] = [];
  for (let step = 0; step < STEPS; step++) {
    const { live } = cluster;
    const chosen = live[below(live.length)] as GovernedBroker;
    switch (below(7)) {
      case 0:
        if (live.length < 3) break;
        away.push(chosen.id);
        cluster.kill(chosen);
        break;
      case 1: {
        const id = away.shift();
        if (id !== undefined) await cluster.join(id);
        break;
      }
      case 2:
        chosen.process.expire();
        break;
      case 3:
        await outside.delete('/controller').catch(() => {});
        break;
      case 4: {
        const name = `topic-${step}`;
        const ids = live.map(({ id }) => id as number);
        const rows = Array.from({ length: 4 }, (_, index) => [
          ...ids.slice(index % ids.length),
          ...ids.slice(0, index % ids.length),
        ]);
        await cluster.until(() => cluster.active !== undefined, 'a controller');
        if ((await createTopic(cluster, name, rows)) === 0) topics.push(name);
        break;
      }
      case 5: {
        const name = topics[below(Math.max(1, topics.length))] ?? '';
        await cluster.until(() => cluster.active !== undefined, 'a controller');
        // Nobody fetches here: what is in sync stays so, and no other replica gets there.
        const state = cluster.governor.controller.term?.core.context.partition(name, 0)?.leadership;
        if (state != null && state.leader > 0) await reassign(cluster, name, 0, [state.leader]);
        break;
      }
      default: {
        if (topics.length < 2) break;
        const name = topics.shift();
        await outside.create(`/admin/delete_topics/${name}`).catch(() => {});
      }
    }
    await cluster.elapse(below(40));
  }
  for (const id of away) await cluster.join(id);
  await cluster.until(() => cluster.active !== undefined, 'a controller');
  await cluster.settle();
  await outside.close();
}

describe('a cluster through thick and thin', () => {
  for (const seed of [1, 2, 16, 38]) {
    it(`ends with views that tell what the znodes tell, and never had two leaders in an epoch, seed ${seed}`, () =>
      GovernedCluster.run(
        4,
        async (cluster) => {
          await churn(cluster, cluster.subject.ports.random);
          const { tree } = cluster.subject.ensemble.server;
          const names = [...(tree.children('/kafka/brokers/topics') ?? [])].sort();
          await cluster.until(
            () => cluster.live.every(({ view }) => [...(view?.topics.keys() ?? [])].sort().join() === names.join()),
            'the topics in all views',
          );
          for (const name of names) {
            const { partitions } = cluster.znode(`/brokers/topics/${name}`) as { partitions: Record<string, number[]> };
            for (const [index, replicas] of Object.entries(partitions)) {
              const path = `/brokers/topics/${name}/partitions/${index}/state`;
              const state = cluster.znode(path) as { leader: number; leader_epoch: number; isr: number[] };
              const version = tree.stat(`/kafka${path}`)?.version;
              expect(state.leader, path).toBeGreaterThan(0);
              expect(state.isr).toContain(state.leader);
              for (const { id, view } of cluster.live) {
                expect(view?.topics.get(name)?.partition(Number(index)), `${path} at broker ${id}`).toMatchObject({
                  leader: state.leader,
                  leaderEpoch: state.leader_epoch,
                  isr: state.isr,
                  partitionEpoch: version,
                  replicas,
                });
              }
              const leader = cluster.broker(state.leader).replicas.get(`${name}-${index}`);
              expect(leader, path).toMatchObject({ to: 'lead', leaderEpoch: state.leader_epoch });
            }
          }
          const leaders = new Map<string, number>();
          for (const { id, changes } of cluster.brokers) {
            for (const { topicId, partition, leaderEpoch, to } of changes) {
              if (to !== 'lead') continue;
              const key = `${topicId}-${partition} in ${leaderEpoch}`;
              expect(leaders.get(key) ?? id, key).toBe(id);
              leaders.set(key, id);
            }
          }
        },
        seed,
      ));
  }
});
