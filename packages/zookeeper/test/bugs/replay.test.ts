/** Bugs of ZooKeeper's files: what a log and a snapshot that was written meanwhile must come to. */
import { MemoryWorld } from '@biquorum/platform/testing';
import { Prng } from '@biquorum/std';
import { type Acl, OpCode } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { writeSnapshot } from '../../src/storage/snapshot-files.ts';
import { appender, LOGS, openDirectory, readLog, recovered } from '../storage/support/log.ts';
import { type Made, State } from '../storage/support/state.ts';

const WRITING = { compression: 'none', digest: true, lastZxid: true } as const;
/** So many that a snapshot takes several slices. */
const FILLERS = 1_200;

/**
 * A snapshot is written of a state that changes meanwhile: `between` is asked for transactions before the first slice
 * and after each. Then the server starts over with it and the log.
 *
 * @returns What the state was, and what it is after the start.
 */
async function startOver(before: (state: State) => Made[], between: (state: State, slice: number) => readonly Made[]) {
  const world = new MemoryWorld({ seed: 1 });
  const host = world.addHost('one');
  return world.run(async () => {
    const state = new State();
    const directory = await openDirectory(host.ports.disk);
    const log = appender(directory, 65_536);
    const keep = (made: readonly Made[]): void => {
      for (const { zxid, payload } of made) log.append(zxid, payload);
    };
    keep(before(state));
    await log.commit();
    let slice = 0;
    const timers = {
      soon: (callback: () => void): void => {
        keep(between(state, ++slice));
        host.ports.timers.soon(callback);
      },
    };
    const began = state.lastZxid;
    const writing = writeSnapshot(directory, timers, state, WRITING);
    // The state goes on before the first slice is written.
    keep(between(state, 0));
    await writing;
    await log.commit();
    await log.close();
    const { state: found, found: facts } = await recovered(host.ports, directory);
    expect(slice).toBeGreaterThan(3);
    expect(facts).toMatchObject({ snapshotZxid: began, lastZxid: state.lastZxid, digestMismatches: 0 });
    return { state, found };
  });
}

function fillers(state: State): Made[] {
  return Array.from({ length: FILLERS }, (_, at) => state.create(`/filler${at}`, 'x'.repeat(150)));
}

const close = (state: State, sessionId: bigint): Made => state.make({ type: OpCode.closeSession }, { sessionId });
const open = (state: State, sessionId: bigint): Made =>
  state.make({ type: OpCode.createSession, timeoutMs: 4_000 }, { sessionId });
const ephemeral = (state: State, path: string, sessionId: bigint): Made =>
  state.make(
    { type: OpCode.create, request: { path, data: null, acl: [{ perms: 31, id: ANYONE }], flags: 1 } },
    { sessionId },
  );
const ANYONE = { scheme: 'world', id: 'anyone' };

test('ZOOKEEPER-3144: sessions that begin and end while a snapshot is written are, after a start, what the log says', async () => {
  for (let at = 0; at < 5; at++) {
    const { state, found } = await startOver(
      (fresh) => [open(fresh, 11n), open(fresh, 12n), ephemeral(fresh, '/of-11', 11n), ...fillers(fresh)],
      (now, slice) => {
        if (slice !== at) return [];
        const begun = [open(now, 13n), open(now, 14n), ephemeral(now, '/filler3/of-13', 13n)];
        return [...begun, ephemeral(now, '/filler4/of-14', 14n), close(now, 11n), close(now, 14n)];
      },
    );
    expect([...found.sessions()].map(([id]) => id).sort()).toEqual([12n, 13n]);
    expect([...found.tree.ephemeralOwners()]).toEqual([13n]);
    expect(found.facts()).toEqual(state.facts());
  }
});

test('ZOOKEEPER-3145: a child that goes after its parent was written into a snapshot still raises pzxid there', async () => {
  const parents = ['/filler1', '/filler700', `/filler${FILLERS - 1}`];
  for (let at = 0; at < 5; at++) {
    const { state, found } = await startOver(
      (fresh) => [
        ...fillers(fresh),
        open(fresh, 11n),
        ...parents.flatMap((parent) => [
          ephemeral(fresh, `${parent}/ephemeral`, 11n),
          fresh.create(`${parent}/child`, 'y'.repeat(50_000)),
          fresh.create(`${parent}/other`, 'y'.repeat(50_000)),
        ]),
      ],
      (now, slice) => {
        if (slice !== at) return [];
        const gone = parents.map((parent) =>
          now.make({ type: OpCode.delete, request: { path: `${parent}/child`, version: -1 } }),
        );
        return [...gone, close(now, 11n)];
      },
    );
    for (const parent of parents) expect(found.tree.stat(parent)?.pzxid).toBe(state.lastZxid);
    expect(found.facts()).toEqual(state.facts());
  }
});

test('ZOOKEEPER-4846: an ACL that is younger than the list of ACLs in a snapshot is known again after a start', async () => {
  const only = (id: string): Acl[] => [{ perms: 31, id: { scheme: 'digest', id: `${id}:hash` } }];
  for (let at = 0; at < 5; at++) {
    const { state, found } = await startOver(fillers, (now, slice) => {
      if (slice !== at) return [];
      return [
        now.create('/filler2/young', '', only('alice')),
        now.create(`/filler${FILLERS - 1}/young`, '', only('bob')),
        now.make({ type: OpCode.setACL, request: { path: '/filler5', acl: only('carol'), version: -1 } }),
      ];
    });
    expect(found.tree.acl('/filler2/young')).toEqual(only('alice'));
    expect(found.facts()).toEqual(state.facts());
  }
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'whatever comes and goes anywhere in the tree while a snapshot is written, a start finds it (seed %i)',
  async (seed) => {
    const prng = new Prng(seed);
    const filler = (): string => `/filler${prng.below(FILLERS)}`;
    const step = (state: State): Made => {
      const sessionId = BigInt(1 + prng.below(3));
      switch (prng.below(7)) {
        case 0:
          return open(state, sessionId);
        case 1:
          return close(state, sessionId);
        case 2:
          return ephemeral(state, `${filler()}/e${prng.below(3)}`, sessionId);
        case 3:
          return state.make({ type: OpCode.delete, request: { path: `${filler()}/c`, version: -1 } });
        case 4:
          return state.make({ type: OpCode.delete, request: { path: filler(), version: -1 } });
        default:
          return state.create(`${filler()}/c`);
      }
    };
    const steps = (state: State, count: number): Made[] => Array.from({ length: count }, () => step(state));
    const { state, found } = await startOver(
      (fresh) => [...fillers(fresh), ...steps(fresh, 2_000)],
      (now) => steps(now, 100),
    );
    expect(found.facts()).toEqual(state.facts());
  },
);

test('ZOOKEEPER-2332: a log file that was begun and never written to does not keep a server from starting', async () => {
  // Nothing at all, nothing but padding, a header and nothing more, a header and padding.
  const header = [0x5a, 0x4b, 0x4c, 0x47, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const bytes of [[], Array<number>(4_096).fill(0), header, [...header, ...Array<number>(4_096).fill(0)]]) {
    const world = new MemoryWorld({ seed: 1 });
    const host = world.addHost('one');
    await world.run(async () => {
      const directory = await openDirectory(host.ports.disk);
      const state = new State();
      const log = appender(directory);
      await writeSnapshot(directory, host.ports.timers, state, WRITING);
      const { zxid, payload } = state.create('/a');
      log.append(zxid, payload);
      await log.commit();
      await log.close();
      const file = host.ports.disk.open(`${LOGS}/log.2`, 'create');
      if (bytes.length > 0) file.write(0, [Uint8Array.from(bytes)]);
      await file.sync();
      await file.close();
      expect((await readLog(directory)).map((one) => one.zxid)).toEqual([1]);
      expect(host.disk.contents(`${LOGS}/log.2`)).toBeUndefined();
      const { state: found } = await recovered(host.ports, directory);
      expect(found.facts()).toEqual(state.facts());
    });
  }
});
