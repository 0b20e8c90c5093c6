import { createRequire } from 'node:module';
import type * as Lz4 from 'lz4-napi';

/**
 * Stands in for `lz4-napi` in the bundle: native code cannot be bundled, and most programs never meet an LZ4 batch, so
 * it is loaded for the first one.
 */
let loaded: typeof Lz4 | undefined;

export const compressSync: typeof Lz4.compressSync = (data, dictionary) => library().compressSync(data, dictionary);

export const uncompressSync: typeof Lz4.uncompressSync = (data, dictionary) =>
  library().uncompressSync(data, dictionary);

function library(): typeof Lz4 {
  loaded ??= createRequire(import.meta.url)('lz4-napi') as typeof Lz4;
  return loaded;
}
