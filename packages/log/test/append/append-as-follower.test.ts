import { describe, expect, test } from 'vitest';
import { batchOf, joined } from '../support/batches.ts';
import { inWorld, openLogs, PARTITION, readAll } from '../support/logs.ts';

/** A batch of one record, as a leader of that epoch wrote it. */
function written(baseOffset: number, partitionLeaderEpoch: number): Uint8Array {
  return batchOf([{ value: `${baseOffset} of ${partitionLeaderEpoch}` }], { baseOffset, partitionLeaderEpoch });
}

describe('a follower that asked the leader of epoch 4', () => {
  test('takes batches of that epoch and of earlier ones', () =>
    inWorld(1, async (ports) => {
      await using logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      const bytes = joined([written(0, 2), written(1, 4)]);
      expect(log.appendAsFollower(bytes, { leaderEpoch: 4 })).toMatchObject({ kind: 'appended', lastOffset: 1 });
      expect(log.epochs).toEqual([
        { epoch: 2, startOffset: 0 },
        { epoch: 4, startOffset: 1 },
      ]);
    }));

  test('leaves out batches of a later epoch and all that follows them (KAFKA-18723)', () =>
    inWorld(2, async (ports) => {
      await using logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      const bytes = joined([written(0, 3), written(1, 5), written(2, 4)]);
      expect(log.appendAsFollower(bytes, { leaderEpoch: 4 })).toMatchObject({ kind: 'appended', lastOffset: 0 });
      expect(log.endOffset).toBe(1);
      expect(log.epochs).toEqual([{ epoch: 3, startOffset: 0 }]);
      expect((await readAll(log)).map(({ bytes: kept }) => kept)).toEqual([written(0, 3)]);
    }));

  test('changes nothing when all batches are of later epochs', () =>
    inWorld(3, async (ports) => {
      await using logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      log.appendAsFollower(written(0, 4), { leaderEpoch: 4 });
      const result = log.appendAsFollower(joined([written(1, 5), written(2, 6)]), { leaderEpoch: 4 });
      expect(result).toMatchObject({ kind: 'appended', firstOffset: 1, lastOffset: 0, byteLength: 0 });
      expect(log.endOffset).toBe(1);
      expect(log.latestEpoch).toBe(4);
    }));

  test('takes them once it asks the leader of the later epoch', () =>
    inWorld(4, async (ports) => {
      await using logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      log.appendAsFollower(joined([written(0, 4), written(1, 5)]), { leaderEpoch: 4 });
      expect(log.appendAsFollower(written(1, 5), { leaderEpoch: 5 })).toMatchObject({ firstOffset: 1, lastOffset: 1 });
      expect(log.latestEpoch).toBe(5);
    }));
});
