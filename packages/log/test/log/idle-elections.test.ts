import { formatLeaderEpochs } from '@biquorum/log';
import type { Ports } from '@biquorum/platform';
import type { MemoryHost } from '@biquorum/platform/testing';
import { describe, expect, test } from 'vitest';
import { batchOf } from '../support/batches.ts';
import { DIRECTORY, inWorld, openLogs, PARTITION } from '../support/logs.ts';

const LOG = `${DIRECTORY}/orders-0`;
const EPOCHS = `${LOG}/leader-epoch-checkpoint`;

/** What is done to the files of the log from here on that changes anything. */
function changesOn(host: MemoryHost): string[] {
  const changes: string[] = [];
  host.disk.onOperation = ({ changes: isChange, operation, path }) => {
    if (isChange && operation !== 'open' && path.startsWith(LOG))
      changes.push(`${operation} ${path.slice(LOG.length + 1)}`);
    return undefined;
  };
  return changes;
}

/** The lines of the file; none where it is missing. */
async function epochsIn({ disk }: Ports): Promise<string[]> {
  if ((await disk.stat(EPOCHS)) === undefined) return [];
  return new TextDecoder()
    .decode(await disk.readWhole(EPOCHS, 1_000))
    .trim()
    .split('\n')
    .slice(2);
}

describe('a log that gets leaders and no records', () => {
  test('writes nothing for them, while they lead or when it is closed', () =>
    inWorld(1, async (ports, _world, host) => {
      const logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      log.appendAsLeader(batchOf([{}, {}]), { leaderEpoch: 1 });
      await log.flush();
      const changes = changesOn(host);
      for (const epoch of [3, 4, 7]) await log.assignEpoch(epoch);
      expect(log.latestEpoch).toBe(7);
      expect(log.endOffsetForEpoch(3)).toEqual({ epoch: 1, endOffset: 2 });
      await log.flush();
      expect(await log.truncateTo(2)).toBe(false);
      expect(log.latestEpoch).toBe(1);
      await log.assignEpoch(8);
      expect(changes).toEqual([]);
      await logs.close();
      expect(changes.filter((change) => change.includes('epoch'))).toEqual([]);
      const again = await openLogs(ports);
      expect(again.get(PARTITION)?.latestEpoch).toBe(1);
      await again.close();
    }));

  test('has its epoch in the file before the first record of it is durable', () =>
    inWorld(2, async (ports) => {
      const logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      await log.assignEpoch(5);
      log.appendAsLeader(batchOf([{}]), { leaderEpoch: 5 });
      await log.flush();
      expect(await epochsIn(ports)).toEqual(['5 0']);
      await logs.close();
    }));

  test('is opened after a clean stop without a write, though the file tells of them', () =>
    inWorld(3, async (ports, _world, host) => {
      const logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      log.appendAsLeader(batchOf([{}, {}]), { leaderEpoch: 1 });
      await logs.close();
      // As Apache leaves it, which writes each epoch at once.
      const told = [
        { epoch: 1, startOffset: 0 },
        { epoch: 6, startOffset: 2 },
      ];
      await ports.disk.replace(EPOCHS, formatLeaderEpochs(told));
      const changes = changesOn(host);
      const again = await openLogs(ports);
      const opened = again.get(PARTITION);
      expect(opened?.latestEpoch).toBe(1);
      expect(changes).toEqual([]);
      // Batches of an older leader take the place where that one was to begin.
      opened?.appendAsFollower(batchOf([{}], { baseOffset: 2, partitionLeaderEpoch: 4 }));
      await opened?.flush();
      expect(await epochsIn(ports)).toEqual(['1 0', '4 2']);
      await again.close();
    }));

  test('believes its batches, where a crash has left the file with a leader that appended nothing', () =>
    inWorld(4, async (ports) => {
      const logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      log.appendAsLeader(batchOf([{}, {}]), { leaderEpoch: 1 });
      await log.flush();
      await logs.checkpoint();
      log.appendAsFollower(batchOf([{}], { baseOffset: 2, partitionLeaderEpoch: 4 }));
      await logs.close();
      await ports.disk.remove(`${DIRECTORY}/.kafka_cleanshutdown`);
      const point = new TextEncoder().encode('0\n1\norders 0 2\n');
      await ports.disk.replace(`${DIRECTORY}/recovery-point-offset-checkpoint`, point);
      const told = [
        { epoch: 1, startOffset: 0 },
        { epoch: 6, startOffset: 2 },
      ];
      await ports.disk.replace(EPOCHS, formatLeaderEpochs(told));
      const again = await openLogs(ports);
      expect(again.get(PARTITION)?.latestEpoch).toBe(4);
      expect(again.get(PARTITION)?.endOffsetForEpoch(4)).toEqual({ epoch: 4, endOffset: 3 });
      expect(await epochsIn(ports)).toEqual(['1 0', '4 2']);
      await again.close();
    }));
});
