import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { convertPackage, type DocumentedPackage, renderSite } from '../src/reference.ts';
import { remoteLoadsIn } from '../src/remote.ts';

const base = fileURLToPath(new URL('../../../tsconfig.base.json', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'biquorum-docs-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function plant(name: string, index: string): DocumentedPackage {
  const folder = join(scratch, name);
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: `@biquorum/${name}`, type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: base, include: ['src'] }));
  writeFileSync(join(folder, 'src/index.ts'), index);
  return { name: `@biquorum/${name}`, folder, entryPoints: [join(folder, 'src/index.ts')] };
}

const documented = `
/** A planted package. @packageDocumentation */
/** Doubles a number. */
export function twice(value: number): number { return value * 2; }
/** A pair. */
export interface Pair { readonly left: number; readonly right: number }
`;

describe('the reference', () => {
  it('of a package whose exports all have comments is clean, and loads nothing from another host', async () => {
    const part = await convertPackage(plant('documented', documented));
    expect(part.clean).toBe(true);
    const site = join(scratch, 'site');
    const readme = join(scratch, 'README.md');
    writeFileSync(readme, '# Planted\n\nSee [Kafka](https://kafka.apache.org/).\n');
    expect(await renderSite([part], { name: 'Planted', readme, documents: [] }, site)).toBe(true);
    expect(readdirSync(site)).toEqual(expect.arrayContaining(['index.html', 'functions', 'interfaces', 'assets']));
    const page = readdirSync(join(site, 'functions')).find((name) => name.endsWith('twice.html')) ?? 'no page';
    const html = readFileSync(join(site, 'functions', page), 'utf8');
    expect(html).toContain('Doubles a number');
    expect(html).toContain('src="../assets/search.js"');
    expect(readdirSync(join(site, 'assets'))).toContain('search.js');
    expect(remoteLoadsIn(site)).toEqual([]);
  });

  it('takes names with dots in them for no addresses, on pages and in comments', async () => {
    const text = `${documented}\n/** What client.id is, and https://kafka.apache.org/ too. */\nexport const own = 1;\n`;
    const part = await convertPackage(plant('dotted', text));
    const site = join(scratch, 'dotted-site');
    const readme = join(scratch, 'DOTTED.md');
    writeFileSync(readme, '# Planted\n\nOf request.timeout.ms, see [Kafka](https://kafka.apache.org/).\n');
    expect(await renderSite([part], { name: 'Planted', readme, documents: [] }, site)).toBe(true);
    const pages = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.html'));
    const html = pages.map((path) => readFileSync(join(site, path), 'utf8')).join('\n');
    expect(html).toContain('request.timeout.ms');
    expect(html).toContain('client.id');
    const away = new Set([...html.matchAll(/href="(https?:[^"]*)"/g)].map(([, link]) => link));
    expect([...away]).toEqual(['https://kafka.apache.org/']);
  });

  it.each([
    ['function', 'export function bare(): void {}'],
    ['constant', 'export const bare = 1;'],
    ['interface', 'export interface Bare { readonly a: number }'],
    ['type', 'export type Bare = 1 | 2;'],
    ['class', 'export class Bare {}'],
  ])('is not clean when an exported %s has no comment', async (kind, text) => {
    const part = await convertPackage(plant(`bare-${kind}`, `${documented}\n${text}\n`));
    expect(part.clean).toBe(false);
  });

  it('is not clean when a comment links to what does not exist', async () => {
    const part = await convertPackage(
      plant('broken', `${documented}\n/** See {@link nothing}. */\nexport const a = 1;\n`),
    );
    expect(part.clean).toBe(false);
  });
});
