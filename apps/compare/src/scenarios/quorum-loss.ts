import { setTimeout as sleep } from 'node:timers/promises';
import { longestStandstill } from '../measure/standstill.ts';
import { Administrator } from './administrator.ts';
import { trafficRows, workRows } from './rows.ts';
import type { Figures, Scenario, ScenarioContext } from './scenario.ts';
import { now, onStage } from './stage.ts';

const EVERY_MS = 50;

/** One of three servers of the ensemble, or of the controllers, dies: one that follows, and one that leads. */
function minorityLoss(which: 'follower' | 'leader'): Scenario {
  return {
    name: `minority-${which}`,
    title: `One of three lost: a ${which} of the ensemble or quorum`,
    summary: `SIGKILL of ${which === 'leader' ? 'the leader' : 'a follower'} among three ZooKeeper servers or three controllers, while a topic is made every ${EVERY_MS} ms.`,
    rows: () => [
      { id: 'administration', title: 'longest time in which no topic could be made', unit: 'ms' },
      { id: 'made', title: 'topics made meanwhile', unit: '' },
      ...trafficRows,
      ...workRows,
    ],
    run: (context) =>
      onStage(context, async ({ side, client }) => {
        const leader = await side.governorsLeader();
        const followers = side.governors.filter((id) => id !== leader);
        const victim = which === 'leader' ? leader : (followers[context.random.below(followers.length)] as number);
        await using administrator = new Administrator(client, { replicas: 1, everyMs: EVERY_MS });
        await administrator.untilMade();
        const killed = now();
        await side.kill(victim);
        await sleep(context.extent.lossMs, undefined, { signal: context.signal });
        await administrator.untilMade();
        const { made } = administrator.result;
        return {
          administration: longestStandstill(
            made.map(({ answeredMs }) => answeredMs),
            killed.ms,
            performance.now(),
          ),
          made: made.filter(({ answeredMs }) => answeredMs > killed.ms).length,
        };
      }),
  };
}

/** A follower of the ensemble or of the quorum dies. */
export const minorityFollower: Scenario = minorityLoss('follower');

/** The leader of the ensemble or of the quorum dies. */
export const minorityLeader: Scenario = minorityLoss('leader');

/** Two of three die, and come back. */
export const majorityLoss: Scenario = {
  name: 'majority-loss',
  title: 'Two of three lost',
  summary:
    'SIGKILL of two of three ZooKeeper servers or controllers, the leader among them; after a while both are started again. Records must flow all the time, and no topic can be made meanwhile.',
  rows: ({ lossMs }) => [
    { id: 'made', title: `topics made during the loss of ${lossMs / 1000} s`, unit: '' },
    { id: 'again', title: 'from the restart until a topic can be made again', unit: 'ms' },
    ...trafficRows,
    ...workRows,
  ],
  run: (context) => onStage(context, (stage) => loseMajority(context, stage)),
};

async function loseMajority(
  { extent, random, signal }: ScenarioContext,
  { side, client }: Parameters<Parameters<typeof onStage>[1]>[0],
): Promise<Figures> {
  const leader = await side.governorsLeader();
  const followers = side.governors.filter((id) => id !== leader);
  const victims = [leader, followers[random.below(followers.length)] as number];
  await using administrator = new Administrator(client, { replicas: 1, everyMs: EVERY_MS });
  await administrator.untilMade();
  await Promise.all(victims.map((id) => side.kill(id)));
  const lost = performance.now();
  await sleep(extent.lossMs, undefined, { signal });
  const restarted = performance.now();
  await Promise.all(victims.map((id) => side.restart(id)));
  await administrator.untilMade();
  const { made } = administrator.result;
  return {
    made: made.filter(({ askedMs, answeredMs }) => askedMs > lost && answeredMs < restarted).length,
    again: (made.find(({ answeredMs }) => answeredMs >= restarted)?.answeredMs ?? performance.now()) - restarted,
  };
}
