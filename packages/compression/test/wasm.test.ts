import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileWasm, generatedSource } from '../scripts/compile-wasm.ts';

test('the module in src/generated is what wasm/blocks.ts compiles to; if not, run `pnpm wasm`', async () => {
  const committed = readFileSync(new URL('../src/generated/blocks.ts', import.meta.url), 'utf8');
  expect(generatedSource(await compileWasm())).toBe(committed);
});
