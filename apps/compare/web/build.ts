/**
 * Builds the page: one script, one stylesheet, one document. `node web/build.ts DIR` writes them there.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The files of the page, by name. */
export async function buildPage(): Promise<ReadonlyMap<string, string>> {
  const [script, style, document] = await Promise.all([
    buildScript(),
    buildStyle(),
    readFile(file('index.html'), 'utf8'),
  ]);
  return new Map([
    ['index.html', document],
    ['page.js', script],
    ['page.css', style],
  ]);
}

async function buildScript(): Promise<string> {
  const bundle = await rolldown({
    input: file('page.tsx'),
    platform: 'browser',
    resolve: { conditionNames: ['@biquorum/source', 'browser', 'import'] },
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  return output[0].code;
}

async function buildStyle(): Promise<string> {
  const charts = createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css');
  const [ofCharts, own] = await Promise.all([readFile(charts, 'utf8'), readFile(file('style.css'), 'utf8')]);
  return `${ofCharts}\n${own}`;
}

const [, main, directory] = process.argv;
if (main === fileURLToPath(import.meta.url) && directory !== undefined) {
  await mkdir(directory, { recursive: true });
  for (const [name, text] of await buildPage()) await writeFile(join(directory, name), text);
}
