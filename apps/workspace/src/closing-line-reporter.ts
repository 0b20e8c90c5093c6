import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends a test run with the line `N passed, N failed`, which every loop of this workspace ends with.
 *
 * A file that could not be loaded and an error outside of any test count as one failure each, so that a crash is never
 * a pass. Skipped tests are in neither number; they get a line of their own, which says where they are, and so does each that passed only when it
 * was tried again.
 */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    let skipped = 0;
    const skipping = new Set<string>();
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed' && test.diagnostic()?.flaky === true) {
          const reasons = test.result().errors?.map(({ message }) => message.split('\n')[0]) ?? [];
          console.log(`second try: ${module.relativeModuleId} > ${test.fullName} (${reasons.join('; ')})`);
        }
        if (state === 'passed') passed += 1;
        else if (state === 'skipped') {
          skipped += 1;
          skipping.add(module.relativeModuleId);
        } else failed += 1;
      }
    }
    if (skipped > 0) console.log(`${skipped} skipped, in ${[...skipping].sort().join(', ')}`);
    console.log(`${passed} passed, ${failed} failed`);
  }
}
