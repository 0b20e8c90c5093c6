import { expect, test } from 'vitest';
import { clusterMutants } from '../src/cluster/cluster-mutants.ts';
import { checkMutant } from '../src/mutate.ts';

test('each mutant of clusters has a name of its own', () => {
  expect(new Set(clusterMutants.map(({ name }) => name)).size).toBe(clusterMutants.length);
});

test.each(clusterMutants.map((mutant) => [mutant.name, mutant] as const))(
  'the text that %s changes is in its source',
  (_, mutant) => {
    expect(() => checkMutant(mutant)).not.toThrow();
  },
);
