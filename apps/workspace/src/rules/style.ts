import ts from 'typescript';
import type { Finding } from '../finding.ts';
import { lineOf, parse, walk } from '../source.ts';
import { kindOf, type SourceKind, type Tree, type WorkspacePackage } from '../tree.ts';

/**
 * Bans that the linter cannot express, each with its replacement. What Biome can judge (default exports, focused
 * tests, Node's globals, file names) stands in `biome.json` instead.
 */
export function checkStyle(tree: Tree): readonly Finding[] {
  const findings: Finding[] = [];
  for (const owner of tree.packages) {
    for (const path of owner.sources) {
      const text = tree.files.get(path) ?? '';
      const file = parse(path, text);
      const report = (node: ts.Node, message: string): void =>
        void findings.push({ path, line: lineOf(file, node), message });
      const kind = kindOf(owner, path);
      walk(file, (node) => checkNode(owner, path, kind, node, report));
    }
  }
  return [...findings, ...checkUnfinished(tree), ...checkModuleComments(tree)];
}

type Report = (node: ts.Node, message: string) => void;

function checkNode(owner: WorkspacePackage, path: string, kind: SourceKind, node: ts.Node, report: Report): void {
  if (owner.kind === 'package' && (kind === 'src' || kind === 'testing')) {
    if (!path.startsWith('packages/platform/src/node/')) checkAmbient(node, report);
    if (isSynchronous(owner, path)) checkSynchronous(node, report);
    checkNames(owner, node, report);
  }
  if (kind === 'test') checkTest(node, report);
}

function checkAmbient(node: ts.Node, report: Report): void {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const name = `${node.expression.text}.${node.name.text}`;
    const replacement = ambientReplacements[name];
    if (replacement !== undefined) report(node, `${name} makes a run differ from its seed. Instead: ${replacement}.`);
  }
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'Date') {
    if ((node.arguments?.length ?? 0) === 0) report(node, `new Date() reads the wall clock. Instead: ${clock}.`);
  }
}

const clock = 'the clock port of @biquorum/platform, or a time given in the input';
const random = 'the random port of @biquorum/platform, or a seeded PRNG of @biquorum/std';
const ambientReplacements: Readonly<Record<string, string>> = {
  'Date.now': clock,
  'performance.now': clock,
  'Math.random': random,
  'crypto.randomUUID': random,
  'crypto.getRandomValues': random,
};

function isSynchronous(owner: WorkspacePackage, path: string): boolean {
  return (owner.rule?.synchronous ?? []).some((folder) => path.startsWith(`${owner.folder}/${folder}/`));
}

function checkSynchronous(node: ts.Node, report: Report): void {
  const asynchronous =
    node.kind === ts.SyntaxKind.AsyncKeyword ||
    ts.isAwaitExpression(node) ||
    (ts.isIdentifier(node) && node.text === 'Promise');
  if (asynchronous) {
    report(
      node,
      `${node.getText().split(/\s/)[0]}: this code is synchronous. Instead: return an effect or a value that the caller acts on.`,
    );
  }
}

function checkNames(owner: WorkspacePackage, node: ts.Node, report: Report): void {
  const banned = owner.rule?.neverNames;
  if (banned === undefined || !(ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteralLike(node)))
    return;
  for (const word of banned) {
    if (!namesWord(node.text, word)) continue;
    report(
      node,
      `"${node.text}" names ${word}; ${owner.name} must not know which mode it runs in. Instead: an operation of control-plane that both modes can honour.`,
    );
  }
}

/** Whether a name contains a word from the start of one of its humps: `isKRaft` has `kraft`, `aircraft` has no `raft`. */
function namesWord(name: string, word: string): boolean {
  const lower = name.toLowerCase();
  for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
    const before = name[at - 1] ?? ' ';
    const first = name[at] ?? '';
    if (!/[a-z]/i.test(before) || (/[a-z]/.test(before) && /[A-Z]/.test(first))) return true;
  }
  return false;
}

function checkTest(node: ts.Node, report: Report): void {
  checkSleepImport(node, report);
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const runner = node.expression.text;
    const isRunner = runner === 'it' || runner === 'test' || runner === 'describe';
    if (isRunner && (node.name.text === 'todo' || node.name.text === 'fails')) {
      report(
        node,
        `${runner}.${node.name.text} stands for work not done. Instead: write the test, or a row in docs/known-differences.md.`,
      );
    }
    if (node.expression.text === 'Math' && node.name.text === 'random') {
      report(node, 'Math.random in a test cannot be replayed. Instead: fast-check, or a seeded PRNG of @biquorum/std.');
    }
  }
  if (
    ts.isCallExpression(node) &&
    ts.isIdentifier(node.expression) &&
    /^(sleep|delay)(Ms)?$/.test(node.expression.text)
  ) {
    report(node, `${node.expression.text}(): tests never sleep. Instead: ${waiting}.`);
  }
}

const waiting = 'wait for the condition (an event, vi.waitFor) or advance the virtual clock';

function checkSleepImport(node: ts.Node, report: Report): void {
  if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return;
  if (!/^(node:)?timers\/promises$/.test(node.moduleSpecifier.text)) return;
  const bindings = node.importClause?.namedBindings;
  const names = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
  // Giving way to the loop once is no sleep.
  if (names.length > 0 && names.every(({ name, propertyName }) => (propertyName ?? name).text === 'setImmediate'))
    return;
  report(node, `${node.moduleSpecifier.text}: tests never sleep. Instead: ${waiting}.`);
}

/** Spelt in two parts, so that this file does not find itself. */
const unfinished = new RegExp(`\\b(${'TO'}DO|${'FIX'}ME|${'XX'}X)\\b`);

function checkUnfinished(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of tree.files) {
    if (!unfinished.test(text)) continue;
    const lines = text.split('\n');
    lines.forEach((line, index) => {
      const word = unfinished.exec(line)?.[0];
      if (word === undefined) return;
      findings.push({
        path,
        line: index + 1,
        message: `${word}: nothing unfinished is left in the tree. Instead: finish it, or open an issue and write the row in docs/known-differences.md.`,
      });
    });
  }
  return findings;
}

function checkModuleComments(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const owner of tree.packages.filter(({ kind }) => kind === 'package')) {
    for (const path of owner.sources) {
      if (!/^packages\/[^/]+\/src\/(.*\/)?index\.ts$/.test(path) || !isEntry(owner, path)) continue;
      if ((tree.files.get(path) ?? '').includes('@packageDocumentation')) continue;
      findings.push({
        path,
        line: 1,
        message:
          'a public module has no comment. Instead: begin with a /** … @packageDocumentation */ that says what it is.',
      });
    }
  }
  return findings;
}

function isEntry(owner: WorkspacePackage, path: string): boolean {
  return JSON.stringify(owner.manifest.exports ?? {}).includes(`./${path.slice(owner.folder.length + 1)}"`);
}
