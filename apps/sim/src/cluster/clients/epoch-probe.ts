import { fetchRequest, fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import { listOffsetsRequest, listOffsetsResponse } from '@biquorum/kafka-wire/messages/list-offsets';
import type { LedgerTopic } from '../ledger.ts';
import { Worker, type WorkerParts } from './worker.ts';

const NONE = 0;
const LATEST = -1n;

/**
 * Asks leaders for records under epochs that are over.
 *
 * A broker that has served a partition in an epoch knows that all before it are over, and must not serve under any of
 * them again: who asks so has missed a change of leaders, and what he has read since may have to go (KIP-320).
 */
export class EpochProbe extends Worker {
  readonly #topics: readonly LedgerTopic[];

  constructor(name: string, parts: WorkerParts, topics: readonly LedgerTopic[]) {
    super(name, parts);
    this.#topics = topics;
  }

  protected async work(): Promise<boolean> {
    const topic = this.prng.pick(this.#topics);
    const partition = this.prng.below(topic.partitions);
    const leader = this.client.leaderOf(topic.id, partition);
    if (leader === undefined || leader.epoch === 0) {
      await this.again(undefined);
      return true;
    }
    if (await this.#serves(topic, partition, leader)) {
      const past = this.prng.below(leader.epoch);
      const code = await this.#fetch(topic, partition, { id: leader.id, epoch: past });
      if (code === NONE) {
        const detail = `${topic.name}-${partition}: node ${leader.id} led in epoch ${leader.epoch}, and serves in ${past}`;
        this.ledger.verdict.violate('nothing is served under an epoch that is over', detail);
      }
    } else await this.again(undefined);
    await this.client.pause(this.prng.between(100, 1_500));
    return true;
  }

  /** Does a broker lead in this epoch, by its own word? */
  async #serves(topic: LedgerTopic, partitionIndex: number, { id, epoch }: Leader): Promise<boolean> {
    const wish = { partitionIndex, currentLeaderEpoch: epoch, timestamp: LATEST };
    const answer = await this.client.ask(id, listOffsetsRequest, listOffsetsResponse, 8, {
      replicaId: -1,
      topics: [{ name: topic.name, partitions: [wish] }],
    });
    return answer?.topics[0]?.partitions[0]?.errorCode === NONE;
  }

  /** The answer's error; undefined where there was none. */
  async #fetch(topic: LedgerTopic, partition: number, { id, epoch }: Leader): Promise<number | undefined> {
    const wish = { partition, fetchOffset: 0, partitionMaxBytes: 1, currentLeaderEpoch: epoch, lastFetchedEpoch: -1 };
    const answer = await this.client.ask(id, fetchRequest, fetchResponse, 13, {
      replicaId: -1,
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 1,
      sessionEpoch: -1,
      topics: [{ topicId: topic.id, partitions: [wish] }],
    });
    if (answer === undefined || answer.errorCode !== NONE) return answer?.errorCode;
    return answer.responses[0]?.partitions[0]?.errorCode;
  }
}

interface Leader {
  readonly id: number;
  readonly epoch: number;
}
