import { errorCode, type Init } from '@biquorum/kafka-wire';
import type {
  ProduceRequest,
  ProduceRequestPartitionProduceData,
  ProduceResponse,
  ProduceResponsePartitionProduceResponse,
} from '@biquorum/kafka-wire/messages/produce';
import { endpointOn, INTERNAL_TOPICS } from '@biquorum/metadata';
import { type ProduceError, type ProduceResult, produce, type RequiredAcks } from '../replicas/produce.ts';
import type { ApiRequest } from './core.ts';

/** First version whose answer says who leads instead (KIP-951). */
const VERSION_WITH_LEADERS = 10;
/** The client id with which Kafka's own tools may write to internal topics. Source: Java `AdminUtils.ADMIN_CLIENT_ID`. */
const ADMIN_CLIENT_ID = '__admin_client';
const NO_RECORDS = new Uint8Array(0);

/** Resolves with the response; with `null` for acks=0, and with `close` when such a request failed. */
export function handleProduce(request: ApiRequest<ProduceRequest>): Promise<Init<ProduceResponse> | null | 'close'> {
  const { core, body, context } = request;
  const { acks } = body;
  const rows = body.topicData.flatMap(({ name, partitionData }) =>
    partitionData.map((data) => ({ topic: name, data, refusal: refusalOf(name, data, acks, context.clientId) })),
  );
  const accepted = rows.filter((row) => row.refusal === null);
  const entries = accepted.map(({ topic, data }) => ({
    partition: core.replicas.find(topic, data.index),
    batch: data.records ?? NO_RECORDS,
  }));
  return new Promise((resolve) => {
    const finish = (results: readonly ProduceResult[]): void => {
      const byRow = new Map(accepted.map((row, index) => [row, results[index] as ProduceResult]));
      const outcomes = rows.map(
        (row) => byRow.get(row) ?? refused(row.refusal as ProduceError | 'INVALID_TOPIC_EXCEPTION'),
      );
      if (acks === 0) resolve(outcomes.some((outcome) => outcome.error !== 'NONE') ? 'close' : null);
      else resolve(respond(request, outcomes));
    };
    if (accepted.length === 0) finish([]);
    else produce(entries, acks as RequiredAcks, body.timeoutMs, 'client', core.ports.timers, finish);
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
