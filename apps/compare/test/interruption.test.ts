import { once } from 'node:events';
import { expect, it } from 'vitest';
import { biquorumSide, compare, type Scenario } from '../src/index.ts';

it('an interrupted comparison reports the scenario that was broken off, and none that was not begun', async () => {
  const begun = Promise.withResolvers<void>();
  const scenario = (name: string): Scenario => ({
    name,
    title: name,
    summary: 'Waits until it is broken off.',
    rows: () => [{ id: 'waited', title: 'waited', unit: 'ms' }],
    async run({ signal }) {
      begun.resolve();
      await once(signal, 'abort');
      return { waited: 1 };
    },
  });
  const report = await compare({
    scenarios: [scenario('first'), scenario('second')],
    sides: [biquorumSide('zookeeper'), biquorumSide('kraft')],
    preset: 'equal',
    runs: 2,
    seed: 1,
    extent: { sizes: [], steadyMs: 0, topics: 0, lossMs: 0 },
    version: 'test',
    interrupted: begun.promise,
  });
  expect(report.sections.map(({ name }) => name)).toEqual(['first']);
  expect(report.sections[0]?.failures).toEqual([expect.stringMatching(/^(ZooKeeper|KRaft) mode, run 1: interrupted$/)]);
});
