import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { generatedFiles } from './generated-files.ts';

// Writes the interfaces, codecs and lists that follow from the tables into src/generated.
const target = new URL('../src/generated/', import.meta.url);
const files = await generatedFiles();
rmSync(target, { recursive: true, force: true });
for (const [path, text] of files) {
  const file = new URL(path, target);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
}
console.log(`${files.size} files written`);
