import { readFileSync } from 'node:fs';

/** One batch as `org.apache.kafka.common.record.DefaultRecordBatch` of kafka-clients 3.9.2 describes it. */
export interface JavaBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly nextOffset: number;
  readonly size: number;
  readonly leaderEpoch: number;
  readonly magic: number;
  readonly crc: number;
  readonly compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly transactional: boolean;
  readonly control: boolean;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly deleteHorizonMs: number | null;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly count: number;
  readonly records: readonly JavaRecord[];
}

/** One record as Java's iterator yields it; keys and values in hex. */
export interface JavaRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly sequence: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
}

/** Bytes that Java's `MemoryRecordsBuilder` wrote, with what Java reads from them. */
export interface JavaRecords {
  readonly name: string;
  readonly hex: string;
  readonly batches: readonly JavaBatch[];
}

export const javaRecords: readonly JavaRecords[] = JSON.parse(
  readFileSync(new URL('java-batches.json', import.meta.url), 'utf8'),
);

/** Fresh bytes of the recording of that name, in the middle of a larger buffer so that offsets matter. */
export function javaBytes(name: string): Uint8Array {
  const found = javaRecords.find((records) => records.name === name);
  if (found === undefined) throw new Error(`no recording named ${name}`);
  return bytesOf(found);
}

export function bytesOf(records: JavaRecords): Uint8Array {
  const whole = new Uint8Array(records.hex.length / 2 + 20).fill(0xa5);
  whole.set(Buffer.from(records.hex, 'hex'), 7);
  return whole.subarray(7, 7 + records.hex.length / 2);
}
