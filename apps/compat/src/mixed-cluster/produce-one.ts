import { BatchBuilder } from '@biquorum/kafka-wire';
import { produceRequest, produceResponse } from '@biquorum/kafka-wire/messages/produce';
import { ask } from '../configs/ask.ts';

const VERSION = 9;
const TIMEOUT_MS = 20_000;

/** What a broker answers to one record: Kafka's error code, and where the record is. */
export interface Produced {
  readonly errorCode: number;
  readonly offset: number;
}

/**
 * Writes one record to a partition at a broker, whoever leads it.
 *
 * @param acks −1 for all replicas in sync
 * @param patienceMs how long the broker may be silent
 */
export async function produceOne(
  broker: string,
  name: string,
  partition: number,
  text: string,
  acks: 1 | -1,
  patienceMs?: number,
): Promise<Produced> {
  const builder = new BatchBuilder();
  const bytes = new TextEncoder().encode(text);
  builder.append(Date.now(), bytes, bytes);
  const body = {
    transactionalId: null,
    acks,
    timeoutMs: TIMEOUT_MS,
    topicData: [{ name, partitionData: [{ index: partition, records: builder.build() }] }],
  };
  const { responses } = await ask(broker, produceRequest, produceResponse, VERSION, body, patienceMs);
  const answer = responses[0]?.partitionResponses[0];
  return { errorCode: answer?.errorCode ?? -1, offset: Number(answer?.baseOffset ?? -1) };
}
