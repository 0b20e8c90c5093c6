/**
 * `pnpm run boundaries`: prints every place where the workspace breaks one of its own rules.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readFiles } from './files.ts';
import { formatFinding } from './finding.ts';
import { workspaceRoot } from './root.ts';
import { allRules } from './rules/index.ts';
import { treeOf } from './tree.ts';

const tree = treeOf(readFiles(workspaceRoot));
const findings = Object.values(allRules).flatMap((rule) => rule(tree, (path) => existsSync(join(workspaceRoot, path))));
for (const finding of findings) console.log(formatFinding(finding));
console.log(`${tree.packages.length} packages and apps, ${tree.files.size} files, ${findings.length} findings`);
if (findings.length > 0) process.exitCode = 1;
