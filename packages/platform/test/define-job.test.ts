import { defineJob, type Job } from '@biquorum/platform';
import { describe, expect, it } from 'vitest';

const job = (caller: string, module: string): Job<null, null> =>
  defineJob<(input: null) => null>(caller, module, 'run');

describe('a job', () => {
  it('lies beside its caller, with the extension of its caller', () => {
    expect(job('file:///app/src/log/clean.ts', './compact')).toEqual({
      module: 'file:///app/src/log/compact.ts',
      name: 'run',
    });
    expect(job('file:///app/dist/log/clean.js', './compact').module).toBe('file:///app/dist/log/compact.js');
    expect(job('file:///app/dist/clean.mjs', './jobs/compact').module).toBe('file:///app/dist/jobs/compact.mjs');
  });

  it('may lie above', () => {
    expect(job('file:///app/src/log/clean.ts', '../jobs/compact').module).toBe('file:///app/src/jobs/compact.ts');
    expect(job('file:///app/src/a/b/c.ts', './../../x').module).toBe('file:///app/src/x.ts');
  });
});
