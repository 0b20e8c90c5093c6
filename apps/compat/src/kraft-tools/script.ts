import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLUSTER_ID } from '../apache/broker.ts';
import type { ToolName, ToolServer } from '../java/tool-server.ts';
import type { KraftCluster } from '../kraft-cluster/cluster.ts';
import type { Load } from '../mixed-cluster/load.ts';
import { type Substitutions, type ToolStep, Transcript } from '../mixed-cluster/transcript.ts';
import { until } from '../mixed-cluster/until.ts';

/** What a chapter of the script works on. */
export interface Stage {
  readonly cluster: KraftCluster;
  readonly load: Load;
  /** For files that tools are given. */
  readonly scratch: string;
  /** Runs a tool against the brokers. */
  tool(name: ToolName, args: readonly string[], step?: ToolStep): Promise<string>;
  /** Runs a tool against the controllers. */
  toController(name: ToolName, args: readonly string[], step?: ToolStep): Promise<string>;
  /** Runs a tool with nothing added. */
  plain(name: ToolName, args: readonly string[], step?: ToolStep): Promise<string>;
  /** Writes JSON into a file for a tool; returns its path. */
  file(name: string, content: unknown): string;
}

/** One part of the script: what is called, in order. Later parts build on what earlier ones left. */
export interface Chapter {
  readonly title: string;
  play(stage: Stage): Promise<void>;
}

/** The topic that most is done to: a replica of each of three partitions on each broker, and each leads one. */
export const TOPIC = 'first';
const ASSIGNMENT = '1:2:3,2:3:1,3:1:2';

const topics: Chapter = {
  title: 'kafka-topics',
  async play({ tool, cluster }) {
    const topic = ['--topic', TOPIC];
    const create = ['--create', ...topic, '--replica-assignment', ASSIGNMENT];
    await tool('kafka-topics', [...create, '--config', 'retention.ms=3600000']);
    await cluster.untilInSync(TOPIC);
    await tool('kafka-topics', create);
    await tool('kafka-topics', [...create, '--if-not-exists']);
    const second = ['--create', '--topic', 'second', '--partitions', '2'];
    await tool('kafka-topics', [...second, '--replication-factor', '4']);
    await tool('kafka-topics', [...second, '--replication-factor', '0']);
    await tool('kafka-topics', [...second, '--config', 'no.such.key=1']);
    await tool('kafka-topics', [...second, '--config', 'retention.ms=soon']);
    await tool('kafka-topics', ['--create', '--topic', 'bad/name', '--partitions', '1']);
    await tool('kafka-topics', ['--create', '--topic', 'none', '--partitions', '0']);
    await tool('kafka-topics', ['--create', '--topic', 'unknown', '--replica-assignment', '1:9']);
    await tool('kafka-topics', ['--create', '--topic', 'twice', '--replica-assignment', '1:1']);
    await tool('kafka-topics', ['--create', '--topic', 'uneven', '--replica-assignment', '1:2,3']);
    await tool('kafka-topics', [...second, '--replica-assignment', '1,2']);
    await tool('kafka-topics', ['--create', '--topic', 'second', '--replica-assignment', '1,2']);
    await cluster.untilInSync('second');
    await tool('kafka-topics', ['--list']);
    await tool('kafka-topics', ['--describe', ...topic]);
    await tool('kafka-topics', ['--describe'], { sorted: true });
    await tool('kafka-topics', ['--describe', '--topics-with-overrides']);
    await tool('kafka-topics', ['--describe', '--under-replicated-partitions']);
    await tool('kafka-topics', ['--describe', '--topic', 'missing']);
    await tool('kafka-topics', [
      '--alter',
      ...topic,
      '--partitions',
      '4',
      '--replica-assignment',
      `${ASSIGNMENT},1:2:3`,
    ]);
    await cluster.untilTopic('grown', TOPIC, (partitions) => partitions.length === 4);
    await cluster.untilInSync(TOPIC);
    await tool('kafka-topics', ['--describe', ...topic]);
    await tool('kafka-topics', ['--alter', ...topic, '--partitions', '3']);
    await tool('kafka-topics', ['--alter', ...topic, '--partitions', '4']);
    await tool('kafka-topics', ['--alter', '--topic', 'second', '--partitions', '3', '--replica-assignment', '1,2,9']);
    await tool('kafka-topics', ['--alter', '--topic', 'missing', '--partitions', '3']);
    await tool('kafka-topics', ['--delete', '--topic', 'second']);
    await cluster.untilNoTopic('second');
    await tool('kafka-topics', ['--delete', '--topic', 'second']);
    await tool('kafka-topics', ['--list']);
  },
};

const configs: Chapter = {
  title: 'kafka-configs',
  async play({ tool, cluster }) {
    const config = (args: string): Promise<string> => tool('kafka-configs', args.split(' '));
    const topic = `--entity-type topics --entity-name ${TOPIC}`;
    await config(`${topic} --alter --add-config max.message.bytes=200000,cleanup.policy=[compact,delete]`);
    await cluster.untilTopicSetting(TOPIC, 'max.message.bytes', '200000');
    await config(`${topic} --describe`);
    await config(`${topic} --alter --delete-config max.message.bytes`);
    await cluster.untilTopicSetting(TOPIC, 'max.message.bytes', '1048588');
    await config(`${topic} --alter --delete-config max.message.bytes`);
    await config(`${topic} --alter --add-config no.such.key=1`);
    await config(`${topic} --alter --add-config segment.bytes=1`);
    await config(`${topic} --describe`);
    await config('--entity-type topics --entity-name missing --alter --add-config retention.ms=1');
    await config('--entity-type topics --entity-name missing --describe');
    await config('--entity-type brokers --entity-default --alter --add-config num.io.threads=6');
    await cluster.untilSetting([1, 2, 3], 'num.io.threads', '6');
    await config('--entity-type brokers --entity-default --describe');
    await config(
      '--entity-type brokers --entity-name 1 --alter --add-config log.cleaner.threads=2,background.threads=5',
    );
    await cluster.untilSetting([1], 'background.threads', '5');
    await config('--entity-type brokers --entity-name 1 --describe');
    await config('--entity-type brokers --entity-name 2 --describe');
    await config('--entity-type brokers --describe');
    await config('--entity-type brokers --entity-name 1 --alter --add-config process.roles=broker');
    await config('--entity-type brokers --entity-name 1 --alter --add-config num.io.threads=many');
    await config('--entity-type brokers --entity-default --alter --add-config listeners=PLAINTEXT://:1');
    await config(
      '--entity-type brokers --entity-name 1 --alter --delete-config log.cleaner.threads,background.threads',
    );
    await config('--entity-type brokers --entity-default --alter --delete-config num.io.threads');
    await cluster.untilSetting([1, 2, 3], 'num.io.threads', '4');
    await cluster.untilSetting([1], 'background.threads', '10');
    await config('--entity-type brokers --entity-name 1 --describe');
  },
};

const data: Chapter = {
  title: 'kafka-get-offsets, kafka-delete-records, kafka-log-dirs',
  async play({ tool, load, file }) {
    await load.write(TOPIC, 3, 20);
    await tool('kafka-get-offsets', ['--topic', TOPIC]);
    for (const time of ['earliest', 'latest', '0', '-4', '-5'])
      await tool('kafka-get-offsets', ['--topic', TOPIC, '--time', time]);
    await tool('kafka-get-offsets', ['--topic', TOPIC, '--time', 'max-timestamp'], MAX_TIMESTAMP);
    await tool('kafka-get-offsets', ['--topic-partitions', `${TOPIC}:0-2`]);
    await tool('kafka-get-offsets', ['--topic', 'missing']);
    const records = (partition: number, offset: number, topic = TOPIC): string =>
      file('delete-records.json', { version: 1, partitions: [{ topic, partition, offset }] });
    await tool('kafka-delete-records', ['--offset-json-file', records(0, 10)]);
    await tool('kafka-delete-records', ['--offset-json-file', records(1, 100)]);
    await tool('kafka-delete-records', ['--offset-json-file', records(2, -1)]);
    await tool('kafka-get-offsets', ['--topic', TOPIC, '--time', 'earliest']);
    await tool('kafka-log-dirs', ['--describe', '--broker-list', '1,2,3', '--topic-list', TOPIC], LOG_DIRECTORIES);
    await tool('kafka-log-dirs', ['--describe', '--broker-list', '1,9', '--topic-list', 'missing'], LOG_DIRECTORIES);
  },
};

/** Which record is the youngest depends on how fast they were written. */
const MAX_TIMESTAMP: ToolStep = { substitutions: [[/^(\S+:\d):\d+$/g, '$1:<some>']] };
/** How much a batch takes depends on how the producer has cut it. */
const LOG_DIRECTORIES: ToolStep = {
  substitutions: [
    [/"size":[1-9]\d*/g, '"size":<some>'],
    [/\{"partition":/g, '\n{"partition":'],
  ],
};

const groups: Chapter = {
  title: 'kafka-consumer-groups',
  async play({ tool, file }) {
    const group = (args: string, step?: ToolStep): Promise<string> =>
      tool('kafka-consumer-groups', args.split(' '), step);
    const reset = `--group readers --topic ${TOPIC}:0,1,2 --reset-offsets`;
    await group(`${reset} --to-earliest --dry-run`, SORTED);
    await group('--list');
    await group(`${reset} --to-earliest --execute`, SORTED);
    await group('--list');
    await group('--list --state');
    await group('--list --type', SORTED);
    await group('--describe --group readers', SORTED);
    await group('--describe --group readers --state', COORDINATOR);
    await group('--describe --group readers --members');
    await group(`${reset} --shift-by 5 --execute`, SORTED);
    await group(`${reset} --shift-by -100 --execute`, SORTED);
    await group(`${reset} --to-offset 12 --execute`, SORTED);
    await group(`${reset} --to-offset 100 --execute`, SORTED);
    await group(`${reset} --to-datetime 2020-01-01T00:00:00.000 --execute`, SORTED);
    await group(`${reset} --by-duration PT1H --dry-run`, SORTED);
    await group(`${reset} --to-latest --execute`, SORTED);
    await group(`${reset} --to-current --export --dry-run`, SORTED);
    const wanted = file('offsets.csv', `${TOPIC},0,15\n${TOPIC},1,3\n`);
    await group(`--group readers --reset-offsets --from-file ${wanted} --execute`, SORTED);
    await group('--describe --group readers --offsets', SORTED);
    await group(`--delete-offsets --group readers --topic ${TOPIC}:0`, SORTED);
    await group('--describe --group readers', SORTED);
    await group('--delete-offsets --group readers --topic missing', SORTED);
    await group('--describe --group nobody');
    await group('--describe --group nobody --state', COORDINATOR);
    await group('--describe --all-groups --state', COORDINATOR);
    await group('--delete --group nobody');
    await group('--delete --group readers');
    await group('--list');
  },
};

const SORTED: ToolStep = { sorted: true };
/** Which broker coordinates a group follows from where the one partition of the offsets' topic is placed. */
const COORDINATOR: ToolStep = { substitutions: [[/127\.0\.0\.1:\d+\s+\(\d\)/g, '<coordinator>']] };

const reassignments: Chapter = {
  title: 'kafka-reassign-partitions',
  async play({ tool, cluster, file }) {
    const reassign = (name: string, partitions: readonly unknown[], args: string): Promise<string> =>
      tool('kafka-reassign-partitions', [
        '--reassignment-json-file',
        file(`${name}.json`, { version: 1, partitions }),
        ...args.split(' '),
      ]);
    const swap = [{ topic: TOPIC, partition: 0, replicas: [2, 3] }];
    await reassign('swap', swap, '--verify');
    await reassign('swap', swap, '--execute --throttle 1000000');
    await cluster.untilTopic('moved', TOPIC, ([first]) => `${first?.replicas}` === '2,3' && `${first?.isr}` === '2,3');
    await cluster.untilSetting([1, 2, 3], THROTTLE, '1000000');
    await tool('kafka-configs', ['--entity-type', 'brokers', '--describe']);
    await tool('kafka-configs', ['--entity-type', 'topics', '--entity-name', TOPIC, '--describe']);
    await reassign('swap', swap, '--verify');
    await cluster.untilSetting([1, 2, 3], THROTTLE, undefined);
    await cluster.untilTopicSetting(TOPIC, 'leader.replication.throttled.replicas', '');
    await tool('kafka-configs', ['--entity-type', 'brokers', '--describe']);
    await tool('kafka-configs', ['--entity-type', 'topics', '--entity-name', TOPIC, '--describe']);
    await reassign('back', [{ topic: TOPIC, partition: 0, replicas: [1, 2, 3] }], '--execute');
    await cluster.untilTopic('moved', TOPIC, ([first]) => `${first?.replicas}` === '1,2,3' && first?.isr.length === 3);
    await reassign('missing', [{ topic: 'missing', partition: 0, replicas: [1] }], '--execute');
    await reassign('unknown', [{ topic: TOPIC, partition: 0, replicas: [1, 9] }], '--execute');
    await reassign('twice', [{ topic: TOPIC, partition: 0, replicas: [1, 1] }], '--execute');
    await tool('kafka-reassign-partitions', ['--list']);
    const move = file('move.json', { version: 1, topics: [{ topic: TOPIC }] });
    const generate = ['--topics-to-move-json-file', move, '--broker-list', '1,2,3', '--generate'];
    await tool('kafka-reassign-partitions', generate, { rewrite: withoutProposal() });

    // To a broker that is dead, and not missed yet, it does not come to an end.
    await tool('kafka-topics', ['--create', '--topic', 'moving', '--replica-assignment', '1:2']);
    await cluster.untilInSync('moving');
    const stuck = [{ topic: 'moving', partition: 0, replicas: [1, 3] }];
    await cluster.node(3).kill();
    await reassign('stuck', stuck, '--execute');
    await cluster.untilTopic('moving', 'moving', ([first]) => first?.replicas.length === 3);
    await tool('kafka-reassign-partitions', ['--list']);
    await reassign('stuck', stuck, '--verify --preserve-throttles');
    await tool('kafka-topics', ['--describe', '--topic', 'moving']);
    await reassign('stuck', stuck, '--execute');
    await reassign('stuck', stuck, '--execute --additional');
    await reassign('stuck', stuck, '--cancel --preserve-throttles');
    await cluster.untilTopic('cancelled', 'moving', ([first]) => `${first?.replicas}` === '1,2');
    await reassign('stuck', stuck, '--cancel --preserve-throttles');
    await tool('kafka-reassign-partitions', ['--list']);
    await tool('kafka-topics', ['--describe', '--topic', 'moving']);
    // Its id is free when its session is over.
    await cluster.node(3).start();
    await cluster.untilInSync(TOPIC);
  },
};

/** What `--throttle` sets, last of its two, and `--verify` takes away. */
const THROTTLE = 'follower.replication.throttled.rate';

/** Where a proposal begins is drawn; what is there now is not. */
function withoutProposal(): (line: string) => string {
  let isProposal = false;
  return (line) => {
    if (isProposal && line.startsWith('{')) return '<a proposal>';
    isProposal ||= line.startsWith('Proposed');
    return line;
  };
}

const elections: Chapter = {
  title: 'kafka-leader-election',
  async play({ tool, cluster }) {
    const elect = (args: string, step?: ToolStep): Promise<string> =>
      tool('kafka-leader-election', args.split(' '), step);
    const of = (topic: string, type: string): string => `--election-type ${type} --topic ${topic} --partition`;
    await cluster.node(1).stop();
    await cluster.untilTopic('led by 2', TOPIC, ([first]) => first?.leader === 2);
    await elect(`${of(TOPIC, 'preferred')} 0`);
    await cluster.node(1).start();
    await cluster.untilInSync(TOPIC);
    await elect(`${of(TOPIC, 'preferred')} 0`);
    await cluster.untilTopic('led by 1', TOPIC, ([first]) => first?.leader === 1);
    await elect(`${of(TOPIC, 'preferred')} 0`);
    await elect(`${of(TOPIC, 'unclean')} 0`);
    await elect(`${of(TOPIC, 'preferred')} 9`);
    await elect(`${of('missing', 'preferred')} 0`);
    await elect('--election-type preferred --all-topic-partitions', WITHOUT_OFFSETS_TOPIC);
    await elect('--election-type preferred --all-topic-partitions', WITHOUT_OFFSETS_TOPIC);

    await tool('kafka-topics', ['--create', '--topic', 'unclean', '--replica-assignment', '2:3']);
    await cluster.untilInSync('unclean');
    await cluster.node(3).stop();
    await cluster.untilTopic('without 3', 'unclean', ([first]) => `${first?.isr}` === '2');
    await cluster.node(2).stop();
    await cluster.untilTopic('without a leader', 'unclean', ([first]) => first?.leader === -1);
    await elect(`${of('unclean', 'preferred')} 0`);
    await elect(`${of('unclean', 'unclean')} 0`);
    await tool('kafka-topics', ['--describe', '--topic', 'unclean'], OFFLINE);
    await tool('kafka-topics', ['--describe', '--unavailable-partitions'], OFFLINE);
    await cluster.node(3).start();
    await cluster.untilBrokers([1, 3]);
    await elect(`${of('unclean', 'unclean')} 0`);
    await cluster.untilTopic('led by 3', 'unclean', ([first]) => first?.leader === 3);
    await tool('kafka-topics', ['--describe', '--topic', 'unclean']);
    await cluster.node(2).start();
    await cluster.untilInSync('unclean');
    await cluster.untilInSync(TOPIC);
  },
};

/** Where its replicas are placed is drawn, and so whether there is anything to elect. */
const WITHOUT_OFFSETS_TOPIC: ToolStep = {
  substitutions: [[/__consumer_offsets-0, |, __consumer_offsets-0/g, '']],
};
const OFFLINE: ToolStep = { sorted: true };

const features: Chapter = {
  title: 'kafka-features',
  async play({ tool, toController }) {
    const feature = (args: string): Promise<string> => tool('kafka-features', args.split(' '), EPOCHS);
    await feature('describe');
    await toController('kafka-features', ['describe'], EPOCHS);
    await feature('upgrade --metadata 3.9');
    await feature('upgrade --metadata 3.9-IV0 --dry-run');
    await feature('upgrade --metadata 3.8');
    await feature('downgrade --metadata 3.9');
    await feature('downgrade --metadata 3.7 --dry-run');
    await feature('downgrade --metadata 3.7 --unsafe');
    await feature('upgrade --feature no.such.feature=2');
    await feature('upgrade --feature metadata.version=99');
    await feature('upgrade --feature kraft.version=1');
    await feature('disable --feature metadata.version');
    await feature('describe');
  },
};

const EPOCHS: ToolStep = { substitutions: [[/Epoch: \d+/g, 'Epoch: <n>']] };

const cluster: Chapter = {
  title: 'kafka-cluster, kafka-broker-api-versions',
  async play({ tool, toController, cluster: nodes }) {
    await tool('kafka-cluster', ['cluster-id']);
    await toController('kafka-cluster', ['cluster-id']);
    await tool('kafka-broker-api-versions', [], { sorted: true, keep: (line) => line.includes('(id: ') });
    await tool('kafka-cluster', ['unregister', '--id', '9']);
    await nodes.node(3).stop();
    await nodes.untilTopic('without 3', TOPIC, (partitions) => partitions.every(({ isr }) => !isr.includes(3)));
    await tool('kafka-cluster', ['unregister', '--id', '3']);
    await tool('kafka-cluster', ['unregister', '--id', '3']);
    await nodes.node(3).start();
    await nodes.untilInSync(TOPIC);
  },
};

const quorum: Chapter = {
  title: 'kafka-metadata-quorum',
  async play({ tool, toController, plain, cluster: nodes }) {
    await untilObserved(nodes, [1, 2, 3]);
    await tool('kafka-metadata-quorum', ['describe', '--status'], STATUS);
    await toController('kafka-metadata-quorum', ['describe', '--status'], STATUS);
    await tool('kafka-metadata-quorum', ['describe', '--replication'], REPLICATION);
    await tool('kafka-metadata-quorum', ['describe', '--replication', '--human-readable'], REPLICATION);
    await nodes.node(NEW_CONTROLLER).start();
    await untilObserved(nodes, [1, 2, 3, NEW_CONTROLLER]);
    const newcomer = nodes.node(NEW_CONTROLLER);
    const add = ['--command-config', newcomer.propertiesFile];
    const bootstrap = ['--bootstrap-controller', nodes.node(FIRST_CONTROLLER).plan.controller];
    await plain('kafka-metadata-quorum', [...add, ...bootstrap, 'add-controller', '--dry-run']);
    await plain('kafka-metadata-quorum', [...add, ...bootstrap, 'add-controller']);
    await untilObserved(nodes, [1, 2, 3]);
    await plain('kafka-metadata-quorum', [...add, ...bootstrap, 'add-controller']);
    await tool('kafka-metadata-quorum', ['describe', '--status'], STATUS);
    await tool('kafka-metadata-quorum', ['describe', '--replication'], REPLICATION);
    const remove = (id: number, directory: string): readonly string[] => [
      'remove-controller',
      '--controller-id',
      `${id}`,
      '--controller-directory-id',
      directory,
    ];
    await tool('kafka-metadata-quorum', remove(NEW_CONTROLLER, 'Axt-zhbhRvGoHt3e_TDLcQ'));
    await tool('kafka-metadata-quorum', remove(NEW_CONTROLLER, newcomer.directoryId));
    await untilObserved(nodes, [1, 2, 3, NEW_CONTROLLER]);
    await tool('kafka-metadata-quorum', remove(NEW_CONTROLLER, newcomer.directoryId));
    await tool('kafka-metadata-quorum', remove(FIRST_CONTROLLER, nodes.node(FIRST_CONTROLLER).directoryId));
    await tool('kafka-metadata-quorum', ['describe', '--status'], STATUS);
  },
};

const FIRST_CONTROLLER = 101;
const NEW_CONTROLLER = 102;

/** Waits until just these follow the quorum without a vote, and have all that its leader has. */
async function untilObserved(nodes: KraftCluster, ids: readonly number[]): Promise<void> {
  const seen = (): ReturnType<KraftCluster['observers']> => nodes.observers(FIRST_CONTROLLER);
  const caughtUp = JSON.stringify(ids.map((id) => ({ id, lag: 0 })));
  await until(`observed by ${ids}`, async () => (JSON.stringify(await seen()) === caughtUp ? true : undefined), seen);
}

const STATUS: ToolStep = {
  substitutions: [[/(LeaderEpoch|HighWatermark|MaxFollowerLag|MaxFollowerLagTimeMs):\s+-?\d+/g, '$1: <n>']],
  rewrite: inOrderOfIds,
};

/** Observers come in no order that a reader could rely on. */
function inOrderOfIds(line: string): string {
  const [, name, list] = /^(CurrentObservers:)\s+\[(.*)\]$/.exec(line) ?? [];
  if (name === undefined || list === undefined) return line;
  const idOf = (item: string): number => Number(/"id": (\d+)/.exec(item)?.[1]);
  const items = list.split(/(?<=\}), /).toSorted((a, b) => idOf(a) - idOf(b));
  return `${name} [${items.join(', ')}]`;
}

/** Node, directory and status stay; ends of logs, lags and times are of the moment. */
const REPLICATION: ToolStep = {
  substitutions: [[/^(\d+\s+\S+)\s.*\s(Leader|Follower|Observer)\s*$/g, '$1 <numbers> $2']],
  sorted: true,
};

/** All that is asked of Apache's tools, in order. */
export const CHAPTERS: readonly Chapter[] = [
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

/** What a cluster for the script is made of. */
export const CLUSTER_PROPERTIES: Readonly<Record<string, string | number | boolean>> = {
  'auto.leader.rebalance.enable': false,
  // How long a broker is dead and not missed.
  'broker.session.timeout.ms': 20_000,
  'broker.heartbeat.interval.ms': 1000,
};

/** How much of a chapter that breaks off is told. */
const STEPS_SHOWN = 5;

/** Plays chapters on a cluster, and returns what the tools said in each. */
export async function playScript(
  { cluster: nodes, load, scratch }: Pick<Stage, 'cluster' | 'load' | 'scratch'>,
  tools: ToolServer,
  play: (chapter: Chapter, body: () => Promise<readonly string[]>) => Promise<void>,
): Promise<void> {
  const substitutions = substitutionsFor(nodes, scratch);
  const controllers = ['--bootstrap-controller', nodes.node(FIRST_CONTROLLER).plan.controller];
  for (const chapter of CHAPTERS) {
    await play(chapter, async () => {
      const transcript = new Transcript(tools, substitutions);
      const run = transcript.run.bind(transcript);
      const stage: Stage = {
        cluster: nodes,
        load,
        scratch,
        plain: run,
        tool: (name, args, step) =>
          run(name, withAddress(name, args, ['--bootstrap-server', nodes.bootstrap.join()]), step),
        toController: (name, args, step) => run(name, withAddress(name, args, controllers), step),
        file: (name, content) => {
          const path = join(scratch, name);
          writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
          return path;
        },
      };
      try {
        await chapter.play(stage);
      } catch (error) {
        throw new Error(`broke off after\n${transcript.steps.slice(-STEPS_SHOWN).join('\n\n')}`, { cause: error });
      }
      return transcript.steps;
    });
  }
}

/** Most tools take their options in any order; some have commands with options of their own. */
function withAddress(name: ToolName, args: readonly string[], address: readonly string[]): readonly string[] {
  return name === 'kafka-cluster' ? [...args, ...address] : [...address, ...args];
}

/** What differs between two clusters of the same form: where they are, and ids that were drawn. */
function substitutionsFor(nodes: KraftCluster, scratch: string): Substitutions {
  const places = [...nodes.nodes.values()].flatMap(({ plan, data, propertiesFile, directoryId }) => {
    const { id, client, controller } = plan;
    const all: readonly (readonly [string, string])[] = [
      [data, `<data of ${id}>`],
      [propertiesFile, `<properties of ${id}>`],
      [directoryId, `<directory of ${id}>`],
      [client, `<client listener of ${id}>`],
      [controller, `<controller listener of ${id}>`],
      [String(client.split(':')[1]), `<client port of ${id}>`],
      [String(controller.split(':')[1]), `<controller port of ${id}>`],
    ];
    return all.filter(([text]) => text !== '' && text !== 'undefined');
  });
  return [
    ...places,
    ...WORDS,
    [/adminclient-\d+/g, 'adminclient-<n>'],
    [scratch, '<scratch>'],
    [/TopicId: [\w-]{22}/g, 'TopicId: <id>'],
    [CLUSTER_ID, '<cluster>'],
  ];
}

/** An error's class is compared, and where it is told; what is said about it is in our own words. */
const WORDS: Substitutions = [
  [/(Exception): .*$/g, '$1: <words>'],
  [/(Error while executing topic command) : .*$/g, '$1: <words>'],
];
