import { basename, resolve } from 'node:path';
import { compressionCodecs } from '@biquorum/compression';
import { describeRecordsFault, forEachRecord, type RecordBatch } from '@biquorum/kafka-wire';
import type { ContentDecoder } from './decoders.ts';
import { BatchFile } from './read-file.ts';
import { recordFacts, recordText } from './record.ts';
import type { Said } from './said.ts';

/** How batches are looked at. */
export interface BatchOptions {
  /** Look at each record, too. */
  readonly deep: boolean;
  /** What keys and values are, when they are to be shown. */
  readonly decoder: ContentDecoder | undefined;
  /** Without offsets, sizes and all that is not content. */
  readonly skipRecordMetadata: boolean;
  /** Read no more of the file than this. */
  readonly bytesMax: number | undefined;
}

/** A batch that opens to more than this is not opened. */
const RECORDS_BYTES_MAX = 256 << 20;

/** Tells of the batches of a log segment or a snapshot of metadata, and of their records. */
export function dumpBatches(path: string, options: BatchOptions, said: Said): void {
  using file = new BatchFile(path, options.bytesMax);
  const offsets = new OffsetWatch();
  let validBytes = 0;
  for (const { batch, position, isValid } of file.batches(0)) {
    said.progress(`${path}: ${Math.floor((100 * position) / file.size)} %`);
    const facts = batchFacts(batch, position, isValid);
    said.say(facts.map(([name, value]) => `${name}: ${value}`).join(' '), Object.fromEntries(facts));
    if (options.deep) dumpRecords(batch, options, offsets, said);
    validBytes = position + batch.size;
  }
  said.progress('');
  const invalidBytes = file.size - validBytes;
  // What is cut off on purpose is not wrong.
  const isWhole = invalidBytes === 0 || options.bytesMax !== undefined;
  if (!isWhole) said.markBroken();
  const text = isWhole ? undefined : `Found ${invalidBytes} invalid bytes at the end of ${basename(path)}`;
  said.say(text, isWhole ? { validBytes, invalidBytes: 0 } : { validBytes, invalidBytes });
  offsets.tell(path, said);
}

function dumpRecords(batch: RecordBatch, options: BatchOptions, offsets: OffsetWatch, said: Said): void {
  const fault = forEachRecord(batch, { codecs: compressionCodecs(), maxBytes: RECORDS_BYTES_MAX }, (record) => {
    offsets.see(record.offset);
    const facts = recordFacts(batch, record, options.decoder);
    said.say(recordText(facts, options), facts);
  });
  if (fault === undefined) return;
  said.markBroken();
  const problem = describeRecordsFault(fault);
  said.note(`Records from offset ${batch.baseOffset} on cannot be read: ${problem}`, {
    baseOffset: batch.baseOffset,
    problem,
  });
}

/** Finds gaps between the offsets of records: they are right in compacted logs alone. */
class OffsetWatch {
  #last: number | undefined;
  readonly #gaps: (readonly [before: number, after: number])[] = [];

  see(offset: number): void {
    if (this.#last !== undefined && offset !== this.#last + 1) this.#gaps.push([this.#last, offset]);
    this.#last = offset;
  }

  tell(path: string, { note }: Said): void {
    const [first, ...more] = this.#gaps.map(([before, after]) => {
      return { text: `  ${before} is followed by ${after}`, facts: { offset: before, followedBy: after } };
    });
    if (first === undefined) return;
    note(`Non-consecutive offsets in ${resolve(path)}\n${first.text}`, first.facts);
    for (const { text, facts } of more) note(text, facts);
  }
}

type Fact = readonly [name: string, value: string | number | boolean];

function batchFacts(batch: RecordBatch, position: number, isValid: boolean): readonly Fact[] {
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
