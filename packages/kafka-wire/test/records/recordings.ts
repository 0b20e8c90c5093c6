import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type CompressionCodecs, CompressionError, type RecordBatch, type RecordCursor } from '@biquorum/kafka-wire';

/** One record as Java's iterator yields it; keys and values in base64. */
export interface RecordedRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly sequence: number;
  readonly sizeInBytes: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
}

/** One batch as `DefaultRecordBatch` of kafka-clients describes it. */
export interface RecordedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly sizeInBytes: number;
  readonly partitionLeaderEpoch: number;
  readonly magic: number;
  readonly crc: number;
  readonly compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly transactional: boolean;
  readonly control: boolean;
  readonly deleteHorizonMs: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly count: number;
  readonly records: readonly RecordedRecord[];
}

/** Bytes that Java wrote, with what Java reads from them. */
export interface Recording {
  readonly name: string;
  readonly codec: string;
  readonly hex: string;
  readonly batches: readonly RecordedBatch[];
}

/** What `apps/compat` recorded: the first line of the file names jar and command. */
export const recordings: readonly Recording[] = zstdDecompressSync(
  readFileSync(new URL('../fixtures/record-batches.jsonl.zst', import.meta.url)),
)
  .toString()
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => JSON.parse(line));

/** Fresh bytes of the recording of that name. */
export function recordedBytes(name: string, codec = 'none'): Uint8Array {
  return bytesOf(recording(name, codec));
}

export function recording(name: string, codec = 'none'): Recording {
  const found = recordings.find((each) => each.name === name && each.codec === codec);
  if (found === undefined) throw new Error(`no recording named ${name} with codec ${codec}`);
  return found;
}

/** Fresh bytes in the middle of a larger buffer, so that a forgotten byte offset shows. */
export function bytesOf({ hex }: Recording): Uint8Array {
  const whole = new Uint8Array(hex.length / 2 + 20).fill(0xa5);
  whole.set(Buffer.from(hex, 'hex'), 7);
  return whole.subarray(7, 7 + hex.length / 2);
}

/** The two codecs that Node has; all four are tried where they live, in the compression package. */
export const nodeCodecs: CompressionCodecs = {
  gzip: {
    compress: (bytes) => gzipSync(bytes),
    decompress: (bytes, maxOutputLength) => typed('gzip', () => gunzipSync(bytes, { maxOutputLength })),
  },
  zstd: {
    compress: (bytes) => zstdCompressSync(bytes),
    decompress: (bytes, maxOutputLength) => typed('zstd', () => zstdDecompressSync(bytes, { maxOutputLength })),
  },
};

function typed(type: 'gzip' | 'zstd', decompress: () => Uint8Array): Uint8Array {
  try {
    return decompress();
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new CompressionError(type, tooLarge ? 'too-large' : 'corrupt', String(error));
  }
}

/** What our header getters make of a batch, in the form in which Java tells it. */
export function headerFacts(batch: RecordBatch): Omit<RecordedBatch, 'records'> {
  return {
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    sizeInBytes: batch.size,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    magic: batch.magic,
    crc: batch.crc,
    compression: batch.compressionType ?? 'none',
    timestampType: batch.timestampType === 'create-time' ? 'CreateTime' : 'LogAppendTime',
    transactional: batch.isTransactional,
    control: batch.isControl,
    deleteHorizonMs: batch.deleteHorizonMs ?? -1,
    baseTimestamp: batch.baseTimestamp,
    maxTimestamp: batch.maxTimestamp,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    lastSequence: batch.lastSequence,
    count: batch.recordCount,
  };
}

/** What our cursor makes of the record that it stands at, in the form in which Java tells it. */
export function recordFacts(record: RecordCursor): RecordedRecord {
  const { bytes } = record;
  const headers: [string, string | null][] = [];
  record.forEachHeader((keyPosition, keyLength, valuePosition, valueLength) => {
    const key = new TextDecoder().decode(bytes.subarray(keyPosition, keyPosition + keyLength));
    const value = valueLength < 0 ? null : bytes.subarray(valuePosition, valuePosition + valueLength);
    headers.push([key, base64(value)]);
  });
  return {
    offset: record.offset,
    timestamp: record.timestamp,
    sequence: record.sequence,
    sizeInBytes: record.end - record.position,
    key: base64(record.key()),
    value: base64(record.value()),
    headers,
  };
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64');
}
