import { defineConfig } from 'vitest/config';

const conditions = ['@biquorum/source', 'node', 'import', 'module', 'default'];

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
