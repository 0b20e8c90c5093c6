import { errorName } from '@biquorum/kafka-wire';
import {
  type AllocateProducerIdsResponse,
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from '@biquorum/kafka-wire/messages/allocate-producer-ids';
import type { Outcome, ProducerIdBlock } from '../commands.ts';
import { ChannelError, type ControllerChannel } from './controller-channel.ts';

/** Asks for the next block of producer ids; a block whose reply is lost is lost with it. */
export async function askProducerIds(
  channel: ControllerChannel,
  brokerId: number,
  brokerEpoch: number,
  deadlineMs: number,
): Promise<Outcome<ProducerIdBlock>> {
  const call = {
    request: allocateProducerIdsRequest,
    response: allocateProducerIdsResponse,
    body: () => ({ brokerId, brokerEpoch }),
    isTransient: ({ errorCode }: AllocateProducerIdsResponse) => errorName(errorCode) === 'NOT_CONTROLLER',
  };
  try {
    const { errorCode, producerIdStart, producerIdLen } = await channel.ask(call, deadlineMs);
    if (errorCode === 0) return { ok: true, value: { first: Number(producerIdStart), count: producerIdLen } };
    return { ok: false, error: errorName(errorCode), message: 'the controller gives no producer ids; ask again' };
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    return { ok: false, error: 'COORDINATOR_NOT_AVAILABLE', message: error.message };
  }
}
