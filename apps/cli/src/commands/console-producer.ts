import type { Readable } from 'node:stream';
import type { BatchCompression } from '@biquorum/kafka-wire';
import { Producer, type ProducerOptions } from '../client/producer.ts';
import { CLIENT_FLAGS, readProperties, withClient } from '../client/with-client.ts';
import { type Command, type ExitCode, type Flag, UsageError } from '../command.ts';
import { LineReader } from '../console/line-reader.ts';
import { lines } from '../console/lines.ts';
import { type Arguments, parseFlags, wholeNumber } from '../flags.ts';
import { readPairs } from '../pairs.ts';
import { interruption } from '../until-asked.ts';

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/** What Apache's producer can be told of its memory and its network, and ours need not be. */
const TUNING = [
  'max-block-ms',
  'max-memory-bytes',
  'max-partition-memory-bytes',
  'message-send-max-retries',
  'metadata-expiry-ms',
  'socket-buffer-size',
] as const;

const FLAGS: readonly Flag[] = [
  {
    name: 'topic',
    value: 'NAME',
    summary: 'the topic; brokers make it where there is none, unless they are told not to',
  },
  {
    name: 'property',
    value: 'KEY=VALUE',
    multiple: true,
    summary:
      'how lines are read: parse.key, key.separator, parse.headers, headers.delimiter, headers.separator, headers.key.separator, null.marker, ignore.error',
  },
  { name: 'reader-config', value: 'FILE', summary: 'the same as a file of properties' },
  {
    name: 'producer-property',
    value: 'KEY=VALUE',
    multiple: true,
    summary:
      'acks, batch.size, client.id, compression.type, delivery.timeout.ms, enable.idempotence, linger.ms, request.timeout.ms, retry.backoff.ms',
  },
  { name: 'producer.config', value: 'FILE', summary: 'the same as a file of properties' },
  {
    name: 'compression-codec',
    value: 'CODEC',
    optional: true,
    summary: `${CODECS.join(', ')}; gzip when it is left out`,
  },
  {
    name: 'request-required-acks',
    value: 'ACKS',
    summary: '1 for the leader, -1 or all for all replicas in sync; -1 by default',
  },
  { name: 'batch-size', value: 'BYTES', summary: 'of a batch; 16384 by default' },
  { name: 'timeout', value: 'MS', summary: 'how long a record waits for others; 1000 by default' },
  { name: 'request-timeout-ms', value: 'MS', summary: 'how long a leader may take; 30000 by default' },
  { name: 'retry-backoff-ms', value: 'MS', summary: 'between attempts; 100 by default' },
  { name: 'sync', summary: 'each record is written before the next one is read' },
  ...TUNING.map((name) => ({
    name,
    value: 'N',
    summary: 'accepted as Apache has it; memory, retries and requests are bounded without it',
  })),
  ...CLIENT_FLAGS.filter(({ name }) => name !== 'command-config'),
];

/** Writes lines as records, with the flags of Apache's `kafka-console-producer`. */
export const consoleProducer: Command = {
  name: 'console-producer',
  synopsis: '--bootstrap-server HOST:PORT,… --topic NAME [--property parse.key=true] …',
  summary: "write each line of the standard input as a record, as Apache's kafka-console-producer does",
  flags: FLAGS,
  examples: [
    'echo hello | biquorum console-producer --bootstrap-server 127.0.0.1:9092 --topic orders',
    "printf 'key\\tvalue\\n' | biquorum console-producer --bootstrap-server 127.0.0.1:9092 --topic orders --property parse.key=true",
  ],
  async run(args, terminal): Promise<ExitCode> {
    const given = parseFlags(args, FLAGS);
    const [extra] = given.positionals;
    if (extra !== undefined) throw new UsageError(`"${extra}" belongs to no option; is --topic ${extra} meant?`);
    const topic = given.required('topic', 'name the topic to write to');
    for (const name of TUNING) given.whole(name, -1);
    const readerFile = given.value('reader-config');
    const reader = new LineReader(
      new Map([
        ...(readerFile === undefined ? [] : await readProperties(readerFile)),
        ...readPairs('--property', given.values('property')),
      ]),
    );
    let failed = 0;
    const options = await readOptions(given, (error, count) => {
      failed += count;
      terminal.complain(`${count} record${count === 1 ? '' : 's'} could not be written: ${error.message}`);
    });
    using interrupted = interruption();
    const written = await withClient(
      given,
      async (client) => {
        const producer = await Producer.open(client, topic, options);
        const { input } = terminal;
        const isInteractive = 'isTTY' in input && input.isTTY === true;
        const prompt = async (): Promise<void> => {
          if (isInteractive) await terminal.write(PROMPT);
        };
        void interrupted.asked.then(() => input.destroy());
        await prompt();
        for await (const line of lines(untilDestroyed(input))) {
          await producer.send(reader.read(line));
          if (given.has('sync')) await producer.flush();
          if (!isInteractive) terminal.progress(`${producer.written} records written`);
          await prompt();
        }
        await producer.flush();
        terminal.progress('');
        return producer.written;
      },
      'producer.config',
    );
    if (given.has('json')) terminal.print(JSON.stringify({ topic, written, failed }));
    return failed === 0 ? 0 : 1;
  },
};

const PROMPT = new TextEncoder().encode('>');

/** What comes in until somebody ends the stream; that is no error. */
async function* untilDestroyed(input: Readable): AsyncGenerator<Uint8Array | string> {
  try {
    yield* input;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

const KNOWN: ReadonlySet<string> = new Set([
  'acks',
  'batch.size',
  'client.id',
  'compression.type',
  'delivery.timeout.ms',
  'enable.idempotence',
  'linger.ms',
  'request.timeout.ms',
  'retry.backoff.ms',
  'bootstrap.servers',
  'security.protocol',
]);

async function readOptions(given: Arguments, onFailure: ProducerOptions['onFailure']): Promise<ProducerOptions> {
  const file = given.value('producer.config');
  const properties = new Map([
    ...(file === undefined ? [] : await readProperties(file)),
    ...readPairs('--producer-property', given.values('producer-property')),
  ]);
  for (const key of properties.keys()) {
    if (!KNOWN.has(key)) throw new UsageError(`producer property ${key} is none of ${[...KNOWN].join(', ')}.`);
  }
  const number = (flag: string, key: string, otherwise: number, least: number): number => {
    const text = given.value(flag) ?? properties.get(key);
    return text === undefined ? otherwise : wholeNumber(given.has(flag) ? `--${flag}` : key, text, least, 0x7fff_ffff);
  };
  const acks = readAcks(given.value('request-required-acks') ?? properties.get('acks') ?? '-1');
  const wantsIdempotence = (properties.get('enable.idempotence') ?? 'true').toLowerCase() === 'true';
  const codec = given.has('compression-codec')
    ? (given.value('compression-codec') ?? 'gzip')
    : (properties.get('compression.type') ?? 'none');
  return {
    acks,
    idempotent: acks === -1 && wantsIdempotence,
    compression: await readCodec(codec),
    batchBytes: number('batch-size', 'batch.size', 16_384, 1),
    lingerMs: given.has('sync') ? 0 : number('timeout', 'linger.ms', 1_000, 0),
    requestTimeoutMs: number('request-timeout-ms', 'request.timeout.ms', 30_000, 1),
    deliveryTimeoutMs: number('-', 'delivery.timeout.ms', 120_000, 1),
    retryBackoffMs: number('retry-backoff-ms', 'retry.backoff.ms', 100, 0),
    onFailure,
  };
}

function readAcks(text: string): 1 | -1 {
  if (text === '-1' || text === 'all') return -1;
  if (text === '1') return 1;
  throw new UsageError(
    text === '0'
      ? 'acks 0 is not offered: nobody would know whether anything was written; take 1.'
      : `acks ${text} is none of 1, -1 and all.`,
  );
}

async function readCodec(name: string): Promise<BatchCompression | undefined> {
  const type = CODECS.find((one) => one === name);
  if (type === undefined) throw new UsageError(`compression ${name} is none of ${CODECS.join(', ')}.`);
  if (type === 'none') return undefined;
  const { compressionCodecs } = await import('@biquorum/compression');
  return { type, codec: compressionCodecs()[type] };
}
