import { deepStrictEqual } from 'node:assert';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Ensemble } from '../ensemble.ts';
import { ToolServer } from '../java/tool-server.ts';
import { administer } from '../mixed-cluster/administer.ts';
import { errorsOf } from '../mixed-cluster/errors.ts';
import { untilPreferred } from '../mixed-cluster/kill-under-load.ts';
import { until } from '../mixed-cluster/until.ts';
import type { Suite, SuiteContext } from '../suite.ts';
import { onEnsembles, startEnsemble } from '../zookeeper-cluster/ensemble.ts';
import { govern } from '../zookeeper-cluster/govern.ts';
import { startScene } from '../zookeeper-cluster/scene.ts';
import { readState } from '../zookeeper-cluster/state.ts';
import { createTopic, deleteTopic, reassign } from '../zookeeper-znodes/requests.ts';

const [OURS, OTHER_OF_OURS, APACHE] = [1, 2, 3];
const ALL: readonly number[] = [OURS, OTHER_OF_OURS, APACHE];
const TOPIC = 'both-ways';
const PARTITIONS = 3;
const GROUP = 'readers';
const LOAD_RECORDS = 100;
const LOAD_MS = 2_000;
const MORE_RECORDS = 10;

export const suite: Suite = {
  name: 'zookeeper-mixed',
  title: "one cluster of our brokers and Apache's in ZooKeeper mode: each side governs and leads in turn",
  needs: ['java', 'javac', 'mvn'],
  live: true,
  run: (context) => onEnsembles(context, play),
};

async function play(ensemble: Ensemble, context: SuiteContext): Promise<void> {
  const { check, scratch } = context;
  await using zookeeper = await startEnsemble(ensemble, join(scratch, 'zookeeper'));
  await using scene = await startScene(context, zookeeper, {
    brokers: ['ours', 'ours', 'apache'],
    // Clients that look for a topic which was deleted must not bring it back.
    properties: { 'leader.imbalance.check.interval.seconds': 2, 'auto.create.topics.enable': false },
  });
  const { cluster, observer, load } = scene;
  await using tools = new ToolServer(await context.java());
  const state = (): ReturnType<typeof readState> => readState(tools, cluster.bootstrap, GROUP);

  await check('ours governs: clients of both sides administer topics', async () => {
    await govern(cluster, observer, OURS);
    await administer(cluster, APACHE, 'told-by-apache');
    await administer(cluster, OTHER_OF_OURS, 'told-by-ours');
  });
  await check('records go through the leaders of both sides, with acks of all', async () => {
    await load.createTopic(TOPIC, PARTITIONS, 3);
    const partitions = await cluster.untilInSync(TOPIC);
    deepStrictEqual(partitions.map(({ leader }) => leader).sort(), ALL);
    await load.alterConfigs(TOPIC, { 'retention.ms': '7654321' });
    await load.write(TOPIC, PARTITIONS, 50);
    await load.commit(GROUP, TOPIC, 7);
    return load.check(TOPIC, PARTITIONS);
  });

  /** A broker is killed under load, and comes back: nothing is lost, of records and of what is known of them. */
  const survive = async (victim: number): Promise<string> => {
    try {
      return await loseAndRegain(victim);
    } finally {
      // Whatever went wrong, what follows has a whole cluster.
      if (!cluster.node(victim).isRunning) await cluster.restart(victim);
    }
  };
  const loseAndRegain = async (victim: number): Promise<string> => {
    await untilPreferred(cluster, TOPIC);
    const before = await state();
    const writing = load.write(TOPIC, PARTITIONS, LOAD_RECORDS, LOAD_MS);
    writing.catch(() => {});
    await cluster.node(victim).kill();
    await cluster.untilTopic('led by others', TOPIC, (states) =>
      states.every(({ leader, isr }) => leader > 0 && leader !== victim && isr.length === 2 && !isr.includes(victim)),
    );
    const next = await cluster.untilController('alive', (id) => id !== victim);
    await writing;
    await load.write(TOPIC, PARTITIONS, MORE_RECORDS);
    const without = await state();
    deepStrictEqual([without.assignments, without.committed], [before.assignments, before.committed]);
    await administer(cluster, next, `without-${victim}`);
    await cluster.restart(victim);
    await untilPreferred(cluster, TOPIC);
    deepStrictEqual(await cluster.untilController('the same', (id) => id === next), next);
    deepStrictEqual(await state(), { ...without, topics: before.topics, configs: before.configs });
    return load.check(TOPIC, PARTITIONS);
  };

  /** Replicas with records go from either side to the other, and leave nothing behind. */
  const move = async (topic: string): Promise<string> => {
    const admin = await cluster.administratorFor();
    const [from, to] = [
      [
        [OURS, OTHER_OF_OURS],
        [APACHE, OURS],
      ],
      [
        [APACHE, OTHER_OF_OURS],
        [OURS, OTHER_OF_OURS],
      ],
    ];
    await createTopic(admin, topic, from);
    await cluster.untilInSync(topic);
    await load.write(topic, to.length, MORE_RECORDS);
    for (const [partition, replicas] of to.entries()) await reassign(admin, topic, partition, replicas);
    await cluster.untilTopic('moved', topic, (states) =>
      states.every(({ leader, isr, replicas }, partition) => {
        const wanted = to[partition] ?? [];
        return `${replicas}` === `${wanted}` && isr.length === wanted.length && wanted.includes(leader);
      }),
    );
    for (const [id, partition] of [
      [OURS, 0],
      [APACHE, 1],
    ] as const) {
      const left = join(cluster.node(id).data, `${topic}-${partition}`);
      await until(`rid of ${left}`, () => (existsSync(left) ? undefined : true));
    }
    const note = await load.check(topic, to.length);
    await deleteTopic(admin, topic);
    await cluster.untilNoTopic(topic);
    return note;
  };

  for (const governor of [OURS, APACHE]) {
    const side = governor === APACHE ? "Apache's" : 'ours';
    await check(`${side} is elected when /controller goes, and everything is as before`, async () => {
      await untilPreferred(cluster, TOPIC);
      await govern(cluster, observer, governor === APACHE ? OURS : APACHE);
      const before = await state();
      await govern(cluster, observer, governor);
      for (const id of ALL) await administer(cluster, id, `governed-by-${governor}-told-by-${id}`);
      await untilPreferred(cluster, TOPIC);
      deepStrictEqual(await state(), before);
    });
    await check(`${side} governs: replicas move from one side to the other`, () => move(`moved-under-${governor}`));
    const other = governor === APACHE ? OURS : APACHE;
    await check(`${side} governs, and a broker of the other side is killed under load`, () => survive(other));
    await check(`${side} is killed under load while it governs`, async () => {
      deepStrictEqual(await cluster.untilController('known'), governor);
      return survive(governor);
    });
  }
  await check('every broker stops in order, handing over what it leads', async () => {
    for (const id of [APACHE, OURS]) {
      await cluster.node(id).stop();
      await cluster.untilTopic('led by others', TOPIC, (partitions) =>
        partitions.every(({ leader, isr }) => leader > 0 && leader !== id && !isr.includes(id)),
      );
      await cluster.restart(id);
      await untilPreferred(cluster, TOPIC);
    }
    return load.check(TOPIC, PARTITIONS);
  });
  await check('no broker has logged an error that is not about a connection', () => {
    deepStrictEqual([...cluster.nodes.values()].flatMap(errorsOf), []);
  });
}
