import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@biquorum/compare';
import { afterAll, describe, expect, it } from 'vitest';
import { call } from './call.ts';

const LIMIT_MS = 600_000;
const scratch = mkdtempSync(join(tmpdir(), 'biquorum-cli-compare-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('biquorum compare', () => {
  it('lists its scenarios, for people and for machines', async () => {
    const { code, out } = await call('compare', '--list');
    expect(code).toBe(0);
    expect(out).toContain('controller-kill: Controller killed\n');
    const told: { name: string }[] = JSON.parse((await call('compare', '--list', '--json')).out);
    expect(told.map(({ name }) => name)).toEqual(
      out.split('\n').flatMap((line) => (line.startsWith(' ') || line === '' ? [] : (line.split(':')[0] ?? []))),
    );
  });

  it.each([
    ['coffee-break', 'there is no scenario coffee-break; there are start-up, '],
    ['--preset=short', '--preset short is no preset; there are kafka and equal.'],
    ['--mode=raft', '--mode raft is no mode; there are kraft and zookeeper.'],
    ['--partitions=many', '--partitions many is no whole number from 1 to 100000.'],
    ['--runs=0', '--runs 0 is no whole number from 1 to 1000.'],
    [`--html=${scratch}/none/report.html`, `there is no folder ${scratch}/none; make it first.`],
    [`--markdown=${scratch}`, `--markdown ${scratch} is a folder; name a file in it.`],
  ])('says what is wrong with %s, before anything runs', async (argument, message) => {
    const { code, err } = await call('compare', argument);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it(
    'runs a scenario in the mode it is asked for, and writes what it is asked for',
    async () => {
      const [html, markdown] = [join(scratch, 'report.html'), join(scratch, 'report.md')];
      const files = ['--html', html, '--markdown', markdown];
      const { code, out } = await call(
        ...['compare', 'start-up', '--mode', 'kraft', '--runs', '1', '--seed', '7', '--json', ...files],
      );
      expect(code).toBe(0);
      const report: Report = JSON.parse(out);
      expect(report.header).toMatchObject({ seed: 7, runs: 1, preset: 'equal' });
      expect(report.sides.map(({ name }) => name)).toEqual(['kraft']);
      expect(report.sections[0]?.rows[0]?.cells[0]?.values).toHaveLength(1);
      expect(existsSync(html) && readFileSync(html, 'utf8')).toContain('<svg ');
      expect(readFileSync(markdown, 'utf8')).toContain('| every node says that it serves, ms');
    },
    LIMIT_MS,
  );
});
