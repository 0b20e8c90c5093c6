import { decodeProducerIdBlock, encodeProducerIdBlock, PATHS } from '@biquorum/kafka-znodes';
import type { BrokerEpoch, NodeId } from '@biquorum/metadata';
import type { Core } from './core.ts';
import { Refused } from './faults.ts';

/** Ids of producers that one broker gets at once. Source: Java `ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE`. */
const BLOCK_LENGTH = 1_000;

/**
 * Gives a broker the next block of producer ids.
 *
 * @throws Refused BROKER_ID_NOT_REGISTERED, STALE_BROKER_EPOCH, UNKNOWN_SERVER_ERROR when all are spent
 *
 * Source: Java `ZkProducerIdManager.getNewProducerIdBlock` (KIP-360, KIP-730).
 */
export async function allocateProducerIds(
  { context, znodes }: Core,
  brokerId: NodeId,
  epoch: BrokerEpoch,
): Promise<{ readonly first: number; readonly count: number }> {
  const broker = context.brokers.get(brokerId);
  if (broker === undefined) throw new Refused('BROKER_ID_NOT_REGISTERED');
  if (broker.epoch !== epoch) throw new Refused('STALE_BROKER_EPOCH');
  for (;;) {
    const found = await znodes.versioned(PATHS.producerIds);
    const before = found === undefined ? null : decodeProducerIdBlock(found.data);
    const first = before === null ? 0 : before.last + 1;
    const last = first + BLOCK_LENGTH - 1;
    if (!Number.isSafeInteger(last)) throw new Refused('UNKNOWN_SERVER_ERROR', 'all producer ids are spent');
    const data = encodeProducerIdBlock({ brokerId, first, last });
    const isWritten =
      found === undefined
        ? await znodes.create(PATHS.producerIds, data)
        : await znodes.replace(PATHS.producerIds, data, found.version);
    if (isWritten) return { first, count: BLOCK_LENGTH };
  }
}
