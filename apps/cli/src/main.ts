#!/usr/bin/env node
import { useCompileCache } from './compile-cache.ts';
import { requireNode } from './node-version.ts';

requireNode();
// Before anything else is loaded, so that it holds for everything else.
useCompileCache();
const { main } = await import('./program.ts');
process.exitCode = await main(process.argv.slice(2));
// Everything is done and written. What Node clears up after that of its own accord has been seen never to end, after a
// disk was full.
process.once('beforeExit', () => process.exit());
