import { errorCode, type Init } from '@biquorum/kafka-wire';
import type { DeleteRecordsRequest, DeleteRecordsResponse } from '@biquorum/kafka-wire/messages/delete-records';
import type {
  DescribeProducersRequest,
  DescribeProducersResponse,
  DescribeProducersResponseProducerState,
} from '@biquorum/kafka-wire/messages/describe-producers';
import type { InitProducerIdRequest, InitProducerIdResponse } from '@biquorum/kafka-wire/messages/init-producer-id';
import type {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from '@biquorum/kafka-wire/messages/offset-for-leader-epoch';
import { INTERNAL_TOPICS, type NodeId, validateTopicName } from '@biquorum/metadata';
import { deleteRecords } from '../replicas/delete-records.ts';
import type { ApiRequest, BrokerCore } from './core.ts';
import { isKnownPartition } from './known-partition.ts';

/** Where the records of an epoch end (KIP-101, KIP-320). */
export function handleOffsetForLeaderEpoch({
  core,
  body,
}: ApiRequest<OffsetForLeaderEpochRequest>): Init<OffsetForLeaderEpochResponse> {
  const topics = body.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition: index, currentLeaderEpoch, leaderEpoch: asked }) => {
      const partition = core.replicas.find(topic, index);
      const error =
        partition?.roleError(currentLeaderEpoch, true) ??
        (partition === undefined ? absent(core, topic, index) : 'NONE');
      if (partition === undefined || error !== 'NONE') return { partition: index, errorCode: errorCode(error) };
      // The present epoch has not ended: it reaches to the end of the log.
      if (asked === partition.leaderEpoch) {
        return { partition: index, errorCode: 0, leaderEpoch: asked, endOffset: partition.log.endOffset };
      }
      const end = partition.log.endOffsetForEpoch(asked);
      return { partition: index, errorCode: 0, leaderEpoch: end?.epoch ?? -1, endOffset: end?.endOffset ?? -1 };
    }),
  }));
  return { topics };
}

/** Moves log starts forward; answered when every live replica has moved with it. */
export async function handleDeleteRecords({
  core,
  body,
}: ApiRequest<DeleteRecordsRequest>): Promise<Init<DeleteRecordsResponse>> {
  const isAlive = (node: NodeId): boolean => core.view().brokers.get(node)?.fenced === false;
  const topics = await Promise.all(
    body.topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(
        partitions.map(async ({ partitionIndex, offset }) => {
          const partition = core.replicas.find(name, partitionIndex);
          if (INTERNAL_TOPICS.has(name) && isKnownPartition(core.view(), name, partitionIndex))
            return { partitionIndex, lowWatermark: -1, errorCode: errorCode('INVALID_TOPIC_EXCEPTION') };
          const outcome =
            partition === undefined
              ? { error: absent(core, name, partitionIndex), lowWatermark: -1 }
              : await deleteRecords(partition, offset, body.timeoutMs, core.ports.timers, isAlive);
          return { partitionIndex, lowWatermark: outcome.lowWatermark, errorCode: errorCode(outcome.error) };
        }),
      ),
    })),
  );
  return { topics };
}

export function handleDescribeProducers({
  core,
  body,
}: ApiRequest<DescribeProducersRequest>): Init<DescribeProducersResponse> {
  const topics = body.topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => {
      if (validateTopicName(name) !== null)
        return { partitionIndex, errorCode: errorCode('INVALID_TOPIC_EXCEPTION'), activeProducers: [] };
      const partition = core.replicas.find(name, partitionIndex);
      const error =
        partition?.roleError(-1, true) ?? (partition === undefined ? absent(core, name, partitionIndex) : 'NONE');
      const activeProducers: Init<DescribeProducersResponseProducerState>[] = [];
      if (partition !== undefined && error === 'NONE') {
        for (const producer of partition.log.producers()) {
          activeProducers.push({
            producerId: producer.producerId,
            producerEpoch: producer.epoch,
            lastSequence: producer.batches.at(-1)?.lastSequence ?? -1,
            lastTimestamp: BigInt(producer.lastTimestamp),
            coordinatorEpoch: producer.coordinatorEpoch,
            currentTxnStartOffset: producer.transactionFirstOffset,
          });
        }
      }
      return { partitionIndex, errorCode: errorCode(error), activeProducers };
    }),
  }));
  return { topics };
}

/** A producer id for an idempotent producer; transactions are not served yet. */
export async function handleInitProducerId({
  core,
  body,
}: ApiRequest<InitProducerIdRequest>): Promise<Init<InitProducerIdResponse>> {
  if (body.transactionalId !== null) {
    const error = body.transactionalId === '' ? 'INVALID_REQUEST' : 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED';
    return { errorCode: errorCode(error), producerId: -1, producerEpoch: -1 };
  }
  const producerId = await core.producerIds.take();
  if (producerId === null)
    return { errorCode: errorCode('COORDINATOR_LOAD_IN_PROGRESS'), producerId: -1, producerEpoch: -1 };
  return { errorCode: 0, producerId, producerEpoch: 0 };
}

/** Why there is no such replica here. */
export function absent(
  core: BrokerCore,
  topic: string,
  index: number,
): 'NOT_LEADER_OR_FOLLOWER' | 'UNKNOWN_TOPIC_OR_PARTITION' {
  return isKnownPartition(core.view(), topic, index) ? 'NOT_LEADER_OR_FOLLOWER' : 'UNKNOWN_TOPIC_OR_PARTITION';
}
