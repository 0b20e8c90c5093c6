import { BatchCursor, RecordCursor } from '@biquorum/kafka-wire';
import type { Ledger } from '../ledger.ts';
import type { SimulatedNode } from '../simulated-node.ts';
import type { Verdict } from '../verdict.ts';

/** A batch as every replica must have it. */
interface CommittedBatch {
  readonly lastOffset: number;
  readonly crc: number;
  readonly leaderEpoch: number;
  readonly values: readonly string[];
  /** Who showed it first. */
  readonly node: number;
}

/** What is committed of a partition: batches by base offset, without gaps. */
interface Committed {
  readonly name: string;
  readonly batches: Map<number, CommittedBatch>;
  /** Offset after the last of them. */
  end: number;
}

/** Topics whose logs are compacted: batches change there. */
const COMPACTED = '__consumer_offsets';

/**
 * Replicas are equal below the high watermark, now and for ever: what any replica takes for committed is what every
 * other one has, or gets, at that place.
 *
 * Reads the files from the disks, as a tool would that knows nothing of the broker.
 */
export class LogChecker {
  readonly #verdict: Verdict;
  readonly #ledger: Ledger;
  readonly #partitions: Map<string, Committed> = new Map();
  /** Offset up to which a log was compared since its node started. */
  #compared: WeakMap<object, number> = new WeakMap();
  /** How many batches were compared. */
  compared = 0;

  constructor(verdict: Verdict, ledger: Ledger) {
    this.#verdict = verdict;
    this.#ledger = ledger;
  }

  /** Compares what has come to the replicas of nodes that run with what is known to be committed. */
  look(nodes: readonly SimulatedNode[]): void {
    for (const node of nodes) this.#lookAt(node);
  }

  /** The same for everything that they have. */
  lookAtAll(nodes: readonly SimulatedNode[]): void {
    this.#compared = new WeakMap();
    this.look(nodes);
  }

  /** When all is over: nothing that a client was promised or shown is missing, and each record is there once, in order. */
  conclude(): void {
    for (const topic of this.#ledger.topics.values()) {
      if (topic.deleting) continue;
      for (let index = 0; index < topic.partitions; index++)
        this.#concludeOne(`${topic.id}-${index}`, topic.name, index);
    }
  }

  #concludeOne(key: string, name: string, index: number): void {
    const committed = this.#partitions.get(key);
    const promised = this.#ledger.partitions.get(key);
    const values = new Map<number, string>();
    for (const [base, batch] of committed?.batches ?? []) {
      for (const [at, value] of batch.values.entries()) values.set(base + at, value);
    }
    for (const [offset, value] of promised?.known ?? []) {
      if (values.get(offset) === value) continue;
      const found = values.get(offset) ?? 'nothing';
      this.#verdict.violate('nothing acknowledged is lost', `${name}-${index} at ${offset}: ${value}, now ${found}`);
    }
    if ((promised?.highWatermark ?? 0) > (committed?.end ?? 0)) {
      const detail = `${name}-${index}: consumers were shown ${promised?.highWatermark}, the log ends at ${committed?.end ?? 0}`;
      this.#verdict.violate('nothing that was shown is lost', detail);
    }
    const next = new Map<string, number>();
    for (const [offset, value] of [...values].sort(([a], [b]) => a - b)) {
      const [producer = '', sequence = ''] = value.split(':');
      const expected = next.get(producer) ?? 0;
      if (Number(sequence) !== expected) {
        const detail = `${name}-${index} at ${offset}: ${value}, but ${producer}:${expected} is next`;
        this.#verdict.violate('each record once, in order', detail);
      }
      next.set(producer, Number(sequence) + 1);
    }
  }

  #lookAt(node: SimulatedNode): void {
    const partitions = node.server?.broker?.core?.replicas.partitions();
    if (partitions === undefined) return;
    const paths = node.host.disk.paths();
    for (const { topic, topicId, index, log, highWatermark } of partitions) {
      if (topic === COMPACTED || this.#ledger.topics.get(topicId)?.deleting === true) continue;
      const key = `${topicId}-${index}`;
      const committed = this.#partitions.get(key) ?? { name: `${topic}-${index}`, batches: new Map(), end: 0 };
      this.#partitions.set(key, committed);
      const from = this.#compared.get(log) ?? 0;
      if (from >= highWatermark) continue;
      const prefix = `${log.directory}/`;
      const files = paths.filter((path) => path.startsWith(prefix) && path.endsWith('.log'));
      for (const [place, file] of files.entries()) {
        const next = files[place + 1];
        // Everything in it lies before the next segment.
        if (next !== undefined && baseOffsetOf(next) <= from) continue;
        this.#compare(node, file, { from, highWatermark }, committed);
      }
      this.#compared.set(log, highWatermark);
    }
  }

  #compare(
    node: SimulatedNode,
    file: string,
    { from, highWatermark }: { readonly from: number; readonly highWatermark: number },
    committed: Committed,
  ): void {
    const bytes = node.host.disk.contents(file);
    if (bytes === undefined) return;
    const cursor = new BatchCursor(bytes);
    while (cursor.next()) {
      const { batch } = cursor;
      const { baseOffset, lastOffset, crc } = batch;
      const leaderEpoch = batch.partitionLeaderEpoch;
      if (lastOffset >= highWatermark) return;
      if (lastOffset < from) continue;
      const known = committed.batches.get(baseOffset);
      if (known === undefined) {
        if (baseOffset !== committed.end) {
          const detail = `${committed.name} on node ${node.id}: a batch at ${baseOffset}, others have ${committed.end} next`;
          this.#verdict.violate('replicas are equal below the high watermark', detail);
          return;
        }
        const values = valuesOf(batch);
        committed.batches.set(baseOffset, { lastOffset, crc, leaderEpoch, values, node: node.id });
        committed.end = lastOffset + 1;
      } else {
        this.compared += 1;
        if (known.lastOffset === lastOffset && known.crc === crc && known.leaderEpoch === leaderEpoch) continue;
        const detail =
          `${committed.name} at ${baseOffset}: node ${node.id} has one to ${lastOffset} of epoch ${leaderEpoch}, ` +
          `node ${known.node} had one to ${known.lastOffset} of epoch ${known.leaderEpoch}`;
        this.#verdict.violate('replicas are equal below the high watermark', detail);
        return;
      }
    }
  }
}

/** Segments are named after the offset of their first record. */
function baseOffsetOf(path: string): number {
  return Number(path.slice(path.lastIndexOf('/') + 1, -'.log'.length));
}

function valuesOf(batch: BatchCursor['batch']): string[] {
  const text = new TextDecoder();
  const values: string[] = [];
  const cursor = new RecordCursor().open(batch);
  while (cursor.next()) {
    const { valuePosition, valueLength } = cursor;
    values.push(text.decode(cursor.bytes.subarray(valuePosition, valuePosition + valueLength)));
  }
  return values;
}
