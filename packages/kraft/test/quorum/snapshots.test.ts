import assert from 'node:assert';
import type { MetadataRecordInit } from '@biquorum/kafka-wire/metadata-records';
import { describe, it } from 'vitest';
import { QuorumCluster } from './support/quorum-cluster.ts';

/** Small segments and snapshots, and no more retained than must be. */
const SMALL = { snapshotRecordBytes: 4000, segmentBytes: 4096, retentionBytes: 1 };

describe('snapshots of the metadata log', () => {
  it('are what a node starts from', async () => {
    const cluster = new QuorumCluster({ seed: 1, voters: 3, settings: { snapshotRecordBytes: 2000 } });
    await cluster.world.run(async () => {
      await cluster.start();
      await cluster.write(60);
      await cluster.level();
      const id = (await cluster.leader()) === 1 ? 2 : 1;
      assert(cluster.node(id).follower.snapshots > 0, 'it was asked for its state');
      cluster.powerOff(id);
      await cluster.start(id);
      await cluster.level();
      const { follower } = cluster.node(id);
      assert.equal(follower.restored.length, 1);
      assert((follower.restored[0]?.index ?? 0) > 0);
      cluster.check();
    });
  });

  it('replace the log of whoever comes too late for it, voters and observers', async () => {
    const cluster = new QuorumCluster({ seed: 2, voters: 3, observers: 1, settings: SMALL });
    await cluster.world.run(async () => {
      await cluster.start(1, 2);
      await cluster.write(120);
      // Old log and snapshots go once a minute.
      await cluster.sleep(61_000);
      const leader = await cluster.leader();
      assert(cluster.node(leader).quorum.status().logStartOffset > 0, 'the log no longer begins at its first record');
      const names = await cluster.list(leader);
      assert.equal(names.includes('00000000000000000000.log'), false, 'the first segment is gone');
      assert.equal(names.filter((name) => name.endsWith('.checkpoint')).length, 1, `one snapshot is left: ${names}`);
      await cluster.start(3, 100);
      await cluster.level();
      cluster.check();
      for (const id of [3, 100]) assert.equal(cluster.node(id).follower.restored.length, 1, `node ${id}`);
      await cluster.write(5);
      cluster.powerOff(3);
      await cluster.start(3);
      await cluster.level();
      cluster.check();
    });
  });

  it("are not made while a metadata transaction is open: its records are in nobody's state yet", async () => {
    const cluster = new QuorumCluster({ seed: 4, voters: 1, settings: { snapshotRecordBytes: 500 } });
    await cluster.world.run(async () => {
      await cluster.start();
      await cluster.write(20);
      const { quorum, follower } = cluster.node(1);
      const control = (type: 'BeginTransactionRecord' | 'EndTransactionRecord' | 'AbortTransactionRecord'): void => {
        quorum.append(() => [{ message: { type, record: {} } as MetadataRecordInit, version: 0 }]);
      };
      for (const end of ['EndTransactionRecord', 'AbortTransactionRecord'] as const) {
        control('BeginTransactionRecord');
        await cluster.level();
        const before = follower.snapshots;
        await cluster.write(20);
        assert.equal(follower.snapshots, before);
        control(end);
        await cluster.level();
        assert.equal(follower.snapshots, before + 1);
      }
    });
  });

  it('leave nothing unfinished behind, whenever the power fails', async () => {
    const cluster = new QuorumCluster({ seed: 3, voters: 3, settings: SMALL });
    await cluster.world.run(async () => {
      await cluster.start();
      for (let round = 0; round < 15; round++) {
        await cluster.write(30);
        const victim = await cluster.leader();
        cluster.powerOff(victim);
        await cluster.sleep(round * 7);
        await cluster.start(victim);
        const names = await cluster.list(victim);
        assert.deepEqual(
          names.filter((name) => name.endsWith('.part')),
          [],
        );
      }
      await cluster.level();
      cluster.check();
    });
  });
});
