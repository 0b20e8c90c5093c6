import { type ClusterMode, startCluster } from '@biquorum/cluster';
import { CollectingTelemetry } from '@biquorum/platform/testing';
import { expect, test } from 'vitest';

test.each<ClusterMode>(['kraft', 'zookeeper'])(
  'an active controller that is cut off is replaced, and gives way once it is healed: %s',
  async (mode) => {
    const telemetry = new CollectingTelemetry();
    const properties = { 'zookeeper.session.timeout.ms': '2000' };
    const own = mode === 'zookeeper' ? { zookeepers: 3 } : {};
    await using cluster = await startCluster({ mode, brokers: 2, controllers: 3, properties, telemetry, ...own });
    const first = await cluster.untilController();
    const firstEpoch = (await cluster.activeEpoch(first)) ?? -1;
    cluster.cut([first]);
    expect(cluster.cutOff).toEqual([first]);
    const others = cluster.nodes.map(({ id }) => id).filter((id) => id !== first);
    await cluster.until('another controller', async () => {
      const epochs = await Promise.all(others.map((id) => cluster.activeEpoch(id)));
      return epochs.some((epoch) => epoch !== undefined && epoch > firstEpoch);
    });
    cluster.heal();
    expect(cluster.cutOff).toEqual([]);
    await cluster.until('one controller alone', async () => (await cluster.activeEpoch(first)) === undefined);
    // What every voter says of its quorum agrees in the end, and each has told of its elections.
    const voters = cluster.nodes.filter(({ id }) => id > 100).map(({ id }) => id);
    await cluster.until('one leader', async () => {
      const standings = await Promise.all(voters.map((id) => cluster.quorum(id)));
      const leaders = new Set(standings.map((standing) => standing?.leader));
      return leaders.size === 1 && voters.includes([...leaders][0] ?? -1);
    });
    const kind = mode === 'kraft' ? 'vote' : 'notification';
    const votes = telemetry.events.filter(({ event, fields }) => event === 'message sent' && fields['type'] === kind);
    expect(new Set(votes.map(({ fields }) => voters.includes(fields['node'] as number)))).toEqual(new Set([true]));
    expect(await cluster.quorum(1)).toBeUndefined();
  },
  120_000,
);

test('links between processes are refused to be cut', async () => {
  await using cluster = await startCluster({ brokers: 1, controllers: 1, processes: true });
  expect(() => cluster.cut([1])).toThrow('without `processes`');
  expect(await cluster.quorum(101)).toMatchObject({ role: 'leader', leader: 101 });
}, 60_000);
