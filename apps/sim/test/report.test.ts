import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { jsonReport, type SeedReport, textReport } from '../src/report.ts';

const seedReport: SeedReport = {
  kind: 'cluster',
  mode: 'kraft',
  mutant: null,
  seed: 7,
  trace: '0badcafe',
  virtualMs: 1_000,
  families: ['cut'],
  operations: { 'records read': 3 },
  faults: { cut: 2 },
  violations: [],
};
const violation = { text: 'one leader: two', families: ['cut'], replay: 'pnpm sim --cluster kraft --seed 8' };

test('as JSON each seed is a line of its own, and the last line sums them up', () => {
  const lines: string[] = [];
  let nowMs = 100;
  const report = jsonReport(
    (line) => void lines.push(line),
    () => nowMs,
  );
  report.print('lines for people are left out');
  report.seed(seedReport);
  report.seed({ ...seedReport, seed: 8, faults: { cut: 1, pause: 1 }, violations: [violation] });
  report.check('seed 1 twice', true);
  report.check('mutant x', false);
  nowMs = 350;
  report.end();
  const [first, second, , , end, ...more] = lines.map((line) => JSON.parse(line));
  expect(more).toEqual([]);
  expect(first).toEqual({ event: 'seed', ...seedReport, held: true, operations: { recordsRead: 3 } });
  expect(second).toMatchObject({ seed: 8, held: false, violations: [violation] });
  expect(end).toEqual({
    event: 'end',
    held: false,
    seeds: { passed: 1, failed: 1 },
    checks: { passed: 1, failed: ['mutant x'] },
    virtualMs: 2_000,
    operations: { recordsRead: 6 },
    faults: { cut: 3, pause: 1 },
    violations: [{ kind: 'cluster', mode: 'kraft', seed: 8, ...violation }],
    tookMs: 250,
  });
});

test('people are told every five seconds how many seeds are done', () => {
  const told: string[] = [];
  let nowMs = 0;
  const report = textReport(
    () => {},
    (line) => void told.push(line),
    () => nowMs,
  );
  for (let seed = 1; seed <= 4; seed++) {
    nowMs += 2_000;
    report.seed({ ...seedReport, seed });
  }
  expect(told).toEqual(['3 seeds so far; seed 3 of cluster kraft is done']);
});

test('a broken engine is told as JSON with the command that shows it again, and that command does', () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const sim = (...args: string[]) =>
    spawnSync(process.execPath, ['--conditions=@biquorum/source', main, ...args, '--json'], {
      encoding: 'utf8',
      timeout: 120_000,
    });
  const { status, stdout } = sim('--engine', 'raft', '--mutant', 'vote-twice', '--seed', '1', '--seeds', '100');
  expect(status).toBe(1);
  const [found] = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '').violations;
  expect(found).toMatchObject({
    kind: 'engine',
    mode: 'raft',
    text: expect.stringContaining('one leader in an epoch'),
  });
  const replay: string = found.replay;
  expect(replay).toMatch(/^pnpm sim --engine raft --seed \d+ --seeds 1 --families \S+ --mutant vote-twice$/);
  const words = replay.split(' ').slice(2);
  const again = sim(...words.map((word) => (word === '""' ? '' : word)));
  expect(again.status).toBe(1);
  expect(JSON.parse(again.stdout.trimEnd().split('\n').at(-1) ?? '').seeds).toEqual({ passed: 0, failed: 1 });
}, 250_000);
