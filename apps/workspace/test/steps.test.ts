import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkSteps, type Step } from '../src/steps.ts';
import { runSteps } from '../src/steps-run.ts';

const good: Step = { name: 'good', command: ['node', '-e', '0'], static: true };
const bad: Step = { name: 'bad', command: ['node', '-e', 'process.exit(3)'], static: true };
const missing: Step = { name: 'missing', command: ['no-such-program'], static: true };

describe('the steps of check', () => {
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(...line.split('\n')));
  afterEach(() => {
    printed.length = 0;
    log.mockClear();
  });

  it('begin with what fails fastest, and end with the docs', () => {
    expect(checkSteps.map(({ name }) => name)).toEqual([
      'format and lint',
      'types',
      'boundaries',
      'tests',
      'simulation',
      'packages',
      'packages install',
      'snippets',
      'docs',
    ]);
  });

  it('end with the count of those that passed', () => {
    expect(runSteps([good, good], { keepGoing: false })).toBe(0);
    expect(printed.at(-1)).toBe('2 passed, 0 failed');
  });

  it('stop at the first that fails, and say how many were not run', () => {
    expect(runSteps([good, bad, good, good], { keepGoing: false })).toBe(1);
    expect(printed.slice(-2)).toEqual([
      '2 steps not run after the failure; pnpm check --all runs them too.',
      '1 passed, 1 failed',
    ]);
    expect(printed.join('\n')).toContain('bad: FAILED, exit code 3');
  });

  it('go on after a failure when asked to, and count a program that is missing as one', () => {
    expect(runSteps([bad, missing, good], { keepGoing: true })).toBe(2);
    expect(printed.at(-1)).toBe('1 passed, 2 failed');
  });
});
