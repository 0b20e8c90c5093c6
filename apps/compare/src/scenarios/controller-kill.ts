import { successionFigures, successionRows, trafficRows, workRows } from './rows.ts';
import type { Scenario } from './scenario.ts';
import { now, onStage, untilAdministered } from './stage.ts';

/** The active controller dies. */
export const controllerKill: Scenario = {
  name: 'controller-kill',
  title: 'Controller killed',
  summary:
    'SIGKILL of the active controller, which in ZooKeeper mode is also one of three brokers, with its partitions, and in KRaft mode one of three controllers.',
  rows: () => [...successionRows, ...trafficRows, ...workRows],
  run: (context) =>
    onStage(context, async ({ side, client }) => {
      const victim = await side.controller();
      const epoch = await side.controllerEpoch();
      const killed = now();
      await side.kill(victim);
      const { usable, shown } = await untilAdministered(client, killed, { name: 'after', partitions: 1, replicas: 2 });
      const succession = await side.succession(killed.wallMs);
      const epochs = (await side.controllerEpoch()) - epoch;
      return { ...successionFigures(succession, killed.wallMs + shown), usable, epochs };
    }),
};
