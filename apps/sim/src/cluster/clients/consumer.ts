import { BatchCursor, RecordCursor } from '@biquorum/kafka-wire';
import { fetchRequest, fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import { listOffsetsRequest, listOffsetsResponse } from '@biquorum/kafka-wire/messages/list-offsets';
import type { LedgerTopic } from '../ledger.ts';
import { isRetriable, Worker, type WorkerParts } from './worker.ts';

const NONE = 0;
/** How far a reader steps back: what it has read before must be there still, whoever leads now. */
const STEP_BACK = 4;
const LATEST = -1n;
/** What a consumer has been shown of a partition. */
interface Progress {
  position: number;
  /** The end of the log by ListOffsets. */
  end: number;
  /** The last high watermark of a leadership. */
  highWatermark: number;
  /** Whose that was. */
  leaderEpoch: number;
  leaderLife: number;
}

/**
 * Reads a topic on and on, and looks that nothing that it was shown is taken back.
 *
 * The high watermark of a Fetch is that of one leadership: a new leader learns it again, and until then shows less
 * (KIP-207). So it must not go back within an epoch, or within a leader's life where it leads on after it was started
 * again. The end that ListOffsets tells must never go back.
 */
export class Consumer extends Worker {
  readonly #topic: LedgerTopic;
  readonly #progress: Map<number, Progress> = new Map();

  constructor(name: string, parts: WorkerParts, topic: LedgerTopic) {
    super(name, parts);
    this.#topic = topic;
  }

  /** Where it will read next; 0 where it has not read yet. */
  positionOf(partition: number): number {
    return this.#progress.get(partition)?.position ?? 0;
  }

  protected async work(): Promise<boolean> {
    const topic = this.#topic;
    if (topic.deleting) return false;
    const partition = this.prng.below(topic.partitions);
    let progress = this.#progress.get(partition);
    if (progress === undefined) {
      progress = { position: 0, end: 0, highWatermark: 0, leaderEpoch: -1, leaderLife: -1 };
      this.#progress.set(partition, progress);
    }
    const code = this.prng.chance(0.2) ? await this.#end(partition, progress) : await this.#fetch(partition, progress);
    if (topic.deleting) return false;
    if (code === NONE) await this.client.pause(this.prng.between(1, 150));
    else if (isRetriable(code)) await this.again(code);
    else this.refuse(`${topic.name}-${partition} at ${progress.position}`, code as number);
    return true;
  }

  async #fetch(partition: number, progress: Progress): Promise<number | undefined> {
    const { id: topicId, name } = this.#topic;
    const leader = this.client.leaderOf(topicId, partition);
    if (leader === undefined) return undefined;
    const fetchOffset = Math.max(0, progress.position - this.prng.below(STEP_BACK));
    const life = this.habits.lifeOf(leader.id);
    const wish = { partition, fetchOffset, partitionMaxBytes: 1 << 20, currentLeaderEpoch: leader.epoch };
    const answer = await this.client.ask(leader.id, fetchRequest, fetchResponse, 13, {
      replicaId: -1,
      maxWaitMs: 200,
      minBytes: 1,
      maxBytes: 1 << 20,
      sessionEpoch: -1,
      topics: [{ topicId, partitions: [{ ...wish, lastFetchedEpoch: -1 }] }],
    });
    if (answer === undefined) return undefined;
    const row = answer.responses[0]?.partitions[0];
    if (answer.errorCode !== NONE || row === undefined) return answer.errorCode;
    if (row.errorCode !== NONE) return row.errorCode;
    const { highWatermark, records } = row;
    const isSame = progress.leaderEpoch === leader.epoch && progress.leaderLife === life;
    if (isSame && this.habits.lifeOf(leader.id) === life && highWatermark < progress.highWatermark) {
      const detail = `${name}-${partition} from ${progress.highWatermark} to ${highWatermark} in epoch ${leader.epoch}`;
      this.ledger.verdict.violate('the high watermark never goes back', detail);
    }
    progress.leaderEpoch = leader.epoch;
    progress.leaderLife = this.habits.lifeOf(leader.id);
    progress.highWatermark = highWatermark;
    this.ledger.sawHighWatermark(topicId, partition, highWatermark);
    let next = fetchOffset;
    for (const { offset, value } of recordsOf(records, fetchOffset)) {
      if (offset !== next || offset >= highWatermark) {
        const detail = `${name}-${partition}: ${offset} after ${next - 1}, high watermark ${highWatermark}`;
        this.ledger.verdict.violate('consumers read what is committed, in order', detail);
      }
      next = offset + 1;
      this.ledger.read(topicId, partition, offset, value);
    }
    progress.position = Math.max(progress.position, next);
    return NONE;
  }

  async #end(partition: number, progress: Progress): Promise<number | undefined> {
    const { id: topicId, name } = this.#topic;
    const leader = this.client.leaderOf(topicId, partition);
    if (leader === undefined) return undefined;
    const wish = { partitionIndex: partition, currentLeaderEpoch: leader.epoch, timestamp: LATEST };
    const topics = [{ name, partitions: [wish] }];
    const answer = await this.client.ask(leader.id, listOffsetsRequest, listOffsetsResponse, 8, {
      replicaId: -1,
      topics,
    });
    const row = answer?.topics[0]?.partitions[0];
    if (row === undefined || row.errorCode !== NONE) return row?.errorCode;
    if (row.offset < Math.max(progress.end, progress.position) && !this.#topic.deleting) {
      const before = Math.max(progress.end, progress.position);
      const detail = `the end of ${name}-${partition} from ${before} to ${row.offset} in epoch ${leader.epoch}`;
      this.ledger.verdict.violate('the high watermark never goes back', detail);
    }
    progress.end = Math.max(progress.end, row.offset);
    this.ledger.sawHighWatermark(topicId, partition, row.offset);
    return NONE;
  }
}

function* recordsOf(bytes: Uint8Array | null, from: number): Generator<{ offset: number; value: string }> {
  if (bytes === null) return;
  const batches = new BatchCursor(bytes);
  const text = new TextDecoder();
  while (batches.next()) {
    const cursor = new RecordCursor().open(batches.batch);
    while (cursor.next()) {
      const { offset, valuePosition, valueLength } = cursor;
      if (offset < from) continue;
      yield { offset, value: text.decode(cursor.bytes.subarray(valuePosition, valuePosition + valueLength)) };
    }
  }
}
