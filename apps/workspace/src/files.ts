import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Text files by their path from the root of the workspace, with forward slashes. */
export type Files = ReadonlyMap<string, string>;

const skippedFolders = new Set(['node_modules', 'dist', 'coverage', 'fixtures', 'target', '.git', '.turbo']);
const skippedPaths = new Set(['docs/api']);
const readEndings = ['.ts', '.tsx', '.mts', '.md', 'package.json', 'tsconfig.json', 'pnpm-workspace.yaml', '.ci/run'];

/**
 * Reads what the rules look at: sources, manifests, project files and prose, tracked by git or not.
 *
 * @param root - Folder of the workspace.
 */
export function readFiles(root: string): Files {
  const files = new Map<string, string>();
  const visit = (folder: string): void => {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name) && !skippedPaths.has(path)) visit(path);
      } else if (entry.isFile() && readEndings.some((ending) => path.endsWith(ending))) {
        files.set(path, readFileSync(join(root, path), 'utf8'));
      }
    }
  };
  visit('');
  return files;
}

/** The same files with some added or replaced: how tests plant a violation. */
export function withFiles(files: Files, planted: Readonly<Record<string, string>>): Files {
  return new Map([...files, ...Object.entries(planted)]);
}
