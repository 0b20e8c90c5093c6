import type { Ports } from '@biquorum/platform';
import { atEveryCrashPoint, type CrashScenario } from '@biquorum/platform/testing';
import { describe, expect, it } from 'vitest';

const CONTENT = Uint8Array.from({ length: 3_000 }, (_, index) => index % 251);

/** A way to save a file that is promised to be there once it is saved. */
type Save = (ports: Ports) => Promise<void>;

const synced: Save = async ({ disk }) => {
  const file = disk.open('/file', 'create');
  file.write(0, [CONTENT]);
  await file.sync();
  await disk.syncDirectory('/');
  await file.close();
};

const withoutSync: Save = async ({ disk }) => {
  const file = disk.open('/file', 'create');
  file.write(0, [CONTENT]);
  await disk.syncDirectory('/');
  await file.close();
};

const withoutDirectorySync: Save = async ({ disk }) => {
  const file = disk.open('/file', 'create');
  file.write(0, [CONTENT]);
  await file.sync();
  await file.close();
};

function scenario(seed: number, save: Save): CrashScenario<{ saved: boolean }> {
  return {
    seed,
    createLog: () => ({ saved: false }),
    async run(ports, log) {
      await save(ports);
      log.saved = true;
    },
    async verify({ disk }, log) {
      if (!log.saved) return;
      expect((await disk.stat('/file'))?.size).toBe(CONTENT.length);
      expect(await disk.readWhole('/file', 10_000)).toEqual(CONTENT);
    },
  };
}

/** How many of twenty seeds find a loss. */
async function losses(save: Save): Promise<number> {
  let lost = 0;
  for (let seed = 0; seed < 20; seed++) {
    await atEveryCrashPoint(scenario(seed, save)).catch(() => lost++);
  }
  return lost;
}

describe('a crash at every point', () => {
  it('stops before each change in turn, and after the last', async () => {
    const points: string[] = [];
    const base = scenario(1, synced);
    const count = await atEveryCrashPoint({
      ...base,
      verify: async (_ports, _log, { description }) => void points.push(description),
    });
    expect(points).toEqual(['open /file', 'write /file', 'sync /file', 'syncDirectory /', 'the end']);
    expect(count).toBe(5);
  });

  it('clears code that syncs its bytes and its names', async () => {
    expect(await losses(synced)).toBe(0);
  });

  it('finds out code that forgets the bytes', async () => {
    expect(await losses(withoutSync)).toBeGreaterThan(5);
  });

  it('finds out code that forgets the name', async () => {
    expect(await losses(withoutDirectorySync)).toBeGreaterThan(5);
  });

  it('finds nothing lost when only the process is killed', async () => {
    for (let seed = 0; seed < 5; seed++) await atEveryCrashPoint({ ...scenario(seed, withoutSync), fate: 'kill' });
  });

  it('takes no word of a process that goes on when it is dead', async () => {
    const careless: Save = async ({ disk }) => {
      try {
        const file = disk.open('/file', 'create');
        file.write(0, [CONTENT]);
        await file.sync();
        await disk.syncDirectory('/');
      } catch {
        // What the power failure has thrown here looks to the caller as if all were well.
      }
    };
    expect(await losses(careless)).toBe(0);
  });

  it('says where a failure was found', async () => {
    const failing = atEveryCrashPoint({ ...scenario(1, withoutSync), fate: 'lost' });
    await expect(failing).rejects.toThrow(/^crash 3, before the end: /);
  });

  it('passes on what the scenario itself throws', async () => {
    const broken: Save = async () => {
      throw new Error('the scenario is wrong');
    };
    await expect(atEveryCrashPoint(scenario(1, broken))).rejects.toThrow('the scenario is wrong');
  });
});
