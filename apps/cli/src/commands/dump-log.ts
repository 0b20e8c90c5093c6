import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { batchSizeAt, checkBatch, LOG_OVERHEAD, RecordBatch } from '@biquorum/kafka-wire';
import { type Command, type ExitCode, type Output, UsageError } from '../command.ts';
import { optionsOf } from '../run.ts';

/** Prints the batches of log segments as Apache's `kafka-dump-log` does (`kafka.tools.DumpLogSegments`, 3.9). */
export const dumpLog: Command = {
  name: 'dump-log',
  synopsis: '--files <segment.log>[,…]',
  summary: "print the record batches of log segments, in the words of Apache's kafka-dump-log",
  run(args, output) {
    const { values, positionals } = optionsOf(args, ['files']);
    const paths = [...(values.files?.split(',') ?? []), ...positionals].filter((path) => path !== '');
    if (paths.length === 0) throw new UsageError('no file is named.');
    let exitCode: ExitCode = 0;
    for (const path of paths) if (!dumpSegment(path, output)) exitCode = 1;
    return exitCode;
  },
};

/** Whether the whole file could be read as batches. */
function dumpSegment(path: string, output: Output): boolean {
  const startOffset = /^(\d{20})\.log$/.exec(basename(path))?.[1];
  if (startOffset === undefined) {
    throw new UsageError(`${path} is not named like a segment: 20 digits, then .log.`);
  }
  const file = open(path);
  try {
    output.print(`Dumping ${path}`);
    output.print(`Log starting offset: ${Number(startOffset)}`);
    const fileSize = fstatSync(file).size;
    const validSize = dumpBatches(file, fileSize, output);
    if (validSize < fileSize)
      output.print(`Found ${fileSize - validSize} invalid bytes at the end of ${basename(path)}`);
    return validSize === fileSize;
  } finally {
    closeSync(file);
  }
}

/** Prints batch after batch and returns where the last whole one ends. One batch is in memory at a time. */
function dumpBatches(file: number, fileSize: number, output: Output): number {
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
    output.print(describe(batch, position, fault === undefined));
    position += size;
  }
  return position;
}

function describe(batch: RecordBatch, position: number, isValid: boolean): string {
  const horizon = batch.deleteHorizonMs;
  const facts: readonly (readonly [name: string, value: unknown])[] = [
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
  return facts.map(([name, value]) => `${name}: ${value}`).join(' ');
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new UsageError(`${path} cannot be opened (${(error as NodeJS.ErrnoException).code}).`, { cause: error });
  }
}
