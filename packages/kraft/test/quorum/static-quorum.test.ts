import assert from 'node:assert';
import { describe, it } from 'vitest';
import { QuorumCluster } from './support/quorum-cluster.ts';

const LOG = '/data/__cluster_metadata-0/00000000000000000000.log';

for (const voters of [3, 5]) {
  describe(`a static quorum of ${voters}`, () => {
    it('elects a leader, commits, and gives every node the same log, observers included', async () => {
      const cluster = new QuorumCluster({ seed: voters, voters, observers: 2 });
      await cluster.world.run(async () => {
        await cluster.start();
        await cluster.write(20);
        await cluster.level();
        cluster.check();
        const logs = await Promise.all(cluster.ids.map((id) => cluster.read(id, LOG)));
        for (const log of logs) assert.deepEqual(log, logs[0]);
      });
    });

    it('goes on without its leader, and takes it back when it was without power', async () => {
      const cluster = new QuorumCluster({ seed: 10 + voters, voters });
      await cluster.world.run(async () => {
        await cluster.start();
        await cluster.write(5);
        const first = await cluster.leader();
        cluster.powerOff(first);
        await cluster.write(5);
        assert.notEqual(await cluster.leader(), first);
        await cluster.start(first);
        await cluster.write(1);
        await cluster.level();
        cluster.check();
      });
    });
  });
}
