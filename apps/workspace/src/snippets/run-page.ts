import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Finding } from '../finding.ts';
import { judgeOutput } from './compare.ts';
import type { Commands, Page, Program, Snippet } from './page.ts';
import { type Ended, runProgram } from './run-program.ts';

/** Where the snippets of a page run. */
export interface Stage {
  /** Folder of the page's own, in a project whose `node_modules` have what programs import. */
  readonly folder: string;
  /** Where commands that are no affair of a project are typed. */
  readonly workspace: string;
  /** Export conditions for Node; none leads to what is built. */
  readonly conditions: readonly string[];
  readonly timeoutMs: number;
  /** Runs what is slow, too. */
  readonly full: boolean;
  /** Takes what a snippet printed that ended well; then it is not held against the page. */
  readonly record?: (snippet: Program | Commands, printed: string) => void;
}

/** What became of a page. */
export interface PageResult {
  readonly findings: readonly Finding[];
  readonly ran: number;
  /** How many were left out for being slow. */
  readonly left: number;
}

/** Projects of pages come and go: what was fetched for one does for all, and nobody reads advice. */
const QUICK_NPM: NodeJS.ProcessEnv = {
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
};

/** Writes the programs and files of a page into its folder. @returns Paths of the programs. */
export function layOut({ path, snippets }: Page, { folder }: Stage): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const isProject = snippets.some((snippet) => snippet.kind === 'commands' && snippet.where === 'project');
  if (isProject) writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const programs: string[] = [];
  for (const snippet of snippets) {
    if (snippet.kind !== 'program') continue;
    const file = join(folder, fileOf(path, snippet));
    writeFileSync(file, snippet.text);
    programs.push(file);
  }
  return programs;
}

/** Runs the snippets of a page one after the other; after one that fails the rest of the page is left out. */
export async function runPage(page: Page, stage: Stage): Promise<PageResult> {
  let ran = 0;
  let left = 0;
  for (const snippet of page.snippets) {
    if (snippet.kind === 'commands' && snippet.slow && !stage.full) {
      left += 1;
      continue;
    }
    const fault = await play(page, snippet, stage);
    if (fault !== undefined) return { findings: [...page.findings, fault], ran, left };
    if (snippet.kind !== 'file') ran += 1;
  }
  return { findings: page.findings, ran, left };
}

/** Turns places in programs of a page into places in the page. */
export function inPage(page: Page, text: string): string {
  return page.snippets.reduce((now, snippet) => {
    if (snippet.kind !== 'program') return now;
    const file = fileOf(page.path, snippet).replaceAll('.', '\\.');
    return now.replace(
      new RegExp(`(?:file://)?[^\\s('"]*\\b${file}(?:[:(](\\d+)[:,]\\d+\\)?)?`, 'g'),
      (_whole, line) => (line === undefined ? page.path : `${page.path}:${line}`),
    );
  }, text);
}

async function play(page: Page, snippet: Snippet, stage: Stage): Promise<Finding | undefined> {
  switch (snippet.kind) {
    case 'file': {
      const path = join(stage.folder, snippet.name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, snippet.text);
      return undefined;
    }
    case 'program': {
      const options = stage.conditions.map((condition) => `--conditions=${condition}`);
      const command = ['node', ...options, fileOf(page.path, snippet)] as const;
      const ended = await runProgram({ command, cwd: stage.folder, timeoutMs: stage.timeoutMs });
      return judge(page, snippet, ended, [0], stage);
    }
    case 'commands': {
      const { where, text, stops, expected } = snippet;
      const script = stops ? text.replace(/\n?([^\n]+)\s*$/, '\nexec $1') : text;
      const ended = await runProgram({
        command: ['bash', '-euo', 'pipefail', '-c', script],
        cwd: where === 'project' ? stage.folder : stage.workspace,
        env: { ...process.env, ...QUICK_NPM, NO_COLOR: '1', FORCE_COLOR: undefined },
        timeoutMs: stage.timeoutMs,
        ...(stops ? { stopWhen: (stdout) => judgeOutput(expected, stdout) === undefined } : {}),
      });
      return judge(page, snippet, ended, stops ? [0, 130, 'SIGINT'] : [0], stage);
    }
    default:
      return snippet satisfies never;
  }
}

function judge(
  page: Page,
  snippet: Program | Commands,
  { how, stdout, stderr }: Ended,
  well: readonly Ended['how'][],
  { record }: Stage,
): Finding | undefined {
  const told = inPage(page, stderr);
  if (record !== undefined && well.includes(how)) {
    record(snippet, stdout);
    return undefined;
  }
  const fault = well.includes(how) ? judgeOutput(snippet.expected, stdout) : `ended with ${how}.`;
  if (fault === undefined) return undefined;
  const said = well.includes(how) ? fault : `${fault}\n${inPage(page, stdout)}${told}`;
  const place = well.includes(how)
    ? undefined
    : new RegExp(`${page.path.replaceAll('.', '\\.')}:(\\d+)`).exec(told)?.[1];
  return { path: page.path, line: Number(place ?? snippet.line), message: said.trimEnd() };
}

function fileOf(path: string, { line }: Program): string {
  const name = path.replace(/\.md$/, '').replaceAll('/', '-').toLowerCase();
  return `${name}-${line}.ts`;
}
