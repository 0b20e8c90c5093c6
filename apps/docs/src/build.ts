/**
 * `pnpm run docs`: makes the API reference of every package in `docs/api`.
 *
 * Fails when an export has no comment, a link leads nowhere, or a page would load something from another host. The
 * reference is written all the same wherever that is possible.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deadLinksIn, unlinkFolders } from './links.ts';
import { packagesOf } from './packages.ts';
import { type ConvertedPackage, convertPackage, renderSite } from './reference.ts';
import { remoteLoadsIn } from './remote.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const site = join(root, 'docs/api');
const started = performance.now();

const converted: ConvertedPackage[] = [];
for (const target of packagesOf(root)) converted.push(await convertPackage(target));
const readable = converted.filter(({ json }) => json !== undefined);
const faulty = converted.filter(({ clean }) => !clean);

const documents = filesIn(join(root, 'docs'), '.md').filter((path) => !path.startsWith('api'));
const cover = {
  name: 'Biquorum',
  readme: join(root, 'README.md'),
  documents: documents.sort().map((path) => join(root, 'docs', path)),
};
const rendered = await renderSite(readable, cover, site);
unlinkFolders(site);
const loads = remoteLoadsIn(site);
const dead = deadLinksIn(site);

for (const { path, what } of loads) console.error(`docs/api/${path} loads from another host: ${what}`);
for (const { path, target, why } of dead) console.error(`docs/api/${path} links to ${target}: ${why}`);
for (const { name } of faulty) console.error(`${name}: comments to mend, see above`);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`docs/api/index.html: ${readable.length} packages, ${filesIn(site, '.html').length} pages, ${seconds} s`);
if (!rendered || loads.length > 0 || dead.length > 0 || faulty.length > 0) process.exitCode = 1;

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith(ending));
}
