import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentedPackage } from './reference.ts';

/** Every package under `packages/`, with the modules that its `package.json` exports. */
export function packagesOf(root: string): readonly DocumentedPackage[] {
  return readdirSync(join(root, 'packages'))
    .sort()
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name: string;
        exports: Record<string, { '@biquorum/source': string }>;
      };
      const entryPoints = Object.values(manifest.exports).map((entry) => join(folder, entry['@biquorum/source']));
      return { name: manifest.name, folder, entryPoints };
    });
}
