import type { DiskOperation } from '@biquorum/platform';
import { afterEach, expect, test } from 'vitest';
import { TestCluster } from '../support/test-cluster.ts';

const PARTITIONS = 400;
const MAKE_MS = 10;

let cluster: TestCluster;
afterEach(() => cluster.stop());

test('of many new replicas a broker makes a few logs at a time, and hears others meanwhile', async () => {
  const begun: number[] = [];
  const now = (): number => cluster.world.time.nowMs;
  const diskLatencyMs = (operation: DiskOperation, _: unknown, path: string): number => {
    if (operation !== 'makeDirectory' || !path.startsWith('/logs/many-')) return 0.05;
    begun.push(now());
    return MAKE_MS;
  };
  cluster = await new TestCluster(1, {}, { machine: () => ({ diskLatencyMs }) }).start();
  await cluster.createTopic(cluster.client(), 'many', PARTITIONS);

  expect(begun).toHaveLength(PARTITIONS);
  const atOnce = (ms: number): number => begun.filter((other) => other > ms - MAKE_MS && other <= ms).length;
  const most = Math.max(...begun.map(atOnce));
  // Few enough for the event loop to turn, and enough to keep a disk busy.
  expect(most).toBeLessThanOrEqual(32);
  expect(most).toBeGreaterThanOrEqual(8);
});
