import type { Disk, DiskFile } from '@biquorum/platform';
import { describe, expect, it } from 'vitest';
import { runJournal } from '../src/journal/scenario.ts';
import { textReport } from '../src/report.ts';
import { runSeeds } from '../src/run-seeds.ts';
import type { Outcome, Scenario } from '../src/scenario.ts';

const seeds = Array.from({ length: 30 }, (_, index) => index + 1);

/** A port with some of its methods replaced. */
function instead<Port extends object>(port: Port, methods: Partial<Port>): Port {
  return new Proxy(port, {
    get(target, name) {
      const found = Reflect.get(name in methods ? methods : target, name);
      return typeof found === 'function' ? found.bind(target) : found;
    },
  });
}

/** The first seed whose run finds fault with such a disk. */
async function firstViolation(betweenDisk: (disk: Disk) => Disk): Promise<string> {
  for (const seed of seeds) {
    const { violations } = await runJournal(seed, { betweenDisk });
    if (violations[0] !== undefined) return violations[0];
  }
  return 'none';
}

describe('the journal scenario', () => {
  it('comes to the same hash when a seed is run twice, and to others for other seeds', async () => {
    const first = await runJournal(7);
    expect(await runJournal(7)).toEqual(first);
    expect((await runJournal(8)).hash).not.toBe(first.hash);
  });

  it('keeps its promises through faults of every kind', async () => {
    const totals: Record<string, number> = {};
    for (const seed of seeds) {
      const { violations, counts, faults } = await runJournal(seed);
      expect(violations, `seed ${seed}`).toEqual([]);
      for (const [name, count] of Object.entries({ ...counts, ...faults })) totals[name] = (totals[name] ?? 0) + count;
    }
    expect(totals['records acknowledged']).toBe(seeds.length * 450);
    for (const kind of ['power failures', 'kills', 'pauses', 'cuts']) expect(totals[kind]).toBeGreaterThan(50);
  });

  it('finds a disk that says it has synced and has not', async () => {
    const lying = (file: DiskFile): DiskFile => instead(file, { sync: async () => {} });
    const found = await firstViolation((disk) => instead(disk, { open: (path, mode) => lying(disk.open(path, mode)) }));
    expect(found).toMatch(/were acknowledged/);
  });

  it('finds a disk that forgets names because directories are not synced', async () => {
    const found = await firstViolation((disk) => instead(disk, { syncDirectory: async () => {} }));
    expect(found).toMatch(/were acknowledged/);
  });

  it('finds a disk that damages what is written', async () => {
    const damaging = (file: DiskFile): DiskFile =>
      instead(file, {
        write(position, chunks) {
          const copies = chunks.map((chunk) => chunk.slice());
          const [first] = copies;
          if (first !== undefined && position > 5_000) first[first.length - 1] = (first[first.length - 1] ?? 0) ^ 1;
          file.write(position, copies);
        },
      });
    const found = await firstViolation((disk) =>
      instead(disk, { open: (path, mode) => damaging(disk.open(path, mode)) }),
    );
    expect(found).toMatch(/were acknowledged/);
  });
});

describe('running seeds', () => {
  const scenarioOf = (run: (seed: number) => Promise<Outcome>): Scenario => ({
    name: 'planted',
    title: 'planted',
    run,
  });
  const outcome: Outcome = { hash: 'a', violations: [], virtualMs: 10, counts: { records: 2 }, faults: { cuts: 1 } };

  it('adds up what the runs came to', async () => {
    const summary = await runSeeds(
      scenarioOf(async () => outcome),
      { seed: 1, seeds: 3 },
      textReport(() => {}),
    );
    expect(summary).toEqual({ passed: 3, failed: 0, virtualMs: 30, counts: { records: 6, cuts: 3 } });
  });

  it('fails a seed whose two runs differ, and says how to see it again', async () => {
    let runs = 0;
    const lines: string[] = [];
    const report = textReport((line) => void lines.push(line));
    const drifting = scenarioOf(async (seed) => ({ ...outcome, hash: seed === 2 ? `${runs++}` : 'a' }));
    const { passed, failed } = await runSeeds(drifting, { seed: 1, seeds: 3 }, report);
    expect({ passed, failed }).toEqual({ passed: 2, failed: 1 });
    expect(lines).toEqual([
      'FAIL  seed 2: two runs of it differ (0, 1): something did not come from the seed',
      '      again: pnpm sim --scenario planted --seed 2 --seeds 1',
    ]);
  });

  it('fails a seed whose run breaks something', async () => {
    const breaking = scenarioOf(async () => ({ ...outcome, violations: ['lost'] }));
    expect(
      await runSeeds(
        breaking,
        { seed: 1, seeds: 1 },
        textReport(() => {}),
      ),
    ).toMatchObject({ passed: 0, failed: 1 });
  });
});
