import { join } from 'node:path';
import { cacheDirectory } from '../java/cache.ts';
import { ToolServer } from '../java/tool-server.ts';
import { KraftCluster } from '../kraft-cluster/cluster.ts';
import { Load } from '../mixed-cluster/load.ts';
import type { Substitutions } from '../mixed-cluster/transcript.ts';
import type { Suite } from '../suite.ts';
import { compareWithApache, type Play } from '../tools-script/compare-with-apache.ts';
import { configs, data, groups, topics } from '../tools-script/data-chapters.ts';
import { FIRST_CONTROLLER, features, quorum } from '../tools-script/kraft-chapters.ts';
import { playScript } from '../tools-script/play-script.ts';
import { cluster, elections, reassignments } from '../tools-script/replica-chapters.ts';
import type { Chapter } from '../tools-script/stage.ts';

const CHAPTERS: readonly Chapter<KraftCluster>[] = [
  topics,
  configs,
  data,
  groups,
  reassignments,
  elections,
  features,
  cluster,
  quorum,
];

export const suite: Suite = {
  name: 'kraft-tools',
  title: "Apache's command-line tools say of our cluster what they say of Apache's own",
  needs: ['java', 'javac', 'mvn'],
  live: true,
  run: (context) => compareWithApache('kraft-tools-3.9.2', CHAPTERS.length, play, context),
};

const play: Play = async (make, context, onChapter) => {
  const java = await context.java();
  await using nodes = await KraftCluster.prepare(java, {
    root: join(context.scratch, make),
    controllers: [make, make],
    brokers: [make, make, make],
    dynamic: true,
    properties: {
      'auto.leader.rebalance.enable': false,
      // How long a broker is dead and not missed.
      'broker.session.timeout.ms': 20_000,
      'broker.heartbeat.interval.ms': 1000,
    },
  });
  await using tools = new ToolServer(java);
  // The second controller joins in the course of the script.
  await nodes.start([FIRST_CONTROLLER, 1, 2, 3]);
  await nodes.untilBrokers([1, 2, 3]);
  await using load = await Load.start(context, cacheDirectory(), nodes.bootstrap);
  const script = {
    cluster: nodes,
    load,
    scratch: context.scratch,
    chapters: CHAPTERS,
    government: ['--bootstrap-controller', nodes.node(FIRST_CONTROLLER).plan.controller],
    substitutions: substitutionsFor(nodes),
  };
  await playScript(script, tools, ({ title }, body) => onChapter(title, body));
};

/** Where controllers and directories are. */
function substitutionsFor(nodes: KraftCluster): Substitutions {
  return [...nodes.nodes.values()].flatMap(({ plan: { id, controller }, data, propertiesFile, directoryId }) => {
    const all: Substitutions = [
      [data, `<data of ${id}>`],
      [propertiesFile, `<properties of ${id}>`],
      [directoryId, `<directory of ${id}>`],
      [controller, `<controller listener of ${id}>`],
      [String(controller.split(':')[1]), `<controller port of ${id}>`],
    ];
    return all.filter(([text]) => text !== '' && text !== 'undefined');
  });
}
