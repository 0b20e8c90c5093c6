import { type ClusterMode, startCluster } from '@biquorum/cluster';
import { expect, test } from 'vitest';
import { createTopic } from './support/clients.ts';

const PARTITIONS = 6;
const HELD_UP_MS = 3_500;
/** Each is much shorter than the process is held up. */
const SHORT = {
  'broker.session.timeout.ms': '1500',
  'broker.heartbeat.interval.ms': '200',
  'controller.quorum.fetch.timeout.ms': '1500',
  'zookeeper.session.timeout.ms': '1500',
};

test.each<ClusterMode>(['kraft', 'zookeeper'])(
  'in a process that is held up for longer than sessions last, no node is taken for dead: %s',
  async (mode) => {
    const own = mode === 'zookeeper' ? { zookeepers: 3 } : { controllers: 3 };
    await using cluster = await startCluster({ mode, brokers: 3, ...own, properties: SHORT });
    await createTopic(cluster, 't', PARTITIONS);
    await cluster.untilInSync('t');
    const controller = await cluster.untilController();
    const epoch = await cluster.activeEpoch(controller);
    const leaderEpochs = async (): Promise<unknown> => {
      const known = (await cluster.view(controller > 100 ? 1 : controller))?.topics.get('t');
      return Array.from({ length: PARTITIONS }, (_, partition) => known?.leaderEpochOf(partition));
    };
    const before = await leaderEpochs();
    for (let round = 1; round <= 2; round++) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, HELD_UP_MS);
      // All take part in it.
      await createTopic(cluster, `t${round}`, PARTITIONS);
      await cluster.untilInSync(`t${round}`);
    }
    expect(await cluster.activeEpoch(controller)).toBe(epoch);
    expect(await leaderEpochs()).toEqual(before);
  },
  120_000,
);
