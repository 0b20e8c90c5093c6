import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const SOURCE = new URL('../wasm/blocks.ts', import.meta.url);

/** Compiles `wasm/blocks.ts`. */
export async function compileWasm(): Promise<Uint8Array> {
  const outputs = new Map<string, Uint8Array | string>();
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--initialMemory', '4'];
  const { error, stderr } = await asc.main(['blocks.ts', '--outFile', 'blocks.wasm', ...options], {
    readFile: (name) => (name === 'blocks.ts' ? readFileSync(SOURCE, 'utf8') : null),
    writeFile: (name, contents) => void outputs.set(name, contents),
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`wasm/blocks.ts does not compile: ${stderr.toString()}`);
  const wasm = outputs.get('blocks.wasm');
  if (!(wasm instanceof Uint8Array)) throw new Error('the compiler wrote no module');
  return wasm;
}

/** The module as source text, so that it needs no file access and no bundler's help. */
export function generatedSource(wasm: Uint8Array): string {
  const lines =
    Buffer.from(wasm)
      .toString('base64')
      .match(/.{1,116}/g) ?? [];
  return [
    '// Generated from wasm/blocks.ts by `pnpm wasm`. Do not edit.',
    '',
    '/** The compiled module in base64. */',
    'export const BLOCKS_WASM: string =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}
