import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../src/index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'biquorum-ci-'));
afterAll(() => rmSync(scratch, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
}

function call(program: string, args: readonly string[], cwd: string, path = process.env['PATH'] ?? ''): Ended {
  const { status, stdout } = spawnSync(program, args, { cwd, encoding: 'utf8', env: { ...process.env, PATH: path } });
  return { code: status, lines: stdout.trimEnd().split('\n') };
}

describe('.ci/run', () => {
  /** Runs the script with an `npx` that answers each part with a line of shell. */
  function run(answers: Readonly<Record<string, string>>, ...parts: string[]): Ended {
    const folder = mkdtempSync(join(scratch, 'npx-'));
    const cases = Object.entries(answers).map(([script, answer]) => `${script}) ${answer} ;;`);
    writeFileSync(join(folder, 'npx'), `#!/bin/sh\ncase "$3" in\n${cases.join('\n')}\nesac\n`);
    chmodSync(join(folder, 'npx'), 0o755);
    const path = `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
    return call(join(workspaceRoot, '.ci/run'), parts, scratch, path);
  }

  const good = {
    install: 'echo done',
    check: "echo '6 passed, 0 failed'",
    test: "echo 'noise'; echo '100 passed, 0 failed'",
    sim: "echo '20 passed, 0 failed'",
    compat: "echo '1 passed, 0 failed'; echo '30 passed, 0 failed'",
  };
  const counted = ['install', 'static', 'tests', 'simulation', 'compat'];

  it('adds up what the parts say last, and ends with one line', () => {
    const { code, lines } = run(good, ...counted);
    expect(lines.at(-1)).toBe('156 passed, 0 failed');
    expect(code).toBe(0);
    for (const part of counted)
      expect(lines.filter((line) => new RegExp(`^ +\\d+ s  ${part}`).test(line))).toHaveLength(1);
  });

  it('says which tests a part skipped, without taking them for failures', () => {
    const test = "echo '6 skipped, in page.test.ts'; echo '100 passed, 0 failed'";
    const { code, lines } = run({ ...good, test }, ...counted);
    expect({ code, last: lines.at(-1) }).toEqual({ code: 0, last: '156 passed, 0 failed' });
    expect(lines).toContainEqual(
      expect.stringMatching(/^ +\d+ s {2}tests: 100 passed, 0 failed; 6 skipped, in page.test.ts$/),
    );
  });

  it('fails when a part counts failures', () => {
    const { code, lines } = run({ ...good, test: "echo '98 passed, 2 failed'; exit 1" }, ...counted);
    expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: '154 passed, 2 failed' });
  });

  it('says once more at the end what failed', () => {
    const sim = "echo 'seed 7: a log is lost'; echo 'replay: pnpm sim'; echo '19 passed, 1 failed'; exit 1";
    const { lines } = run({ ...good, sim }, ...counted);
    const told = lines.slice(lines.indexOf('==== failures of simulation:'), lines.indexOf('Time by part:'));
    expect(told).toEqual(expect.arrayContaining(['seed 7: a log is lost', 'replay: pnpm sim']));
    expect(lines.filter((line) => line.startsWith('==== failures of'))).toHaveLength(1);
  });

  it.each([
    ['breaks off before its line', 'echo boom; exit 3', '126 passed, 1 failed'],
    ['ends well without its line', 'exit 0', '126 passed, 1 failed'],
    ['says that all is well and then breaks', "echo '30 passed, 0 failed'; exit 7", '156 passed, 1 failed'],
    ['counts nothing', "echo '0 passed, 0 failed'", '126 passed, 1 failed'],
  ])('counts a failure when a part %s', (_case, compat, last) => {
    const ended = run({ ...good, compat }, ...counted);
    expect({ code: ended.code, last: ended.lines.at(-1) }).toEqual({ code: 1, last });
  });

  it('stops when nothing can be installed', () => {
    const { code, lines } = run({ ...good, install: 'exit 1' }, ...counted);
    expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: '0 passed, 1 failed' });
  });

  it('fails when it ran nothing', () => {
    expect(run(good, 'no-such-part')).toMatchObject({ code: 1 });
  });
});

describe('the closing line of a test run', () => {
  it('counts tests, files that could not be loaded, and errors outside of tests', () => {
    const folder = join(scratch, 'vitest');
    mkdirSync(folder);
    symlinkSync(join(workspaceRoot, 'node_modules'), join(folder, 'node_modules'));
    const head = "import { expect, it } from 'vitest';\n";
    const plant = (name: string, text: string): void =>
      writeFileSync(join(folder, `${name}.test.ts`), `${head}${text}\n`);
    plant('good', "it('a', () => expect(1).toBe(1));\nit('b', () => expect(2).toBe(2));\nit.skip('c', () => {});");
    plant('bad', "it('d', () => expect(1).toBe(2));");
    plant('broken', "throw new Error('at load');");
    plant('stray', "it('e', () => { Promise.reject(new Error('nobody waits')); expect(1).toBe(1); });");
    plant('unsteady', "let tries = 0;\nit('f', { retry: 1 }, () => expect(++tries).toBe(2));");
    const reporter = join(workspaceRoot, 'apps/workspace/src/closing-line-reporter.ts');
    const vitest = join(workspaceRoot, 'node_modules/.bin/vitest');
    const { code, lines } = call(vitest, ['run', '--root', folder, '--reporter', reporter], folder);
    expect(lines.slice(-2)).toEqual(['1 skipped, in good.test.ts', '4 passed, 3 failed']);
    expect(lines.at(-3)).toMatch(/^second try: .*unsteady[.]test[.]ts > f \(expected 1 to be 2/);
    expect(code).toBe(1);
  });
});
