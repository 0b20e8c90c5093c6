import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { compressionCodecs } from '@biquorum/compression';
import { forEachRecord, type RecordBatch } from '@biquorum/kafka-wire';
import { UsageError } from '../command.ts';
import { BatchFile, bytesOfFile } from './read-file.ts';
import type { Said } from './said.ts';

/** How an index is looked at. */
export interface IndexOptions {
  /** Only what a broker looks at when it starts. */
  readonly sanityOnly: boolean;
  /** Hold it against the log without showing its entries. */
  readonly verifyOnly: boolean;
}

const OFFSET_ENTRY = 8;
const TIME_ENTRY = 12;
const NO_TIMESTAMP = -1;
const RECORDS_BYTES_MAX = 256 << 20;

/** Tells of an offset index, and where it does not agree with its log. Source: `kafka.tools.DumpLogSegments.dumpIndex`. */
export function dumpOffsetIndex(path: string, options: IndexOptions, said: Said): void {
  const index = readIndex(path, OFFSET_ENTRY);
  if (index.count === 0 && !options.sanityOnly) {
    said.say(`${path} is empty.`, { entries: 0 });
    return;
  }
  if (options.sanityOnly) {
    if (index.count === 0) said.say(`${path} is empty.`, { entries: 0 });
    else sayWhetherSane(path, index, offsetFault(index), said);
    return;
  }
  using log = new BatchFile(logOf(path, '.index'));
  const mismatches = new Problems(`Mismatches in :${resolve(path)}`);
  for (let at = 0; at < index.count; at++) {
    const { offset, position } = offsetEntry(index, at);
    // The rest of an index is zeros after a crash, or while its log is written.
    if (at > 0 && offset === index.baseOffset) break;
    const found = log.batches(position).next().value?.batch.lastOffset ?? -1;
    if (found !== offset) {
      mismatches.add(`  Index offset: ${offset}, log offset: ${found}`, { indexOffset: offset, logOffset: found });
    }
    if (!options.verifyOnly) said.say(`offset: ${offset} position: ${position}`, { offset, position });
  }
  mismatches.tell(said);
}

/** Tells of a time index, and where it does not agree with its log. Source: `kafka.tools.DumpLogSegments.dumpTimeIndex`. */
export function dumpTimeIndex(path: string, options: IndexOptions, said: Said): void {
  const index = readIndex(path, TIME_ENTRY);
  if (options.sanityOnly) {
    sayWhetherSane(path, index, timeFault(index), said);
    return;
  }
  using log = new BatchFile(logOf(path, '.timeindex'));
  const offsets = readIndex(path.replace(/\.timeindex$/, '.index'), OFFSET_ENTRY);
  const mismatches = new Problems(`Found timestamp mismatch in :${resolve(path)}`);
  const unordered = new Problems(`Found out of order timestamp in :${resolve(path)}`);
  const missing = new Problems('The following indexed offsets are not found in the log.');
  let previous = NO_TIMESTAMP;
  for (let at = 0; at < index.count; at++) {
    const { timestamp, offset } = timeEntry(index, at);
    if (at > 0 && offset === index.baseOffset) break;
    const batch = batchOf(log, offset, positionOf(offsets, offset));
    if (batch?.lastOffset !== offset) {
      const found = batch?.lastOffset ?? -1;
      missing.add(`Indexed offset: ${offset}, found log offset: ${found}`, { indexOffset: offset, logOffset: found });
    } else {
      const greatest = greatestTimestamp(batch);
      if (greatest !== timestamp) {
        mismatches.add(`  Index timestamp: ${timestamp}, log timestamp: ${greatest}`, {
          indexTimestamp: timestamp,
          logTimestamp: greatest,
        });
      }
      if (previous >= timestamp) {
        unordered.add(`  Index timestamp: ${timestamp}, Previously indexed timestamp: ${previous}`, {
          indexTimestamp: timestamp,
          previousTimestamp: previous,
        });
      }
    }
    if (!options.verifyOnly) said.say(`timestamp: ${timestamp} offset: ${offset}`, { timestamp, offset });
    previous = timestamp;
  }
  for (const problems of [mismatches, unordered, missing]) problems.tell(said);
}

interface Index {
  readonly baseOffset: number;
  readonly view: DataView;
  readonly entryBytes: number;
  /** Whole entries. */
  readonly count: number;
}

function readIndex(path: string, entryBytes: number): Index {
  const name = /(\d{20})\.\w+$/.exec(path);
  if (name === null) throw new UsageError(`${path} is not named like an index: 20 digits, then .index or .timeindex.`);
  const bytes = bytesOfFile(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { baseOffset: Number(name[1]), view, entryBytes, count: Math.floor(bytes.length / entryBytes) };
}

function logOf(path: string, ending: string): string {
  const log = `${path.slice(0, -ending.length)}.log`;
  if (existsSync(log)) return log;
  throw new UsageError(
    `${path} is held against ${log}, which is not there. --index-sanity-check looks at an index alone.`,
  );
}

function offsetEntry({ view, baseOffset }: Index, at: number): { readonly offset: number; readonly position: number } {
  return {
    offset: baseOffset + view.getInt32(at * OFFSET_ENTRY),
    position: view.getInt32(at * OFFSET_ENTRY + 4),
  };
}

function timeEntry({ view, baseOffset }: Index, at: number): { readonly timestamp: number; readonly offset: number } {
  return {
    timestamp: Number(view.getBigInt64(at * TIME_ENTRY)),
    offset: baseOffset + view.getInt32(at * TIME_ENTRY + 8),
  };
}

/** Where the batch of an offset begins at the earliest: the last indexed position of offsets up to it. */
function positionOf(index: Index, offset: number): number {
  let [low, high] = [0, index.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsetEntry(index, middle).offset <= offset) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : offsetEntry(index, low - 1).position;
}

function batchOf(log: BatchFile, offset: number, from: number): RecordBatch | undefined {
  for (const { batch } of log.batches(from)) if (batch.lastOffset >= offset) return batch;
  return undefined;
}

function greatestTimestamp(batch: RecordBatch): number {
  let greatest = NO_TIMESTAMP;
  forEachRecord(batch, { codecs: compressionCodecs(), maxBytes: RECORDS_BYTES_MAX }, ({ timestamp }) => {
    greatest = Math.max(greatest, timestamp);
  });
  return greatest;
}

/** Why a broker would build the index anew; undefined when it would not. Source: Java `OffsetIndex.sanityCheck`. */
function offsetFault(index: Index): string | undefined {
  const last = index.count === 0 ? index.baseOffset : offsetEntry(index, index.count - 1).offset;
  if (last < index.baseOffset) return `its last offset is ${last}, before its base offset ${index.baseOffset}`;
  return lengthFault(index);
}

/** Source: Java `TimeIndex.sanityCheck`. */
function timeFault(index: Index): string | undefined {
  if (index.count > 0) {
    const [first, last] = [timeEntry(index, 0), timeEntry(index, index.count - 1)];
    if (last.timestamp < first.timestamp) {
      return `its last timestamp is ${last.timestamp}, before its first, ${first.timestamp}`;
    }
    if (last.offset < index.baseOffset) {
      return `its last offset is ${last.offset}, before its base offset ${index.baseOffset}`;
    }
  }
  return lengthFault(index);
}

function lengthFault({ view, entryBytes }: Index): string | undefined {
  if (view.byteLength % entryBytes === 0) return undefined;
  return `it has ${view.byteLength} bytes, and entries have ${entryBytes}`;
}

function sayWhetherSane(path: string, { count }: Index, fault: string | undefined, said: Said): void {
  if (fault === undefined) {
    said.say(`${path} passed sanity check.`, { entries: count, sane: true });
    return;
  }
  said.markBroken();
  said.note(`${path} is corrupt: ${fault}. A broker builds it anew when it starts.`, {
    entries: count,
    sane: false,
    problem: fault,
  });
}

/** What does not agree, under one heading. */
class Problems {
  readonly #heading: string;
  readonly #found: { readonly text: string; readonly facts: object }[] = [];

  constructor(heading: string) {
    this.#heading = heading;
  }

  add(text: string, facts: object): void {
    this.#found.push({ text, facts: { problem: text.trim(), ...facts } });
  }

  tell(said: Said): void {
    for (const [index, { text, facts }] of this.#found.entries()) {
      said.markBroken();
      said.note(index === 0 ? `${this.#heading}\n${text}` : text, facts);
    }
  }
}
