import { errorCode, type Uuid } from '@biquorum/kafka-wire';
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '@biquorum/kafka-wire/messages/alter-partition-reassignments';
import { createPartitionsRequest, createPartitionsResponse } from '@biquorum/kafka-wire/messages/create-partitions';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import { electLeadersRequest, electLeadersResponse } from '@biquorum/kafka-wire/messages/elect-leaders';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import type { LedgerTopic } from '../ledger.ts';
import { isRetriable, Worker } from './worker.ts';

const NONE = 0;
const TIMEOUT_MS = 5_000;
const EXISTS = errorCode('TOPIC_ALREADY_EXISTS');
const UNKNOWN_ID = errorCode('UNKNOWN_TOPIC_ID');
const ENOUGH_PARTITIONS = errorCode('INVALID_PARTITIONS');
/** There are not enough live brokers at the moment. */
const TOO_FEW_BROKERS = errorCode('INVALID_REPLICATION_FACTOR');
const [RESOURCE_TOPIC, RESOURCE_BROKER, SET] = [2, 4, 0];
/** What may come of moving partitions besides success: nothing moves that could be cancelled, or a broker is not there. */
const MOVE_ERRORS: ReadonlySet<number> = new Set([
  errorCode('NO_REASSIGNMENT_IN_PROGRESS'),
  errorCode('INVALID_REPLICA_ASSIGNMENT'),
]);

/** Someone who asks for changes of the cluster, and notes what was promised to him. */
export abstract class Administrator extends Worker {
  /** Creates a topic with three replicas; undefined when the run ends before that is sure. */
  protected async createTopic(name: string, partitions: number): Promise<LedgerTopic | undefined> {
    const topics = [{ name, numPartitions: partitions, replicationFactor: 3 }];
    while (!this.isStopped) {
      const answer = await this.client.ask(this.client.anyBroker(), createTopicsRequest, createTopicsResponse, 7, {
        topics,
        timeoutMs: TIMEOUT_MS,
      });
      const row = answer?.topics[0];
      if (row?.errorCode === NONE) return this.#created(name, row.topicId, partitions);
      // An attempt without an answer has taken effect, or a broker that asked twice for us; the others tell the id.
      if (row?.errorCode === EXISTS) {
        await this.client.refresh();
        const id = this.client.idOf(name);
        if (id !== undefined && !this.ledger.topics.has(id)) {
          return this.#created(name, id, this.client.partitionsOf(id));
        }
      } else if (this.#isOdd(row)) {
        this.refuse(`creation of ${name}`, row?.errorCode ?? -1);
      }
      await this.again(row?.errorCode);
    }
    return undefined;
  }

  protected async deleteTopic(topic: LedgerTopic): Promise<void> {
    topic.deleting = true;
    while (!this.isStopped) {
      const answer = await this.client.ask(this.client.anyBroker(), deleteTopicsRequest, deleteTopicsResponse, 6, {
        topics: [{ name: null, topicId: topic.id }],
        timeoutMs: TIMEOUT_MS,
      });
      const row = answer?.responses[0];
      const code = row?.errorCode;
      if (code === NONE) {
        this.ledger.counts.commands += 1;
        topic.deleted = true;
      }
      // That it is unknown may be said by a controller of old: it proves nothing.
      if (code === NONE || code === UNKNOWN_ID) return;
      if (this.#isOdd(row)) this.refuse(`deletion of ${topic.name}`, code as number);
      await this.again(code);
    }
  }

  protected async growTopic(topic: LedgerTopic): Promise<void> {
    const count = topic.partitions + 1;
    while (!this.isStopped) {
      const broker = this.client.anyBroker();
      const answer = await this.client.ask(broker, createPartitionsRequest, createPartitionsResponse, 3, {
        topics: [{ name: topic.name, count, assignments: null }],
        timeoutMs: TIMEOUT_MS,
      });
      const row = answer?.results[0];
      const code = row?.errorCode;
      if (code === NONE || code === ENOUGH_PARTITIONS) {
        this.ledger.counts.commands += 1;
        topic.partitions = count;
        return;
      }
      if (this.#isOdd(row)) this.refuse(`growth of ${topic.name} to ${count}`, code as number);
      await this.again(code);
    }
  }

  /** Asks for a move; whether it begins is up to what else goes on. @param replicas null cancels one under way */
  protected async move(topic: LedgerTopic, partition: number, replicas: readonly number[] | null): Promise<void> {
    const answer = await this.client.ask(
      this.client.anyBroker(),
      alterPartitionReassignmentsRequest,
      alterPartitionReassignmentsResponse,
      0,
      { timeoutMs: TIMEOUT_MS, topics: [{ name: topic.name, partitions: [{ partitionIndex: partition, replicas }] }] },
    );
    const row = answer?.errorCode === NONE ? answer.responses[0]?.partitions[0] : answer;
    if (row?.errorCode === NONE) this.ledger.counts.commands += 1;
    else if (this.#isOdd(row) && !MOVE_ERRORS.has(row?.errorCode ?? -1))
      this.refuse(`a move of ${topic.name}`, row?.errorCode ?? -1);
  }

  /** Sets a key of a topic, or of all brokers where that is null. */
  protected async configure(topic: LedgerTopic | null, key: string, value: string): Promise<void> {
    const resource = {
      resourceType: topic === null ? RESOURCE_BROKER : RESOURCE_TOPIC,
      resourceName: topic?.name ?? '',
    };
    this.ledger.attempted(topic?.name ?? '', key, value);
    const answer = await this.client.ask(
      this.client.anyBroker(),
      incrementalAlterConfigsRequest,
      incrementalAlterConfigsResponse,
      1,
      { resources: [{ ...resource, configs: [{ name: key, configOperation: SET, value }] }], validateOnly: false },
    );
    const row = answer?.responses[0];
    if (row?.errorCode === NONE) {
      this.ledger.counts.commands += 1;
      this.ledger.configured(topic?.name ?? '', key);
    } else if (this.#isOdd(row)) this.refuse(`${key} of ${topic?.name ?? 'all brokers'}`, row?.errorCode ?? -1);
  }

  /** Asks for the preferred leaders everywhere. */
  protected async electPreferred(): Promise<void> {
    const body = { electionType: 0, topicPartitions: null, timeoutMs: TIMEOUT_MS };
    const answer = await this.client.ask(this.client.anyBroker(), electLeadersRequest, electLeadersResponse, 2, body);
    if (this.#isOdd(answer)) this.refuse('an election', answer?.errorCode ?? -1);
  }

  /** Is it an error that no fault explains? */
  #isOdd(row: { readonly errorCode: number; readonly errorMessage?: string | null } | undefined): boolean {
    const { errorCode: code, errorMessage = null } = row ?? {};
    if (code === undefined || code === NONE || code === TOO_FEW_BROKERS || isRetriable(code)) return false;
    return !this.habits.excuses(code, errorMessage);
  }

  #created(name: string, id: Uuid, partitions: number): LedgerTopic {
    this.ledger.counts.commands += 1;
    const topic: LedgerTopic = { name, id, partitions, deleting: false, deleted: false };
    this.ledger.created(topic);
    return topic;
  }
}
