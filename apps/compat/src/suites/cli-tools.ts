import { join } from 'node:path';
import { type ClusterMode, startCluster } from '@biquorum/cluster';
import { ApacheBroker } from '../apache/broker.ts';
import { compareDumpsOfOurs } from '../cli-tools/dump-calls.ts';
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
import { compareMembership } from '../cli-tools/mixed-group.ts';
import { Pair } from '../cli-tools/pair.ts';
import { compareShells } from '../cli-tools/zk-calls.ts';
import { ToolServer } from '../java/tool-server.ts';
import type { Suite } from '../suite.ts';

type Chapter = readonly [title: string, body: (stage: Stage & { readonly data: string }) => Promise<void>];

/** What does not depend on the mode is compared in one of them. */
const CHAPTERS: Readonly<Record<ClusterMode, readonly Chapter[]>> = {
  kraft: [
    ['topics', compareTopics],
    ['configs', compareConfigs],
    ['console-producer, console-consumer', compareConsoles],
    ['consumer-groups', compareGroups],
    ['console-consumer beside one of Java in a group', compareMembership],
    ['metadata-quorum', compareQuorum],
    ['dump-log', ({ data, pair, scratch }) => compareDumpsOfOurs(pair, data, scratch)],
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
    const pair = new Pair(tools);
    const counted = (title: string, body: () => Promise<void>): Promise<void> =>
      check(title, async () => {
        const before = pair.count;
        await body();
        return pair.count === before ? undefined : `${pair.count - before} calls`;
      });
    for (const mode of ['kraft', 'zookeeper'] as const) {
      if (wanted !== undefined && wanted !== mode) continue;
      const data = join(scratch, mode);
      await using cluster = await startCluster({
        mode,
        brokers: 3,
        dataDirectory: data,
        properties: {
          'offsets.topic.num.partitions': '3',
          'group.initial.rebalance.delay.ms': '0',
          'auto.leader.rebalance.enable': 'false',
          ...(mode === 'kraft' ? { 'metadata.log.max.snapshot.interval.ms': '5000' } : {}),
        },
      });
      for (const [title, body] of CHAPTERS[mode]) {
        await counted(`${mode}: ${title}`, () => body({ cluster, data, java, pair, scratch }));
      }
    }
    if (wanted === undefined) {
      await using apache = await ApacheBroker.prepare(java, join(scratch, 'apache'));
      await apache.start();
      await counted("Apache's own cluster: configs of users", () => compareQuotas({ cluster: apache, pair }));
      await counted("Apache's own cluster: metadata-quorum", () => compareQuorum({ cluster: apache, pair }));
    }
  },
};
