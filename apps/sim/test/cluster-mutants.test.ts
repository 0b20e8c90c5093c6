import { expect, test } from 'vitest';
import { clusterMutants } from '../src/cluster/cluster-mutants.ts';
import { checkMutant } from '../src/mutate.ts';

const all = Object.values(clusterMutants).flat();

test('each mutant of clusters has a name of its own', () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(clusterMutants['zookeeper']?.length).toBeGreaterThanOrEqual(6);
});

test.each(all.map((mutant) => [mutant.name, mutant] as const))(
  'the text that %s changes is in its source',
  (_, mutant) => {
    expect(() => checkMutant(mutant)).not.toThrow();
  },
);
