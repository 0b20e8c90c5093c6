import { useCompileCache } from './compile-cache.ts';

// Before anything else is loaded, so that it holds for everything else.
useCompileCache();
await import('./newcomer.ts');
