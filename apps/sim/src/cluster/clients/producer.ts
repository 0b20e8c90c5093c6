import { BatchBuilder, errorCode } from '@biquorum/kafka-wire';
import { initProducerIdRequest, initProducerIdResponse } from '@biquorum/kafka-wire/messages/init-producer-id';
import { produceRequest, produceResponse } from '@biquorum/kafka-wire/messages/produce';
import type { LedgerTopic } from '../ledger.ts';
import { isRetriable, Worker, type WorkerParts } from './worker.ts';

/** Where, how often and how much a producer writes. */
export interface ProducerTask {
  readonly topic: LedgerTopic;
  readonly partition: number;
  /** After so many batches it ends. */
  readonly batches: number;
  readonly pauseMsMax: number;
}

const NONE = 0;
/** True time at the beginning of a world in memory. */
const TIMESTAMP_MS = 1_704_067_200_000;

/** An idempotent producer with acks=all: it repeats each batch until that is acknowledged, and then sends the next. */
export class Producer extends Worker {
  readonly #task: ProducerTask;
  #producerId = -1;
  #sequence = 0;
  #batches = 0;

  constructor(name: string, parts: WorkerParts, task: ProducerTask) {
    super(name, parts);
    this.#task = task;
  }

  /** How many batches were acknowledged. */
  get acknowledgedBatches(): number {
    return this.#batches;
  }

  protected async work(): Promise<boolean> {
    const { topic, batches, pauseMsMax } = this.#task;
    if (topic.deleting || this.#batches >= batches) return false;
    if (this.#producerId < 0 && !(await this.#begin())) return true;
    const count = this.prng.between(1, 3);
    const values = Array.from({ length: count }, (_, index) => recordOf(this.#producerId, this.#sequence + index));
    if (!(await this.#send(values))) return false;
    this.#sequence += count;
    this.#batches += 1;
    await this.client.pause(this.prng.between(1, pauseMsMax));
    return true;
  }

  /** Gets an id. */
  async #begin(): Promise<boolean> {
    const body = { transactionalId: null, transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 };
    const answer = await this.client.ask(
      this.client.anyBroker(),
      initProducerIdRequest,
      initProducerIdResponse,
      4,
      body,
    );
    if (answer?.errorCode === NONE) {
      this.ledger.gaveProducerId(answer.producerId);
      this.#producerId = answer.producerId;
      return true;
    }
    if (!isRetriable(answer?.errorCode)) this.refuse('InitProducerId', answer?.errorCode ?? -1);
    await this.again(answer?.errorCode);
    return false;
  }

  /** Repeats a batch until it is acknowledged; false when the topic goes. */
  async #send(values: readonly string[]): Promise<boolean> {
    const { topic, partition } = this.#task;
    for (;;) {
      const leader = this.client.leaderOf(topic.id, partition);
      const row = leader === undefined ? undefined : await this.#produce(leader.id, values);
      if (row?.errorCode === NONE) {
        if (topic.deleting) return false;
        this.ledger.acknowledged(topic.id, partition, row.baseOffset, values);
        return true;
      }
      if (topic.deleting) return false;
      if (!isRetriable(row?.errorCode)) {
        this.refuse(`${topic.name}-${partition}, sequence ${this.#sequence}`, row?.errorCode ?? -1);
        return false;
      }
      await this.again(row?.errorCode);
    }
  }

  async #produce(
    broker: number,
    values: readonly string[],
  ): Promise<{ readonly errorCode: number; readonly baseOffset: number } | undefined> {
    const { topic, partition } = this.#task;
    const sequence = { producerId: this.#producerId, producerEpoch: 0, baseSequence: this.#sequence };
    const builder = new BatchBuilder(sequence);
    for (const value of values) builder.append(TIMESTAMP_MS, null, new TextEncoder().encode(value));
    const records = builder.build().slice();
    const answer = await this.client.ask(broker, produceRequest, produceResponse, 9, {
      acks: -1,
      timeoutMs: 1_500,
      topicData: [{ name: topic.name, partitionData: [{ index: partition, records }] }],
    });
    if (answer === undefined) return undefined;
    return (
      answer.responses[0]?.partitionResponses[0] ?? { errorCode: errorCode('UNKNOWN_SERVER_ERROR'), baseOffset: -1 }
    );
  }
}

/** What a producer writes: its id and the place in its sequence. */
function recordOf(producerId: number, sequence: number): string {
  return `${producerId}:${sequence}`;
}
