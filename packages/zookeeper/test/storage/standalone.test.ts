import type { Ports } from '@biquorum/platform';
import { atEveryCrashPoint, MemoryWorld } from '@biquorum/platform/testing';
import { Prng } from '@biquorum/std';
import { createRequest, OPEN_ACL, pathRecord, pathWatchRequest, setDataRequest } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { StandaloneServer } from '../../src/server/standalone.ts';
import { StandaloneStorage } from '../../src/storage/standalone-storage.ts';
import { type StorageOptions, storageOptions } from '../../src/storage/storage-options.ts';
import { RawClient } from '../server/raw-client.ts';
import { DATA } from './support/log.ts';
import { bytesOf } from './support/state.ts';

const OPTIONS = { preAllocBytes: 4_096, snapCount: 20 };

/** A server alone over files. */
class OnDisk {
  readonly alone: StandaloneServer;
  storage: StandaloneStorage | null = null;
  failure: unknown = null;

  constructor(ports: Ports) {
    this.alone = new StandaloneServer({
      clock: ports.clock,
      skipAcl: true,
      log: (txn) => this.storage?.append(txn),
    });
  }

  static async open(ports: Ports, options: Partial<StorageOptions> = {}): Promise<OnDisk> {
    const one = new OnDisk(ports);
    const all = storageOptions({ dataDir: DATA, ...OPTIONS, ...options });
    one.storage = await StandaloneStorage.open(all, ports, one.alone, {
      committed: (txn) => one.alone.committed(txn),
      failed: (error) => {
        one.failure = error;
      },
    });
    one.alone.restored(one.storage.recovered.lastZxid);
    return one;
  }

  connect(over: Parameters<RawClient['connect']>[0] = {}): RawClient {
    const client = new RawClient(this.alone.server);
    client.connect(over);
    return client;
  }
}

/** Waits until a server has nothing under way. */
async function settled(ports: Ports, { storage, failure }: OnDisk): Promise<void> {
  while ((storage?.waiting ?? 0) > 0 && failure === null) await new Promise<void>((done) => ports.timers.set(1, done));
}

test('nothing is acknowledged before it is on the disk, and what is asked for meanwhile shares a sync', async () => {
  const world = new MemoryWorld({ seed: 1 });
  const host = world.addHost('one', { diskLatencyMs: (operation) => (operation === 'sync' ? 5 : 0) });
  const { ports } = host;
  await world.run(async () => {
    const one = await OnDisk.open(ports, { snapCount: 1_000, preAllocBytes: 1_000_000 });
    const client = one.connect();
    await settled(ports, one);
    client.read();
    let syncs = 0;
    host.disk.onOperation = ({ operation }) => {
      if (operation === 'sync') syncs++;
      return undefined;
    };
    const create = (xid: number): void =>
      client.send(xid, 'create', createRequest, { path: `/n${xid}`, data: null, acl: OPEN_ACL, flags: 0 });
    create(1);
    await new Promise<void>((done) => ports.timers.set(2, done));
    for (let xid = 2; xid <= 100; xid++) create(xid);
    client.send(101, 'getData', pathWatchRequest, { path: '/n1', watch: false });
    client.send(102, 'sync', pathRecord, { path: '/' });
    expect(client.read()).toEqual([]);
    await settled(ports, one);
    const replies = client.read();
    expect(replies).toEqual(Array.from({ length: 102 }, (_, index) => `${index + 1} Ok`));
    expect(syncs).toBe(2);
  });
});

test('a restart keeps nodes and sessions, and ephemerals without a session go', async () => {
  const world = new MemoryWorld({ seed: 2 });
  const host = world.addHost('one');
  await world.run(async () => {
    const one = await OnDisk.open(host.ports);
    const client = one.connect({ timeoutMs: 30_000 });
    await settled(host.ports, one);
    client.read();
    client.send(1, 'create', createRequest, { path: '/mine', data: null, acl: OPEN_ACL, flags: 1 });
    client.send(2, 'create', createRequest, { path: '/kept', data: bytesOf('x'), acl: OPEN_ACL, flags: 0 });
    await settled(host.ports, one);
    expect(client.read()).toEqual(['1 Ok', '2 Ok']);
  });
  host.kill();
  host.start();
  await world.run(async () => {
    const one = await OnDisk.open(host.ports);
    expect(one.storage?.recovered).toMatchObject({ lastZxid: 3, digestMismatches: 0 });
    expect([one.alone.tree.has('/mine'), one.alone.tree.has('/kept'), one.alone.tracker.size]).toEqual([true, true, 1]);
    await one.storage?.close();
    // The session has ended, and the log does not tell.
    const again = await OnDisk.open(host.ports);
    await again.storage?.idle();
    const [session] = again.alone.sessions();
    again.alone.removeSession(session?.[0] ?? 0n);
    again.storage?.takeSnapshot();
    await again.storage?.idle();
    await again.storage?.close();
    const last = await OnDisk.open(host.ports);
    expect([last.alone.tree.has('/mine'), last.alone.tree.has('/kept')]).toEqual([false, true]);
    const client = last.connect();
    client.send(9, 'create', createRequest, { path: '/more', data: null, acl: OPEN_ACL, flags: 0 });
    await settled(host.ports, last);
    await last.storage?.close();
    expect((await OnDisk.open(host.ports)).storage?.recovered).toMatchObject({ digestMismatches: 0 });
  });
});

test('a full disk ends the service: nobody is told of what may not be there', async () => {
  const world = new MemoryWorld({ seed: 3 });
  const host = world.addHost('one');
  await world.run(async () => {
    const one = await OnDisk.open(host.ports);
    const client = one.connect();
    await settled(host.ports, one);
    client.read();
    host.disk.capacityBytes = host.disk.usedBytes;
    for (let xid = 1; xid <= 40; xid++) {
      client.send(xid, 'create', createRequest, {
        path: `/n${xid}`,
        data: bytesOf('x'.repeat(500)),
        acl: OPEN_ACL,
        flags: 0,
      });
    }
    while (one.failure === null) await new Promise<void>((done) => host.ports.timers.set(1, done));
    expect(String(one.failure)).toMatch(/no-space|no space/i);
    expect(client.read()).toEqual([]);
    host.disk.capacityBytes = Number.MAX_SAFE_INTEGER;
    await one.storage?.close();
    const again = await OnDisk.open(host.ports);
    expect(again.storage?.recovered.digestMismatches).toBe(0);
  });
});

test.each([1, 2, 3])(
  'whatever a client was told of outlives a crash before any operation on the disk (seed %i)',
  async (seed) => {
    const points = await atEveryCrashPoint<Map<string, number>>({
      seed,
      fate: seed % 3 === 0 ? 'kill' : 'random',
      createLog: () => new Map(),
      async run(ports, told) {
        const prng = new Prng(seed);
        const one = await OnDisk.open(ports);
        const client = one.connect();
        await settled(ports, one);
        client.read();
        let xid = 0;
        const asked = new Map<number, readonly [string, number]>();
        for (let step = 0; step < 9; step++) {
          for (let count = prng.between(1, 8); count > 0; count--) {
            const path = `/n${prng.below(6)}`;
            const value = ++xid;
            asked.set(xid, [path, value]);
            const data = bytesOf(`${value} ${'x'.repeat(prng.below(300))}`);
            if (one.alone.tree.has(path)) client.send(xid, 'setData', setDataRequest, { path, data, version: -1 });
            else client.send(xid, 'create', createRequest, { path, data, acl: OPEN_ACL, flags: 0 });
          }
          if (prng.chance(0.7)) await settled(ports, one);
          for (const reply of client.read()) {
            const [answered, result] = reply.split(' ');
            const [path, value] = asked.get(Number(answered)) ?? ['', 0];
            if (result === 'Ok') told.set(path, value);
          }
          if (step === 6) await one.storage?.purge(3);
        }
        await settled(ports, one);
        await one.storage?.close();
      },
      async verify(ports, told) {
        const one = await OnDisk.open(ports);
        expect(one.storage?.recovered.digestMismatches).toBe(0);
        for (const [path, value] of told) {
          const text = new TextDecoder().decode(one.alone.tree.data(path)?.data ?? new Uint8Array(0));
          expect(Number(text.split(' ')[0]), path).toBeGreaterThanOrEqual(value);
        }
        const client = one.connect();
        await settled(ports, one);
        client.send(1, 'create', createRequest, { path: '/after', data: null, acl: OPEN_ACL, flags: 0 });
        await settled(ports, one);
        expect(client.read()).toContain('1 Ok');
        expect(one.failure).toBeNull();
        await one.storage?.close();
      },
    });
    expect(points).toBeGreaterThan(40);
  },
  120_000,
);
