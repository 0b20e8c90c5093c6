/**
 * `pnpm run sync`: writes into every TypeScript project the references that follow from the manifests, and into the
 * architecture page the table of packages.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFiles } from './files.ts';
import { workspaceRoot } from './root.ts';
import { architecturePage, withPackageTable } from './rules/architecture-page.ts';
import { compareReferences, expectedReferences, readProject } from './rules/projects.ts';
import { treeOf } from './tree.ts';

const tree = treeOf(readFiles(workspaceRoot));
let written = 0;
for (const [path, references] of expectedReferences(tree)) {
  const project = readProject(tree, path);
  if (project === undefined) {
    console.error(`${path} is missing; nothing written there.`);
    process.exitCode = 1;
    continue;
  }
  const { missing, surplus } = compareReferences(path, project, references);
  if (missing.length + surplus.length === 0) continue;
  const own = (project.references ?? []).filter((reference) => reference.path.startsWith('./'));
  const next = { ...project, references: [...references.map((reference) => ({ path: reference })), ...own] };
  writeFileSync(join(workspaceRoot, path), `${JSON.stringify(next, null, 2)}\n`);
  console.log(`wrote ${path}`);
  written += 1;
}
const page = tree.files.get(architecturePage);
const right = page === undefined ? undefined : withPackageTable(page, tree);
if (right !== undefined && right !== page) {
  writeFileSync(join(workspaceRoot, architecturePage), right);
  console.log(`wrote ${architecturePage}`);
  written += 1;
}
console.log(`${written} written. Run pnpm run format if Biome minds the layout.`);
