/**
 * `pnpm run snippets [--full] [--write] [PAGE…]`: runs the programs and commands that the documentation shows, from sources, and
 * holds what they print against the pages; with `--write` the pages are given what is printed now.
 *
 * Without pages: README, CONTRIBUTING and all under `docs`. READMEs of packages run where packages are installed alone
 * (`install-packages.ts`); here they may be named, for a quick look from sources.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { readFiles } from '../files.ts';
import { type Finding, formatFinding } from '../finding.ts';
import { workspaceRoot } from '../root.ts';
import { PAGES_OF_THE_WORKSPACE } from '../rules/snippets.ts';
import { scope, treeOf } from '../tree.ts';
import { checkTypes } from './check-types.ts';
import { type Commands, type Page, type Program, pageOf } from './page.ts';
import { inPage, layOut, runPage, type Stage } from './run-page.ts';
import { writeBack } from './write-back.ts';

/** What programs of pages import from outside of the workspace, by the package that has it. */
const foreign: readonly (readonly [name: string, from: string])[] = [
  ['kafkajs', 'packages/cluster'],
  ['@types/node', '.'],
];
/** How many pages run side by side, beside one with commands: most of their time they wait. */
const AT_ONCE = 2;
const TIMEOUT_MS = 180_000;

const words = process.argv.slice(2);
const full = words.includes('--full');
const write = words.includes('--write');
const named = words.filter((word) => !word.startsWith('--')).map((path) => relative(workspaceRoot, resolve(path)));
const tree = treeOf(readFiles(workspaceRoot));
const pages = [...tree.files]
  .filter(([path]) => (named.length > 0 ? named.includes(path) : PAGES_OF_THE_WORKSPACE.test(path)))
  .map(([path, text]) => pageOf(path, text))
  .filter(({ snippets, findings }) => snippets.length > 0 || findings.length > 0);
const missing = named.filter((path) => !tree.files.has(path));
for (const path of missing) console.error(`${path}: is no page of this workspace.`);

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'biquorum-snippets-')));
const findings: Finding[] = [];
try {
  prepare();
  const staged = pages.map((page) => ({ page, stage: stageOf(page) }));
  const programs = staged.flatMap(({ page, stage }) => layOut(page, stage));
  const mistyped = await checkTypes(scratch, programs);
  if (mistyped !== undefined) {
    console.error(staged.reduce((text, { page }) => inPage(page, text), mistyped));
    process.exitCode = 1;
  }
  // Commands may leave something in the workspace, so their pages go one after the other.
  const [typed, programsOnly] = [true, false].map((has) =>
    staged.filter(({ page }) => page.snippets.some(({ kind }) => kind === 'commands') === has),
  );
  const lane = async (queue: typeof staged): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await tryOut(next.page, next.stage);
  };
  await Promise.all([typed ?? [], ...Array.from({ length: AT_ONCE }, () => programsOnly ?? [])].map(lane));
} finally {
  rmSync(scratch, { recursive: true });
}
for (const finding of findings) console.error(formatFinding(finding));
if (findings.length > 0 || missing.length > 0) process.exitCode = 1;

/** Runs a page, once more where it fails: a busy machine may take a port away that a node wants to have back. */
async function tryOut(page: Page, stage: Stage): Promise<void> {
  const started = performance.now();
  if (write) {
    const printed = new Map<Program | Commands, string>();
    const record = (snippet: Program | Commands, output: string): void => void printed.set(snippet, output);
    const { findings: found } = await runPage(page, { ...stage, record });
    findings.push(...found);
    const path = join(workspaceRoot, page.path);
    writeFileSync(path, writeBack(readFileSync(path, 'utf8'), printed));
    return;
  }
  let result = await runPage(page, stage);
  for (const finding of result.findings.slice(page.findings.length))
    console.log(`second try after: ${formatFinding(finding)}`);
  if (result.findings.length > page.findings.length) result = await runPage(page, stage);
  findings.push(...result.findings);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const rest = result.left === 0 ? '' : `, ${result.left} left for --full`;
  console.log(`${seconds.padStart(7)} s  ${page.path}: ${result.ran} ran${rest}`);
}

/** A project that has every package of the workspace, and beside it the workspace under the name of its repository. */
function prepare(): void {
  const link = (name: string, to: string): void => {
    const path = join(scratch, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(to, path);
  };
  for (const { name, kind, folder } of tree.packages) {
    if (kind === 'package') link(`${scope}${name}`, join(workspaceRoot, folder));
  }
  for (const [name, from] of foreign) {
    const path = join(workspaceRoot, from, 'node_modules', name);
    if (existsSync(path)) link(name, realpathSync(path));
  }
  writeFileSync(join(scratch, 'package.json'), JSON.stringify({ name: 'reader', private: true, type: 'module' }));
  symlinkSync(workspaceRoot, join(scratch, 'biquorum'));
}

function stageOf({ path }: Page): Stage {
  const folder = join(scratch, path.replace(/\.md$/, '').replaceAll('/', '-'));
  return { folder, workspace: workspaceRoot, conditions: ['@biquorum/source'], timeoutMs: TIMEOUT_MS, full };
}
