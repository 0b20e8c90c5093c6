import { expect, test } from 'vitest';
import { checkMutant, type Mutant } from '../src/mutate.ts';
import { raftMutants } from '../src/raft-mutants.ts';

test('there are at least twelve mutants of raft, each with a name of its own', () => {
  expect(raftMutants.length).toBeGreaterThanOrEqual(12);
  expect(new Set(raftMutants.map(({ name }) => name)).size).toBe(raftMutants.length);
});

test.each(raftMutants.map((mutant) => [mutant.name, mutant] as const))(
  'the text that %s changes is in its source',
  (_, mutant) => {
    expect(() => checkMutant(mutant)).not.toThrow();
  },
);

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
