import { MemoryWorld } from '@biquorum/platform/testing';
import { Prng } from '@biquorum/std';
import { SnapshotStreamScanner } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import type { SnapshotCompression } from '../../src/storage/file-names.ts';
import { checking, loadNewestSnapshot, restoring } from '../../src/storage/restore.ts';
import { snapshotBody, snapshotStream } from '../../src/storage/snapshot-body.ts';
import { type SnapshotWriting, writeSnapshot } from '../../src/storage/snapshot-files.ts';
import { SnapshotError, SnapshotParser } from '../../src/storage/snapshot-parser.ts';
import { appender, hex, LOGS, openDirectory, recovered } from './support/log.ts';
import { State } from './support/state.ts';

const AS_39: SnapshotWriting = { compression: 'none', digest: true, lastZxid: true };
const AS_38: SnapshotWriting = { compression: 'none', digest: true, lastZxid: false };

function drawn(seed: number, count: number): State {
  const state = new State();
  const prng = new Prng(seed);
  for (let step = 0; step < count; step++) state.draw(prng);
  return state;
}

test('the snapshot of a fresh server is that of a Java server: 457 bytes, ended by a digest of nothing', async () => {
  const world = new MemoryWorld({ seed: 1 });
  const host = world.addHost('one');
  await world.run(async () => {
    const directory = await openDirectory(host.ports.disk);
    await writeSnapshot(directory, host.ports.timers, new State(), AS_38);
    const bytes = host.disk.contents(`${LOGS}/snapshot.0`) as Uint8Array;
    expect(bytes.length).toBe(457);
    expect(hex(bytes.subarray(0, 16))).toBe('5a4b534e00000002ffffffffffffffff');
    expect(hex(bytes.subarray(-33, -13))).toBe('0000000000000000000000020000000000000000');
    expect(hex(bytes.subarray(-5))).toBe('000000012f');
    // Servers from 3.9 on add the last zxid and one more seal.
    await writeSnapshot(directory, host.ports.timers, new State(), AS_39);
    expect(host.disk.contents(`${LOGS}/snapshot.0`)?.length).toBe(457 + 21);
  });
});

test.each([
  ['none', AS_39],
  ['none', AS_38],
  ['none', { compression: 'none', digest: false, lastZxid: false }],
  ['none', { compression: 'none', digest: false, lastZxid: true }],
  ['gz', { ...AS_39, compression: 'gz' }],
  ['snappy', { ...AS_39, compression: 'snappy' }],
] as const)('a snapshot (%s, %o) gives back nodes, ACLs, sessions and digest', async (compression, writing) => {
  const world = new MemoryWorld({ seed: 2 });
  const host = world.addHost('one');
  await world.run(async () => {
    const state = drawn(2, 1_500);
    const directory = await openDirectory(host.ports.disk);
    const written = await writeSnapshot(directory, host.ports.timers, state, writing);
    const suffix = (compression as SnapshotCompression) === 'none' ? '' : `.${compression}`;
    expect(written?.name).toBe(`snapshot.${state.lastZxid.toString(16)}${suffix}`);
    const { state: found, found: facts } = await recovered(host.ports, directory);
    expect(found.facts()).toEqual(state.facts());
    expect(facts).toMatchObject({ snapshotZxid: state.lastZxid, replayed: 0, digestMismatches: 0 });
    // Nodes that came back have the ACLs of the list, and go on being counted.
    found.create('/after', '', [{ perms: 3, id: { scheme: 'world', id: 'anyone' } }]);
    expect(found.tree.acl('/after')).toEqual([{ perms: 3, id: { scheme: 'world', id: 'anyone' } }]);
  });
});

test.each(Array.from({ length: 15 }, (_, seed) => seed))(
  'a fuzzy snapshot and the log from its name on make the state whole (seed %i)',
  async (seed) => {
    const world = new MemoryWorld({ seed });
    const host = world.addHost('one');
    const prng = new Prng(seed).fork('fuzzy');
    const state = new State();
    // Enough of them that a slice does not hold all.
    const many = prng.between(200, 2_000);
    await world.run(async () => {
      const directory = await openDirectory(host.ports.disk);
      const log = appender(directory, 65_536);
      const make = (count: number): void => {
        for (let step = 0; step < count; step++) {
          const { zxid, payload } = state.draw(prng);
          log.append(zxid, payload);
        }
      };
      for (let node = 0; node < many; node++) {
        const { zxid, payload } = state.create(`/filler${node}`, 'x'.repeat(prng.below(300)));
        log.append(zxid, payload);
      }
      make(300);
      await log.commit();
      const began = state.lastZxid;
      let slices = 0;
      const timers = {
        soon: (callback: () => void): void => {
          slices++;
          make(prng.below(12));
          host.ports.timers.soon(callback);
        },
      };
      const written = await writeSnapshot(directory, timers, state, AS_39);
      make(prng.below(50));
      await log.commit();
      await log.close();
      expect(written?.zxid).toBe(began);
      expect(slices).toBeGreaterThan(0);
      const { state: found, found: facts } = await recovered(host.ports, directory);
      expect(facts).toMatchObject({ snapshotZxid: began, lastZxid: state.lastZxid, digestMismatches: 0 });
      expect(found.facts()).toEqual(state.facts());
    });
  },
);

test('a snapshot that a crash cut short or that is damaged is passed over for the one before', async () => {
  const world = new MemoryWorld({ seed: 4 });
  const host = world.addHost('one');
  await world.run(async () => {
    const directory = await openDirectory(host.ports.disk);
    const state = drawn(4, 100);
    await writeSnapshot(directory, host.ports.timers, state, AS_39);
    const before = state.facts();
    const good = state.lastZxid;
    const log = appender(directory);
    const prng = new Prng(4);
    for (let step = 0; step < 50; step++) {
      const { zxid, payload } = state.draw(prng);
      log.append(zxid, payload);
    }
    await log.commit();
    await log.close();
    await writeSnapshot(directory, host.ports.timers, state, AS_39);
    const name = `${LOGS}/snapshot.${state.lastZxid.toString(16)}`;
    const bytes = host.disk.contents(name) as Uint8Array;
    const positions = Array.from({ length: 60 }, () => 16 + prng.below(bytes.length - 16));
    for (const position of positions) {
      host.disk.flipBit(name, position, position % 8);
      const target = new State();
      const loaded = await loadNewestSnapshot(directory, host.ports.timers, target);
      expect(loaded?.zxid, `bit at ${position}`).toBe(good);
      target.lastZxid = good;
      expect(target.facts()).toEqual(before);
      host.disk.flipBit(name, position, position % 8);
    }
    const { state: whole } = await recovered(host.ports, directory);
    expect(whole.facts()).toEqual(state.facts());
    // Half a file.
    const file = host.ports.disk.open(name, 'write');
    await file.truncate(bytes.length >> 1);
    const { state: replayed, found } = await recovered(host.ports, directory);
    expect(found).toMatchObject({ snapshotZxid: good, replayed: 50, digestMismatches: 0 });
    expect(replayed.facts()).toEqual(state.facts());
  });
});

test('a log without a snapshot, and no files at all, are refused unless that is allowed', async () => {
  const world = new MemoryWorld({ seed: 5 });
  const host = world.addHost('one');
  const { ports } = host;
  await world.run(async () => {
    const directory = await openDirectory(ports.disk);
    await expect(recovered(ports, directory, { autocreateDb: false })).rejects.toThrow(/file named initialize/);
    await ports.disk.replace('/srv/zookeeper/initialize', new Uint8Array(0));
    expect((await recovered(ports, directory, { autocreateDb: false })).found.lastZxid).toBe(0);
    await expect(recovered(ports, directory, { autocreateDb: false })).rejects.toThrow(/file named initialize/);
    const state = new State();
    const log = appender(directory);
    const { zxid, payload } = state.create('/a');
    log.append(zxid, payload);
    await log.commit();
    await expect(recovered(ports, directory)).rejects.toThrow(/no snapshot to replay it over/);
    const { state: found } = await recovered(ports, directory, { trustEmptySnapshot: true });
    expect(found.facts()).toEqual(state.facts());
  });
});

test('a record that was logged and cannot be understood changes nothing, and holds nobody up', async () => {
  const world = new MemoryWorld({ seed: 9 });
  const host = world.addHost('one');
  await world.run(async () => {
    const directory = await openDirectory(host.ports.disk);
    const state = new State();
    await writeSnapshot(directory, host.ports.timers, state, AS_39);
    const log = appender(directory);
    const first = state.create('/a');
    const strange = first.payload.slice();
    new DataView(strange.buffer).setInt32(28, 4711);
    strange[19] = 2;
    log.append(first.zxid, first.payload);
    log.append(2, strange);
    const other = new State();
    other.apply(first.txn);
    const third = other.create('/c');
    const later = third.payload.slice();
    later[19] = 3;
    log.append(3, later);
    await log.commit();
    await log.close();
    const { state: found, found: facts } = await recovered(host.ports, directory);
    expect(facts).toMatchObject({ lastZxid: 3, replayed: 3 });
    expect([found.tree.has('/a'), found.tree.has('/c')]).toEqual([true, true]);
  });
});

test('a snapshot travels as a stream without header and seals, in pieces of any size', async () => {
  const state = drawn(6, 800);
  const stream = Buffer.concat([...snapshotStream(state)].map((slice) => slice.slice()));
  expect(hex(stream.subarray(-14))).toBe(`0000000a${hex(Buffer.from('BenWasHere'))}`);
  for (const size of [1, 7, 1_000, 1_000_000]) {
    const target = new State();
    target.tree.clear();
    const parser = new SnapshotParser('stream', restoring(target));
    for (let at = 0; at < stream.length; at += size) parser.push(stream.subarray(at, at + size));
    expect(parser.finish()).toMatchObject({ digest: null, lastZxid: null });
    target.tree.finishRestore();
    target.lastZxid = state.lastZxid;
    expect(target.facts()).toEqual(state.facts());
  }
  const scanner = new SnapshotStreamScanner();
  const { snapshot, rest } = scanner.push(Buffer.concat([stream, Buffer.from('next')]));
  expect([scanner.ended, Buffer.from(rest).toString()]).toEqual([true, 'next']);
  expect(hex(snapshot)).toBe(hex(Buffer.concat([...snapshotBody(state)].map((slice) => slice.slice()))));
});

test('whatever becomes of a snapshot, reading it ends with the state or an error of its own', () => {
  const state = drawn(7, 60);
  const body = Buffer.concat([...snapshotBody(state)].map((slice) => slice.slice()));
  const prng = new Prng(7);
  let refused = 0;
  for (let round = 0; round < 1_000; round++) {
    const bytes = Buffer.from(body);
    for (let change = prng.between(1, 4); change > 0; change--) bytes[prng.below(bytes.length)] = prng.below(256);
    const cut = bytes.subarray(0, prng.chance(0.3) ? prng.below(bytes.length) : bytes.length);
    const target = new State();
    target.tree.clear();
    try {
      for (const visitor of [checking(), restoring(target)]) {
        const parser = new SnapshotParser('body', visitor);
        parser.push(cut);
        parser.finish();
      }
    } catch (error) {
      expect(error).toBeInstanceOf(SnapshotError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(200);
});

test("a node whose ACL is younger than the list of ACLs is nobody's until the log says whose", async () => {
  const world = new MemoryWorld({ seed: 8 });
  const host = world.addHost('one');
  const only = (id: string) => [{ perms: 31, id: { scheme: 'digest', id: `${id}:hash` } }];
  await world.run(async () => {
    const directory = await openDirectory(host.ports.disk);
    const state = new State();
    const log = appender(directory);
    const slices = snapshotBody(state);
    // The list of ACLs is taken at the first step, and the tree is walked after it.
    for (let node = 0; node < 2_000; node++) state.create(`/filler${node}`, 'x'.repeat(60));
    const began = state.lastZxid;
    const parts = [slices.next().value?.slice() as Uint8Array];
    const made = [state.create('/filler1/young', '', only('alice')), state.create('/other', '', only('carol'))];
    for (const slice of slices) parts.push(slice.slice());
    for (const { zxid, payload } of made) log.append(zxid, payload);
    await log.commit();
    const target = new State();
    target.tree.clear();
    const parser = new SnapshotParser('body', restoring(target));
    parser.push(Buffer.concat(parts));
    parser.finish();
    target.tree.finishRestore();
    target.lastZxid = began;
    expect(target.tree.acl('/filler1/young')).toEqual([{ perms: 0, id: { scheme: 'world', id: 'anyone' } }]);
    for (const { txn } of made) target.apply(txn);
    expect(target.tree.acl('/filler1/young')).toEqual(only('alice'));
    expect(target.tree.acl('/other')).toEqual(only('carol'));
    expect(target.facts()).toEqual(state.facts());
  });
});
