import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Not `import`: forced upon Node, it would make `require` load ES modules.
const conditions = ['@biquorum/source', 'node', 'module', 'default'];

/** Stands in for the reference plane where the tests of the broker core run in KRaft mode. */
const kraftGovernment = fileURLToPath(new URL('packages/cluster/test/broker-core/government.ts', import.meta.url));

// Tests run from TypeScript sources: the export condition leads every workspace import to `src`.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    reporters: ['default', './apps/workspace/src/closing-line-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'apps/compat/test/suites/**'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        plugins: [
          {
            name: 'kraft-government',
            enforce: 'pre',
            resolveId(source, importer) {
              const takes =
                source === '@biquorum/control-plane/testing' && importer?.includes('/packages/broker/test/');
              return takes === true ? kraftGovernment : undefined;
            },
          },
        ],
        test: {
          name: 'kraft',
          include: ['packages/broker/test/*.test.ts'],
          // Faults that only the reference plane can be asked for; the simulation of whole clusters has this mode's.
          exclude: ['packages/broker/test/chaos.test.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
});
