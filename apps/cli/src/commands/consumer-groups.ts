import { deleteGroup, deleteOffsets, listGroups } from '../client/groups.ts';
import type { KafkaClient } from '../client/kafka-client.ts';
import { KafkaError } from '../client/kafka-error.ts';
import { keyOf } from '../client/offsets.ts';
import { CLIENT_FLAGS, withClient } from '../client/with-client.ts';
import { type Command, type ExitCode, type Flag, type Terminal, UsageError } from '../command.ts';
import { type Arguments, parseFlags } from '../flags.ts';
import { describe } from '../groups/describe.ts';
import { type NewOffset, resetOffsets } from '../groups/reset.ts';
import { readTarget } from '../groups/reset-target.ts';
import { partitionsOf, readTopicFlag } from '../groups/topic-flags.ts';
import { table } from '../table.ts';

const ACTIONS = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets'] as const;

const FLAGS: readonly Flag[] = [
  { name: 'list', summary: 'names of all groups' },
  {
    name: 'describe',
    summary: 'a group: committed offsets, ends of logs and lag of its partitions, and who reads them',
  },
  { name: 'delete', summary: 'delete groups without members, and what they have committed' },
  { name: 'reset-offsets', summary: 'move what groups without members have committed; without --execute only tell' },
  { name: 'delete-offsets', summary: 'forget what a group has committed for --topic' },
  { name: 'group', value: 'NAME', multiple: true, summary: 'the group' },
  { name: 'all-groups', summary: 'every group' },
  {
    name: 'topic',
    value: 'NAME[:N,…]',
    multiple: true,
    summary: 'the topic, or some of its partitions, with --reset-offsets and --delete-offsets',
  },
  { name: 'all-topics', summary: 'every topic that the group has committed offsets of, with --reset-offsets' },
  { name: 'offsets', summary: 'offsets and lag, with --describe; the default' },
  { name: 'members', summary: 'members, with --describe' },
  {
    name: 'state',
    value: 'STATE,…',
    optional: true,
    summary: 'with --describe state and coordinator; with --list states, or only groups in those that are named',
  },
  {
    name: 'type',
    value: 'TYPE,…',
    optional: true,
    summary: 'with --list types, or only groups of those that are named: Classic, Consumer',
  },
  { name: 'verbose', summary: 'which partitions each member has, with --describe --members' },
  { name: 'to-earliest', summary: 'to the first record that is kept' },
  { name: 'to-latest', summary: 'to the end' },
  { name: 'to-current', summary: 'to where it is, or to the end where nothing is committed' },
  { name: 'to-offset', value: 'N', summary: 'to an offset, or the nearest that there is' },
  { name: 'shift-by', value: 'N', summary: 'by so many records on, or back when negative' },
  {
    name: 'to-datetime',
    value: 'TIME',
    summary: 'to the first record of a time such as 2026-01-31T12:00:00.000, in UTC',
  },
  { name: 'by-duration', value: 'DURATION', summary: 'to the first record of so long ago: PT1H30M, P7D' },
  { name: 'from-file', value: 'FILE', summary: 'to the offsets of a file, lines of topic,partition,offset' },
  { name: 'dry-run', summary: 'only tell what would be reset; the default' },
  { name: 'execute', summary: 'reset it' },
  { name: 'export', summary: 'print offsets as --from-file reads them' },
  {
    name: 'timeout',
    value: 'MS',
    summary:
      'accepted as Apache has it; how long requests are repeated says default.api.timeout.ms of --command-config',
  },
  ...CLIENT_FLAGS,
];

/** Shows groups of consumers and moves their offsets, with the flags and words of Apache's `kafka-consumer-groups`. */
export const consumerGroups: Command = {
  name: 'consumer-groups',
  synopsis:
    '--bootstrap-server HOST:PORT,… (--list | --describe | --delete | --reset-offsets | --delete-offsets) [--group NAME | --all-groups] …',
  summary: "show consumer groups and their lag, move and delete their offsets, as Apache's kafka-consumer-groups does",
  flags: FLAGS,
  examples: [
    'biquorum consumer-groups --bootstrap-server 127.0.0.1:9092 --describe --group billing',
    'biquorum consumer-groups --bootstrap-server 127.0.0.1:9092 --reset-offsets --group billing --topic orders --to-earliest --execute',
  ],
  run(args, terminal): Promise<ExitCode> {
    const given = parseFlags(args, FLAGS);
    const action = given.oneOf(ACTIONS);
    const [extra] = given.positionals;
    if (extra !== undefined) throw new UsageError(`"${extra}" belongs to no option.`);
    if (action !== 'list' && !given.has('all-groups') && !given.has('group')) {
      throw new UsageError('say which: --group NAME or --all-groups.');
    }
    if (given.has('all-groups') && given.has('group')) throw new UsageError('give --group or --all-groups, not both.');
    return withClient(given, (client) => ACTION[action](client, given, terminal));
  },
};

type Action = (client: KafkaClient, given: Arguments, terminal: Terminal) => Promise<ExitCode>;

const ACTION: Readonly<Record<(typeof ACTIONS)[number], Action>> = {
  list,
  describe: show,
  delete: remove,
  'reset-offsets': reset,
  'delete-offsets': forget,
};

async function list(client: KafkaClient, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const wanted = (flag: string): ReadonlySet<string> | undefined => {
    const text = given.value(flag);
    return text === undefined ? undefined : new Set(text.split(',').map((word) => word.trim().toLowerCase()));
  };
  const [states, types] = [wanted('state'), wanted('type')];
  const groups = (await listGroups(client)).filter(
    ({ state, type }) => (states?.has(state.toLowerCase()) ?? true) && (types?.has(type.toLowerCase()) ?? true),
  );
  if (given.has('json')) {
    terminal.print(JSON.stringify(groups));
    return 0;
  }
  if (!given.has('state') && !given.has('type')) {
    for (const { group } of groups) terminal.print(group);
    return 0;
  }
  const header = ['GROUP', ...(given.has('type') ? ['TYPE'] : []), ...(given.has('state') ? ['STATE'] : [])];
  const rows = groups.map(({ group, type, state }) => [
    group,
    ...(given.has('type') ? [type] : []),
    ...(given.has('state') ? [state] : []),
  ]);
  for (const line of table(header, rows)) terminal.print(line);
  return 0;
}

async function show(client: KafkaClient, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const views = (['offsets', 'members', 'state'] as const).filter((view) => given.has(view));
  const [view = 'offsets', ...more] = views;
  if (more.length > 0) throw new UsageError(`--${views.join(' and --')} do not go together.`);
  if (given.value('state') !== undefined) throw new UsageError('--state takes no value with --describe.');
  const how = { view, verbose: given.has('verbose'), json: given.has('json') };
  const groups = await groupsOf(client, given);
  let exitCode: ExitCode = 0;
  for (const [index, group] of groups.entries()) {
    if (groups.length > 1) terminal.progress(`${index} of ${groups.length} groups`);
    if (!(await describe(client, group, how, terminal))) exitCode = 1;
  }
  return exitCode;
}

async function remove(client: KafkaClient, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const deleted: string[] = [];
  const failed: { readonly group: string; readonly error: string }[] = [];
  const groups = await groupsOf(client, given);
  for (const [index, group] of groups.entries()) {
    terminal.progress(`${index} of ${groups.length} groups`);
    try {
      await deleteGroup(client, group);
      deleted.push(group);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      failed.push({ group, error: error.message });
    }
  }
  const names = deleted.map((group) => `'${group}'`).join(', ');
  if (given.has('json')) terminal.print(JSON.stringify({ deleted, failed }));
  else if (failed.length === 0) terminal.print(`Deletion of requested consumer groups (${names}) was successful.`);
  else {
    terminal.complain('Error: Deletion of some consumer groups failed:');
    for (const { group, error } of failed)
      terminal.complain(`* Group '${group}' could not be deleted due to: ${error}`);
    if (deleted.length > 0) terminal.print(`\nThese consumer groups were deleted successfully: ${names}`);
  }
  return failed.length === 0 ? 0 : 1;
}

async function reset(client: KafkaClient, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const target = readTarget(given, Date.now());
  const execute = given.has('execute');
  if (execute && given.has('dry-run')) throw new UsageError('--execute and --dry-run do not go together.');
  if (target.kind !== 'file' && given.has('topic') === given.has('all-topics')) {
    throw new UsageError('say which topics: --topic NAME or --all-topics.');
  }
  const topics = given.has('all-topics') ? undefined : given.values('topic').map(readTopicFlag);
  const groups = await groupsOf(client, given);
  const rows: (NewOffset & { readonly group: string })[] = [];
  for (const group of groups) {
    for (const row of await resetOffsets(client, group, { topics, target, execute }, terminal))
      rows.push({ group, ...row });
  }
  if (given.has('json')) terminal.print(JSON.stringify({ executed: execute, offsets: rows }));
  else if (given.has('export')) {
    for (const { group, topic, partition, offset } of rows) {
      terminal.print([...(groups.length > 1 ? [group] : []), topic, partition, offset].join(','));
    }
  } else {
    terminal.print('');
    const cells = rows.map(({ group, topic, partition, offset }) => [group, topic, `${partition}`, `${offset}`]);
    for (const line of table(['GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET'], cells)) terminal.print(line);
    if (!execute && !given.has('dry-run')) terminal.complain('Nothing was reset yet; --execute does it.');
  }
  return 0;
}

async function forget(client: KafkaClient, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const [group, ...more] = given.values('group');
  if (group === undefined || more.length > 0) throw new UsageError('--delete-offsets goes with one --group.');
  if (!given.has('topic')) throw new UsageError('say which: --topic NAME or --topic NAME:0,1.');
  const flags = given.values('topic');
  const partitions = await partitionsOf(client, flags.map(readTopicFlag));
  const errors = await deleteOffsets(client, group, partitions);
  const rows = partitions.map(({ topic, partition }) => {
    const errorCode = errors.get(keyOf({ topic, partition })) ?? 0;
    const what = `${topic}-${partition}`;
    return { topic, partition, error: errorCode === 0 ? null : new KafkaError(what, errorCode).message };
  });
  const failed = rows.some(({ error }) => error !== null);
  if (given.has('json')) terminal.print(JSON.stringify({ group, offsets: rows }));
  else {
    terminal.print(`Request succeed for deleting offsets with topic ${flags.join(', ')} group ${group}`);
    terminal.print('');
    const cells = rows.map(({ topic, partition, error }) => [
      topic,
      `${partition}`,
      error === null ? 'Successful' : `Error: ${error}`,
    ]);
    for (const line of table(['TOPIC', 'PARTITION', 'STATUS'], cells)) terminal.print(line);
  }
  return failed ? 1 : 0;
}

async function groupsOf(client: KafkaClient, given: Arguments): Promise<readonly string[]> {
  if (!given.has('all-groups')) return given.values('group');
  return (await listGroups(client)).map(({ group }) => group);
}
