import { type ClusterMode, startCluster } from '@biquorum/cluster';
import {
  compareConfigs,
  compareConsoles,
  compareDeletion,
  compareGroups,
  compareQuorum,
  compareQuotas,
  compareTopics,
  type Stage,
} from '../cli-tools/kafka-calls.ts';
import { Pair } from '../cli-tools/pair.ts';
import { compareShells } from '../cli-tools/zk-calls.ts';
import { ToolServer } from '../java/tool-server.ts';
import type { Suite } from '../suite.ts';

type Chapter = readonly [title: string, body: (stage: Stage) => Promise<void>];

/** What does not depend on the mode is compared in one of them. */
const CHAPTERS: Readonly<Record<ClusterMode, readonly Chapter[]>> = {
  kraft: [
    ['topics', compareTopics],
    ['configs', compareConfigs],
    ['console-producer, console-consumer', compareConsoles],
    ['consumer-groups', compareGroups],
    ['metadata-quorum', compareQuorum],
    ['topics --delete', compareDeletion],
  ],
  zookeeper: [
    ['topics', compareTopics],
    ['configs of users', compareQuotas],
    ['zk', ({ cluster, pair }) => compareShells(pair, cluster.zookeeperConnect ?? '')],
  ],
};

export const suite: Suite = {
  name: 'cli-tools',
  title: "our command line says of a cluster what Apache's tools say of it at the same time",
  needs: ['java', 'javac', 'mvn'],
  live: true,
  async run({ java: prepare, mode: wanted, scratch, check }) {
    const java = await prepare();
    await using tools = new ToolServer(java);
    for (const mode of ['kraft', 'zookeeper'] as const) {
      if (wanted !== undefined && wanted !== mode) continue;
      await using cluster = await startCluster({
        mode,
        brokers: 3,
        properties: {
          'offsets.topic.num.partitions': '3',
          'group.initial.rebalance.delay.ms': '0',
          'auto.leader.rebalance.enable': 'false',
        },
      });
      const pair = new Pair(tools);
      for (const [title, body] of CHAPTERS[mode]) {
        await check(`${mode}: ${title}`, async () => {
          const before = pair.count;
          await body({ cluster, java, pair, scratch });
          return pair.count === before ? undefined : `${pair.count - before} calls`;
        });
      }
    }
  },
};
