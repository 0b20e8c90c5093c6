import { formatMetaProperties, formatOffsetCheckpoint, type LogManager } from '@biquorum/log';
import type { Ports } from '@biquorum/platform';
import { describe, expect, test, vi } from 'vitest';
import { batchOf } from '../support/batches.ts';
import { DIRECTORY, inWorld, openLogs, PARTITION } from '../support/logs.ts';

const OTHER = '/more-logs';
const BYTES_MAX = 1 << 20;

async function textOf(ports: Ports, path: string): Promise<string> {
  return new TextDecoder().decode(await ports.disk.readWhole(path, BYTES_MAX));
}

function openBoth(ports: Ports): Promise<LogManager> {
  return openLogs(ports, { directories: [DIRECTORY, OTHER] });
}

describe('log directories', () => {
  test('take new logs in turn, the one with the fewest first, unless one is asked for', () =>
    inWorld(1, async (ports) => {
      const logs = await openBoth(ports);
      for (let partition = 0; partition < 4; partition++) await logs.create({ topic: 't', partition });
      expect(logs.directories.map(({ logCount }) => logCount)).toEqual([2, 2]);
      await logs.create({ topic: 'u', partition: 0 }, { directory: OTHER });
      await logs.create({ topic: 'u', partition: 1 }, { directory: OTHER });
      expect(logs.directories.map(({ path, logCount }) => [path, logCount])).toEqual([
        [DIRECTORY, 2],
        [OTHER, 4],
      ]);
      await logs.close();
      const again = await openBoth(ports);
      expect(again.directories.map(({ logCount }) => logCount)).toEqual([2, 4]);
      await again.close();
    }));

  test('are refused if the same log lies in two of them', () =>
    inWorld(2, async (ports) => {
      for (const directory of [DIRECTORY, OTHER]) {
        const logs = await openLogs(ports, { directories: [directory] });
        await logs.create(PARTITION);
        await logs.close();
      }
      await expect(openBoth(ports)).rejects.toThrow(/orders-0 lies in .*logs.* and in /);
      // Neither stays locked.
      const logs = await openLogs(ports, { directories: [OTHER] });
      await logs.close();
    }));

  test('belong to one process at a time', () =>
    inWorld(3, async (ports) => {
      const logs = await openLogs(ports);
      await expect(openLogs(ports)).rejects.toMatchObject({ code: 'locked', path: `${DIRECTORY}/.lock` });
      await logs.close();
      await (await openLogs(ports)).close();
    }));

  test('say whose they are', () =>
    inWorld(4, async (ports) => {
      const kraft = { version: 1, clusterId: 'cluster', nodeId: 7, directoryId: 'AAAAAAAAAAAAAAAAAAAAAQ' } as const;
      const zookeeper = { version: 0, clusterId: 'cluster', brokerId: 7, directoryId: undefined } as const;
      for (const meta of [kraft, zookeeper]) {
        await ports.disk.makeDirectory(DIRECTORY);
        await ports.disk.replace(`${DIRECTORY}/meta.properties`, formatMetaProperties(meta));
        const logs = await openLogs(ports);
        expect(logs.directories[0]?.meta).toEqual(meta);
        await logs.close();
      }
    }));

  test('are not opened if what they say of themselves is broken', () =>
    inWorld(5, async (ports) => {
      await ports.disk.makeDirectory(DIRECTORY);
      await ports.disk.replace(`${DIRECTORY}/meta.properties`, new TextEncoder().encode('version=9\n'));
      await expect(openLogs(ports)).rejects.toThrow('meta.properties');
    }));

  test('remember a clean stop and the epoch of the broker, once', () =>
    inWorld(6, async (ports) => {
      const first = await openLogs(ports);
      expect(first.directories[0]).toMatchObject({ wasClosedCleanly: false, previousBrokerEpoch: undefined });
      await first.close(42);
      // The marker of Kafka 3.9 (KIP-966).
      expect(JSON.parse(await textOf(ports, `${DIRECTORY}/.kafka_cleanshutdown`))).toEqual({
        version: 0,
        brokerEpoch: 42,
      });
      const second = await openLogs(ports);
      expect(second.directories[0]).toMatchObject({ wasClosedCleanly: true, previousBrokerEpoch: 42 });
      expect(await ports.disk.stat(`${DIRECTORY}/.kafka_cleanshutdown`)).toBeUndefined();
      await second.close();
    }));

  test('write their checkpoints by themselves, in the format and at the times of Kafka', () =>
    inWorld(7, async (ports, world) => {
      const logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      log.appendAsLeader(batchOf([{}, {}, {}]), { leaderEpoch: 1 });
      log.setHighWatermark(2);
      await world.time.runFor(6_000);
      expect(await textOf(ports, `${DIRECTORY}/replication-offset-checkpoint`)).toBe('0\n1\norders 0 2\n');
      await log.flush();
      log.advanceLogStart(1);
      expect(await textOf(ports, `${DIRECTORY}/recovery-point-offset-checkpoint`)).not.toContain('orders 0 3');
      await world.time.runFor(91_000);
      expect(await textOf(ports, `${DIRECTORY}/recovery-point-offset-checkpoint`)).toBe('0\n1\norders 0 3\n');
      expect(await textOf(ports, `${DIRECTORY}/log-start-offset-checkpoint`)).toBe('0\n1\norders 0 1\n');
      await logs.close();
    }));

  test('write no checkpoint again that says the same, until they are closed', () =>
    inWorld(9, async (ports, world) => {
      const logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      await logs.create({ topic: 'other', partition: 1 });
      log.appendAsLeader(batchOf([{}, {}, {}]), { leaderEpoch: 1 });
      log.setHighWatermark(2);
      await log.flush();
      // Each of them has been written by then.
      await world.time.runFor(91_000);
      const replace = vi.spyOn(ports.disk, 'replace');
      const written = (): string[] => {
        const names = replace.mock.calls.map(([path]) => path.slice(DIRECTORY.length + 1));
        replace.mockClear();
        return names.filter((name) => name.endsWith('-checkpoint'));
      };
      await world.time.runFor(61_000);
      expect(written()).toEqual([]);
      log.setHighWatermark(3);
      await world.time.runFor(61_000);
      expect(written()).toEqual(['replication-offset-checkpoint']);
      expect(await textOf(ports, `${DIRECTORY}/replication-offset-checkpoint`)).toBe('0\n2\norders 0 3\nother 1 0\n');
      log.advanceLogStart(1);
      await world.time.runFor(61_000);
      expect(written()).toEqual(['log-start-offset-checkpoint']);
      await logs.remove({ topic: 'other', partition: 1 });
      expect(written()).toEqual(
        expect.arrayContaining(['recovery-point-offset-checkpoint', 'replication-offset-checkpoint']),
      );
      expect(await textOf(ports, `${DIRECTORY}/replication-offset-checkpoint`)).toBe('0\n1\norders 0 3\n');
      // A log that has taken the place of another one is not that one, though it has its name and its offsets.
      await logs.create({ topic: 'other', partition: 1 });
      await logs.checkpoint();
      expect(await textOf(ports, `${DIRECTORY}/recovery-point-offset-checkpoint`)).toBe(
        '0\n2\norders 0 3\nother 1 0\n',
      );
      written();
      await logs.close();
      expect(written().sort()).toEqual([
        'log-start-offset-checkpoint',
        'recovery-point-offset-checkpoint',
        'replication-offset-checkpoint',
      ]);
    }));

  test.each([
    ['replication-offset-checkpoint', '0\n1\norders 0 2\n'],
    ['recovery-point-offset-checkpoint', '0\n1\norders 0 3\n'],
    ['log-start-offset-checkpoint', '0\n1\norders 0 1\n'],
  ])('write %s again when somebody has removed it, cut it or changed it', (name, text) =>
    inWorld(10, async (ports, world) => {
      const path = `${DIRECTORY}/${name}`;
      const logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      log.appendAsLeader(batchOf([{}, {}, {}]), { leaderEpoch: 1 });
      log.setHighWatermark(2);
      log.advanceLogStart(1);
      await log.flush();
      await world.time.runFor(100_000);
      const vandals = [
        () => ports.disk.remove(path),
        () => ports.disk.replace(path, new Uint8Array(3)),
        () => ports.disk.replace(path, new TextEncoder().encode(text.replace('orders', 'others'))),
      ];
      for (const vandal of vandals) {
        expect(await textOf(ports, path)).toBe(text);
        await vandal();
        await world.time.runFor(61_000);
      }
      expect(await textOf(ports, path)).toBe(text);
      await logs.close();
    }),
  );

  test('try again when a checkpoint could not be written', () =>
    inWorld(11, async (ports, world, host) => {
      const path = `${DIRECTORY}/replication-offset-checkpoint`;
      const logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      log.appendAsLeader(batchOf([{}, {}, {}]), { leaderEpoch: 1 });
      await world.time.runFor(6_000);
      log.setHighWatermark(3);
      let failed = 0;
      host.disk.onOperation = (step) => {
        if (!step.path.startsWith(path) || step.operation === 'stat') return undefined;
        failed++;
        return { kind: 'fail', code: 'no-space' };
      };
      await world.time.runFor(16_000);
      expect(failed).toBeGreaterThan(1);
      host.disk.onOperation = undefined;
      await world.time.runFor(6_000);
      expect(await textOf(ports, path)).toBe('0\n1\norders 0 3\n');
      await logs.close();
    }));

  test('are read from their logs where a checkpoint is unreadable', () =>
    inWorld(8, async (ports) => {
      const logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      log.appendAsLeader(batchOf([{}, {}, {}]), { leaderEpoch: 1 });
      await logs.close();
      await ports.disk.remove(`${DIRECTORY}/.kafka_cleanshutdown`);
      const damaged = formatOffsetCheckpoint([{ ...PARTITION, offset: 3 }]).subarray(0, 9);
      await ports.disk.replace(`${DIRECTORY}/recovery-point-offset-checkpoint`, damaged);
      const again = await openLogs(ports);
      expect(again.get(PARTITION)?.endOffset).toBe(3);
      expect(again.failedLogs).toEqual([]);
      await again.close();
    }));
});
