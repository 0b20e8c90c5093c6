import { compressionCodecs } from '@biquorum/compression';
import { BatchBuilder, type CompressionType, forEachRecord, RecordBatch } from '@biquorum/kafka-wire';
import { type Log, type LogConfig, type LogManager, logConfig } from '@biquorum/log';
import { defineJob, type Ports } from '@biquorum/platform';
import { Prng } from '@biquorum/std';
import { EPOCH_MS, utf8 } from './batches.ts';
import type { compact } from './compaction.ts';
import { openLogs, PARTITION } from './logs.ts';

/** The compaction job of tests. */
export const cleanerJob = defineJob<typeof compact>(import.meta.url, './compaction', 'compact');

/** A record as the tests of compaction speak of it. */
export interface KeyedRecord {
  readonly offset: number;
  readonly key: string | undefined;
  /** Undefined in a tombstone. */
  readonly value: string | undefined;
}

/** Fills a log with keyed records, and remembers all of them. */
export class CompactedRun {
  readonly records: KeyedRecord[] = [];
  readonly config: LogConfig;
  readonly #prng: Prng;
  readonly #codecs = compressionCodecs();

  constructor(seed: number, changes: Partial<LogConfig> = {}) {
    this.#prng = new Prng(seed);
    this.config = logConfig({
      compact: true,
      delete: false,
      segmentBytes: this.#prng.pick([500, 2_000]),
      indexIntervalBytes: 50,
      minCleanableDirtyRatio: 0,
      deleteRetentionMs: 1_000,
      fileDeleteDelayMs: 0,
      ...changes,
    });
  }

  /** Opens the log; makes it at the first time. */
  async open(ports: Ports): Promise<{ readonly logs: LogManager; readonly log: Log }> {
    const codecs = this.#codecs;
    const settings = { cleanerEnabled: false };
    const logs = await openLogs(ports, { configOf: () => this.config, codecs, cleanerJob, settings });
    return { logs, log: await logs.create(PARTITION) };
  }

  /** Appends some batches; about one record in six is a tombstone. */
  fill(log: Log, batches: number): void {
    const prng = this.#prng;
    for (let batch = 0; batch < batches; batch++) {
      const type: CompressionType = prng.pick(['none', 'none', 'gzip', 'snappy', 'lz4', 'zstd']);
      const compression = type === 'none' ? undefined : { type, codec: this.#codecs[type] };
      const builder = new BatchBuilder({ compression });
      for (let count = prng.between(1, 4); count > 0; count--) {
        const offset = log.endOffset + builder.recordCount;
        const key = `key-${prng.below(12)}`;
        const value = prng.chance(0.17) ? undefined : `value-${offset}-${'x'.repeat(prng.below(30))}`;
        builder.append(EPOCH_MS + offset, utf8(key), value === undefined ? null : utf8(value));
        this.records.push({ offset, key, value });
      }
      const result = log.appendAsLeader(builder.build().slice(), { leaderEpoch: 1 });
      if (result.kind !== 'appended') throw new RangeError(`append was ${result.kind}`);
    }
    log.setHighWatermark(log.endOffset);
  }

  /** What a reader who builds a table from the log ends with, up to an offset. */
  tableUpTo(endOffset: number): Map<string, string> {
    return tableOf(this.records.filter(({ offset }) => offset < endOffset));
  }

  /** All records of the log, as a consumer reads them. */
  read(log: Log): Promise<KeyedRecord[]> {
    return readRecords(log);
  }
}

/** All records of a log, as a consumer reads them. */
export async function readRecords(log: Log): Promise<KeyedRecord[]> {
  const text = new TextDecoder();
  const records: KeyedRecord[] = [];
  const options = { codecs: compressionCodecs(), maxBytes: 1 << 20 };
  for await (const batch of log.batches()) {
    if (batch.isControl) continue;
    const fault = forEachRecord(new RecordBatch(batch.bytes, batch.position), options, (record) => {
      const [key, value] = [record.key(), record.value()];
      records.push({
        offset: record.offset,
        key: key === null ? undefined : text.decode(key),
        value: value === null ? undefined : text.decode(value),
      });
    });
    if (fault !== undefined) throw new RangeError(`batch at ${batch.baseOffset}: ${fault.kind}`);
  }
  return records;
}

/** The table that records make, one after the other. */
export function tableOf(records: readonly KeyedRecord[]): Map<string, string> {
  const table = new Map<string, string>();
  for (const { key = '', value } of records) {
    if (value === undefined) table.delete(key);
    else table.set(key, value);
  }
  return new Map([...table].sort());
}
