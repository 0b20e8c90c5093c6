import { describe, expect, test } from 'vitest';
import { formatSteps, parseSteps } from '../../src/mixed-cluster/transcript.ts';
import { until } from '../../src/mixed-cluster/until.ts';

describe('a transcript', () => {
  test('is read as it was written, step by step', () => {
    const steps = ['$ kafka-topics --list\nfirst\n! a warning\n= 0', '$ kafka-features describe\n= 1'];
    expect(formatSteps(steps)).toBe(
      '$ kafka-topics --list\nfirst\n! a warning\n= 0\n\n$ kafka-features describe\n= 1\n',
    );
    expect(parseSteps(formatSteps(steps))).toEqual(steps);
    expect(parseSteps('\n\n')).toEqual([]);
  });
});

describe('waiting for an answer', () => {
  test('goes on while there is none, or an error', async () => {
    let asked = 0;
    const answer = await until('third', () => {
      asked++;
      if (asked === 1) throw new Error('not there');
      return asked === 3 ? 'here' : undefined;
    });
    expect([answer, asked]).toEqual(['here', 3]);
  });
});
