import type { ToolStep } from '../mixed-cluster/transcript.ts';
import { type Chapter, TOPIC } from './stage.ts';

/** A replica of each of three partitions on each broker, and each leads one. */
const ASSIGNMENT = '1:2:3,2:3:1,3:1:2';

export const topics: Chapter = {
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

export const configs: Chapter = {
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

export const data: Chapter = {
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

export const groups: Chapter = {
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
