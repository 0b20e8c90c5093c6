import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the workspace that this file belongs to: the nearest one above it that has `pnpm-workspace.yaml`. */
export const workspaceRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder;
  const parent = dirname(folder);
  if (parent === folder)
    throw new Error('No pnpm-workspace.yaml above this file. Run it from a checkout of the workspace.');
  return findRoot(parent);
}
