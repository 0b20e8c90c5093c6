import type { Log } from '@biquorum/log';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Partition } from '../src/replicas/partition.ts';
import { produce } from './support/data.ts';
import { TestCluster } from './support/test-cluster.ts';

const [FEW, MANY] = [40, 160];

let cluster: TestCluster;
afterEach(async () => {
  vi.restoreAllMocks();
  await cluster.stop();
});

/** How often leaders look at a partition for somebody, and followers look where their log ends, while something is done. */
async function looks(work: () => Promise<void>): Promise<{ readonly leaders: number; readonly followers: number }> {
  const leaders = vi.spyOn(Partition.prototype, 'roleError');
  const log = Object.getPrototypeOf(cluster.replica('idle')?.log) as Log;
  const followers = vi.spyOn(log, 'latestEpoch', 'get');
  await work();
  const counted = { leaders: leaders.mock.calls.length, followers: followers.mock.calls.length };
  vi.restoreAllMocks();
  return counted;
}

async function withPartitions(count: number) {
  cluster = await new TestCluster(3).start();
  const client = cluster.client();
  await cluster.createTopic(client, 'idle', count);
  // Followers have been told of everything by then.
  await cluster.world.time.runFor(5_000);
  return client;
}

describe('a partition that stands still', () => {
  test('is looked at by nobody, however many fetches go by', async () => {
    await withPartitions(FEW);
    expect(await looks(() => cluster.world.time.runFor(20_000))).toEqual({ leaders: 0, followers: 0 });
  });

  test('does not make the next topic dearer', async () => {
    const costs: { readonly leaders: number; readonly followers: number }[] = [];
    for (const count of [FEW, MANY]) {
      const client = await withPartitions(count);
      costs.push(
        await looks(async () => {
          await cluster.createTopic(client, 'next', 10);
          await cluster.world.time.runFor(5_000);
        }),
      );
      await cluster.stop();
    }
    const [few, many] = costs;
    expect(few?.leaders).toBeGreaterThan(0);
    expect(few?.followers).toBeGreaterThan(0);
    // Fetches that fall differently look once more or less at one of the ten; with the idle ones it would be hundreds.
    expect(many?.leaders).toBeLessThan((few?.leaders ?? 0) + FEW);
    expect(many?.followers).toBeLessThan((few?.followers ?? 0) + FEW);
  });

  test('is heard at once when a record comes', async () => {
    const client = await withPartitions(1);
    const leader = await cluster.untilLeader('idle');
    await cluster.world.time.runFor(60_000);
    const startMs = cluster.world.time.nowMs;
    const { error } = await cluster.run(produce(client, leader, 'idle', ['first'], { acks: -1, timeoutMs: 20_000 }));
    expect(error).toBe('NONE');
    // Far less than `replica.fetch.wait.max.ms`.
    expect(cluster.world.time.nowMs - startMs).toBeLessThan(100);
  });

  test('has kept its followers in sync until the moment at which one is cut off', async () => {
    const client = await withPartitions(1);
    const leader = await cluster.untilLeader('idle');
    await cluster.untilIsr('idle', 0, 3);
    await cluster.world.time.runFor(300_000);
    cluster.separate(leader, cluster.followersOf(leader)[0] as number);
    await cluster.run(produce(client, leader, 'idle', ['alone'], { acks: 1 }));
    const isr = () => cluster.replica('idle', 0, leader)?.leadership?.isr.length;
    // `replica.lag.time.max.ms` is 30 s.
    await cluster.world.time.runFor(20_000);
    expect(isr()).toBe(3);
    await cluster.until(() => isr() === 2);
  });

  test('tells its followers when retention has moved its start', async () => {
    const client = await withPartitions(1);
    const leader = await cluster.untilLeader('idle');
    await cluster.run(produce(client, leader, 'idle', ['old'], { acks: -1 }));
    await cluster.world.time.runFor(5_000);
    const log = cluster.replica('idle', 0, leader)?.log;
    expect(log?.advanceLogStart(1)).toBe(true);
    await cluster.until(() =>
      cluster.brokers.every(({ id }) => cluster.replica('idle', 0, id)?.log.logStartOffset === 1),
    );
    const told = () =>
      cluster
        .followersOf(leader)
        .map((id) => cluster.replica('idle', 0, leader)?.leadership?.follower(id as never)?.logStart);
    await cluster.until(() => told().every((start) => start === 1));
  });
});
