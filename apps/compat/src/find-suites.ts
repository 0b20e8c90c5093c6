import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Suite } from './suite.ts';

/**
 * The suites: every module under `suites` exports one as `suite`, named like its file. Sorted by name.
 *
 * @throws {Error} if a module exports none or misnames it
 */
export async function findSuites(): Promise<readonly Suite[]> {
  const directory = join(import.meta.dirname, 'suites');
  const suites: Suite[] = [];
  for (const file of readdirSync(directory).sort()) {
    const match = /^([a-z-]+)\.[jt]s$/.exec(file);
    if (match === null) continue;
    const module: { readonly suite?: Suite } = await import(pathToFileURL(join(directory, file)).href);
    if (module.suite === undefined || module.suite.name !== match[1])
      throw new Error(`suites/${file} must export a suite named ${match[1]}`);
    suites.push(module.suite);
  }
  return suites;
}
