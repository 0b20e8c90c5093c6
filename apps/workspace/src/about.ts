/**
 * `pnpm run about`: says what the project is, what of it is there, and what to type next, all read from the workspace.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWorkspace } from './describe.ts';
import { readFiles } from './files.ts';
import { workspaceRoot } from './root.ts';
import { type Manifest, treeOf } from './tree.ts';

const root = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as Manifest;
console.log(describeWorkspace(root, treeOf(readFiles(workspaceRoot))));
