import { describe, expect, test } from 'vitest';
import { engineMutants } from '../src/engine-mutants.ts';
import { checkMutant, type Mutant } from '../src/mutate.ts';

describe.each(Object.entries(engineMutants))('broken builds of %s', (_engine, mutants) => {
  test('there are at least twelve, each with a name of its own', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(12);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  test.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    'the text that %s changes is in its source',
    (_name, mutant) => {
      expect(() => checkMutant(mutant)).not.toThrow();
    },
  );
});

test('a mutant whose text is gone, or whose file is, fails', () => {
  const mutant = (file: string, find: string): Mutant => ({
    name: 'gone',
    breaks: '',
    changes: [{ file, find, replace: '' }],
    seed: 1,
  });
  expect(() => checkMutant(mutant('packages/raft/src/raft.ts', 'this text is nowhere'))).toThrow('0 times');
  expect(() => checkMutant(mutant('packages/raft/src/gone.ts', ''))).toThrow('is gone');
});
