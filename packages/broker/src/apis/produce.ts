import { errorCode, type Init } from '@biquorum/kafka-wire';
import type {
  ProduceRequest,
  ProduceRequestPartitionProduceData,
  ProduceResponse,
  ProduceResponsePartitionProduceResponse,
} from '@biquorum/kafka-wire/messages/produce';
import { endpointOn, INTERNAL_TOPICS } from '@biquorum/metadata';
import {
  type ProduceEntry,
  type ProduceError,
  type ProduceResult,
  produce,
  type RequiredAcks,
} from '../replicas/produce.ts';
import type { ApiRequest } from './core.ts';
import { absent } from './partitions.ts';

/** First version whose answer says who leads instead (KIP-951). */
const VERSION_WITH_LEADERS = 10;
/** The client id with which Kafka's own tools may write to internal topics. Source: Java `AdminUtils.ADMIN_CLIENT_ID`. */
const ADMIN_CLIENT_ID = '__admin_client';
const NO_RECORDS = new Uint8Array(0);

type ProduceAnswer = Init<ProduceResponse> | null | 'close';

/**
 * Answers with the response; with `null` for acks=0, and with `close` when such a request failed. At once, unless
 * replication has to be waited for.
 */
export function handleProduce(request: ApiRequest<ProduceRequest>): ProduceAnswer | Promise<ProduceAnswer> {
  const { core, body, context } = request;
  const { acks } = body;
  const entries: ProduceEntry[] = [];
  const refusals: (Outcome['error'] | null)[] = [];
  for (const { name, partitionData } of body.topicData) {
    for (const data of partitionData) {
      const partition = core.replicas.find(name, data.index);
      const missing = partition === undefined ? absent(core, name, data.index) : null;
      const refusal =
        missing === 'UNKNOWN_TOPIC_OR_PARTITION' ? missing : (refusalOf(name, data, acks, context.clientId) ?? missing);
      refusals.push(refusal);
      if (refusal === null) entries.push({ partition, batch: data.records ?? NO_RECORDS });
    }
  }
  const conclude = (results: readonly ProduceResult[]): ProduceAnswer => {
    let next = 0;
    const outcomes = refusals.map((refusal) =>
      refusal === null ? (results[next++] as ProduceResult) : refused(refusal),
    );
    if (acks !== 0) return respond(request, outcomes);
    return outcomes.some((outcome) => outcome.error !== 'NONE') ? 'close' : null;
  };
  if (entries.length === 0) return conclude([]);

  let atOnce: readonly ProduceResult[] | undefined;
  let later: ((results: readonly ProduceResult[]) => void) | undefined;
  produce(entries, acks as RequiredAcks, body.timeoutMs, 'client', core.ports.timers, (results) => {
    if (later === undefined) atOnce = results;
    else later(results);
  });
  if (atOnce !== undefined) return conclude(atOnce);
  return new Promise((resolve) => {
    later = (results) => resolve(conclude(results));
  });
}

type Outcome = Omit<ProduceResult, 'error'> & {
  readonly error: ProduceError | 'INVALID_TOPIC_EXCEPTION' | 'INVALID_REQUIRED_ACKS';
};

function refusalOf(
  topic: string,
  data: ProduceRequestPartitionProduceData,
  acks: number,
  clientId: string | null,
): Outcome['error'] | null {
  if (acks < -1 || acks > 1) return 'INVALID_REQUIRED_ACKS';
  if (INTERNAL_TOPICS.has(topic) && clientId !== ADMIN_CLIENT_ID) return 'INVALID_TOPIC_EXCEPTION';
  return data.records === null || data.records.length === 0 ? 'INVALID_RECORD' : null;
}

function refused(error: Outcome['error']): Outcome {
  return { error, message: null, baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1, recordFaults: [] };
}

function respond(request: ApiRequest<ProduceRequest>, outcomes: readonly Outcome[]): Init<ProduceResponse> {
  const { core, body, version, context } = request;
  const leaders = new Set<number>();
  let at = 0;
  const responses = body.topicData.map(({ name, partitionData }) => ({
    name,
    partitionResponses: partitionData.map(({ index }): Init<ProduceResponsePartitionProduceResponse> => {
      const outcome = outcomes[at++] as Outcome;
      const movedTo =
        version >= VERSION_WITH_LEADERS && outcome.error === 'NOT_LEADER_OR_FOLLOWER'
          ? core.view().topics.get(name)?.partition(index)
          : undefined;
      if (movedTo !== undefined) leaders.add(movedTo.leader);
      return {
        index,
        errorCode: errorCode(outcome.error),
        baseOffset: outcome.baseOffset,
        logAppendTimeMs: outcome.logAppendTimeMs,
        logStartOffset: outcome.logStartOffset,
        recordErrors: outcome.recordFaults.map((fault) => ({
          batchIndex: fault.batchIndex,
          batchIndexErrorMessage: fault.message,
        })),
        errorMessage: outcome.message,
        ...(movedTo === undefined
          ? {}
          : { currentLeader: { leaderId: movedTo.leader, leaderEpoch: movedTo.leaderEpoch } }),
      };
    }),
  }));
  const nodeEndpoints = [...leaders].flatMap((nodeId) => {
    const broker = core.view().brokers.get(nodeId);
    const endpoint = broker === undefined ? undefined : endpointOn(broker, context.listener);
    return endpoint === undefined
      ? []
      : [{ nodeId, host: endpoint.host, port: endpoint.port, rack: broker?.rack ?? null }];
  });
  return { responses, nodeEndpoints };
}
