import type { Finding } from '../finding.ts';
import { scope } from '../tree.ts';
import { type Fence, fencesOf } from './fences.ts';

/** What is to be seen of a snippet on its standard output. */
export type Expected =
  /** All of it, line by line; `…` stands for anything within a line, and alone on a line for any lines. */
  | { readonly kind: 'whole'; readonly lines: readonly string[]; readonly blocks: readonly Fence[] }
  /** Each of these lines somewhere; they stand in comments behind `console.log`. */
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  /** Nothing: the program asserts, or a command says by its exit code how it went. */
  | { readonly kind: 'none' };

/** A TypeScript program, of one block or of several that continue one another. */
export interface Program {
  readonly kind: 'program';
  readonly line: number;
  /** With its lines where they stand in the page, so that whatever names a line names the page's. */
  readonly text: string;
  /** Packages of the workspace that it needs beside the one whose page this is, unscoped. */
  readonly with: readonly string[];
  readonly expected: Expected;
}

/** A file that later snippets of the page use. */
export interface PageFile {
  readonly kind: 'file';
  readonly line: number;
  readonly name: string;
  readonly text: string;
}

/** Command lines. */
export interface Commands {
  readonly kind: 'commands';
  readonly line: number;
  readonly text: string;
  /** Where they are typed: in the root of the workspace, or in a project of the reader's own. */
  readonly where: 'workspace' | 'project';
  /** Whether the last of them runs until Ctrl-C. */
  readonly stops: boolean;
  /** Too slow for each run: with `--full` alone. */
  readonly slow: boolean;
  readonly expected: Expected;
}

export type Snippet = Program | PageFile | Commands;

/** A Markdown page as something to run. */
export interface Page {
  readonly path: string;
  readonly snippets: readonly Snippet[];
  /** What cannot be understood or would check nothing. */
  readonly findings: readonly Finding[];
}

/**
 * Reads the snippets of a page. The words behind a fence's language say what becomes of it:
 *
 * - `ts`: a complete program. `ts more` goes on with the program before it, `with=raft,zab` names packages that it needs
 *   besides.
 * - any language with `file=NAME`: a file of the reader's project.
 * - `sh`: commands, typed in the workspace's root; with `project` in the reader's project; with `stops` the last one runs
 *   until Ctrl-C; with `slow` only `--full` runs them,
 *   with `by-hand` nobody but a reader.
 * - `text prints`: what the snippet before it prints.
 */
export function pageOf(path: string, text: string): Page {
  const findings: Finding[] = [];
  const drafts: Draft[] = [];
  for (const fence of fencesOf(text)) {
    const last = drafts.at(-1);
    const fault = judgeWords(fence) ?? judgePlace(fence, last);
    if (fault !== undefined) {
      findings.push({ path, line: fence.line - 1, message: fault });
    } else if (fence.language === 'text' && fence.words.includes('prints')) {
      last?.prints.push(fence);
    } else if (fence.words.includes('more')) {
      last?.fences.push(fence);
    } else if (runs(fence)) {
      drafts.push({ fences: [fence], prints: [] });
    }
  }
  const snippets = drafts.map(finish);
  for (const snippet of snippets) {
    if (snippet.kind === 'program' && checksNothing(snippet))
      findings.push({ path, line: snippet.line - 1, message: `${CHECKS_NOTHING} Instead: ${SHOW}.` });
  }
  return { path, snippets, findings };
}

interface Draft {
  readonly fences: Fence[];
  readonly prints: Fence[];
}

const WORDS: Readonly<Record<string, RegExp>> = {
  ts: /^(more|file=[\w./-]+|with=[a-z,-]+)$/,
  sh: /^(project|stops|slow|by-hand)$/,
  text: /^(prints|file=[\w./-]+)$/,
};
const FILE_ONLY = /^file=[\w./-]+$/;
const CHECKS_NOTHING = 'prints nothing that is checked.';
const SHOW = 'show what it prints in a block "text prints" or in comments behind console.log(…), or assert';

function judgeWords({ language, words }: Fence): string | undefined {
  if (language === '') return 'says no language. Instead: "text" where it is none.';
  const known = WORDS[language] ?? FILE_ONLY;
  const odd = words.find((word) => !known.test(word));
  return odd === undefined
    ? undefined
    : `"${odd}" means nothing behind ${language}. Instead: one of ${known.source.slice(2, -2)}.`;
}

function judgePlace({ words }: Fence, last: Draft | undefined): string | undefined {
  const before = last?.fences[0];
  const isProgram = before?.language === 'ts' && fileNameOf(before) === undefined;
  if (words.includes('more') && !isProgram) return 'continues no program. Instead: leave "more" out.';
  if (words.includes('prints') && !(isProgram || before?.language === 'sh'))
    return 'follows nothing that prints. Instead: put it behind a program or commands.';
  return undefined;
}

function runs(fence: Fence): boolean {
  if (fence.words.includes('by-hand')) return false;
  return fence.language === 'ts' || fence.language === 'sh' || fileNameOf(fence) !== undefined;
}

function fileNameOf({ words }: Fence): string | undefined {
  return words.find((word) => word.startsWith('file='))?.slice('file='.length);
}

function finish({ fences, prints }: Draft): Snippet {
  const [first] = fences;
  if (first === undefined) throw new Error('A snippet without a block.');
  const { line, words } = first;
  const name = fileNameOf(first);
  const whole: Expected = { kind: 'whole', lines: prints.flatMap((fence) => fence.lines), blocks: prints };
  if (name !== undefined) return { kind: 'file', line, name, text: `${first.lines.join('\n')}\n` };
  if (first.language === 'sh') {
    const has = (word: string): boolean => words.includes(word);
    return {
      kind: 'commands',
      line,
      text: first.lines.join('\n'),
      where: has('project') ? 'project' : 'workspace',
      stops: has('stops'),
      slow: has('slow'),
      expected: prints.length > 0 ? whole : { kind: 'none' },
    };
  }
  const lines: string[] = [];
  for (const fence of fences) for (const [index, text] of fence.lines.entries()) lines[fence.line - 1 + index] = text;
  const text = `${Array.from(lines, (one) => one ?? '').join('\n')}\n`;
  const told = commentsBehindLogs(lines);
  const expected: Expected =
    prints.length > 0 ? whole : told.length > 0 ? { kind: 'lines', lines: told } : { kind: 'none' };
  const needs =
    words
      .find((word) => word.startsWith('with='))
      ?.slice('with='.length)
      .split(',') ?? [];
  return { kind: 'program', line, text, with: needs, expected };
}

/** `console.log(…); // what it prints` */
function commentsBehindLogs(lines: readonly (string | undefined)[]): string[] {
  return lines.flatMap((line) => {
    const told = /console\.log\(.*\).*?[;,)] \/\/ (.+)$/.exec(line ?? '')?.[1];
    return told === undefined ? [] : [told.trim()];
  });
}

function checksNothing({ expected, text }: Program): boolean {
  return expected.kind === 'none' && !/from 'node:assert/.test(text);
}

/** Packages of the workspace that a program imports, unscoped. */
export function importedPackages(text: string): readonly string[] {
  const found = [...text.matchAll(/from '([^']+)'/g)].map(([, name = '']) => name);
  const own = found
    .filter((name) => name.startsWith(scope))
    .map((name) => name.slice(scope.length).split('/')[0] ?? '');
  return [...new Set(own)];
}
