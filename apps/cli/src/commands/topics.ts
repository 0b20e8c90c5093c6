import type { KafkaClient } from '../client/kafka-client.ts';
import { KafkaError } from '../client/kafka-error.ts';
import { createPartitions, createTopic, deleteTopics, describeTopics, listTopics } from '../client/topics.ts';
import { CLIENT_FLAGS, withClient } from '../client/with-client.ts';
import { type Command, CommandFault, type ExitCode, type Flag, type Terminal, UsageError } from '../command.ts';
import { type Arguments, parseFlags } from '../flags.ts';
import { readPairs } from '../pairs.ts';
import { readAssignment } from '../topics/assignment.ts';
import { describe, type PartitionFilter } from '../topics/describe.ts';

const ACTIONS = ['create', 'list', 'describe', 'alter', 'delete'] as const;
const FILTERS: Readonly<Record<string, PartitionFilter>> = {
  'under-replicated-partitions': 'under-replicated',
  'unavailable-partitions': 'unavailable',
  'under-min-isr-partitions': 'under-min-isr',
  'at-min-isr-partitions': 'at-min-isr',
};

const FLAGS: readonly Flag[] = [
  { name: 'create', summary: 'make a topic' },
  { name: 'list', summary: 'names of all topics' },
  { name: 'describe', summary: 'topics with their partitions, leaders, replicas and settings' },
  { name: 'alter', summary: 'add partitions; settings are changed by biquorum configs' },
  { name: 'delete', summary: 'delete topics and their records' },
  {
    name: 'topic',
    value: 'NAME',
    summary: 'the topic; all but --create take a regular expression, and several of them with commas',
  },
  { name: 'topic-id', value: 'ID', summary: 'the topic by its id, with --describe' },
  {
    name: 'partitions',
    value: 'N',
    summary: "how many partitions it has, or shall have; by default the cluster's num.partitions",
  },
  {
    name: 'replication-factor',
    value: 'N',
    summary: "replicas of each partition; by default the cluster's default.replication.factor",
  },
  {
    name: 'replica-assignment',
    value: 'ID:ID,…',
    summary:
      'brokers of the replicas of each partition, the preferred leader first; with --alter of the old partitions, too',
  },
  { name: 'config', value: 'KEY=VALUE', multiple: true, summary: 'a setting of the new topic' },
  { name: 'if-not-exists', summary: 'a topic that exists already is no error, with --create' },
  { name: 'if-exists', summary: 'a topic that does not exist is no error, with --describe, --alter and --delete' },
  { name: 'exclude-internal', summary: 'without topics of Kafka itself, with --list and --describe' },
  { name: 'topics-with-overrides', summary: 'only topics with settings of their own, with --describe' },
  { name: 'under-replicated-partitions', summary: 'only partitions that lack a replica in sync, with --describe' },
  { name: 'unavailable-partitions', summary: 'only partitions without a living leader, with --describe' },
  { name: 'under-min-isr-partitions', summary: 'only partitions below min.insync.replicas, with --describe' },
  { name: 'at-min-isr-partitions', summary: 'only partitions that are just at min.insync.replicas, with --describe' },
  {
    name: 'partition-size-limit-per-response',
    value: 'N',
    summary: 'partitions in one answer, with --describe; 2000 by default',
  },
  ...CLIENT_FLAGS,
];

/** Which actions an option goes with, where not with all. */
const GOES_WITH: Readonly<Record<string, readonly (typeof ACTIONS)[number][]>> = {
  'topic-id': ['describe'],
  partitions: ['create', 'alter'],
  'replication-factor': ['create'],
  'replica-assignment': ['create', 'alter'],
  config: ['create'],
  'if-not-exists': ['create'],
  'if-exists': ['describe', 'alter', 'delete'],
  'exclude-internal': ['list', 'describe'],
  'topics-with-overrides': ['describe'],
  'partition-size-limit-per-response': ['describe'],
  ...Object.fromEntries(Object.keys(FILTERS).map((name) => [name, ['describe']])),
};

/** Makes, lists, describes, grows and deletes topics, with the flags and words of Apache's `kafka-topics`. */
export const topics: Command = {
  name: 'topics',
  synopsis: '--bootstrap-server HOST:PORT,… (--create | --list | --describe | --alter | --delete) [--topic NAME] …',
  summary: "make, list, describe, grow and delete topics, as Apache's kafka-topics does",
  flags: FLAGS,
  examples: [
    'biquorum topics --bootstrap-server 127.0.0.1:9092 --create --topic orders --partitions 6 --replication-factor 3',
    'biquorum topics --bootstrap-server 127.0.0.1:9092 --describe --under-replicated-partitions',
  ],
  run(args, terminal): Promise<ExitCode> {
    const given = parseFlags(args, FLAGS);
    const action = given.oneOf(ACTIONS);
    const [extra] = given.positionals;
    if (extra !== undefined) throw new UsageError(`"${extra}" belongs to no option; is --topic ${extra} meant?`);
    for (const [name, actions] of Object.entries(GOES_WITH)) {
      if (given.has(name) && !actions.includes(action)) {
        throw new UsageError(`--${name} goes with --${actions.join(' and --')} only.`);
      }
    }
    return withClient(given, (client) => ACTION[action](client, given, terminal));
  },
};

type Action = (client: KafkaClient, given: Arguments, terminal: Terminal) => Promise<ExitCode>;

const ACTION: Readonly<Record<(typeof ACTIONS)[number], Action>> = {
  create,
  list,
  describe: show,
  alter,
  delete: remove,
};

async function create(client: KafkaClient, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const name = given.required('topic', 'name the topic to be made');
  const assignment = given.value('replica-assignment');
  for (const other of ['partitions', 'replication-factor']) {
    if (assignment !== undefined && given.has(other)) {
      throw new UsageError(`--replica-assignment says how many there are already; leave --${other} out.`);
    }
  }
  const json = given.has('json');
  const topic = {
    name,
    partitions: given.whole('partitions', 1, 0x7fff_ffff),
    replicationFactor: given.whole('replication-factor', 1, 0x7fff),
    assignment: assignment === undefined ? undefined : readAssignment(assignment),
    configs: readPairs('--config', given.values('config')),
  };
  if (/[._]/.test(name) && !json) {
    terminal.print(
      "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To avoid issues it is best to use either, but not both.",
    );
  }
  try {
    await createTopic(client, topic);
  } catch (error) {
    if (!(error instanceof KafkaError && error.code === 'TOPIC_ALREADY_EXISTS' && given.has('if-not-exists')))
      throw error;
    if (json) terminal.print(JSON.stringify({ topic: name, created: false }));
    return 0;
  }
  terminal.print(json ? JSON.stringify({ topic: name, created: true }) : `Created topic ${name}.`);
  return 0;
}

async function list(client: KafkaClient, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const names = (await chosen(client, given)).map(({ name }) => name);
  if (given.has('json')) terminal.print(JSON.stringify(names));
  else for (const name of names) terminal.print(name);
  return 0;
}

async function show(client: KafkaClient, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const filters = Object.keys(FILTERS).filter((name) => given.has(name));
  const onlyOverridden = given.has('topics-with-overrides');
  if (filters.length + (onlyOverridden ? 1 : 0) > 1) {
    const names = [...filters, ...(onlyOverridden ? ['topics-with-overrides'] : [])];
    throw new UsageError(`--${names.join(' and --')} do not go together.`);
  }
  const names = (await chosen(client, given)).map(({ name }) => name);
  ensureSome(given, names);
  const [filter] = filters;
  await describe(
    client,
    names,
    {
      filter: filter === undefined ? undefined : FILTERS[filter],
      onlyOverridden,
      pageSize: given.whole('partition-size-limit-per-response', 1, 0x7fff_ffff) ?? 2_000,
      json: given.has('json'),
    },
    terminal,
  );
  return 0;
}

async function alter(client: KafkaClient, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  given.required('topic', 'name the topics that shall have more partitions');
  const text = given.value('replica-assignment');
  const assignment = text === undefined ? undefined : readAssignment(text);
  const count = given.whole('partitions', 1, 0x7fff_ffff);
  if (count === undefined) {
    throw new UsageError('--partitions is missing: how many there shall be. Settings are changed by biquorum configs.');
  }
  const names = (await chosen(client, given)).map(({ name }) => name);
  ensureSome(given, names);
  for (const { name, partitions } of await describeTopics(client, names)) {
    await createPartitions(client, name, count, assignment?.slice(partitions.length));
  }
  if (given.has('json')) terminal.print(JSON.stringify({ altered: names, partitions: count }));
  return 0;
}

async function remove(client: KafkaClient, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  given.required('topic', 'name the topics to be deleted');
  const names = (await chosen(client, given)).map(({ name }) => name);
  ensureSome(given, names);
  if (names.length > 0) await deleteTopics(client, names);
  if (given.has('json')) terminal.print(JSON.stringify({ deleted: names }));
  return 0;
}

/** Topics that the arguments name. */
async function chosen(client: KafkaClient, given: Arguments): ReturnType<typeof listTopics> {
  const pattern = patternOf(given.value('topic'));
  const id = given.value('topic-id');
  if (id !== undefined && given.has('topic')) throw new UsageError('give --topic or --topic-id, not both.');
  return (await listTopics(client)).filter(
    (topic) =>
      (pattern?.test(topic.name) ?? true) &&
      (id === undefined || topic.id === id) &&
      !(given.has('exclude-internal') && topic.internal),
  );
}

/** @throws CommandFault when a topic was named, there is none, and that was not allowed for */
function ensureSome(given: Arguments, names: readonly string[]): void {
  const named = given.value('topic') ?? given.value('topic-id');
  if (named === undefined || names.length > 0 || given.has('if-exists')) return;
  const what = given.has('topic-id') ? 'TopicId' : 'Topic';
  throw new CommandFault(
    `${what} '${named}' does not exist as expected. "biquorum topics --list" shows what there is; with --if-exists that is no error.`,
  );
}

/** Regular expressions with commas between them; each has to match the whole name. Source: Java `IncludeList`. */
function patternOf(text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined;
  const pattern = text.trim().replaceAll(',', '|').replaceAll('"', '').replaceAll("'", '');
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch (error) {
    throw new UsageError(`--topic ${text} is no regular expression (${(error as Error).message}).`);
  }
}
