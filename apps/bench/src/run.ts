// Runs the benches of the package in the current folder: `run.ts [part of a file name …] [--quick] [--json]`.
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const files = globSync('bench/*.bench.ts').sort();
const chosen = files.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));

// Not a failure: the root script runs this in every package, with the same part of a name.
if (chosen.length === 0) {
  console.log(
    files.length === 0 ? 'no bench/*.bench.ts here' : `none of ${files.join(', ')} is meant by ${wanted.join(' ')}`,
  );
}
// One after the other: a bench file awaits its suites at the top level.
for (const file of chosen) await import(pathToFileURL(resolve(file)).href);
