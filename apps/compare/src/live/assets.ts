import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** The files that the page consists of, by path. */
export type Assets = ReadonlyMap<string, Asset>;

/** What the build of the page makes: names of files, and what is in them. */
export type BuildPage = () => Promise<ReadonlyMap<string, string>>;

/** Beside this module once it is built: what the build of the page has made. */
const SHIPPED = new URL('./web/', import.meta.url);
/** Beside the sources: that build itself. */
const BUILD = new URL('../../web/build.ts', import.meta.url);
const NAMES = ['index.html', 'page.js', 'page.css'] as const;
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** Reads the page as it was shipped, or builds it where this runs from its sources. */
export async function loadAssets(): Promise<Assets> {
  const files = existsSync(new URL('index.html', SHIPPED)) ? await readShipped() : await build();
  return new Map(
    [...files].map(([name, text]) => {
      const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
      return [name === 'index.html' ? '/' : `/${name}`, { type, bytes: new TextEncoder().encode(text) }];
    }),
  );
}

async function readShipped(): Promise<ReadonlyMap<string, string>> {
  const texts = NAMES.map(async (name) => [name, await readFile(new URL(name, SHIPPED), 'utf8')] as const);
  return new Map(await Promise.all(texts));
}

async function build(): Promise<ReadonlyMap<string, string>> {
  const { buildPage } = (await import(BUILD.href)) as { readonly buildPage: BuildPage };
  return buildPage();
}
