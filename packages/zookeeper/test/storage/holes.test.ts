import { StorageError } from '@biquorum/consensus';
import { type MemoryHost, MemoryWorld } from '@biquorum/platform/testing';
import { type Zxid, zxidOf } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { LogAppender } from '../../src/storage/log-appender.ts';
import { writeSnapshot } from '../../src/storage/snapshot-files.ts';
import { LOGS, openDirectory } from './support/log.ts';
import { Opened } from './support/opened.ts';
import { type Made, State } from './support/state.ts';

const OPEN = [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }];
/** The last transactions of three epochs. */
const [FIRST, SECOND, FIFTH] = [zxidOf(1, 5), zxidOf(2, 3), zxidOf(5, 4)];

function history(): { leader: State; made: Made[] } {
  const leader = new State();
  const made: Made[] = [];
  for (const last of [FIRST, SECOND, FIFTH]) {
    for (let zxid = Math.floor(last / 2 ** 32) * 2 ** 32 + 1; zxid <= last; zxid++) {
      const request = { path: `/n${zxid.toString(16)}`, data: null, acl: OPEN, flags: 0 };
      made.push(leader.make({ type: 1, request }, { zxid }));
    }
  }
  return { leader, made };
}

/** The files of a server: snapshots by name with the transactions that they hold, and logs with theirs. */
interface Files {
  readonly snapshots?: readonly { readonly name: Zxid; readonly upTo: Zxid; readonly damaged?: boolean }[];
  readonly logs: readonly (readonly (readonly [from: Zxid, upTo: Zxid])[])[];
}

async function lay({ ports }: MemoryHost, { snapshots = [], logs }: Files): Promise<void> {
  const { made } = history();
  const directory = await openDirectory(ports.disk);
  const writing = { compression: 'none', digest: true, lastZxid: true } as const;
  for (const { name, upTo, damaged = false } of [{ name: 0, upTo: 0 }, ...snapshots]) {
    const state = new State();
    for (const { zxid, txn } of made) if (zxid <= upTo) state.apply(txn);
    await writeSnapshot(directory, ports.timers, state, writing, { zxid: name });
    if (damaged) await spoil(ports, `snapshot.${name.toString(16)}`, 60);
  }
  const log = new LogAppender({ disk: ports.disk, directory: LOGS, preAllocBytes: 4096, sizeLimitBytes: -1 });
  for (const parts of logs) {
    for (const { zxid, payload } of made) {
      if (parts.some(([from, upTo]) => zxid >= from && zxid <= upTo)) log.append(zxid, payload);
    }
    await log.commit();
    log.roll();
  }
  await log.close();
  await directory.close();
}

async function spoil(ports: MemoryHost['ports'], name: string, position: number): Promise<void> {
  const file = ports.disk.open(`${LOGS}/${name}`, 'write');
  file.write(position, [Uint8Array.of(0xff, 0xff, 0xff, 0xff)]);
  await file.sync();
  await file.close();
}

test.each([
  {
    where: 'within an epoch',
    snapshots: [{ name: zxidOf(1, 4), upTo: zxidOf(1, 4) }],
    logs: [[[zxidOf(1, 1), zxidOf(1, 2)]], [[zxidOf(1, 5), FIFTH]]],
    start: { epoch: 1, index: zxidOf(1, 5) },
  },
  {
    where: 'up to the end of an epoch',
    snapshots: [{ name: FIRST, upTo: FIRST }],
    logs: [[[zxidOf(1, 1), zxidOf(1, 2)]], [[zxidOf(2, 1), FIFTH]]],
    start: { epoch: 1, index: zxidOf(1, 6) },
  },
  {
    // A leader of Apache's that has not proposed anything yet sends its snapshot under the epoch's own zxid.
    where: 'with a snapshot that has the name of the next epoch',
    snapshots: [{ name: zxidOf(2, 0), upTo: FIRST }],
    logs: [[[zxidOf(1, 1), zxidOf(1, 2)]], [[zxidOf(2, 1), FIFTH]]],
    start: { epoch: 2, index: zxidOf(2, 1) },
  },
  {
    where: 'before an older snapshot that is still there',
    snapshots: [
      { name: FIRST, upTo: FIRST },
      { name: zxidOf(5, 2), upTo: zxidOf(5, 2) },
    ],
    logs: [[[zxidOf(1, 1), zxidOf(1, 2)]], [[zxidOf(2, 1), FIFTH]]],
    start: { epoch: 5, index: zxidOf(5, 1) },
  },
  {
    where: 'of which no snapshot tells any more, in one file',
    snapshots: [{ name: zxidOf(5, 2), upTo: zxidOf(5, 2) }],
    logs: [
      [
        [zxidOf(1, 1), zxidOf(1, 2)],
        [zxidOf(2, 1), FIFTH],
      ],
    ],
    start: { epoch: 5, index: zxidOf(5, 1) },
  },
  {
    where: 'up to a snapshot that is ahead of the log',
    snapshots: [{ name: FIFTH, upTo: FIFTH }],
    logs: [[[zxidOf(1, 1), zxidOf(2, 2)]]],
    start: { epoch: 5, index: FIFTH + 1 },
  },
] satisfies (Files & { where: string; start: { epoch: number; index: number } })[])(
  'what a snapshot alone stands for, $where, is before the log: nobody is sent what lies on both sides of it',
  async ({ snapshots, logs, start }) => {
    const world = new MemoryWorld({ seed: 9 });
    const host = world.addHost('one');
    const { leader } = history();
    await world.run(async () => {
      await lay(host, { snapshots, logs });
      const opened = new Opened(host.ports);
      const restored = await opened.open();
      expect(restored.logStart).toEqual(start);
      expect(await opened.read(zxidOf(1, 2), FIFTH + 1)).toBeNull();
      expect(await opened.read(start.index - 1, FIFTH + 1)).toBeNull();
      if (start.index <= FIFTH) expect(await opened.read(start.index, FIFTH + 1)).not.toBeNull();
      await opened.applyUpTo(FIFTH);
      expect(opened.state.facts()).toEqual(leader.facts());
      await opened.storage.close();
    });
  },
);

test('what leads up to the snapshot in one piece, and in its file, can be sent; the rest of the log is not looked at', async () => {
  const world = new MemoryWorld({ seed: 10 });
  const host = world.addHost('one');
  const { leader } = history();
  await world.run(async () => {
    await lay(host, {
      snapshots: [{ name: zxidOf(5, 3), upTo: zxidOf(5, 3) }],
      logs: [[[zxidOf(1, 1), FIRST]], [[zxidOf(2, 1), zxidOf(5, 1)]], [[zxidOf(5, 2), FIFTH]]],
    });
    // Neither what is damaged in it nor how much there is of it has a say in the start.
    await spoil(host.ports, 'log.100000001', 100);
    const read = new Set<string>();
    host.disk.onOperation = ({ operation, path }) => {
      if (operation === 'read' && path.includes('log.')) read.add(path);
      return undefined;
    };
    const opened = new Opened(host.ports);
    expect((await opened.open()).logStart.index).toBe(zxidOf(5, 2));
    expect([...read]).toEqual([`${LOGS}/log.500000002`]);
    expect(await opened.read(zxidOf(5, 2), FIFTH + 1)).toHaveLength(3);
    await opened.applyUpTo(FIFTH);
    expect(opened.state.facts()).toEqual(leader.facts());
    await opened.storage.close();
  });
});

test.each([
  { what: 'may be the only one to hold what the log lacks', logs: [[[zxidOf(2, 1), FIFTH]]] },
  { what: 'goes further than the log', logs: [] },
] satisfies (Files & { what: string })[])('a damaged snapshot that $what keeps a member out', async ({ logs }) => {
  const world = new MemoryWorld({ seed: 11 });
  const host = world.addHost('one');
  await world.run(async () => {
    const snapshots = [{ name: FIRST, upTo: FIRST, damaged: true }];
    await lay(host, { snapshots, logs: [[[zxidOf(1, 1), zxidOf(1, 2)]], ...logs] });
    const failed = await new Opened(host.ports).open().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(StorageError);
    expect(String(failed)).toMatch(/snapshot\.100000005.*damaged.*bring the missing files back from a copy/);
  });
});
