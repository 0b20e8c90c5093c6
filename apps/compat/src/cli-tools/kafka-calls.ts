import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '@biquorum/cluster';
import type { Java } from '../java/java.ts';
import type { Substitutions } from '../mixed-cluster/transcript.ts';
import { type Pair, runOurs } from './pair.ts';

/** A cluster of which no more is known than where it is. */
export interface OfAnyMake {
  readonly cluster: { readonly bootstrap: string };
  readonly pair: Pair;
}

/** A cluster of three brokers, and where tools find it. */
export interface Stage {
  readonly cluster: Cluster;
  readonly java: Java;
  readonly pair: Pair;
  readonly scratch: string;
}

const ASSIGNMENT = '1:2:3,2:3:1,3:1:2';
/** Each makes a topic of its own. */
const TOPIC: Substitutions = [
  [/\b(theirs|ours)\b/g, '<topic>'],
  [/TopicId: \S+/g, 'TopicId: <id>'],
];
/** Java's map has an order of its own. */
const CONFIGS: Substitutions = [[/Configs: (\S+)/g, 'Configs: <some>']];

/** Topics: each makes one, and both show both. */
export async function compareTopics({ cluster, pair }: Stage): Promise<void> {
  const server = ['--bootstrap-server', cluster.bootstrap];
  const { same, each } = { same: pair.same.bind(pair), each: pair.each.bind(pair) };

  const create = (name: string): string[] => [
    ...server,
    '--create',
    '--topic',
    name,
    '--replica-assignment',
    ASSIGNMENT,
    '--config',
    'retention.ms=3600000',
  ];
  await each('kafka-topics', create('theirs'), create('ours'), { substitutions: TOPIC });
  for (const topic of ['theirs', 'ours']) await cluster.untilInSync(topic);
  await each('kafka-topics', create('theirs'), create('ours'), { statusOnly: true });
  await same('kafka-topics', [...server, '--list']);
  await same('kafka-topics', [...server, '--describe'], { substitutions: CONFIGS });
  await same('kafka-topics', [...server, '--describe', '--topic', 'the.*,ou[r]s'], { substitutions: CONFIGS });
  await same('kafka-topics', [...server, '--describe', '--at-min-isr-partitions', '--topic', 'ours']);
  await same('kafka-topics', [...server, '--describe', '--topics-with-overrides'], { substitutions: CONFIGS });
  await same('kafka-topics', [...server, '--describe', '--topic', 'missing'], { statusOnly: true });
  const grow = (name: string): string[] => [
    ...server,
    '--alter',
    '--topic',
    name,
    '--partitions',
    '4',
    '--replica-assignment',
    `${ASSIGNMENT},2:1:3`,
  ];
  await each('kafka-topics', grow('theirs'), grow('ours'), { substitutions: TOPIC });
  for (const topic of ['theirs', 'ours']) await untilPartitions(cluster, topic, 4);
  const show = (name: string): string[] => [...server, '--describe', '--topic', name];
  await each('kafka-topics', show('theirs'), show('ours'), { substitutions: [...TOPIC, ...CONFIGS], settles: true });
}

/** Settings of topics and brokers. */
export async function compareConfigs({ cluster, pair }: Stage): Promise<void> {
  const server = ['--bootstrap-server', cluster.bootstrap];
  const { same, each } = { same: pair.same.bind(pair), each: pair.each.bind(pair) };

  const alter = (name: string): string[] => [
    ...server,
    '--alter',
    '--topic',
    name,
    '--add-config',
    'cleanup.policy=[compact,delete],max.message.bytes=200000',
  ];
  await each('kafka-configs', alter('theirs'), alter('ours'), { substitutions: TOPIC });
  const show = (name: string): string[] => [...server, '--describe', '--entity-type', 'topics', '--entity-name', name];
  await each('kafka-configs', show('theirs'), show('ours'), { substitutions: TOPIC, settles: true });
  await same('kafka-configs', [...show('ours'), '--all']);
  await same('kafka-configs', [...server, '--describe', '--broker', '1', '--all']);
  await same('kafka-configs', [...server, '--describe', '--entity-type', 'brokers']);
  await same('kafka-configs', [...server, '--alter', '--topic', 'ours', '--delete-config', 'segment.bytes'], {
    statusOnly: true,
  });
}

/** Quotas and credentials, which our quorums do not keep yet. */
export async function compareQuotas({ cluster, pair }: OfAnyMake): Promise<void> {
  const server = ['--bootstrap-server', cluster.bootstrap];

  const quota = (user: string): string[] => [
    ...server,
    '--alter',
    '--entity-type',
    'users',
    '--entity-name',
    user,
    '--entity-type',
    'clients',
    '--entity-default',
    '--add-config',
    'producer_byte_rate=12345678',
  ];
  await pair.each('kafka-configs', quota('theirs'), quota('ours'), { substitutions: TOPIC });
  const scram = (user: string): string[] => [
    ...server,
    '--alter',
    '--user',
    user,
    '--add-config',
    'SCRAM-SHA-512=[iterations=8192,password=secret]',
  ];
  await pair.each('kafka-configs', scram('theirs'), scram('ours'), { substitutions: TOPIC });
  await pair.same('kafka-configs', [...server, '--describe', '--entity-type', 'users']);
  await pair.same('kafka-configs', [...server, '--describe', '--entity-type', 'users', '--entity-type', 'clients']);
}

/** Each reads what the other has written. */
export async function compareConsoles({ cluster, java }: Stage): Promise<void> {
  const server = ['--bootstrap-server', cluster.bootstrap];

  const lines = Array.from({ length: 50 }, (_, number) => `key ${number % 7}\tvalue ${number}\n`);
  const produce = ['--topic', 'theirs', '--property', 'parse.key=true'];
  const [theirs, ours] = await Promise.all([
    java.run('kafka.tools.ConsoleProducer', [...server, ...produce], { input: lines }),
    runOurs('console-producer', [...server, ...produce.with(1, 'ours'), '--compression-codec', 'zstd'], lines),
  ]);
  if (theirs.status !== 0 || ours.status !== 0) throw new Error(`${theirs.stderr}\n${ours.stderr}`);
  // Each reads what the other has written; a key lies in the same partition, whoever wrote it.
  const consume = ['--from-beginning', '--max-messages', '50', '--timeout-ms', '60000', ...PRINTED];
  const [read, readByOurs] = await Promise.all([
    java.run('org.apache.kafka.tools.consumer.ConsoleConsumer', [...server, '--topic', 'ours', ...consume]),
    runOurs('console-consumer', [...server, '--topic', 'theirs', '--group', 'readers', ...consume]),
  ]);
  const sorted = (text: string): string => text.trim().split('\n').toSorted().join('\n');
  if (sorted(read.stdout) !== sorted(readByOurs.stdout) || sorted(read.stdout).split('\n').length !== 50) {
    throw new Error(`they differ:\n${sorted(read.stdout)}\n---\n${sorted(readByOurs.stdout)}\n${readByOurs.stderr}`);
  }
}

const PRINTED = ['print.key', 'print.partition', 'print.offset', 'print.headers'].flatMap((key) => [
  '--property',
  `${key}=true`,
]);

/** Groups: what our consumer has left behind. */
export async function compareGroups({ cluster, pair, scratch }: Stage): Promise<void> {
  const server = ['--bootstrap-server', cluster.bootstrap];
  const same = pair.same.bind(pair);

  const group = [...server, '--group', 'readers'];
  const tool = 'kafka-consumer-groups';
  // Apache's consumer leaves a group of a name that it has drawn.
  const drawn: Substitutions = [[/^console-consumer-\d+.*$/gm, '']];
  await same(tool, [...server, '--list'], { substitutions: drawn });
  await same(tool, [...server, '--list', '--state'], { substitutions: drawn });
  await same(tool, [...server, '--list', '--type', 'classic'], { substitutions: drawn });
  await same(tool, [...group, '--describe']);
  await same(tool, [...group, '--describe', '--state']);
  await same(tool, [...group, '--describe', '--members', '--verbose']);
  await same(tool, [...server, '--describe', '--group', 'nobody'], { statusOnly: true, ourStatus: 1 });
  const reset = [...group, '--reset-offsets', '--topic', 'theirs'];
  const target = (...more: string[]): Promise<void> => same(tool, [...reset, ...more], { words: true });
  await target('--to-earliest', '--dry-run');
  await target('--to-datetime', '2020-01-01T00:00:00.000', '--dry-run');
  await target('--by-duration', 'PT1H', '--dry-run');
  await target('--to-offset', '2', '--execute');
  await same(tool, [...reset, '--to-current', '--export', '--dry-run']);
  const file = join(scratch, 'offsets.csv');
  writeFileSync(file, 'theirs,0,1\ntheirs,2,1\n');
  await same(tool, [...group, '--reset-offsets', '--from-file', file, '--execute'], { words: true });
  await same(tool, [...group, '--describe', '--offsets']);
  await same(tool, [...server, '--describe', '--all-groups', '--state'], { substitutions: drawn });
  await target('--shift-by', '-1', '--dry-run');
  await target('--to-latest', '--execute');
  await same(tool, [...group, '--delete-offsets', '--topic', 'theirs:1'], { words: true });
  await same(tool, [...server, '--delete', '--group', 'nobody'], { statusOnly: true, ourStatus: 1 });
}

/** Offsets and times change by themselves. */
const NUMBERS: Substitutions = [[/(HighWatermark|MaxFollowerLag|MaxFollowerLagTimeMs): +-?\d+/g, '$1: <n>']];
const REPLICATION: Substitutions = [[/(?:\s+-?\d+){4}\s+(Leader|Follower|Observer)/g, ' <numbers> $1']];

/** The quorum, as brokers and as controllers tell it. */
export async function compareQuorum({ cluster, pair }: OfAnyMake): Promise<void> {
  const server = ['--bootstrap-server', cluster.bootstrap];
  const same = pair.same.bind(pair);

  await same('kafka-metadata-quorum', [...server, 'describe', '--status'], { substitutions: NUMBERS });
  await same('kafka-metadata-quorum', [...server, 'describe', '--replication'], { substitutions: REPLICATION });
}

/** Each deletes its topic. */
export async function compareDeletion({ cluster, pair }: Stage): Promise<void> {
  const server = ['--bootstrap-server', cluster.bootstrap];
  const { same, each } = { same: pair.same.bind(pair), each: pair.each.bind(pair) };

  await each('kafka-topics', [...server, '--delete', '--topic', 'theirs'], [...server, '--delete', '--topic', 'ours']);
  await same('kafka-topics', [...server, '--list'], { substitutions: [[/^(theirs|ours)$/gm, '']] });
}

async function untilPartitions(cluster: Cluster, topic: string, count: number): Promise<void> {
  for (let partition = 0; partition < count; partition++) await cluster.untilLeader(topic, partition);
  await cluster.untilInSync(topic);
}
