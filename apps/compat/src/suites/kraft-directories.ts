import { deepStrictEqual, ok } from 'node:assert';
import { join } from 'node:path';
import { cacheDirectory } from '../java/cache.ts';
import type { Java } from '../java/java.ts';
import { ToolServer } from '../java/tool-server.ts';
import { KraftCluster } from '../kraft-cluster/cluster.ts';
import { decodeMetadata } from '../kraft-cluster/decode-metadata.ts';
import type { KraftNodeProcess } from '../kraft-cluster/node.ts';
import { administer } from '../mixed-cluster/administer.ts';
import { errorsOf } from '../mixed-cluster/errors.ts';
import { Load } from '../mixed-cluster/load.ts';
import type { Make } from '../mixed-cluster/node.ts';
import type { Suite, SuiteContext } from '../suite.ts';

const TOPIC = 'handed-over';
const PARTITIONS = 3;
const NODE = 1;
const RETENTION_MS = '7654321';

export const suite: Suite = {
  name: 'kraft-directories',
  title: "a node's whole directory goes from ours to Apache's and back: metadata, records, settings, groups",
  needs: ['java', 'javac', 'mvn'],
  live: true,
  async run(context) {
    const java = await context.java();
    await using tools = new ToolServer(java);
    for (const dynamic of [false, true]) await handOver(context, java, tools, dynamic);
  },
};

async function handOver(context: SuiteContext, java: Java, tools: ToolServer, dynamic: boolean): Promise<void> {
  const mode = dynamic ? 'dynamic' : 'static';
  const check = (title: string, body: () => unknown): Promise<void> => context.check(`${mode}: ${title}`, body);
  await using cluster = await KraftCluster.prepare(java, {
    root: join(context.scratch, mode),
    combined: ['ours'],
    dynamic,
    properties: {
      'offsets.topic.replication.factor': 1,
      'metadata.log.max.record.bytes.between.snapshots': 2000,
    },
  });
  const node = cluster.node(NODE);
  await node.start();
  await using load = await Load.start(context, cacheDirectory(), cluster.bootstrap);
  let round = 0;
  /** One life of the node: what was there is there, and more comes. */
  const live = async (): Promise<string> => {
    round++;
    await administer(cluster, NODE, `round-${round}`, 1);
    if (round > 1) await seeWhatIsThere(cluster, load);
    await load.write(TOPIC, PARTITIONS, 20);
    const told = await load.check(TOPIC, PARTITIONS);
    await load.commit('readers', TOPIC, round);
    return told;
  };
  const startAs = async (make: Make): Promise<void> => {
    await node.start(make);
    await cluster.untilActive('up');
    await cluster.untilBrokers([NODE]);
  };

  await check('ours begins it: topics, settings, records, groups, snapshots', async () => {
    await load.createTopic(TOPIC, PARTITIONS, 1);
    await load.alterConfigs(TOPIC, { 'retention.ms': RETENTION_MS });
    await cluster.untilInSync(TOPIC);
    const told = await live();
    await node.stop();
    return told;
  });
  await check('kafka-dump-log decodes our metadata log and snapshots', () => checkDecoded(tools, node));
  await check("Apache's node starts on the directory that we wrote, and goes on", async () => {
    await startAs('apache');
    const told = await live();
    await node.stop();
    return told;
  });
  await check("ours starts on the directory that Apache's node left, and goes on until it is killed", async () => {
    await startAs('ours');
    const told = await live();
    await node.kill();
    return told;
  });
  await check("Apache's node starts where ours was killed, and goes on until it is killed", async () => {
    await startAs('apache');
    const told = await live();
    await node.kill();
    return told;
  });
  await check("ours starts where Apache's was killed", async () => {
    await startAs('ours');
    const told = await live();
    await node.stop();
    return told;
  });
  await check('kafka-dump-log decodes what both have written', () => checkDecoded(tools, node));
  await check('neither has logged an error', () => deepStrictEqual(errorsOf(node), []));
}

async function seeWhatIsThere(cluster: KraftCluster, load: Load): Promise<void> {
  await cluster.untilInSync(TOPIC);
  const configs = await load.describeTopic(TOPIC);
  deepStrictEqual(configs['retention.ms'], RETENTION_MS);
  await load.checkCommitted('readers', TOPIC);
  await load.check(TOPIC, PARTITIONS);
}

/** Every record is decoded by Apache's tool, and what the node has been told is among them. */
async function checkDecoded(tools: ToolServer, node: KraftNodeProcess): Promise<string> {
  const { files, batches, records, problems } = await decodeMetadata(tools, node.data);
  deepStrictEqual(problems, []);
  const types = new Set(records.flatMap((line) => /payload: \{"type":"(\w+)"/.exec(line)?.[1] ?? []));
  for (const type of [
    'TOPIC_RECORD',
    'PARTITION_RECORD',
    'CONFIG_RECORD',
    'REGISTER_BROKER_RECORD',
    'FEATURE_LEVEL_RECORD',
  ])
    ok(types.has(type), `there is a ${type} among ${[...types].join(', ')}`);
  ok(
    records.some((line) => line.includes(`"name":"${TOPIC}"`)),
    `${TOPIC} is among the records`,
  );
  ok(
    files.some((file) => file.endsWith('.checkpoint')),
    'there is a snapshot',
  );
  ok(
    files.some((file) => file.endsWith('.log')),
    'there is a log',
  );
  return `${files.length} files, ${batches} batches, ${records.length} records`;
}
