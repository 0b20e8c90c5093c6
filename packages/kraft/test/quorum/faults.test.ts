import assert from 'node:assert';
import { errorCode } from '@biquorum/kafka-wire';
import { fetchRequest, fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import { DiskError } from '@biquorum/platform';
import type { DiskStep } from '@biquorum/platform/testing';
import { Prng } from '@biquorum/std';
import { describe, it } from 'vitest';
import { METADATA_TOPIC_ID } from '../../src/quorum/names.ts';
import { nameOf, QuorumCluster } from './support/quorum-cluster.ts';
import { setRecord } from './support/recording-follower.ts';

describe('a metadata quorum under faults', () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    it(`loses nothing that was acknowledged when nodes lose power, are killed and cut off (seed ${seed})`, async () => {
      const cluster = new QuorumCluster({ seed, voters: 3, observers: 1, settings: { snapshotRecordBytes: 2000 } });
      const prng = new Prng(seed);
      await cluster.world.run(async () => {
        await cluster.start();
        for (let round = 0; round < 12; round++) {
          await cluster.write(1 + prng.below(8));
          const victim = prng.pick([...cluster.voters, await cluster.leader()]);
          const fault = prng.below(4);
          if (fault === 0) cluster.powerOff(victim);
          else if (fault === 1) cluster.kill(victim);
          else if (fault === 2) await cluster.stop(victim);
          else cluster.isolate(victim);
          await cluster.sleep(prng.below(4000));
          if (fault === 3) cluster.world.network.healAll();
          else await cluster.start(victim);
        }
        await cluster.write(3);
        await cluster.level();
        cluster.check();
      });
    });
  }

  it('loses nothing when all nodes lose power at once', async () => {
    const cluster = new QuorumCluster({ seed: 20, voters: 3 });
    await cluster.world.run(async () => {
      await cluster.start();
      for (let round = 0; round < 5; round++) {
        await cluster.write(10);
        for (const id of cluster.ids) cluster.powerOff(id);
        await cluster.start();
      }
      await cluster.write(1);
      await cluster.level();
      cluster.check();
    });
  });

  it('takes away from a leader that was cut off what it alone had appended', async () => {
    const cluster = new QuorumCluster({ seed: 30, voters: 3 });
    await cluster.world.run(async () => {
      await cluster.start();
      await cluster.write(3);
      const old = await cluster.leader();
      const { quorum, follower } = cluster.node(old);
      cluster.isolate(old);
      const appended = quorum.append(() => [setRecord('lost', 'never committed')]);
      assert.equal(appended.kind, 'appended');
      await cluster.until(() => follower.leading === null);
      assert.equal(quorum.append(() => assert.fail('nothing is built where nobody leads')).kind, 'not-leader');
      assert.match(follower.resigned.join(), /majority/);
      await cluster.write(5);
      cluster.world.network.healAll();
      await cluster.level();
      cluster.check();
      assert.equal(follower.values.has('lost'), false);
    });
  });
});

describe('a node whose disk fails', () => {
  for (const [what, fails] of [
    ['a sync of the log', (step: DiskStep) => step.operation === 'sync' && step.path.endsWith('.log')],
    ['a write of the quorum state', (step: DiskStep) => step.path.includes('quorum-state')],
  ] as const) {
    it(`stops, acknowledges nothing more, and the others go on: ${what}`, async () => {
      const cluster = new QuorumCluster({ seed: 60, voters: 3 });
      await cluster.world.run(async () => {
        await cluster.start();
        await cluster.write(3);
        const broken = await cluster.leader();
        const { quorum, follower } = cluster.node(broken);
        const { disk } = cluster.world.host(nameOf(broken));
        let failed = 0;
        disk.onOperation = (step) => (fails(step) && ++failed > 0 ? { kind: 'fail', code: 'io' } : undefined);
        quorum.append(() => [setRecord('doomed', 'value')]);
        // The state is written when a new epoch begins.
        quorum.resign();
        while (cluster.failures.length === 0) await cluster.sleep(10);
        assert(failed > 0);
        assert(cluster.failures[0] instanceof DiskError);
        const { end } = follower;
        assert.equal(quorum.append(() => assert.fail('nothing is built')).kind, 'not-leader');
        cluster.failures.length = 0;
        disk.onOperation = undefined;
        cluster.powerOff(broken);
        await cluster.write(3);
        assert.equal(follower.end, end);
        await cluster.start(broken);
        await cluster.level();
        cluster.check();
      });
    });
  }
});

describe('a fetch that a leader has parked', () => {
  it('is answered when it leads no longer, and not before there is something or the wait is over', async () => {
    const cluster = new QuorumCluster({ seed: 50, voters: 3 });
    await cluster.world.run(async () => {
      await cluster.start();
      await cluster.write(3);
      await cluster.level();
      const { quorum, follower } = cluster.node(await cluster.leader());
      const { logEndOffset: fetchOffset, epoch } = quorum.status();
      const fetch = async (offset: number): Promise<{ error: number; bytes: number; highWatermark: number }> => {
        const partition = { currentLeaderEpoch: epoch, fetchOffset: offset, lastFetchedEpoch: epoch };
        const topics = [{ topicId: METADATA_TOPIC_ID, partitions: [partition] }];
        const body = fetchRequest.toBytes({ maxWaitMs: 500, topics }, 17);
        const answer = fetchResponse.fromBytes(await quorum.handle({ apiKey: 1, apiVersion: 17, body }), 17);
        const answered = answer.responses[0]?.partitions[0];
        assert(answered?.records instanceof Uint8Array);
        return {
          error: answered.errorCode,
          bytes: answered.records.length,
          highWatermark: answered.highWatermark,
        };
      };
      const startMs = cluster.world.time.nowMs;
      assert.deepEqual(await fetch(fetchOffset), { error: 0, bytes: 0, highWatermark: fetchOffset });
      // The engine's time goes by ticks of ten milliseconds.
      assert(cluster.world.time.nowMs - startMs >= 490);
      const parked = fetch(fetchOffset);
      const appended = quorum.append(() => [setRecord('news', 'value')]);
      assert(appended.kind === 'appended');
      assert((await parked).bytes > 0);
      assert(cluster.world.time.nowMs - startMs < 1000);
      await cluster.level();
      const left = fetch(appended.endOffset);
      quorum.resign();
      assert.equal((await left).error, errorCode('NOT_LEADER_OR_FOLLOWER'));
      await cluster.until(() => follower.leading === null);
    });
  });
});

describe('the journal of a metadata quorum', () => {
  it('gives each batch the place that it was built for, in the order of the calls', async () => {
    const cluster = new QuorumCluster({ seed: 40, voters: 3 });
    await cluster.world.run(async () => {
      await cluster.start();
      const { quorum, follower } = cluster.node(await cluster.leader());
      let expected = quorum.status().logEndOffset;
      for (let batch = 1; batch <= 50; batch++) {
        const records = Array.from({ length: batch }, (_, at) => setRecord(`${batch}-${at}`, 'value'));
        let offered = -1;
        const appended = quorum.append((baseOffset) => {
          offered = baseOffset;
          return records;
        });
        assert.deepEqual(appended, {
          kind: 'appended',
          baseOffset: expected,
          endOffset: expected + batch,
          epoch: follower.leading,
        });
        assert.equal(offered, expected);
        expected += batch;
      }
      await cluster.until(() => follower.end >= expected);
      assert.equal(follower.values.size, (50 * 51) / 2);
    });
  });

  it('may be written to from within any call of its follower, and calls none from within a write', async () => {
    const cluster = new QuorumCluster({ seed: 41, voters: 1 });
    await cluster.world.run(async () => {
      await cluster.start();
      const { quorum, follower } = cluster.node(await cluster.leader());
      let depth = 0;
      let answers = 0;
      const commit = follower.commit.bind(follower);
      follower.commit = (batch) => {
        assert.equal(depth++, 0, 'no call comes within another');
        commit(batch);
        if (batch.records.length > 0 && answers < 20) {
          const appended = quorum.append(() => [setRecord(`answer-${answers++}`, 'value')]);
          assert.equal(appended.kind, 'appended');
        }
        depth--;
      };
      quorum.append(() => [setRecord('first', 'value')]);
      await cluster.until(() => follower.values.has('answer-19'));
    });
  });

  it('refuses a batch that is too large, and goes on', async () => {
    const cluster = new QuorumCluster({ seed: 42, voters: 1 });
    await cluster.world.run(async () => {
      await cluster.start();
      const { quorum } = cluster.node(await cluster.leader());
      const large = Array.from({ length: 300 }, (_, at) => setRecord(`large-${at}`, 'x'.repeat(30_000)));
      assert.deepEqual(
        quorum.append(() => large),
        { kind: 'too-large' },
      );
      await cluster.write(1);
      cluster.check();
    });
  });
});
