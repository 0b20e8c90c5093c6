import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { batchSizeAt, checkBatch, LOG_OVERHEAD, RecordBatch } from '@biquorum/kafka-wire';
import { type Command, type ExitCode, type Flag, type Terminal, UsageError } from '../command.ts';
import { parseFlags } from '../flags.ts';

const FLAGS: readonly Flag[] = [
  { name: 'files', value: 'SEGMENT.log,…', summary: 'segments, with commas between them; more may follow as words' },
  { name: 'json', summary: 'each batch as a line of JSON' },
];

/** Prints the batches of log segments as Apache's `kafka-dump-log` does (`kafka.tools.DumpLogSegments`, 3.9). */
export const dumpLog: Command = {
  name: 'dump-log',
  synopsis: '--files SEGMENT.log[,…] [--json]',
  summary: "print the record batches of log segments, in the words of Apache's kafka-dump-log",
  flags: FLAGS,
  examples: ['biquorum dump-log --files data/broker-1/orders-0/00000000000000000000.log'],
  run(args, terminal) {
    const given = parseFlags(args, FLAGS);
    const paths = [...(given.value('files')?.split(',') ?? []), ...given.positionals].filter((path) => path !== '');
    if (paths.length === 0) throw new UsageError('no file is named.');
    let exitCode: ExitCode = 0;
    for (const path of paths) if (!dumpSegment(path, given.has('json'), terminal)) exitCode = 1;
    return exitCode;
  },
};

/** Whether the whole file could be read as batches. */
function dumpSegment(path: string, json: boolean, terminal: Terminal): boolean {
  const startOffset = /^(\d{20})\.log$/.exec(basename(path))?.[1];
  if (startOffset === undefined) {
    throw new UsageError(`${path} is not named like a segment: 20 digits, then .log.`);
  }
  const file = open(path);
  try {
    if (!json) {
      terminal.print(`Dumping ${path}`);
      terminal.print(`Log starting offset: ${Number(startOffset)}`);
    }
    const fileSize = fstatSync(file).size;
    const validSize = dumpBatches(file, fileSize, (batch, position, isValid) => {
      terminal.progress(`${path}: ${Math.floor((100 * position) / fileSize)} %`);
      const facts = factsOf(batch, position, isValid);
      terminal.print(
        json
          ? JSON.stringify({ file: path, ...Object.fromEntries(facts) })
          : facts.map(([name, value]) => `${name}: ${value}`).join(' '),
      );
    });
    terminal.progress('');
    const invalidBytes = fileSize - validSize;
    if (json) terminal.print(JSON.stringify({ file: path, validBytes: validSize, invalidBytes }));
    else if (invalidBytes > 0) {
      terminal.print(`Found ${invalidBytes} invalid bytes at the end of ${basename(path)}`);
    }
    return validSize === fileSize;
  } finally {
    closeSync(file);
  }
}

/** Shows batch after batch and returns where the last whole one ends. One batch is in memory at a time. */
function dumpBatches(
  file: number,
  fileSize: number,
  show: (batch: RecordBatch, position: number, isValid: boolean) => void,
): number {
  const head = new Uint8Array(LOG_OVERHEAD);
  const headView = new DataView(head.buffer);
  let position = 0;
  while (position < fileSize) {
    if (readSync(file, head, 0, LOG_OVERHEAD, position) < LOG_OVERHEAD) break;
    const size = batchSizeAt(headView, 0);
    if (size < LOG_OVERHEAD || size > fileSize - position) break;
    const bytes = new Uint8Array(size);
    if (readSync(file, bytes, 0, size, position) < size) break;
    const batch = new RecordBatch(bytes);
    const fault = checkBatch(batch);
    if (fault !== undefined && fault.kind !== 'crc-mismatch') break;
    show(batch, position, fault === undefined);
    position += size;
  }
  return position;
}

function factsOf(batch: RecordBatch, position: number, isValid: boolean): readonly Fact[] {
  const horizon = batch.deleteHorizonMs;
  return [
    ['baseOffset', batch.baseOffset],
    ['lastOffset', batch.lastOffset],
    ['count', batch.recordCount],
    ['baseSequence', batch.baseSequence],
    ['lastSequence', batch.lastSequence],
    ['producerId', batch.producerId],
    ['producerEpoch', batch.producerEpoch],
    ['partitionLeaderEpoch', batch.partitionLeaderEpoch],
    ['isTransactional', batch.isTransactional],
    ['isControl', batch.isControl],
    ['deleteHorizonMs', horizon === undefined ? 'OptionalLong.empty' : `OptionalLong[${horizon}]`],
    ['position', position],
    [batch.timestampType === 'create-time' ? 'CreateTime' : 'LogAppendTime', batch.maxTimestamp],
    ['size', batch.size],
    ['magic', batch.magic],
    ['compresscodec', batch.compressionType ?? `unknown (${batch.compressionId})`],
    ['crc', batch.crc],
    ['isvalid', isValid],
  ];
}

type Fact = readonly [name: string, value: string | number | boolean];

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new UsageError(`${path} cannot be opened (${(error as NodeJS.ErrnoException).code}).`, { cause: error });
  }
}
