import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type BenchMode, modeOf } from '../src/mode.ts';
import { suite } from '../src/suite.ts';

const quick: BenchMode = modeOf(['--quick'], {});

function spin(times: number): number {
  let sum = 0;
  for (let index = 0; index < times; index++) sum = (sum * 31 + index) | 0;
  return sum;
}

describe('suite', () => {
  it('measures what takes longer as slower, and the baseline as itself', async () => {
    const { results } = await suite(
      {
        title: 'spinning',
        baseline: 'short',
        bytesPerOp: 8,
        cases: { long: () => spin(100_000), short: () => spin(1000) },
      },
      quick,
    );
    const [long, short] = results;
    expect(short?.ratio).toBe(1);
    // A hundred times the work; the machine may be busy.
    expect(long?.ratio).toBeLessThan(0.3);
    expect(long?.bytesPerSecond).toBeCloseTo(8 * (long?.opsPerSecond ?? 0));
  });

  it('counts several operations a call', async () => {
    const { results } = await suite(
      {
        title: 'in a loop',
        baseline: 'one',
        cases: { one: () => spin(20_000), hundred: { setup: () => () => spin(20_000), opsPerCall: 100 } },
      },
      { ...quick, rounds: 3 },
    );
    // The same work counted as a hundred operations.
    expect(results[1]?.ratio).toBeGreaterThan(20);
    expect(results[1]?.ratio).toBeLessThan(500);
  });

  it('prepares each case once, before any is measured', async () => {
    const events: string[] = [];
    const prepared = (name: string) => ({
      setup: async () => {
        await nextTurn();
        events.push(`prepare ${name}`);
        return () => {
          if (!events.includes(`run ${name}`)) events.push(`run ${name}`);
        };
      },
    });
    await suite({ title: 'prepared', baseline: 'a', cases: { a: prepared('a'), b: prepared('b') } }, quick);
    expect(events.filter((event) => event.startsWith('prepare'))).toEqual(['prepare a', 'prepare b']);
  });

  it('lets the cases take turns, each round in another order', async () => {
    const turns: string[] = [];
    const noting = (name: string) => () => {
      spin(1000);
      if (turns.at(-1) !== name) turns.push(name);
    };
    await suite({ title: 'turns', baseline: 'a', cases: { a: noting('a'), b: noting('b') } }, { ...quick, rounds: 3 });
    // We try a and b; benny tries all turns, then takes them: ab ba ab ba, of which one is for warming up.
    expect(turns.join('')).toBe('ab abbaabba abbaabba'.replaceAll(' ', '').replace(/(.)\1+/g, '$1'));
  });

  it('waits for what a case promises', async () => {
    const { results } = await suite(
      {
        title: 'promises',
        baseline: 'at once',
        cases: {
          'at once': () => spin(10),
          'after ten turns': async () => {
            for (let turn = 0; turn < 10; turn++) await nextTurn();
          },
        },
      },
      quick,
    );
    expect(results[1]?.ratio).toBeLessThan(0.5);
  });

  it('fails when the baseline is none of the cases', async () => {
    await expect(suite({ title: 'crc', baseline: 'tabel', cases: { table: () => 1 } }, quick)).rejects.toThrow(
      'suite "crc": baseline "tabel" is not among the cases table',
    );
  });

  it('fails when a case does, at once or later', async () => {
    const failing = (after: number) => {
      let calls = 0;
      return () => {
        if (calls++ >= after) throw new Error(`call ${after} failed`);
      };
    };
    for (const after of [0, 100]) {
      const cases = { good: () => spin(100), bad: failing(after) };
      await expect(suite({ title: 'failing', baseline: 'good', cases }, quick)).rejects.toThrow(`call ${after} failed`);
    }
  });
});

describe('modeOf', () => {
  it('is quick when an argument or the environment says so', () => {
    expect(modeOf([], {})).toMatchObject({ quick: false, json: false });
    expect(modeOf(['crc', '--json'], { BENCH_QUICK: '1' })).toMatchObject({ quick: true, json: true });
    expect(modeOf(['--quick'], { BENCH_QUICK: '0' })).toMatchObject({ quick: true, json: false });
    expect(modeOf([], { BENCH_QUICK: '0' }).quick).toBe(false);
  });
});
