import type { DiskError, Ports } from '@biquorum/platform';
import { type MemoryHost, MemoryWorld, SECTOR_BYTES, type UnsyncedFate } from '@biquorum/platform/testing';
import { describe, expect, it } from 'vitest';

interface Case {
  readonly world: MemoryWorld;
  readonly host: MemoryHost;
}

/** A host with the directory `/d`, which is durable. */
async function createCase(seed = 1, options: Parameters<MemoryWorld['addHost']>[1] = {}): Promise<Case> {
  const world = new MemoryWorld({ seed });
  const host = world.addHost('one', options);
  await world.run(async () => {
    await host.ports.disk.makeDirectory('/d');
    await host.ports.disk.syncDirectory('/');
  });
  return { world, host };
}

/** Lets the power fail after `before`, and reads a file as it is found afterwards. */
async function afterPowerOff(
  { world, host }: Case,
  fate: UnsyncedFate,
  before: (ports: Ports) => Promise<void>,
): Promise<Uint8Array | undefined> {
  await world.run(before(host.ports));
  host.powerOff(fate);
  const { disk } = host.start();
  return world.run(async () => ((await disk.stat('/d/f')) === undefined ? undefined : disk.readWhole('/d/f', 1e9)));
}

const bytes = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

describe('a disk in memory, when the power fails', () => {
  it('keeps what was synced, name and bytes', async () => {
    const found = await afterPowerOff(await createCase(), 'lost', async ({ disk }) => {
      const file = disk.open('/d/f', 'create');
      file.write(0, [bytes(700, 1)]);
      await file.sync();
      await disk.syncDirectory('/d');
    });
    expect(found).toEqual(bytes(700, 1));
  });

  it('may lose the name of a file whose bytes were synced', async () => {
    const found = await afterPowerOff(await createCase(), 'lost', async ({ disk }) => {
      const file = disk.open('/d/f', 'create');
      file.write(0, [bytes(700, 1)]);
      await file.sync();
    });
    expect(found).toBeUndefined();
  });

  it('may lose the bytes of a file whose name was synced', async () => {
    const found = await afterPowerOff(await createCase(), 'lost', async ({ disk }) => {
      disk.open('/d/f', 'create').write(0, [bytes(700, 1)]);
      await disk.syncDirectory('/d');
    });
    expect(found).toEqual(new Uint8Array(0));
  });

  it('does not cover by a sync what is written after the call', async () => {
    const found = await afterPowerOff(await createCase(), 'lost', async ({ disk }) => {
      const file = disk.open('/d/f', 'create');
      file.write(0, [bytes(100, 1)]);
      const synced = file.sync();
      file.write(100, [bytes(100, 2)]);
      await Promise.all([synced, disk.syncDirectory('/d')]);
    });
    expect(found).toEqual(bytes(100, 1));
  });

  it('brings back a file whose removal was not synced, and leaves it away when it was', async () => {
    for (const synced of [false, true]) {
      const found = await afterPowerOff(await createCase(), 'lost', async ({ disk }) => {
        await disk.replace('/d/f', bytes(10, 1));
        await disk.remove('/d/f');
        if (synced) await disk.syncDirectory('/d');
      });
      expect(found).toEqual(synced ? undefined : bytes(10, 1));
    }
  });

  it('undoes a rename that was not synced, wholly', async () => {
    const run = await createCase();
    const found = await afterPowerOff(run, 'lost', async ({ disk }) => {
      await disk.replace('/d/f', bytes(10, 1));
      await disk.replace('/d/g', bytes(10, 2));
      await disk.rename('/d/g', '/d/f');
    });
    expect(found).toEqual(bytes(10, 1));
    expect(run.host.disk.contents('/d/g')).toEqual(bytes(10, 2));
  });

  it('moves a name between directories wholly once either is synced', async () => {
    for (const directory of ['/d', '/e']) {
      const run = await createCase();
      await afterPowerOff(run, 'lost', async ({ disk }) => {
        await disk.makeDirectory('/e');
        await disk.syncDirectory('/');
        await disk.replace('/d/g', bytes(10, 1));
        await disk.rename('/d/g', '/e/g');
        await disk.syncDirectory(directory);
      });
      expect(run.host.disk.paths()).toEqual(['/e/g']);
    }
  });

  it('finds after replace the new content, and at any moment before either the old or the new', async () => {
    for (let step = 0; step <= 5; step++) {
      for (let seed = 0; seed < 20; seed++) {
        const run = await createCase(seed);
        const { disk } = run.host.ports;
        await run.world.run(disk.replace('/d/f', bytes(2_000, 1)));
        let steps = 0;
        run.host.disk.onOperation = ({ operation }) => {
          if (operation !== 'replace' || steps++ !== step) return undefined;
          return { kind: 'halt', halt: () => run.host.powerOff() };
        };
        let done = false;
        void disk.replace('/d/f', bytes(1_500, 2)).then(() => {
          done = true;
        });
        await run.world.time.runUntilIdle();
        run.host.disk.onOperation = undefined;
        if (run.host.running) run.host.powerOff();
        expect(done).toBe(step === 5);
        const found = run.host.disk.contents('/d/f');
        const [old, fresh] = [bytes(2_000, 1), bytes(1_500, 2)];
        expect(found).toEqual(done || found?.length === 1_500 ? fresh : old);
      }
    }
  });

  it('leaves of unsynced writes whole sectors, and over many seeds every kind of ruin', async () => {
    const kinds = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const found = await afterPowerOff(await createCase(seed), 'random', async ({ disk }) => {
        const file = disk.open('/d/f', 'create');
        await disk.syncDirectory('/d');
        for (let write = 0; write < 4; write++) file.write(write * 1_500, [bytes(1_500, write + 1)]);
      });
      if (found === undefined) throw new Error('the name was synced');
      // What a sector holds of each write is either there or zeros.
      for (let start = 0; start < found.length; start += SECTOR_BYTES) {
        for (let write = 0; write < 4; write++) {
          const from = Math.max(start, write * 1_500);
          const to = Math.min(start + SECTOR_BYTES, (write + 1) * 1_500, found.length);
          const part = new Set(found.subarray(from, Math.max(from, to)));
          expect(part.size).toBeLessThanOrEqual(1);
          for (const byte of part) expect([0, write + 1]).toContain(byte);
        }
      }
      if (found.length === 0) kinds.add('nothing');
      else if (found.length === 6_000 && !found.includes(0)) kinds.add('everything');
      else if (!found.includes(0)) kinds.add(found.length % 1_500 === 0 ? 'prefix of whole writes' : 'torn prefix');
      else kinds.add('holes');
    }
    expect([...kinds].sort()).toEqual(['everything', 'holes', 'nothing', 'prefix of whole writes', 'torn prefix']);
  });

  it('may have written an older version of a sector than the last', async () => {
    const versions = new Set<number | undefined>();
    for (let seed = 0; seed < 60; seed++) {
      const found = await afterPowerOff(await createCase(seed), 'random', async ({ disk }) => {
        const file = disk.open('/d/f', 'create');
        await disk.syncDirectory('/d');
        for (let version = 1; version <= 3; version++) file.write(0, [bytes(10, version)]);
      });
      versions.add(found?.[0]);
    }
    expect([...versions].sort()).toEqual([1, 2, 3, undefined]);
  });

  it('may undo a truncation that was not synced', async () => {
    const lengths = new Set<number | undefined>();
    for (let seed = 0; seed < 30; seed++) {
      const found = await afterPowerOff(await createCase(seed), 'random', async ({ disk }) => {
        await disk.replace('/d/f', bytes(1_000, 1));
        await disk.open('/d/f', 'write').truncate(10);
      });
      lengths.add(found?.length);
    }
    expect([...lengths].sort()).toEqual([10, 1_000]);
  });

  it('gives the same ruin for the same seed', async () => {
    const ruin = (seed: number): Promise<Uint8Array | undefined> =>
      createCase(seed).then((run) =>
        afterPowerOff(run, 'random', async ({ disk }) => {
          const file = disk.open('/d/f', 'create');
          for (let write = 0; write < 20; write++) file.write(write * 1_000, [bytes(1_000, write + 1)]);
        }),
      );
    const ruins = [];
    for (let seed = 0; seed < 10; seed++) {
      const found = await ruin(seed);
      expect(await ruin(seed)).toEqual(found);
      ruins.push(found?.length);
    }
    expect(new Set(ruins).size).toBeGreaterThan(2);
  });
});

describe('a disk in memory, when the process is killed', () => {
  it('keeps everything that was written', async () => {
    const { world, host } = await createCase();
    host.ports.disk.open('/d/f', 'create').write(0, [bytes(700, 1)]);
    await world.run(host.ports.disk.lock('/d/.lock'));
    host.kill();
    const { disk } = host.start();
    expect(await world.run(disk.readWhole('/d/f', 1_000))).toEqual(bytes(700, 1));
    expect(host.disk.openFiles).toBe(0);
    // The lock has gone with its holder.
    await world.run(disk.lock('/d/.lock'));
  });

  it('lets the dead process do nothing any more', async () => {
    const { world, host } = await createCase();
    const file = host.ports.disk.open('/d/f', 'create');
    const { disk } = host.ports;
    let heard = false;
    void file.sync().then(() => {
      heard = true;
    });
    host.kill();
    expect(() => file.write(0, [bytes(1, 1)])).toThrow('host one has been stopped');
    expect(() => disk.open('/d/g', 'create')).toThrow('host one has been stopped');
    void disk.remove('/d/f').then(() => {
      heard = true;
    });
    await world.time.runUntilIdle();
    expect(heard).toBe(false);
    expect(host.disk.paths()).toEqual(['/d/f']);
  });
});

describe('a disk in memory, with faults', () => {
  it('is full at its capacity, and writes what there is room for', async () => {
    const { world, host } = await createCase(1, { diskCapacityBytes: 10_000 });
    const { disk } = host.ports;
    const file = disk.open('/d/f', 'create');
    file.write(0, [bytes(6_000, 1)]);
    expect(() => file.write(6_000, [bytes(6_000, 2)])).toThrow(expect.objectContaining({ code: 'no-space' }));
    expect(file.size()).toBe(10_000);
    // Overwriting takes no room.
    file.write(0, [bytes(10_000, 3)]);
    await world.run(async () => {
      expect(await disk.space('/d')).toEqual({ totalBytes: 10_000, availableBytes: 0 });
      await file.truncate(1_000);
      expect((await disk.space('/d')).availableBytes).toBe(9_000);
      await expect(file.allocate(20_000)).rejects.toMatchObject({ code: 'no-space' });
      // The room of a removed file is given back with its last handle.
      await disk.remove('/d/f');
      expect((await disk.space('/d')).availableBytes).toBe(0);
      await file.close();
      expect((await disk.space('/d')).availableBytes).toBe(10_000);
    });
  });

  it('keeps the old file, and nothing else, where a replace finds no room', async () => {
    const { world, host } = await createCase(1, { diskCapacityBytes: 10_000 });
    const { disk } = host.ports;
    await world.run(async () => {
      await disk.replace('/d/f', bytes(6_000, 1));
      await expect(disk.replace('/d/f', bytes(6_000, 2))).rejects.toMatchObject({ code: 'no-space', path: '/d/f' });
    });
    expect(host.disk.paths()).toEqual(['/d/f']);
    expect(host.disk.contents('/d/f')).toEqual(bytes(6_000, 1));
    expect(host.disk.usedBytes).toBe(6_000);
  });

  it('counts open files', async () => {
    const { world, host } = await createCase(1, { openFilesMax: 2 });
    const { disk } = host.ports;
    const first = disk.open('/d/a', 'create');
    disk.open('/d/b', 'create');
    expect(() => disk.open('/d/c', 'create')).toThrow(expect.objectContaining({ code: 'too-many-open-files' }));
    await world.run(first.close());
    disk.open('/d/c', 'create');
    expect(host.disk.openFiles).toBe(2);
  });

  it('fails where a test wants it to, and a failed sync spoils the handle', async () => {
    const { world, host } = await createCase();
    const file = host.ports.disk.open('/d/f', 'create');
    let failures = 1;
    host.disk.onOperation = ({ operation }) =>
      operation === 'sync' && failures-- > 0 ? { kind: 'fail', code: 'io' } : undefined;
    await world.run(async () => {
      const error = await file.sync().catch((reason: DiskError) => reason);
      expect(error).toMatchObject({ code: 'io', operation: 'sync', path: '/d/f' });
      expect(failures).toBe(0);
      await expect(file.sync()).rejects.toBe(error);
      await host.ports.disk.open('/d/f', 'write').sync();
    });
  });

  it('decays by the bit', async () => {
    const { world, host } = await createCase();
    await world.run(host.ports.disk.replace('/d/f', bytes(10, 0b1010)));
    host.disk.flipBit('/d/f', 3, 1);
    host.powerOff('lost');
    expect(host.disk.contents('/d/f')).toEqual(Uint8Array.of(10, 10, 10, 8, 10, 10, 10, 10, 10, 10));
  });

  it('takes the time that it is told to take', async () => {
    const { world, host } = await createCase(1, { diskLatencyMs: (operation) => (operation === 'sync' ? 7 : 1) });
    const startMs = world.time.nowMs;
    const file = host.ports.disk.open('/d/f', 'create');
    await world.run(file.sync());
    expect(world.time.nowMs - startMs).toBe(7);
  });
});

describe('a snapshot of a disk in memory', () => {
  it('can be put back again and again, each time to be ruined in another way', async () => {
    const { world, host } = await createCase();
    const { disk } = host.ports;
    await world.run(disk.replace('/d/f', bytes(100, 1)));
    const file = disk.open('/d/f', 'write');
    for (let write = 0; write < 8; write++) file.write(100 + write * 700, [bytes(700, 2 + write)]);
    await world.run(disk.makeDirectory('/d/sub'));
    const snapshot = host.disk.snapshot();
    file.write(0, [bytes(10_000, 99)]);
    host.kill();
    const ruins = new Set<number | undefined>();
    for (let round = 0; round < 20; round++) {
      host.disk.restore(snapshot);
      expect(host.disk.contents('/d/f')?.length).toBe(5_700);
      host.disk.powerOff();
      const found = host.disk.contents('/d/f');
      expect(found?.subarray(0, 100)).toEqual(bytes(100, 1));
      ruins.add(found?.length);
    }
    expect(ruins.size).toBeGreaterThan(2);
  });

  it('can be put on the disk of another host', async () => {
    const { world, host } = await createCase();
    await world.run(host.ports.disk.replace('/d/f', bytes(100, 1)));
    const other = world.addHost('two');
    other.kill();
    other.disk.restore(host.disk.snapshot());
    await world.run(host.ports.disk.remove('/d/f'));
    expect(other.disk.contents('/d/f')).toEqual(bytes(100, 1));
    expect(await world.run(other.start().disk.readWhole('/d/f', 100))).toEqual(bytes(100, 1));
    expect(other.disk.usedBytes).toBe(100);
  });
});
