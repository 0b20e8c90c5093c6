import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

// Not `import`: forced upon Node, it would make `require` load ES modules.
const conditions = ['@biquorum/source', 'node', 'module', 'default'];

// Tests run from TypeScript sources: the export condition leads every workspace import to `src`.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // Machines that do other work too: only what hangs takes so long.
    // Real sockets and processes under a clock get a second chance there; the report names who needed it.
    retry: process.env['CI'] === undefined ? 0 : 1,
    hookTimeout: 120_000,
    teardownTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    reporters: ['default', './apps/workspace/src/closing-line-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'apps/compat/test/suites/**'],
          testTimeout: 90_000,
        },
      },
      brokerCoreUnder('kraft', []),
      // In ZooKeeper mode a deletion waits for brokers that are away, and there is no such API.
      brokerCoreUnder('zookeeper', ['stray-logs', 'describe-topic-partitions']),
    ],
  },
});

/** The tests of the broker core with another government in the place of the reference plane. */
function brokerCoreUnder(mode: 'kraft' | 'zookeeper', without: readonly string[]): TestProjectInlineConfiguration {
  const file = `packages/cluster/test/broker-core/${mode}-government.ts`;
  const government = fileURLToPath(new URL(file, import.meta.url));
  return {
    extends: true,
    plugins: [
      {
        name: `${mode}-government`,
        enforce: 'pre',
        resolveId(source, importer) {
          const takes = source === '@biquorum/control-plane/testing' && importer?.includes('/packages/broker/test/');
          return takes === true ? government : undefined;
        },
      },
    ],
    test: {
      name: mode,
      include: ['packages/broker/test/*.test.ts'],
      // Faults that only the reference plane can be asked for; the simulation of whole clusters has each mode's.
      exclude: ['chaos', ...without].map((name) => `packages/broker/test/${name}.test.ts`),
      testTimeout: 120_000,
    },
  };
}
