import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Report } from '../src/report.ts';
import { type RunSettings, runSuites } from '../src/run-suites.ts';
import type { Suite } from '../src/suite.ts';

const SETTINGS: RunSettings = { seed: 7, full: false, strict: false, missing: async () => undefined };

async function run(suite: Omit<Suite, 'name' | 'title' | 'needs'> & Partial<Suite>, settings = SETTINGS) {
  const lines: string[] = [];
  const report = new Report((line) => lines.push(line));
  await runSuites([{ name: 'drill', title: 'a drill', needs: [], ...suite }], settings, report);
  report.close();
  return { lines, failed: report.failed };
}

describe('running suites', () => {
  it('closes with the counts, and goes on after a check that fails', async () => {
    const { lines, failed } = await run({
      async run({ check }) {
        await check('throws', () => {
          throw new Error('bytes differ');
        });
        await check('rejects', () => Promise.reject(new Error('no answer')));
        await check('holds', async () => '12 cases');
      },
    });
    expect(failed).toBe(2);
    expect(lines.at(-1)).toBe('1 passed, 2 failed');
    expect(lines).toContain('  pass  holds (12 cases)');
    expect(lines.some((line) => line.includes('bytes differ'))).toBe(true);
    expect(lines).toContain('FAIL  drill: rejects');
  });

  it('counts a throw outside a check, and a suite without checks, as failures', async () => {
    expect((await run({ run: () => Promise.reject(new Error('no broker')) })).failed).toBe(1);
    expect((await run({ run: async () => {} })).failed).toBe(1);
  });

  it('gives a live suite that failed another run where that is wanted, and tells of it', async () => {
    let runs = 0;
    const moody: Pick<Suite, 'run'> = {
      async run({ check }) {
        const first = runs++ === 0;
        await check('steady', () => {});
        await check('moody', () => {
          if (first) throw new Error('too late');
        });
      },
    };
    const forgiven = await run({ ...moody, live: true }, { ...SETTINGS, retries: 1 });
    expect(forgiven.failed).toBe(0);
    expect(forgiven.lines).toContain('failed the first time: drill: moody');
    expect(forgiven.lines.at(-1)).toBe('2 passed, 0 failed');
    runs = 0;
    expect((await run(moody, { ...SETTINGS, retries: 1 })).failed).toBe(1);
    const hopeless = await run(
      { live: true, run: ({ check }) => check('never', () => Promise.reject(new Error('no'))) },
      { ...SETTINGS, retries: 1 },
    );
    expect(hopeless.failed).toBe(1);
  });

  it('skips loudly where a tool is missing, and fails where skipping is not allowed', async () => {
    const missing = async () => 'mvn is not on the PATH: install Maven';
    const suite = { needs: ['mvn'], run: () => Promise.reject(new Error('never reached')) } as const;
    const lenient = await run(suite, { ...SETTINGS, missing });
    expect(lenient.failed).toBe(0);
    expect(lenient.lines).toContain('  SKIPPED: mvn is not on the PATH: install Maven');
    expect(lenient.lines).toContain('drill: SKIPPED');
    const strict = await run(suite, { ...SETTINGS, missing, strict: true });
    expect(strict.failed).toBe(1);
    expect(strict.lines.join('\n')).toContain('install Maven');
  });

  it('gives a suite a directory of its own and removes it', async () => {
    let scratch = '';
    await run({
      async run(context) {
        scratch = context.scratch;
        await context.check('it is there', () => expect(existsSync(scratch)).toBe(true));
      },
    });
    expect(existsSync(scratch)).toBe(false);
  });
});
