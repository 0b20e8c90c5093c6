import { strictEqual } from 'node:assert';
import { join } from 'node:path';
import type { Uuid } from '@biquorum/kafka-wire';
import type { Ensemble } from '../ensemble.ts';
import type { Suite, SuiteContext } from '../suite.ts';
import type { ZooKeeperCluster } from '../zookeeper-cluster/cluster.ts';
import { onEnsembles, startEnsemble } from '../zookeeper-cluster/ensemble.ts';
import { startScene } from '../zookeeper-cluster/scene.ts';
import { createTopic } from '../zookeeper-znodes/requests.ts';
import * as controllers from '../zookeeper-zombies/controllers.ts';
import { HoldingProxy } from '../zookeeper-zombies/holding-proxy.ts';
import * as leaders from '../zookeeper-zombies/leaders.ts';
import { checkHistory, LeadersSeen } from '../zookeeper-zombies/leaders-seen.ts';
import { ASSIGNMENT, Stage, TOPIC } from '../zookeeper-zombies/stage.ts';

const SCENARIOS: readonly (readonly [title: string, play: (stage: Stage) => Promise<string>])[] = [
  ['a controller stands still past its session: awake, it changes nothing', controllers.pastItsSession],
  ['a controller is succeeded while it stands still: awake, it changes nothing', controllers.withinItsSession],
  ['a controller does not hear that it was succeeded: what it writes is refused', controllers.withoutHearing],
  ['a leader stands still past its session: awake, nobody follows it', leaders.pastItsSession],
  ['a leader is succeeded while it stands still: awake, nobody follows it', leaders.withinItsSession],
];

export const suite: Suite = {
  name: 'zookeeper-zombies',
  title: 'who stood still while it was succeeded governs and leads no more, in processes of their own',
  needs: ['java', 'javac', 'mvn'],
  live: true,
  run: (context) => onEnsembles(context, play),
};

async function play(ensemble: Ensemble, context: SuiteContext): Promise<void> {
  const { check, scratch } = context;
  await using zookeeper = await startEnsemble(ensemble, join(scratch, 'zookeeper'));
  const [server = ''] = zookeeper.connect.split(',');
  await using proxy = await HoldingProxy.start(server);
  await using scene = await startScene(context, zookeeper, {
    brokers: ['ours', 'ours', 'ours'],
    connectOf: { 2: proxy.address },
    properties: { 'auto.leader.rebalance.enable': false },
  });
  const { cluster, observer, load } = scene;
  await createTopic(await cluster.administratorFor(), TOPIC, ASSIGNMENT, { 'min.insync.replicas': '2' });
  await cluster.untilInSync(TOPIC);
  await using seen = new LeadersSeen(cluster, TOPIC);
  const topicId = await topicIdOf(cluster);
  const stage = new Stage({ java: await context.java(), zookeeper, observer, cluster, load, topicId, proxy });
  for (const [title, play] of SCENARIOS) await check(title, () => play(stage));
  await check('no partition ever had two leaders in an epoch: in its znode, and as brokers told', async () => {
    const reigns = checkHistory(await stage.history());
    for (const { by, partition, leaderEpoch, leader } of seen.told.filter((told) => told.leader > 0)) {
      const reign = reigns.get(`${TOPIC} ${partition} ${leaderEpoch}`);
      strictEqual(leader, reign, `${TOPIC}-${partition} in epoch ${leaderEpoch}, as broker ${by} told`);
    }
    return `${reigns.size} reigns, ${seen.told.length} different answers`;
  });
}

async function topicIdOf(cluster: ZooKeeperCluster): Promise<Uuid> {
  const { topics } = await cluster.metadataOn(1, [TOPIC]);
  const id = topics[0]?.topicId;
  if (id === undefined) throw new Error(`${TOPIC} has no id`);
  return id;
}
