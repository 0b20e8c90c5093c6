import { expect, test } from 'vitest';
import { inWorld } from '../support/logs.ts';
import { RandomRun } from '../support/random-run.ts';
import { seeds } from '../support/seeds.ts';

test.each(seeds(150, 1))('a log does what a list of batches does, whatever is done to it (seed %i)', (seed) =>
  inWorld(seed, async (ports) => {
    const run = new RandomRun(seed);
    let { logs, log } = await run.open(ports);
    for (let step = 0; step < 60; step++) {
      await run.step(log);
      if (step % 20 !== 19) continue;
      await run.verify(log);
      await logs.close();
      ({ logs, log } = await run.open(ports));
      expect(logs.findings, 'a clean stop leaves nothing to repair').toEqual([]);
      // An end inside of a batch that was cut is forgotten.
      run.model.endOffset = log.endOffset;
      run.model.highWatermark = log.highWatermark;
      run.model.durableOffset = log.endOffset;
      await run.verify(log);
    }
    await logs.close();
  }),
);
