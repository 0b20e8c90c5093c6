#!/usr/bin/env node
import { useCompileCache } from './compile-cache.ts';

// Before anything else is loaded, so that it holds for everything else.
useCompileCache();
const { main } = await import('./program.ts');
process.exitCode = await main(process.argv.slice(2));
