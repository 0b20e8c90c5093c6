import { startCluster } from '@biquorum/cluster';
import { describe, expect, test } from 'vitest';
import { createTopic } from './support/clients.ts';

/** Far beyond the patience of the cluster's `until…`: who waits for a timeout fails. */
const NEVER = {
  'broker.session.timeout.ms': '600000',
  'controller.quorum.fetch.timeout.ms': '600000',
};

describe.each([false, true])('a node that is killed (a process for each: %s)', (processes) => {
  test('is replaced without waiting for a timeout, as a controller and as a broker', async () => {
    await using cluster = await startCluster({ processes, properties: NEVER });
    await createTopic(cluster, 't', 6);

    const controller = await cluster.untilController();
    await cluster.kill(controller);
    await cluster.until('another controller', async () => (await cluster.untilController()) !== controller);

    const broker = await cluster.untilLeader('t', 0);
    await cluster.kill(broker);
    expect(await cluster.untilLeader('t', 0)).not.toBe(broker);

    // Its id is free at once, too.
    await cluster.restart(broker);
    await cluster.restart(controller);
    await cluster.untilInSync('t');
  }, 120_000);
});

test('a node that is paused is waited for', async () => {
  const properties = { 'broker.session.timeout.ms': '2000', 'broker.heartbeat.interval.ms': '200' };
  await using cluster = await startCluster({ properties });
  await createTopic(cluster, 't', 1);
  const leader = await cluster.untilLeader('t', 0);
  const other = leader === 1 ? 2 : 1;
  const pausedMs = performance.now();
  cluster.pause(leader);
  await cluster.until(
    'another leader',
    async () => (await cluster.view(other))?.topics.get('t')?.leaderOf(0) !== leader,
  );
  expect(performance.now() - pausedMs).toBeGreaterThan(1_500);
  cluster.resume(leader);
  await cluster.untilInSync('t');
}, 60_000);
