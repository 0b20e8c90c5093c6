// Compiles wasm/blocks.ts to src/generated/blocks.ts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { compileWasm, generatedSource } from './compile-wasm.ts';

const target = new URL('../src/generated/blocks.ts', import.meta.url);
const wasm = await compileWasm();
mkdirSync(new URL('.', target), { recursive: true });
writeFileSync(target, generatedSource(wasm));
console.log(`${wasm.length} bytes`);
