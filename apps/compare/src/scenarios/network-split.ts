import { Missing } from '../sides/side.ts';
import { successionFigures, successionRows, trafficRows, workRows } from './rows.ts';
import type { Scenario } from './scenario.ts';
import { now, onStage } from './stage.ts';

const WHY = new Missing('links between Apache’s processes are not ours to cut');

/** The active controller is alone on one side of a split network. */
export const networkSplit: Scenario = {
  name: 'network-split',
  title: 'Network split',
  summary:
    'The active controller can neither reach another node nor be reached by one, while clients reach all: every packet is lost until the split is healed, after another controller has made a topic.',
  rows: () => [
    ...successionRows,
    { id: 'healed', title: 'healed: the old controller shows what the new one has done', unit: 'ms' },
    ...trafficRows,
    ...workRows,
  ],
  run: (context) =>
    onStage(context, async ({ side, client }) => {
      const { cut, heal } = side;
      if (cut === undefined || heal === undefined) return Object.fromEntries(ROWS.map((id) => [id, WHY]));
      const alone = await side.controller();
      const epoch = await side.controllerEpoch();
      const others = side.brokers.map(({ id }) => id).filter((id) => id !== alone);
      const split = now();
      await cut.call(side, [alone]);
      const topic = { name: 'after', partitions: 1, replicas: 2 };
      await client.until('a topic is made on the other side', async () => {
        const codes = await client.tryCreate([topic], others);
        return codes[0] === 0 || codes[0] === 36 ? true : undefined;
      });
      const usable = performance.now() - split.ms;
      const times = await client.untilAllShow([topic.name], ({ topics }) => topics.has(topic.name), others);
      const shown = (times.at(-1) ?? split.ms) - split.ms;
      const succession = await side.succession(split.wallMs);
      const healed = now();
      await heal.call(side);
      await client.until('the old controller follows the new one', async () => {
        if (side.governors.includes(alone)) return (await side.quorumLeaderBy?.(alone)) !== alone ? true : undefined;
        const seen = await client.shownBy(alone, [topic.name]);
        return seen.topics.has(topic.name) && seen.controllerId !== alone ? true : undefined;
      });
      const healedMs = performance.now() - healed.ms;
      return {
        ...successionFigures(succession, split.wallMs + shown),
        usable,
        epochs: (await side.controllerEpoch()) - epoch,
        healed: healedMs,
      };
    }),
};

const ROWS: readonly string[] = [...successionRows.map(({ id }) => id), 'healed'];
