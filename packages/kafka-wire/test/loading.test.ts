import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const SOURCE = new URL('../src/', import.meta.url);
const run = promisify(execFile);

describe('importing', () => {
  it('one API loads its own table and no other', () => {
    expect(tablesBehind('generated/messages/produce.ts')).toEqual(['messages/produce.ts']);
  });

  it('the package loads the headers’ tables only', () => {
    expect(tablesBehind('index.ts')).toEqual(['headers/headers.ts']);
  });

  it('the registry loads all of them', () => {
    expect(tablesBehind('registry.ts').filter((path) => path.startsWith('messages/'))).toHaveLength(88);
  });
});

describe('where code must not be generated from strings', () => {
  it('the interpreter stands in, for reading and for writing', async () => {
    const { stdout } = await run(process.execPath, [
      '--disallow-code-generation-from-strings',
      '--conditions=@biquorum/source',
      new URL('support/without-generation.ts', import.meta.url).pathname,
    ]);
    expect(JSON.parse(stdout)).toEqual({
      canCompile: false,
      differing: [],
      checked: 740,
      byReference: true,
      failure: 'underflow',
    });
  });
});

/** Modules with tables that a module loads, itself and through others. Imports of types are gone at run time. */
function tablesBehind(entry: string): string[] {
  const seen = new Set<string>();
  const visit = (url: URL): void => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const text = readFileSync(url, 'utf8');
    for (const [, what, path] of text.matchAll(/^(?:import|export)\s+([^;]*?)\s*from\s+'(\.[^']+)';/gms)) {
      if (!what?.startsWith('type ') && path !== undefined) visit(new URL(path, url));
    }
  };
  visit(new URL(entry, SOURCE));
  return [...seen]
    .map((href) => href.slice(SOURCE.href.length))
    .filter((path) => /const \w+Table = /.test(readFileSync(new URL(path, SOURCE), 'utf8')))
    .sort();
}
