import { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ControllerContext } from '../../src/controller/context.ts';
import { GovernedCluster } from './support/governed-cluster.ts';
import { createTopic } from './support/requests.ts';

const REPLICAS = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? [1, 2, 3] : [2, 3, 1]));
const READS = ['getData', 'exists', 'multi', 'create', 'setData'] as const;

afterEach(() => vi.restoreAllMocks());

/** What one more topic costs: requests to ZooKeeper, bytes pushed to brokers, looks at all partitions that there are. */
async function costOf(cluster: GovernedCluster, name: string) {
  const before = cluster.live.map(({ pushes }) => pushes.length);
  const asked = READS.map((read) => vi.spyOn(ZooKeeperClient.prototype, read));
  const scans = vi.spyOn(ControllerContext.prototype, 'partitions');
  expect(await createTopic(cluster, name, REPLICAS)).toBe(0);
  await cluster.settle();
  const pushes = cluster.live.map((broker, at) => broker.pushes.slice(before[at]).map(({ body }) => body.length));
  const cost = { requests: asked.map(({ mock }) => mock.calls.length), pushes, scans: scans.mock.calls.length };
  vi.restoreAllMocks();
  return cost;
}

describe('one more topic', () => {
  it('costs controller and brokers the same, however many there are', () =>
    GovernedCluster.run(3, async (cluster) => {
      await createTopic(cluster, 'topic-00', REPLICAS);
      await cluster.settle();
      const first = await costOf(cluster, 'topic-01');
      for (let number = 2; number < 30; number++) {
        await createTopic(cluster, `topic-${String(number).padStart(2, '0')}`, REPLICAS);
      }
      await cluster.settle();
      const known = cluster.live.map(({ view }) => view?.topics.get('topic-01'));
      const last = await costOf(cluster, 'topic-30');
      expect(first.pushes.flat().length).toBeGreaterThan(0);
      expect(first.scans).toBe(0);
      expect(last).toEqual(first);
      // Views share what has not changed.
      for (const [at, { view }] of cluster.live.entries()) expect(view?.topics.get('topic-01')).toBe(known[at]);
    }));
});
