import { PeerError } from '@biquorum/kafka-network';
import type { CompressionCodecs } from '@biquorum/kafka-wire';
import { fetchRequest, fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import { type KafkaClient, UnreachableFault } from './kafka-client.ts';
import { KafkaError } from './kafka-error.ts';
import {
  byLeader,
  EARLIEST,
  type Isolation,
  isolationLevel,
  keyOf,
  LATEST,
  listOffsets,
  type TopicPartition,
} from './offsets.ts';
import { type ReadRecord, readBatches } from './read-batches.ts';

/** How records are read. */
export interface FetcherOptions {
  readonly codecs: CompressionCodecs;
  readonly isolation: Isolation;
  /** Where reading goes on when an offset is no longer there. */
  readonly reset: 'earliest' | 'latest';
  readonly skipFaults: boolean;
}

/** A partition, and the offset of the record to be read next. */
export interface Position extends TopicPartition {
  offset: number;
}

/** The last version that names topics by their name; later ones name them by id. */
const FETCH = { request: fetchRequest, response: fetchResponse, lowestVersion: 4, highestVersion: 12 };
const MAX_WAIT_MS = 500;
const MAX_BYTES = 50 << 20;
const PARTITION_BYTES = 1 << 20;
const RETRY_AFTER_MS = 200;
const OFFSET_OUT_OF_RANGE = 1;

/** Reads partitions from their leaders, each from its position on. */
export class Fetcher {
  readonly #client: KafkaClient;
  readonly #options: FetcherOptions;
  readonly #positions: ReadonlyMap<string, Position>;
  #leaders: ReadonlyMap<number, readonly Position[]> | undefined;
  #failingSinceMs: number | undefined;

  /** @param positions advance as records are read */
  constructor(client: KafkaClient, positions: readonly Position[], options: FetcherOptions) {
    this.#client = client;
    this.#options = options;
    this.#positions = new Map(positions.map((position) => [keyOf(position), position]));
  }

  /**
   * Asks all leaders once, and waits half a second where nothing is new.
   *
   * @returns partition by partition what they gave, in order
   * @throws KafkaError, or CommandFault for records that cannot be read
   */
  async poll(): Promise<readonly ReadRecord[]> {
    if (this.#positions.size === 0) {
      await this.#client.pause(MAX_WAIT_MS);
      return [];
    }
    try {
      this.#leaders ??= await byLeader(this.#client, [...this.#positions.values()]);
    } catch (error) {
      return this.#later(error);
    }
    const answers = await Promise.all([...this.#leaders].map(([leader, own]) => this.#fetch(leader, own)));
    return answers.flat();
  }

  async #fetch(leader: number, positions: readonly Position[]): Promise<readonly ReadRecord[]> {
    const topics = new Map<string, { partition: number; fetchOffset: number; partitionMaxBytes: number }[]>();
    for (const { topic, partition, offset } of positions) {
      const one = { partition, fetchOffset: offset, partitionMaxBytes: PARTITION_BYTES };
      topics.set(topic, [...(topics.get(topic) ?? []), one]);
    }
    try {
      const answer = await this.#client.node(leader, FETCH, {
        maxWaitMs: MAX_WAIT_MS,
        minBytes: 1,
        maxBytes: MAX_BYTES,
        isolationLevel: isolationLevel(this.#options.isolation),
        topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })),
      });
      if (answer.errorCode !== 0) throw new KafkaError(`fetch from broker ${leader}`, answer.errorCode);
      const records: ReadRecord[] = [];
      for (const { topic, partitions } of answer.responses) {
        for (const state of partitions) {
          const position = this.#positions.get(keyOf({ topic, partition: state.partitionIndex }));
          if (position === undefined) continue;
          if (state.errorCode === OFFSET_OUT_OF_RANGE) {
            await this.#reset(position);
            continue;
          }
          if (state.errorCode !== 0) throw new KafkaError(`partition ${keyOf(position)}`, state.errorCode);
          if (state.records === null || state.records.length === 0) continue;
          const read = readBatches(position, state.records, position.offset, {
            ...this.#options,
            aborted: this.#options.isolation === 'read_committed' ? (state.abortedTransactions ?? []) : [],
          });
          position.offset = read.nextOffset;
          records.push(...read.records);
        }
      }
      this.#failingSinceMs = undefined;
      return records;
    } catch (error) {
      return this.#later(error);
    }
  }

  async #reset(position: Position): Promise<void> {
    const where = this.#options.reset === 'earliest' ? EARLIEST : LATEST;
    const offsets = await listOffsets(this.#client, [position], where, this.#options.isolation);
    position.offset = offsets.get(keyOf(position)) ?? position.offset;
  }

  /** Leaders that are gone have successors in a while. @throws what came, when it does not pass by itself */
  async #later(error: unknown): Promise<readonly ReadRecord[]> {
    const passes =
      error instanceof KafkaError ? error.retriable : error instanceof PeerError || error instanceof UnreachableFault;
    if (!passes) throw error;
    const nowMs = this.#client.clock.monotonicMs();
    this.#failingSinceMs ??= nowMs;
    if (this.#isOver()) throw error instanceof PeerError ? new UnreachableFault(error.message) : error;
    this.#leaders = undefined;
    await this.#client.pause(RETRY_AFTER_MS);
    return [];
  }

  #isOver(): boolean {
    const since = this.#failingSinceMs;
    return since !== undefined && this.#client.clock.monotonicMs() - since > this.#client.patienceMs;
  }
}
