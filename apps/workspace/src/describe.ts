import ts from 'typescript';
import { layers, type PackageRule, packageRules } from './layers.ts';
import { parse } from './source.ts';
import type { Manifest, Tree, WorkspacePackage } from './tree.ts';

/** What a newcomer may type, in the order in which it is of use; shown when the root has such a script. */
const loops: readonly (readonly [script: string, what: string])[] = [
  ['start', 'both modes on this machine, three brokers each, with records flowing, and a page that shows them'],
  ['test', 'run every test from sources; needs nothing but Node'],
  ['check', 'format, lint, types, boundaries, tests, simulation, packages, docs: what has to pass before a commit'],
  ['run docs', 'make the API reference in docs/api'],
  ['bench', 'benches, each with a baseline and a ratio'],
  ['snippets', 'the programs and commands of README and docs, run and held against what they say'],
  ['sim', 'run seeded simulations; one seed is one run, bit for bit'],
  ['compat', 'proof against Apache Kafka itself; wants Java and Maven'],
  ['biquorum --help', 'the command line: clusters to start, tools, the comparison of both modes'],
];

/**
 * The text of `pnpm run about`.
 *
 * @param root - The workspace's own manifest: its description and scripts.
 */
export function describeWorkspace(root: Manifest, tree: Tree): string {
  const here = new Map(tree.packages.filter((one) => exportsSomething(tree, one)).map((one) => [one.name, one]));
  const missing = packageRules.filter(({ name }) => !here.has(name));
  const width = Math.max(...packageRules.map(({ name }) => name.length)) + 2;
  const lines = ['Biquorum', `${root.description ?? ''}.`, '', stateOf(here), '', 'What is there:'];
  for (const layer of layers) {
    for (const { name } of packageRules.filter((rule) => rule.layer === layer)) {
      const found = here.get(name);
      if (found === undefined) continue;
      lines.push(`  ${name.padEnd(width)}${found.manifest.description ?? ''} (${testCount(found)})`);
    }
  }
  if (missing.length > 0) {
    lines.push('', 'What is still to come:');
    for (const rule of missing) lines.push(`  ${rule.name.padEnd(width)}${roleOf(rule)}`);
  }
  lines.push('', 'What to type next, each after npx -y pnpm@12.21.0:');
  for (const [script, what] of loops) {
    const name = script.replace(/^run /, '').split(' ')[0] ?? '';
    if (root.scripts?.[name] !== undefined) lines.push(`  ${script.padEnd(width)}${what}`);
  }
  lines.push(
    '',
    'docs/architecture.md has the whole picture, docs/known-differences.md what differs from Apache Kafka 3.9.',
  );
  return lines.join('\n');
}

/** Whether the package offers anything yet, judged by what its entry module exports. */
export function exportsSomething(tree: Tree, one: WorkspacePackage): boolean {
  const path = `${one.folder}/src/index.ts`;
  const text = tree.files.get(path);
  if (text === undefined) return false;
  return parse(path, text).statements.some((statement) => {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement;
      return exportClause === undefined || !ts.isNamedExports(exportClause) || exportClause.elements.length > 0;
    }
    return (
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    );
  });
}

function stateOf(here: ReadonlyMap<string, WorkspacePackage>): string {
  if (here.has('cluster')) return 'There are clusters of both modes to start and to break.';
  if (here.has('broker')) return 'There is a broker core, but no cluster to start it in yet.';
  return 'There is no broker yet, so nothing listens on a port: this is the ground it will stand on.';
}

function testCount({ sources }: WorkspacePackage): string {
  const count = sources.filter((path) => path.endsWith('.test.ts')).length;
  return count === 1 ? '1 test file' : `${count} test files`;
}

function roleOf({ role }: PackageRule): string {
  return role.charAt(0).toUpperCase() + role.slice(1);
}
