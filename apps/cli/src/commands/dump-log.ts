import { basename } from 'node:path';
import { type Command, type ExitCode, type Flag, type Terminal, UsageError } from '../command.ts';
import type { ContentDecoder } from '../dump-log/decoders.ts';
import type { BatchOptions } from '../dump-log/dump-batches.ts';
import type { IndexOptions } from '../dump-log/dump-index.ts';
import { type Said, saidOf } from '../dump-log/said.ts';
import { type Arguments, parseFlags } from '../flags.ts';

const FLAGS: readonly Flag[] = [
  {
    name: 'files',
    value: 'FILE,…',
    summary:
      'segments (.log), indexes (.index, .timeindex, .txnindex), producers (.snapshot) and metadata snapshots (.checkpoint), with commas between them; more may follow as words',
  },
  { name: 'deep-iteration', summary: 'each record, too, not batches alone' },
  { name: 'print-data-log', summary: 'keys and values, too; as are all decoders, with --deep-iteration' },
  { name: 'skip-record-metadata', summary: 'of records nothing but keys and values' },
  { name: 'cluster-metadata-decoder', summary: 'records are those of __cluster_metadata' },
  { name: 'offsets-decoder', summary: 'records are those of __consumer_offsets' },
  { name: 'transaction-log-decoder', summary: 'records are those of __transaction_state' },
  {
    name: 'key-decoder-class',
    value: 'NAME',
    optional: true,
    summary: 'keys are StringDecoder, the default, IntegerDecoder, LongDecoder, or DefaultDecoder for bytes',
  },
  { name: 'value-decoder-class', value: 'NAME', optional: true, summary: 'values are one of the same' },
  { name: 'index-sanity-check', summary: 'of indexes only what a broker checks when it starts' },
  { name: 'verify-index-only', summary: 'hold indexes against their logs without showing their entries' },
  { name: 'max-bytes', value: 'N', summary: 'read no more of each segment than this' },
  {
    name: 'max-message-size',
    value: 'N',
    summary: 'accepted as Apache has it; batches of any size are read, one at a time',
  },
  { name: 'json', summary: 'each batch, record and entry as a line of JSON' },
];

const DECODERS = ['cluster-metadata-decoder', 'offsets-decoder', 'transaction-log-decoder'] as const;
const CLASSES = ['key-decoder-class', 'value-decoder-class'] as const;

/** Prints files of logs as Apache's `kafka-dump-log` does (`kafka.tools.DumpLogSegments`, 3.9). */
export const dumpLog: Command = {
  name: 'dump-log',
  synopsis: '--files FILE[,…] [--deep-iteration] [--print-data-log] [--cluster-metadata-decoder] … [--json]',
  summary:
    "print segments, indexes and snapshots of logs and hold them against each other, as Apache's kafka-dump-log does",
  flags: FLAGS,
  examples: [
    'biquorum dump-log --files data/broker-1/orders-0/00000000000000000000.log --print-data-log',
    'biquorum dump-log --cluster-metadata-decoder --files data/broker-1/__cluster_metadata-0/00000000000000000000.log',
    'biquorum dump-log --verify-index-only --files data/broker-1/orders-0/00000000000000000000.index',
  ],
  async run(args, terminal): Promise<ExitCode> {
    const given = parseFlags(args, FLAGS);
    const paths = [...(given.value('files')?.split(',') ?? []), ...given.positionals]
      .map((path) => path.trim())
      .filter((path) => path !== '');
    if (paths.length === 0) throw new UsageError('no file is named; give --files FILE,FILE.');
    const decoder = await readDecoder(given);
    const bytesMax = given.whole('max-bytes', 0);
    given.whole('max-message-size', 0);
    const options: DumpOptions = {
      batches: {
        deep: decoder !== undefined || given.has('deep-iteration'),
        decoder,
        skipRecordMetadata: given.has('skip-record-metadata'),
        bytesMax,
      },
      index: { sanityOnly: given.has('index-sanity-check'), verifyOnly: given.has('verify-index-only') },
    };
    let exitCode: ExitCode = 0;
    for (const path of paths) if (!(await dump(path, options, given.has('json'), terminal))) exitCode = 1;
    return exitCode;
  },
};

interface DumpOptions {
  readonly batches: BatchOptions;
  readonly index: IndexOptions;
}

/** What keys and values are; undefined when they are not to be shown. */
async function readDecoder(given: Arguments): Promise<ContentDecoder | undefined> {
  const [named, ...more] = DECODERS.filter((name) => given.has(name));
  const classes = CLASSES.filter((name) => given.has(name));
  if (more.length > 0 || (named !== undefined && classes.length > 0)) {
    const flags = [...(named === undefined ? [] : [named]), ...more, ...classes].map((name) => `--${name}`);
    throw new UsageError(`${flags.join(' and ')} do not go together: records are of one kind.`);
  }
  if (named !== undefined) {
    const stored = await import('../dump-log/stored-records.ts');
    switch (named) {
      case 'cluster-metadata-decoder':
        return stored.metadataContent;
      case 'offsets-decoder':
        return stored.offsetsContent;
      case 'transaction-log-decoder':
        return stored.transactionContent;
    }
  }
  if (classes.length === 0 && !given.has('print-data-log')) return undefined;
  const { plainDecoder } = await import('../dump-log/decoders.ts');
  return plainDecoder(given.value('key-decoder-class'), given.value('value-decoder-class'));
}

/** Whether the file is as it should be. */
async function dump(path: string, options: DumpOptions, json: boolean, terminal: Terminal): Promise<boolean> {
  const name = basename(path);
  const kind = /\.[^.]*$/.exec(name)?.[0] ?? '';
  const said = saidOf(terminal, path, json);
  const heading = kind === '.log' || kind === '.checkpoint' ? headingOf(path, name) : undefined;
  if (!json) terminal.print(`Dumping ${path}`);
  if (!json && heading !== undefined) terminal.print(heading);
  switch (kind) {
    case '.log':
    case '.checkpoint':
      (await import('../dump-log/dump-batches.ts')).dumpBatches(path, options.batches, said);
      break;
    case '.index':
      (await import('../dump-log/dump-index.ts')).dumpOffsetIndex(path, options.index, said);
      break;
    case '.timeindex':
      (await import('../dump-log/dump-index.ts')).dumpTimeIndex(path, options.index, said);
      break;
    case '.snapshot':
      (await import('../dump-log/dump-producers.ts')).dumpProducers(path, said);
      break;
    case '.txnindex':
      (await import('../dump-log/dump-producers.ts')).dumpAborted(path, said);
      break;
    default:
      unknown(path, said);
  }
  return !said.isBroken;
}

/** What the name of a segment or a snapshot says. */
function headingOf(path: string, name: string): string {
  const segment = /^(\d{20})\.log$/.exec(name);
  const snapshot = /^(\d{20})-(\d{10})\.checkpoint$/.exec(name);
  if (segment !== null) return `Log starting offset: ${Number(segment[1])}`;
  if (snapshot !== null) return `Snapshot end offset: ${Number(snapshot[1])}, epoch: ${Number(snapshot[2])}`;
  if (name === 'bootstrap.checkpoint') return 'KRaft bootstrap snapshot';
  throw new UsageError(
    `${path} is not named like a segment: 20 digits, then .log; or a snapshot: 20 digits, a dash and 10, then .checkpoint.`,
  );
}

function unknown(path: string, said: Said): void {
  said.note(`Ignoring unknown file ${path}`, { problem: 'unknown kind of file' });
  said.markBroken();
}
