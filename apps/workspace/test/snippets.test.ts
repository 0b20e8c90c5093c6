import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatFinding, workspaceRoot } from '../src/index.ts';
import { judgeOutput } from '../src/snippets/compare.ts';
import { fencesOf } from '../src/snippets/fences.ts';
import { type Commands, type Page, type Program, pageOf } from '../src/snippets/page.ts';
import { layOut, type PageResult, runPage, type Stage } from '../src/snippets/run-page.ts';
import { writeBack } from '../src/snippets/write-back.ts';

const scratch = mkdtempSync(join(tmpdir(), 'biquorum-snippets-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));
let pages = 0;

const block = (info: string, ...lines: readonly string[]): string => [`\`\`\`${info}`, ...lines, '```', ''].join('\n');

async function play(page: Page, full = false, record?: Stage['record']): Promise<PageResult> {
  const folder = join(scratch, String(pages++));
  const stage = {
    folder,
    workspace: workspaceRoot,
    conditions: [],
    timeoutMs: 60_000,
    full,
    ...(record && { record }),
  };
  layOut(page, stage);
  return runPage(page, stage);
}

async function findingsOf(text: string): Promise<string[]> {
  return (await play(pageOf('docs/a-page.md', text))).findings.map(formatFinding);
}

describe('blocks of a page', () => {
  it('are found with their lines, whatever they are fenced with, and one within another is its text', () => {
    const text = [
      '# Title',
      '````md',
      '```ts',
      '1',
      '```',
      '````',
      '~~~sh project',
      'ls',
      '~~~',
      '  ```ts',
      '  2',
      '  ```',
    ];
    expect(fencesOf(text.join('\n'))).toEqual([
      { line: 3, language: 'md', words: [], lines: ['```ts', '1', '```'] },
      { line: 8, language: 'sh', words: ['project'], lines: ['ls'] },
      { line: 11, language: 'ts', words: [], lines: ['2'] },
    ]);
  });

  it.each([
    ['without a language', block('', 'x'), 'docs/a-page.md:1: says no language'],
    ['with a word that means nothing', block('ts ignore', '1'), 'docs/a-page.md:1: "ignore" means nothing behind ts'],
    ['that continues nothing', block('ts more', '1'), 'docs/a-page.md:1: continues no program'],
    ['of output that nothing prints', block('text prints', 'x'), 'docs/a-page.md:1: follows nothing that prints'],
    [
      'of a program that checks nothing',
      block('ts', 'console.log(1);'),
      'docs/a-page.md:1: prints nothing that is checked',
    ],
  ])('%s are refused, with their place', (_case, text, message) => {
    expect(pageOf('docs/a-page.md', text).findings.map(formatFinding)).toEqual([expect.stringContaining(message)]);
  });
});

describe('programs of a page', () => {
  it('run, and have to print what the page shows', async () => {
    const program = block('ts', 'const one: number = 1;', 'console.log(one);');
    expect(await findingsOf(program + block('text prints', '1'))).toEqual([]);
    expect(await findingsOf(program + block('text prints', '2'))).toEqual([
      'docs/a-page.md:2: printed something else:\n1',
    ]);
  });

  it('go on from block to block', async () => {
    const text = block('ts', "console.log('a');") + block('text prints', 'a') + block('ts more', "console.log('b');");
    expect(await findingsOf(text + block('text prints', 'b'))).toEqual([]);
    expect(await findingsOf(text)).toEqual(['docs/a-page.md:2: printed something else:\na\nb']);
  });

  it('that throw are named by the line of the page', async () => {
    const thrown = await findingsOf(
      `# Title\n\n${block('ts', "import assert from 'node:assert';", '', 'assert.equal(1, 2);')}`,
    );
    expect(thrown).toEqual([expect.stringMatching(/^docs\/a-page\.md:6: ended with 1\./)]);
  });

  it('may say behind each console.log what it prints', async () => {
    expect(await findingsOf(block('ts', 'console.log(1); // 1', 'console.log([2]); // [ … ]'))).toEqual([]);
    expect(await findingsOf(block('ts', 'console.log(1); // 3'))).toEqual([
      'docs/a-page.md:2: printed no line "3", but:\n1',
    ]);
  });
});

describe('commands of a page', () => {
  it('are typed in the root of the workspace, or in the project that the files of the page lie in', async () => {
    const text =
      block('sh', 'ls pnpm-workspace.yaml') +
      block('text prints', 'pnpm-workspace.yaml') +
      block('json file=a/b.json', '{}') +
      block('sh project', 'cat a/b.json', '# a comment', 'test ! -e pnpm-workspace.yaml') +
      block('text prints', '{}');
    expect(await findingsOf(text)).toEqual([]);
  });

  it('end with the first that fails', async () => {
    expect(await findingsOf(block('sh', 'false', 'echo on'))).toEqual(['docs/a-page.md:2: ended with 1.']);
  });

  it('that run until Ctrl-C are stopped when they have printed what is shown', async () => {
    const waits = "node -e 'console.log(42); process.on(`SIGINT`, () => process.exit()); setInterval(() => {}, 1000)'";
    expect(await findingsOf(block('sh stops', waits) + block('text prints', '4…'))).toEqual([]);
  });

  it('that are for the hand alone never run', async () => {
    expect(await play(pageOf('docs/a-page.md', block('sh by-hand', 'false')), true)).toEqual({
      findings: [],
      ran: 0,
      left: 0,
    });
  });

  it('that are slow run with --full alone', async () => {
    const page = pageOf('docs/a-page.md', block('sh slow', 'false'));
    expect(await play(page)).toEqual({ findings: [], ran: 0, left: 1 });
    expect((await play(page, true)).findings).toHaveLength(1);
  });
});

describe('what is shown', () => {
  it('is replaced by what is printed now, where nothing of it stands for what varies', async () => {
    const text = `${block('ts', 'console.log(1);')}${block('text prints', 'x', 'y')}${block('ts', 'console.log(2);')}${block('text prints', '…')}`;
    const page = pageOf('docs/a-page.md', text);
    const printed = new Map<Program | Commands, string>();
    await play(page, false, (snippet, output) => void printed.set(snippet, output));
    expect(writeBack(text, printed)).toBe(text.replace('x\ny', '1'));
  });

  const whole = (...lines: readonly string[]) => ({ kind: 'whole', lines, blocks: [] }) as const;
  it('is held against what is printed, and … stands for what varies', () => {
    expect(judgeOutput(whole('a (…) b', '…', 'z'), 'a (1.5) b\nx\ny\nz\n')).toBeUndefined();
    expect(judgeOutput(whole('a', '…'), 'a\n')).toBeUndefined();
    expect(judgeOutput(whole('a.c'), 'abc\n')).toBeDefined();
    expect(judgeOutput(whole('a'), 'a\nb\n')).toBeDefined();
    expect(judgeOutput(whole('a', 'b'), 'a\n')).toBeDefined();
    expect(judgeOutput({ kind: 'lines', lines: ['1', '1'] }, '1\n2\n')).toBeDefined();
  });
});
