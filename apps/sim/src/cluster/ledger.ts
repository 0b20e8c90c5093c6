import type { Uuid } from '@biquorum/kafka-wire';
import type { Verdict } from './verdict.ts';

/** A topic that a client has created, or found. */
export interface LedgerTopic {
  readonly name: string;
  readonly id: Uuid;
  /** How many partitions were acknowledged. */
  partitions: number;
  /** Its deletion has been asked for: nothing of it is promised any more. */
  deleting: boolean;
  /** Its deletion has been acknowledged: it must never be seen again. */
  deleted: boolean;
}

/** A partition's records as clients know them. */
export interface LedgerPartition {
  /** Values by offset, of records that were acknowledged, or read by a consumer. */
  readonly known: Map<number, string>;
  /** The highest high watermark that any consumer has been shown. */
  highWatermark: number;
}

/** A setting that clients change. A request may take effect late, so an older value may come back. */
export interface LedgerSetting {
  readonly topic: string;
  readonly key: string;
  /** Every value that was ever asked for. */
  readonly values: Set<string>;
  /** One of them was acknowledged: it is never without a value again. */
  acknowledged: boolean;
}

/** What clients were promised and shown. It must stay true whatever happens. */
export class Ledger {
  readonly verdict: Verdict;
  readonly topics: Map<string, LedgerTopic> = new Map();
  readonly partitions: Map<string, LedgerPartition> = new Map();
  /** By topic (empty for all brokers) and key. */
  readonly settings: Map<string, LedgerSetting> = new Map();
  readonly #producerIds: Set<number> = new Set();
  readonly counts: { acknowledged: number; read: number; commands: number } = { acknowledged: 0, read: 0, commands: 0 };

  constructor(verdict: Verdict) {
    this.verdict = verdict;
  }

  /** A creation was acknowledged. */
  created(topic: LedgerTopic): void {
    this.topics.set(topic.id, topic);
  }

  /** A value of a setting was asked for. */
  attempted(topic: string, key: string, value: string): void {
    const name = `${topic}/${key}`;
    const setting = this.settings.get(name) ?? { topic, key, values: new Set(), acknowledged: false };
    setting.values.add(value);
    this.settings.set(name, setting);
  }

  /** That was acknowledged. */
  configured(topic: string, key: string): void {
    const setting = this.settings.get(`${topic}/${key}`);
    if (setting !== undefined) setting.acknowledged = true;
  }

  /** Records were acknowledged with these offsets. */
  acknowledged(topicId: string, partition: number, baseOffset: number, values: readonly string[]): void {
    this.counts.acknowledged += values.length;
    for (const [index, value] of values.entries()) this.#know(topicId, partition, baseOffset + index, value);
  }

  /** A consumer was given a record. */
  read(topicId: string, partition: number, offset: number, value: string): void {
    this.counts.read += 1;
    this.#know(topicId, partition, offset, value);
  }

  /** A consumer was shown a high watermark. */
  sawHighWatermark(topicId: string, partition: number, highWatermark: number): void {
    const entry = this.partition(topicId, partition);
    entry.highWatermark = Math.max(entry.highWatermark, highWatermark);
  }

  /** A producer was given an id. */
  gaveProducerId(id: number): void {
    if (this.#producerIds.has(id)) this.verdict.violate('producer ids', `${id} was given twice`);
    this.#producerIds.add(id);
  }

  partition(topicId: string, partition: number): LedgerPartition {
    const key = `${topicId}-${partition}`;
    const found = this.partitions.get(key);
    if (found !== undefined) return found;
    const made: LedgerPartition = { known: new Map(), highWatermark: 0 };
    this.partitions.set(key, made);
    return made;
  }

  #know(topicId: string, partition: number, offset: number, value: string): void {
    const { known } = this.partition(topicId, partition);
    const before = known.get(offset);
    if (before === undefined) known.set(offset, value);
    else if (before !== value) {
      const name = this.topics.get(topicId)?.name ?? topicId;
      this.verdict.violate('what was read stays', `${name}-${partition} held ${before} at ${offset}, now ${value}`);
    }
  }
}
