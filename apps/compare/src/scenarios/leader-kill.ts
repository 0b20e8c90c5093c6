import type { ShownCluster } from '../client/requests.ts';
import { trafficRows, workRows } from './rows.ts';
import type { Scenario } from './scenario.ts';
import { now, onStage, TOPIC } from './stage.ts';

/** A broker dies that leads partitions and is not the controller. */
export const leaderKill: Scenario = {
  name: 'leader-kill',
  title: 'Leader of partitions killed',
  summary: 'SIGKILL of a broker that leads a third of the partitions and is not the controller.',
  rows: () => [
    { id: 'first', title: 'the first broker shows other leaders', unit: 'ms' },
    { id: 'last', title: 'the last broker shows other leaders', unit: 'ms' },
    ...trafficRows,
    ...workRows,
  ],
  run: (context) =>
    onStage(context, async ({ side, client }) => {
      const controller = await side.controller();
      const candidates = side.brokers.map(({ id }) => id).filter((id) => id !== controller);
      const victim = candidates[context.random.below(candidates.length)] as number;
      const killed = now();
      await side.kill(victim);
      const times = await client.untilAllShow([TOPIC], (shown) => isWithout(shown, victim));
      return { first: (times[0] ?? killed.ms) - killed.ms, last: (times.at(-1) ?? killed.ms) - killed.ms };
    }),
};

/** Is every partition led, by another and without it among the in-sync replicas? */
function isWithout({ topics }: ShownCluster, victim: number): boolean {
  const partitions = topics.get(TOPIC) ?? [];
  return (
    partitions.length > 0 &&
    partitions.every(({ leader, isr }) => leader >= 0 && leader !== victim && !isr.includes(victim))
  );
}
