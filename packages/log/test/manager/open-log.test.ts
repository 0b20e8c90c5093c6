import assert from 'node:assert';
import { BatchBuilder } from '@biquorum/kafka-wire';
import { LogManager, logConfig, type OpenedLog, openLog } from '@biquorum/log';
import type { Ports } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { describe, it } from 'vitest';
import { inWorld, readAll } from '../support/logs.ts';

const PARTITION = { topic: '__cluster_metadata', partition: 0 };

function open(ports: Ports, segmentBytes = 1 << 20): Promise<OpenedLog> {
  return openLog({
    ports,
    partition: PARTITION,
    directory: '/data/__cluster_metadata-0',
    config: logConfig({ segmentBytes, delete: false }),
    onFailure: (error) => {
      throw error;
    },
  });
}

/** A batch as a controller that leads has made it. */
function batch(baseOffset: number, leaderEpoch: number): Uint8Array {
  const builder = new BatchBuilder({ baseOffset, partitionLeaderEpoch: leaderEpoch });
  builder.append(1, null, new Uint8Array(50));
  return builder.build().slice();
}

describe('openLog', () => {
  it('gives what was flushed when the power fails, whatever became of the rest', async () => {
    const world = new MemoryWorld({ seed: 1 });
    const host = world.addHost('controller');
    await world.run(async () => {
      for (let round = 0; round < 10; round++) {
        const { log } = await open(host.ports, 400);
        const from = log.endOffset;
        for (let at = 0; at < 10; at++) log.appendAsFollower(batch(from + at, round), { origin: 'raft-leader' });
        await log.flush();
        for (let at = 10; at < 15; at++) log.appendAsFollower(batch(from + at, round), { origin: 'raft-leader' });
        host.powerOff();
        host.start();
        const again = await open(host.ports, 400);
        assert(again.log.endOffset >= from + 10 && again.log.endOffset <= from + 15);
        const batches = await readAll(again.log);
        assert.deepEqual(
          batches.map(({ baseOffset }) => baseOffset),
          Array.from({ length: again.log.endOffset }, (_, offset) => offset),
        );
        assert.equal(again.log.latestEpoch, round);
        await again.close();
      }
    });
  });

  it('leaves a log that a manager of the same directory does not see', async () => {
    await inWorld(2, async (ports) => {
      const { log, close } = await open(ports);
      log.appendAsFollower(batch(0, 1), { origin: 'raft-leader' });
      const manager = await LogManager.open({ ports, directories: ['/data'] });
      assert.equal(manager.logCount, 0);
      await manager.close();
      log.appendAsFollower(batch(1, 1), { origin: 'raft-leader' });
      await close();
      const again = await open(ports);
      assert.equal(again.log.endOffset, 2);
      await again.abandon();
      await again.close();
    });
  });
});
