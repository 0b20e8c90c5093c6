import { useCompileCache } from './compile-cache.ts';
import { requireNode } from './node-version.ts';

requireNode();
// Before anything else is loaded, so that it holds for everything else.
useCompileCache();
await import('./newcomer.ts');
