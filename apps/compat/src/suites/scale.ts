import { join } from 'node:path';
import { biquorumProgram, bundleProgram } from '../deployment/programs.ts';
import { formatSteps, measureScale } from '../scale/measure-scale.ts';
import type { Suite } from '../suite.ts';

/** How far from flat the times after an election may be. */
const FLAT_WITHIN = 1.3;
const STEPS = [100, 10_000];
const FULL_STEPS = [...STEPS, 100_000];

export const suite: Suite = {
  name: 'scale',
  title: 'many partitions on three brokers and a quorum of three, a process each: creation, failover, restart, memory',
  needs: [],
  onDemand: true,
  async run({ check, full, only, scratch, show }) {
    await check('creates, fails over and restarts at every size', async () => {
      const program = biquorumProgram(await bundleProgram());
      const steps = await measureScale(program, {
        directory: join(scratch, 'scale'),
        steps: only.length > 0 ? only.map(Number) : full ? FULL_STEPS : STEPS,
        failovers: 3,
        onProgress: show,
      });
      show(formatSteps(steps), { suite: 'scale', steps });
      const [first, last] = [steps[0], steps.at(-1)];
      if (first === undefined || last === undefined) throw new Error('nothing was measured');
      const ratios = [last.committedMs / first.committedMs, last.failoverShownMs / first.failoverShownMs];
      const flat = ratios.every((ratio) => ratio <= FLAT_WITHIN) ? 'flat' : 'not flat';
      return `failover at ${last.partitions} partitions took ${ratios.map((ratio) => ratio.toFixed(2)).join(' and ')} times that at ${first.partitions}: ${flat} within ${FLAT_WITHIN}`;
    });
  },
};
