import { successionFigures, successionRows, trafficRows, workRows } from './rows.ts';
import type { Scenario } from './scenario.ts';
import { now, onStage, untilAdministered } from './stage.ts';

/** The active controller stands still, another takes its place, and the first one wakes up. */
export const controllerPause: Scenario = {
  name: 'controller-pause',
  title: 'Controller paused: a zombie',
  summary:
    'SIGSTOP of the active controller, whose sockets stay open; when another has taken its place and made a topic, SIGCONT. It must see that it is deposed.',
  rows: () => [
    ...successionRows,
    { id: 'woken', title: 'woken up: it shows what the new controller has done', unit: 'ms' },
    ...trafficRows,
    ...workRows,
  ],
  run: (context) =>
    onStage(context, async ({ side, client }) => {
      const zombie = await side.controller();
      const epoch = await side.controllerEpoch();
      const paused = now();
      side.pause(zombie);
      try {
        const topic = { name: 'after', partitions: 1, replicas: 2 };
        const { usable, shown } = await untilAdministered(client, paused, topic);
        const succession = await side.succession(paused.wallMs);
        const woken = now();
        side.resume(zombie);
        const governs = side.governors.includes(zombie);
        await client.until('the old controller follows the new one', async () => {
          if (governs) return (await side.quorumLeaderBy?.(zombie)) !== zombie ? true : undefined;
          const seen = await client.shownBy(zombie, [topic.name]);
          return seen.topics.has(topic.name) && seen.controllerId !== zombie ? true : undefined;
        });
        const wokenMs = performance.now() - woken.ms;
        return {
          ...successionFigures(succession, paused.wallMs + shown),
          usable,
          epochs: (await side.controllerEpoch()) - epoch,
          woken: wokenMs,
        };
      } finally {
        side.resume(zombie);
      }
    }),
};
