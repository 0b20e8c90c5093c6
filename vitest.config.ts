import { defineConfig } from 'vitest/config';

// Not `import`: forced upon Node, it would make `require` load ES modules.
const conditions = ['@biquorum/source', 'node', 'module', 'default'];

// Tests run from TypeScript sources: the export condition leads every workspace import to `src`.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'apps/compat/test/suites/**'],
    reporters: ['default', './apps/workspace/src/closing-line-reporter.ts'],
    testTimeout: 20_000,
  },
});
