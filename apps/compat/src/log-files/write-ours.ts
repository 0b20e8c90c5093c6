import { compressionCodecs } from '@biquorum/compression';
import {
  BatchBuilder,
  type BatchOptions,
  buildMarkerBatch,
  type CompressionType,
  type RecordHeader,
} from '@biquorum/kafka-wire';
import { type Log, type LogConfig, logConfig } from '@biquorum/log';
import { defineJob } from '@biquorum/platform';
import type { Prng } from '@biquorum/std';
import type { BatchContent } from '../oracle/oracle.ts';
import type { compact } from './compaction-worker.ts';
import { SEGMENT_BYTES, withOurLogs } from './our-logs.ts';

const TIME = 1_700_000_000_000;
const LEADER_EPOCH = 3;
const BATCHES = 60;
const CODECS = compressionCodecs();

/** What a reader must find of a batch: what we gave the log, and what the log had to assign. */
export type WrittenBatch = Pick<
  BatchContent,
  | 'baseOffset'
  | 'lastOffset'
  | 'partitionLeaderEpoch'
  | 'compression'
  | 'timestampType'
  | 'transactional'
  | 'control'
  | 'producerId'
  | 'producerEpoch'
  | 'baseSequence'
> & { readonly records: readonly WrittenRecord[] };

/** What a reader must find of a record. */
export type WrittenRecord = Pick<BatchContent['records'][number], 'offset' | 'timestamp' | 'key' | 'value' | 'headers'>;

/** The batches of each topic that was written. */
export type WrittenLogs = ReadonlyMap<string, readonly WrittenBatch[]>;

interface TopicPlan {
  readonly topic: string;
  readonly codec: CompressionType;
  readonly producer?: 'idempotent' | 'transactional';
  readonly config?: Partial<LogConfig>;
}

/** The topic that is compacted before the directory is closed. */
export const OUR_COMPACTED_TOPIC = 'ours-compacted';

const PLANS: readonly TopicPlan[] = [
  { topic: 'ours-none', codec: 'none' },
  { topic: 'ours-gzip', codec: 'gzip' },
  { topic: 'ours-snappy', codec: 'snappy' },
  { topic: 'ours-lz4', codec: 'lz4' },
  { topic: 'ours-zstd', codec: 'zstd' },
  { topic: 'ours-idempotent', codec: 'none', producer: 'idempotent' },
  { topic: 'ours-transactional', codec: 'lz4', producer: 'transactional' },
  { topic: 'ours-append-time', codec: 'zstd', config: { messageTimestampType: 'log-append-time' } },
  { topic: 'ours-recompressed', codec: 'none', config: { compressionType: 'snappy' } },
  { topic: OUR_COMPACTED_TOPIC, codec: 'gzip', config: { compact: true, delete: false, minCleanableDirtyRatio: 0.01 } },
];

const cleanerJob = defineJob<typeof compact>(import.meta.url, './compaction-worker', 'compact');

/** Fills a log directory with topics of every codec, producer and timestamp type, and compacts one. */
export async function writeOurLogs(directory: string, random: Prng): Promise<WrittenLogs> {
  const written = new Map<string, readonly WrittenBatch[]>();
  const configOf = (topic: string): LogConfig =>
    logConfig({ segmentBytes: SEGMENT_BYTES, ...PLANS.find((plan) => plan.topic === topic)?.config });
  await withOurLogs(directory, { configOf, cleanerJob }, async (logs) => {
    for (const [index, plan] of PLANS.entries()) {
      const log = await logs.create({ topic: plan.topic, partition: 0 });
      written.set(plan.topic, new TopicWriter(log, plan, 100 + index, random).write());
      // What is not replicated must not be compacted.
      log.setHighWatermark(log.endOffset);
    }
    if (!(await logs.compactDirtiest())) throw new Error('our cleaner found nothing to compact');
    while (await logs.compactDirtiest());
  });
  return written;
}

class TopicWriter {
  readonly #log: Log;
  readonly #plan: TopicPlan;
  readonly #producerId: number;
  readonly #random: Prng;
  readonly #written: WrittenBatch[] = [];
  #sequence = 0;
  #time = TIME;

  constructor(log: Log, plan: TopicPlan, producerId: number, random: Prng) {
    this.#log = log;
    this.#plan = plan;
    this.#producerId = producerId;
    this.#random = random;
  }

  write(): readonly WrittenBatch[] {
    for (let i = 0; i < BATCHES; i++) {
      this.#append();
      if (this.#plan.producer === 'transactional' && i % 4 === 3)
        this.#endTransaction(i % 3 === 0 ? 'abort' : 'commit');
    }
    return this.#written;
  }

  #append(): void {
    const { codec, producer, config = {} } = this.#plan;
    const count = this.#random.between(1, 15);
    const options: BatchOptions = {
      compression: codec === 'none' ? undefined : { type: codec, codec: CODECS[codec] },
      ...(producer === undefined
        ? {}
        : {
            producerId: this.#producerId,
            producerEpoch: 1,
            baseSequence: this.#sequence,
            isTransactional: producer === 'transactional',
          }),
    };
    const builder = new BatchBuilder(options);
    const records = Array.from({ length: count }, () => this.#drawRecord());
    for (const { timestamp, key, value, headers } of records) builder.append(timestamp, key, value, headers);
    this.#sequence += count;
    const result = this.#log.appendAsLeader(builder.build().slice(), { leaderEpoch: LEADER_EPOCH });
    if (result.kind !== 'appended') throw new Error(`our log refuses our batch: ${JSON.stringify(result)}`);
    const { firstOffset, lastOffset, logAppendTimeMs } = result;
    this.#written.push({
      baseOffset: firstOffset,
      lastOffset,
      partitionLeaderEpoch: LEADER_EPOCH,
      compression: config.compressionType ?? codec,
      timestampType: config.messageTimestampType === 'log-append-time' ? 'LogAppendTime' : 'CreateTime',
      transactional: options.isTransactional ?? false,
      control: false,
      producerId: options.producerId ?? -1,
      producerEpoch: options.producerEpoch ?? -1,
      baseSequence: options.baseSequence ?? -1,
      records: records.map(({ timestamp, key, value, headers }, index) => ({
        offset: firstOffset + index,
        timestamp: logAppendTimeMs === -1 ? timestamp : logAppendTimeMs,
        key: base64(key),
        value: base64(value),
        headers: headers.map((header) => [header.key, base64(header.value)] as const),
      })),
    });
  }

  #endTransaction(type: 'abort' | 'commit'): void {
    const marker = {
      type,
      producerId: this.#producerId,
      producerEpoch: 1,
      coordinatorEpoch: 2,
      timestampMs: this.#time,
    };
    const options = { leaderEpoch: LEADER_EPOCH, origin: 'coordinator' } as const;
    const result = this.#log.appendAsLeader(buildMarkerBatch(marker).slice(), options);
    if (result.kind !== 'appended') throw new Error(`our log refuses our marker: ${JSON.stringify(result)}`);
    this.#written.push({
      baseOffset: result.firstOffset,
      lastOffset: result.firstOffset,
      partitionLeaderEpoch: LEADER_EPOCH,
      compression: 'none',
      timestampType: 'CreateTime',
      transactional: true,
      control: true,
      producerId: this.#producerId,
      producerEpoch: 1,
      baseSequence: -1,
      records: [
        {
          offset: result.firstOffset,
          timestamp: this.#time,
          // int16 version 0 and int16 type, 0 abort or 1 commit; int16 version 0 and int32 coordinator epoch.
          key: type === 'abort' ? 'AAAAAA==' : 'AAAAAQ==',
          value: 'AAAAAAAC',
          headers: [],
        },
      ],
    });
  }

  #drawRecord(): DrawnRecord {
    const random = this.#random;
    this.#time += random.below(2000);
    const value = random.chance(0.1) ? null : Buffer.from('a line that compresses; '.repeat(random.below(12)));
    if (value !== null) for (let at = 0; at < value.length; at += 9) value[at] = random.below(256);
    return {
      timestamp: this.#time,
      key: !this.#plan.config?.compact && random.chance(0.2) ? null : Buffer.from(`key-${random.below(100)}`),
      value,
      headers: random.chance(0.2) ? [{ key: 'trace', value: random.chance(0.5) ? null : Uint8Array.of(1, 2) }] : [],
    };
  }
}

interface DrawnRecord {
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64');
}
