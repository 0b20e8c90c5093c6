import type { Init } from '@biquorum/kafka-wire';
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
} from '@biquorum/kafka-wire/messages/allocate-producer-ids';
import { checkBrokerEpoch, type Decision, type Situation } from './situation.ts';

/** Producer ids in one block. Source: Java `ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE`. */
export const PRODUCER_ID_BLOCK_SIZE = 1_000;

/** Gives a broker the next block of producer ids. @throws ControllerFault STALE_BROKER_EPOCH */
export function allocateProducerIds(
  situation: Situation,
  { brokerId, brokerEpoch }: AllocateProducerIdsRequest,
): Decision<Init<AllocateProducerIdsResponse>> {
  checkBrokerEpoch(situation, brokerId, brokerEpoch);
  const producerIdStart = Math.max(0, situation.image.nextProducerId);
  const record = { brokerId, brokerEpoch, nextProducerId: producerIdStart + PRODUCER_ID_BLOCK_SIZE };
  return {
    records: [{ type: 'ProducerIdsRecord', version: 0, record }],
    reply: { producerIdStart, producerIdLen: PRODUCER_ID_BLOCK_SIZE },
  };
}
