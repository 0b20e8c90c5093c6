import { type CodecLevels, compressionCodecs } from '@biquorum/compression';
import { BatchBuilder, type BatchOptions, type CompressionType, type RecordHeader } from '@biquorum/kafka-wire';
import type { Prng } from '@biquorum/std';
import type { BatchContent } from '../oracle/oracle.ts';

const TIME = 1_700_000_000_000;
const TYPES: readonly CompressionType[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const LEVELS: readonly CodecLevels[] = [{}, { gzip: 1, lz4: 1, zstd: -5 }, { gzip: 9, lz4: 17, zstd: 19 }];

/** A batch that we built, and what a reader must find in it. */
export interface DrawnBatch {
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly expected: BatchContent;
}

interface DrawnRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/** Draws the records of a batch and builds it with every codec and level. */
export function* drawBatches(random: Prng, title: string, valueBytes: number): Generator<DrawnBatch> {
  const baseOffset = random.below(2 ** 40);
  const records = drawRecords(random, baseOffset, valueBytes);
  const options = drawOptions(random, baseOffset);
  const lastOffset = (records.at(-1)?.offset ?? baseOffset) + (random.chance(0.2) ? 1000 : 0);
  for (const type of TYPES) {
    for (const levels of type === 'none' || type === 'snappy' ? [{}] : LEVELS) {
      const compression = type === 'none' ? undefined : { type, codec: compressionCodecs(levels)[type] };
      const builder = new BatchBuilder({ ...options, compression });
      for (const { offset, timestamp, key, value, headers } of records) {
        builder.appendAt(offset, timestamp, key, value, headers);
      }
      const bytes = builder.build(lastOffset).slice();
      const expected = expectedFacts(records, options, lastOffset, type, bytes.length);
      yield { title: `${title}, ${type} ${JSON.stringify(levels)}`, bytes, expected };
    }
  }
}

function drawRecords(random: Prng, baseOffset: number, valueBytes: number): readonly DrawnRecord[] {
  const records: DrawnRecord[] = [];
  const gaps = random.chance(0.3);
  let offset = baseOffset;
  for (let left = random.between(1, 40); left > 0; left--) {
    records.push({
      offset,
      timestamp: random.chance(0.05) ? 0 : TIME + random.between(-100_000, 10 ** 10),
      key: random.chance(0.3) ? null : drawBytes(random, random.below(20)),
      value: random.chance(0.2) ? null : drawBytes(random, random.below(100)),
      headers: Array.from({ length: random.chance(0.3) ? random.below(4) : 0 }, () => ({
        key: random.pick(['', 'trace', '日本語🦆', 'h'.repeat(70)]),
        value: random.chance(0.3) ? null : drawBytes(random, random.below(70)),
      })),
    });
    offset += 1 + (gaps ? random.below(500) : 0);
  }
  if (valueBytes > 0) {
    const value = drawBytes(random, valueBytes);
    records.push({ offset, timestamp: TIME, key: null, value, headers: [] });
  }
  return records;
}

/** Half of it random, half repeated, so that codecs find matches near and far, and some blocks that do not shrink. */
function drawBytes(random: Prng, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const run = Math.min(length - at, random.between(1, 5000));
    if (at > 0 && random.chance(0.5)) bytes.copyWithin(at, random.below(at), length - run);
    else for (let i = 0; i < run; i++) bytes[at + i] = random.below(256);
    at += run;
  }
  return bytes;
}

function drawOptions(random: Prng, baseOffset: number): BatchOptions {
  return {
    baseOffset,
    partitionLeaderEpoch: random.between(-1, 1000),
    appendTimestampMs: random.chance(0.3) ? TIME + random.below(1000) : undefined,
    deleteHorizonMs: random.chance(0.2) ? TIME + random.below(10 ** 9) : undefined,
    ...(random.chance(0.5)
      ? {
          producerId: random.below(2 ** 53 - 1),
          producerEpoch: random.below(2 ** 15),
          baseSequence: random.chance(0.3) ? 2 ** 31 - 1 - random.below(30) : random.below(2 ** 31),
          isTransactional: random.chance(0.5),
        }
      : {}),
  };
}

function expectedFacts(
  records: readonly DrawnRecord[],
  options: BatchOptions,
  lastOffset: number,
  compression: CompressionType,
  sizeInBytes: number,
): BatchContent {
  const { baseOffset = 0, producerId = -1, producerEpoch = -1, baseSequence = -1 } = options;
  const { appendTimestampMs, deleteHorizonMs, partitionLeaderEpoch = -1, isTransactional = false } = options;
  const sequenceAt = (offset: number): number =>
    baseSequence < 0 ? -1 : (baseSequence + offset - baseOffset) % 2 ** 31;
  return {
    baseOffset,
    lastOffset,
    sizeInBytes,
    partitionLeaderEpoch,
    magic: 2,
    compression,
    timestampType: appendTimestampMs === undefined ? 'CreateTime' : 'LogAppendTime',
    transactional: isTransactional,
    control: false,
    deleteHorizonMs: deleteHorizonMs ?? -1,
    baseTimestamp: deleteHorizonMs ?? records[0]?.timestamp ?? -1,
    maxTimestamp: appendTimestampMs ?? Math.max(...records.map(({ timestamp }) => timestamp)),
    producerId,
    producerEpoch,
    baseSequence,
    lastSequence: sequenceAt(lastOffset),
    count: records.length,
    records: records.map(({ offset, timestamp, key, value, headers }) => ({
      offset,
      timestamp: appendTimestampMs ?? timestamp,
      sequence: sequenceAt(offset),
      key: base64(key),
      value: base64(value),
      headers: headers.map((header) => [header.key, base64(header.value)] as const),
    })),
  };
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64');
}
