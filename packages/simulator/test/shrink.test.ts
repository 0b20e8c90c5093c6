import { type Family, type SimulationResult, shrinkFamilies, Violation } from '@biquorum/simulator';
import { expect, test } from 'vitest';

/** A run that fails exactly with the sets that the predicate names. */
function runOf(fails: (families: ReadonlySet<Family>) => boolean) {
  return async (families: ReadonlySet<Family>): Promise<SimulationResult> => ({
    seed: 1,
    families,
    violation: fails(families) ? new Violation('planted', [...families].join(' ')) : null,
    traceHash: 0,
    nodes: 3,
    events: 0,
    operations: 0,
    answered: 0,
    committed: 0,
    virtualMs: 0,
    undecided: false,
    faults: {},
  });
}

test('everything is left out that a failure does not need', async () => {
  const run = runOf((families) => families.has('loss') && families.has('kill'));
  const failed = await run(new Set(['delay', 'loss', 'cut', 'kill', 'pause']));
  expect([...(await shrinkFamilies(run, failed)).families]).toEqual(['loss', 'kill']);
});

test('a family that can be left out only after another one is left out in a second round', async () => {
  // With the cut the delay is needed; without either it fails, too.
  const run = runOf((families) => !families.has('cut') || families.has('delay'));
  const failed = await run(new Set(['delay', 'cut']));
  expect((await shrinkFamilies(run, failed)).families.size).toBe(0);
});

test('a failure that needs no faults, or all of them, is kept as it is', async () => {
  const always = runOf(() => true);
  expect((await shrinkFamilies(always, await always(new Set()))).families.size).toBe(0);
  const all = runOf((families) => families.size === 3);
  const failed = await all(new Set(['delay', 'loss', 'cut']));
  expect(await shrinkFamilies(all, failed)).toBe(failed);
});
