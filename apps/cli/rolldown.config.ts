import { fileURLToPath } from 'node:url';
import { buildPage } from '@biquorum/compare/web';
import { defineConfig, type Plugin } from 'rolldown';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page of `up --mode both`, which its server looks for in a folder beside itself. */
const page: Plugin = {
  name: 'page',
  async generateBundle() {
    for (const [name, source] of await buildPage()) this.emitFile({ type: 'asset', fileName: `web/${name}`, source });
  },
};

/**
 * The command line in few files, which start in a third of the time that hundreds of modules take.
 *
 * Modules that are looked for by name beside their caller (the main modules of workers, of their jobs and of child
 * processes) are entries of the same name in the same folder.
 */
// biome-ignore lint/style/noDefaultExport: where rolldown looks.
export default defineConfig({
  input: {
    main: file('src/main.ts'),
    'worker-main': file('../../packages/platform/src/node/worker-main.ts'),
    compaction: file('../../packages/broker/src/compaction.ts'),
    'node-main': file('../../packages/cluster/src/processes/node-main.ts'),
    'sim-main': file('../sim/src/main.ts'),
    'measured-main': file('../compare/src/node/measured-main.ts'),
  },
  plugins: [page],
  platform: 'node',
  // What the oldest Node that is supported does not know yet, such as `using`, is written in older words.
  transform: { target: 'node22' },
  resolve: {
    conditionNames: ['@biquorum/source', 'node', 'import'],
    alias: { 'lz4-napi': file('src/bundled/lz4-napi.ts') },
  },
  output: {
    dir: file('dist/bundle'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    cleanDir: true,
    // A server of an ensemble loads nothing of brokers and controllers, which would be otherwise in one file with it.
    codeSplitting: {
      groups: [
        {
          name: 'ensemble',
          test: /packages\/(std|platform|consensus|zab|zookeeper|zookeeper-wire)\/src\/(?!testing\/|node\/worker-main)/,
        },
      ],
    },
    // Without comments and blanks, and with all names: stack traces have to be read.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  },
});
