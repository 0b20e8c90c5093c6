/**
 * Benches with a baseline: runs cases side by side and prints ratios.
 *
 * @packageDocumentation
 */

export type { CaseResult, SuiteResult } from './result.ts';
export { type Case, type CaseWithSetup, type Suite, suite } from './suite.ts';
