import { startCluster } from '@biquorum/cluster';
import { expect, test } from 'vitest';

test('three brokers start, and stop with nothing left open', async () => {
  await using cluster = await startCluster({ brokers: 3 });
  expect(cluster.bootstrap.split(',')).toHaveLength(3);
  expect(cluster.nodes.map((node) => node.state)).toEqual(['running', 'running', 'running']);
});
