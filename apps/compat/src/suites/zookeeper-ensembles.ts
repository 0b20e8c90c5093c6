import { join } from 'node:path';
import type { Suite } from '../suite.ts';
import { scenarios } from '../zookeeper-ensembles/scenarios.ts';

export const suite: Suite = {
  name: 'zookeeper-ensembles',
  title: "our ZooKeeper servers and Apache's are one ensemble, whoever of them leads",
  needs: ['java', 'mvn'],
  live: true,
  async run(context) {
    for (const { title, play } of scenarios) {
      if (context.only.length > 0 && !context.only.some((part) => title.includes(part))) continue;
      await context.check(title, () => play(join(context.scratch, title.replaceAll(/\W+/g, '-'))));
    }
  },
};
