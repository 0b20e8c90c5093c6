import { join } from 'node:path';
import type { Ensemble } from '../ensemble.ts';
import { cacheDirectory } from '../java/cache.ts';
import { ToolServer } from '../java/tool-server.ts';
import { Load } from '../mixed-cluster/load.ts';
import type { Suite } from '../suite.ts';
import type { Play } from '../tools-script/compare-with-apache.ts';
import { configs, data, groups, topics } from '../tools-script/data-chapters.ts';
import { playScript } from '../tools-script/play-script.ts';
import { cluster, elections, reassignments } from '../tools-script/replica-chapters.ts';
import type { Chapter } from '../tools-script/stage.ts';
import { offlineConfigs, shell } from '../tools-script/zookeeper-chapters.ts';
import { ZooKeeperCluster } from '../zookeeper-cluster/cluster.ts';
import { compareOnEnsembles } from '../zookeeper-cluster/compare-on-ensembles.ts';
import { startEnsemble } from '../zookeeper-cluster/ensemble.ts';

const CHAPTERS: readonly Chapter<ZooKeeperCluster>[] = [
  topics,
  configs,
  data,
  groups,
  reassignments,
  elections,
  cluster,
  shell,
  offlineConfigs,
];

export const suite: Suite = {
  name: 'zookeeper-tools',
  title: "Apache's command-line tools say of our cluster in ZooKeeper mode what they say of Apache's own",
  needs: ['java', 'javac', 'mvn'],
  live: true,
  run: (context) => compareOnEnsembles('zookeeper-tools-3.9.2', CHAPTERS.length, playOn, context),
};

const playOn =
  (ensemble: Ensemble): Play =>
  async (make, context, onChapter) => {
    const java = await context.java();
    const root = join(context.scratch, make);
    await using zookeeper = await startEnsemble(ensemble, join(root, 'zookeeper'));
    await using nodes = await ZooKeeperCluster.prepare(java, {
      root,
      brokers: [make, make, make],
      connect: zookeeper.connect,
      // How long a broker is dead and not missed.
      sessionTimeoutMs: 30_000,
      properties: { 'auto.leader.rebalance.enable': false },
    });
    await using tools = new ToolServer(java);
    // The first to start is the controller, and stays it until the script stops brokers.
    await nodes.start([1]);
    await nodes.start([2, 3]);
    await nodes.untilBrokers([1, 2, 3]);
    await using load = await Load.start(context, cacheDirectory(), nodes.bootstrap);
    const script = {
      cluster: nodes,
      load,
      scratch: context.scratch,
      chapters: CHAPTERS,
      substitutions: [
        [zookeeper.connect, '<ensemble>'],
        [/Cluster ID: [\w-]{22}/g, 'Cluster ID: <cluster>'],
      ] as const,
    };
    await playScript(script, tools, ({ title }, body) => onChapter(title, body));
  };
