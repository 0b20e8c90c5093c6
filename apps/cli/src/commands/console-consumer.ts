import { ASSIGNOR_CLASSES, type AssignorName, DEFAULT_ASSIGNORS } from '../client/assignors.ts';
import type { Position } from '../client/fetcher.ts';
import type { KafkaClient } from '../client/kafka-client.ts';
import { EARLIEST, type Isolation, keyOf, LATEST, listOffsets } from '../client/offsets.ts';
import { listTopics, untilTopic } from '../client/topics.ts';
import { CLIENT_FLAGS, readProperties, withClient } from '../client/with-client.ts';
import { type Command, CommandFault, type ExitCode, type Flag, UsageError } from '../command.ts';
import { type ConsumeOptions, consume } from '../console/consume.ts';
import { formatterNamed, jsonLine } from '../console/formatter.ts';
import { type Arguments, parseFlags, wholeNumber } from '../flags.ts';
import { readPairs } from '../pairs.ts';
import { interruption } from '../until-asked.ts';

const FLAGS: readonly Flag[] = [
  { name: 'topic', value: 'NAME', summary: 'the topic' },
  {
    name: 'include',
    value: 'PATTERN',
    summary: 'topics by a regular expression, in place of --topic; those that exist at the start',
  },
  {
    name: 'from-beginning',
    summary: 'from the first record on, where the group has committed nothing; by default only what is new',
  },
  { name: 'partition', value: 'N', summary: 'one partition, without a group' },
  { name: 'offset', value: 'N', summary: 'with --partition: earliest, latest, or an offset; latest by default' },
  {
    name: 'group',
    value: 'NAME',
    summary: 'share the partitions with the members of a group, and commit what was read',
  },
  { name: 'max-messages', value: 'N', summary: 'end after so many records' },
  { name: 'timeout-ms', value: 'MS', summary: 'end when nothing has come for so long' },
  {
    name: 'property',
    value: 'KEY=VALUE',
    multiple: true,
    summary:
      'what is printed: print.timestamp, print.partition, print.offset, print.headers, print.key, print.value, key.separator, line.separator, headers.separator, null.literal, key.deserializer, value.deserializer, headers.deserializer',
  },
  {
    name: 'formatter',
    value: 'NAME',
    summary: 'DefaultMessageFormatter, the default, or NoOpMessageFormatter, which prints nothing',
  },
  {
    name: 'key-deserializer',
    value: 'NAME',
    summary: 'what keys are: StringDeserializer, ShortDeserializer, IntegerDeserializer, LongDeserializer, …',
  },
  { name: 'value-deserializer', value: 'NAME', summary: 'the same for values' },
  { name: 'formatter-config', value: 'FILE', summary: 'the same as a file of properties' },
  { name: 'isolation-level', value: 'LEVEL', summary: 'read_uncommitted, the default, or read_committed' },
  { name: 'skip-message-on-error', summary: 'go on behind records that cannot be read' },
  {
    name: 'consumer-property',
    value: 'KEY=VALUE',
    multiple: true,
    summary:
      'group.id, auto.offset.reset, isolation.level, client.id, request.timeout.ms, partition.assignment.strategy',
  },
  { name: 'consumer.config', value: 'FILE', summary: 'the same as a file of properties' },
  ...CLIENT_FLAGS.filter(({ name }) => name !== 'command-config').map((flag) =>
    flag.name === 'json' ? { ...flag, summary: 'each record as a line of JSON' } : flag,
  ),
];

/** Prints records as they come, with the flags of Apache's `kafka-console-consumer`. */
export const consoleConsumer: Command = {
  name: 'console-consumer',
  synopsis: '--bootstrap-server HOST:PORT,… (--topic NAME | --include PATTERN) [--from-beginning] [--group NAME] …',
  summary: "print the records of a topic as they come, as Apache's kafka-console-consumer does",
  flags: FLAGS,
  examples: [
    'biquorum console-consumer --bootstrap-server 127.0.0.1:9092 --topic orders --from-beginning --property print.key=true',
    'biquorum console-consumer --bootstrap-server 127.0.0.1:9092 --topic orders --partition 0 --offset earliest --max-messages 10 --json',
  ],
  async run(args, terminal): Promise<ExitCode> {
    const given = parseFlags(args, FLAGS);
    const [extra] = given.positionals;
    if (extra !== undefined) throw new UsageError(`"${extra}" belongs to no option; is --topic ${extra} meant?`);
    given.oneOf(['topic', 'include']);
    const settings = await readSettings(given);
    const formatFile = given.value('formatter-config');
    const format = formatterNamed(
      given.value('formatter') ?? 'DefaultMessageFormatter',
      new Map([
        ...(formatFile === undefined ? [] : await readProperties(formatFile)),
        ...readPairs('--property', given.values('property')),
        ...['key', 'value'].flatMap((part) => {
          const name = given.value(`${part}-deserializer`);
          return name === undefined ? [] : [[`${part}.deserializer`, name] as const];
        }),
      ]),
    );
    const json = given.has('json');
    const encoder = new TextEncoder();
    using interrupted = interruption();
    const count = await withClient(
      given,
      async (client) =>
        consume(client, {
          ...settings,
          from: await startOf(client, given, settings),
          stopped: interrupted.asked,
          onRecord: (record) => terminal.write(json ? encoder.encode(`${jsonLine(record)}\n`) : format(record)),
        }),
      'consumer.config',
    );
    if (!json) terminal.complain(`Processed a total of ${count} messages`);
    return 0;
  },
};

type Settings = Omit<ConsumeOptions, 'from' | 'stopped' | 'onRecord'> & {
  readonly group: string | undefined;
  /** Ways to share partitions out in the group. */
  readonly assignors: readonly AssignorName[];
};

const KNOWN: ReadonlySet<string> = new Set([
  'group.id',
  'auto.offset.reset',
  'isolation.level',
  'partition.assignment.strategy',
  'client.id',
  'request.timeout.ms',
  'default.api.timeout.ms',
  'socket.connection.setup.timeout.ms',
  'bootstrap.servers',
  'security.protocol',
]);

async function readSettings(given: Arguments): Promise<Settings> {
  const file = given.value('consumer.config');
  const properties = new Map([
    ...(file === undefined ? [] : await readProperties(file)),
    ...readPairs('--consumer-property', given.values('consumer-property')),
  ]);
  for (const key of properties.keys()) {
    if (!KNOWN.has(key)) throw new UsageError(`consumer property ${key} is none of ${[...KNOWN].join(', ')}.`);
  }
  const group = given.value('group') ?? properties.get('group.id');
  if (given.has('partition') && group !== undefined) {
    throw new UsageError('--partition goes without a group: a group shares partitions out itself.');
  }
  if (given.has('partition') && !given.has('topic')) throw new UsageError('--partition goes with --topic.');
  if (given.has('offset') && !given.has('partition')) throw new UsageError('--offset goes with --partition.');
  const reset = given.has('from-beginning') ? 'earliest' : (properties.get('auto.offset.reset') ?? 'latest');
  if (reset !== 'earliest' && reset !== 'latest') {
    throw new UsageError(`auto.offset.reset=${reset} is none of earliest and latest.`);
  }
  if (given.has('from-beginning') && given.has('offset')) {
    throw new UsageError('--from-beginning and --offset do not go together.');
  }
  return {
    group,
    assignors: readAssignors(properties.get('partition.assignment.strategy')),
    reset,
    isolation: readIsolation(given.value('isolation-level') ?? properties.get('isolation.level')),
    skipFaults: given.has('skip-message-on-error'),
    maxRecords: given.whole('max-messages', 0),
    idleTimeoutMs: given.whole('timeout-ms', 0),
  };
}

function readAssignors(text: string | undefined): readonly AssignorName[] {
  if (text === undefined) return DEFAULT_ASSIGNORS;
  return text.split(',').map((part) => {
    const name = part.trim().replace(/^org\.apache\.kafka\.clients\.consumer\./, '');
    const found = ASSIGNOR_CLASSES.get(name) ?? DEFAULT_ASSIGNORS.find((one) => one === name);
    if (found !== undefined) return found;
    throw new UsageError(
      `partition.assignment.strategy ${part} cannot be loaded: classes of Java are not run here. There are ${[...ASSIGNOR_CLASSES.keys()].join(', ')}.`,
    );
  });
}

function readIsolation(text: string = 'read_uncommitted'): Isolation {
  if (text === 'read_uncommitted' || text === 'read_committed') return text;
  throw new UsageError(`isolation ${text} is none of read_uncommitted and read_committed.`);
}

async function startOf(
  client: KafkaClient,
  given: Arguments,
  { group, assignors, reset, isolation }: Settings,
): Promise<ConsumeOptions['from']> {
  const topics = await topicsOf(client, given);
  if (group !== undefined) return { kind: 'group', group, topics, assignors };
  const found = await Promise.all(topics.map((name) => untilTopic(client, name)));
  const partition = given.whole('partition', 0, 0x7fff_ffff);
  const all = found
    .flatMap(({ name, partitions }) => partitions.map((state) => ({ topic: name, partition: state.partition })))
    .filter((one) => partition === undefined || one.partition === partition);
  if (all.length === 0) {
    throw new CommandFault(
      `topic ${topics.join()} has no partition ${partition}; it has ${found[0]?.partitions.length}, from 0 on.`,
    );
  }
  const offset = given.value('offset') ?? reset;
  if (offset === 'earliest' || offset === 'latest') {
    const offsets = await listOffsets(client, all, offset === 'earliest' ? EARLIEST : LATEST, isolation);
    return {
      kind: 'partitions',
      positions: all.map((one): Position => ({ ...one, offset: offsets.get(keyOf(one)) ?? 0 })),
    };
  }
  const number = wholeNumber('--offset', offset, 0);
  return { kind: 'partitions', positions: all.map((one): Position => ({ ...one, offset: number })) };
}

async function topicsOf(client: KafkaClient, given: Arguments): Promise<readonly string[]> {
  const topic = given.value('topic');
  if (topic !== undefined) return [topic];
  const text = given.value('include') ?? '';
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${text.replaceAll(',', '|')})$`, 'u');
  } catch (error) {
    throw new UsageError(`--include ${text} is no regular expression (${(error as Error).message}).`);
  }
  const topics = (await listTopics(client)).map(({ name }) => name).filter((name) => pattern.test(name));
  if (topics.length > 0) return topics;
  throw new CommandFault(`no topic matches ${text}; "biquorum topics --list" shows those there are.`);
}
