// Made by scripts/generate.ts from src/messages/produce.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { produceRequestTable, produceResponseTable } from '../../messages/produce.ts';

/**
 * Appends record batches to partitions. With `acks` 0 the broker sends no response at all.
 *
 * Request of API 0, versions 0–11; flexible from 9; deprecated: 0–2.
 */
export interface ProduceRequest {
  /** Transactional id; null for a producer without transactions. Versions 3+. */
  readonly transactionalId: string | null;
  /** Copies to wait for: 0 none (and no response), 1 the leader, −1 all in-sync replicas. */
  readonly acks: number;
  /** Longest time to wait for the work to be done, in milliseconds. */
  readonly timeoutMs: number;
  /** What to append, by topic. */
  readonly topicData: readonly ProduceRequestTopicProduceData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topicData`. */
export interface ProduceRequestTopicProduceData {
  /** Name of the topic. */
  readonly name: string;
  /** What to append, by partition. */
  readonly partitionData: readonly ProduceRequestPartitionProduceData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitionData`. */
export interface ProduceRequestPartitionProduceData {
  /** Partition number. */
  readonly index: number;
  /** Record batches as they lie in the log, as a view into the frame when decoded; null for none. */
  readonly records: Uint8Array | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Where each partition's batches landed, or why they were refused.
 *
 * Response of API 0, versions 0–11; flexible from 9.
 */
export interface ProduceResponse {
  /** The outcomes, one element each. */
  readonly responses: readonly ProduceResponseTopicProduceResponse[];
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 1+.
   */
  readonly throttleTimeMs: number;
  /** Where the leaders named in this response can be reached. Versions 10+, tag 0. */
  readonly nodeEndpoints: readonly ProduceResponseNodeEndpoint[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `responses`. */
export interface ProduceResponseTopicProduceResponse {
  /** Name of the topic. */
  readonly name: string;
  /** The outcome of each partition. */
  readonly partitionResponses: readonly ProduceResponsePartitionProduceResponse[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitionResponses`. */
export interface ProduceResponsePartitionProduceResponse {
  /** Partition number. */
  readonly index: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Offset of the first record appended; −1 on error. */
  readonly baseOffset: number;
  /**
   * Timestamp that the broker gave to the records, in milliseconds since 1970; −1 when producers set it. Versions 2+,
   * default −1.
   */
  readonly logAppendTimeMs: number;
  /** First offset that is still kept; −1 when unknown. Versions 5+, default −1. */
  readonly logStartOffset: number;
  /** Records that caused the rejection. Versions 8+. */
  readonly recordErrors: readonly ProduceResponseBatchIndexAndErrorMessage[];
  /** Text about the error; null for none. Versions 8+. */
  readonly errorMessage: string | null;
  /** Leader and epoch that the answering node knows, when the request went to the wrong one. Versions 10+, tag 0. */
  readonly currentLeader: ProduceResponseLeaderIdAndEpoch;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `recordErrors`. */
export interface ProduceResponseBatchIndexAndErrorMessage {
  /** Position in the batch of the record that caused the rejection. Versions 8+. */
  readonly batchIndex: number;
  /** Why the record was refused; null for no text. Versions 8+. */
  readonly batchIndexErrorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `currentLeader`. */
export interface ProduceResponseLeaderIdAndEpoch {
  /** Node id of the leader; −1 when there is none or it is unknown. Versions 10+, default −1. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. Versions 10+, default −1. */
  readonly leaderEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `nodeEndpoints`. */
export interface ProduceResponseNodeEndpoint {
  /** Id of the node; −1 for none. Versions 10+. */
  readonly nodeId: number;
  /** Host name or address. Versions 10+. */
  readonly host: string;
  /** TCP port. Versions 10+. */
  readonly port: number;
  /** Rack of the node; null for none. Versions 10+. */
  readonly rack: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ProduceRequest}. */
export const produceRequest: MessageCodec<ProduceRequest> = /* @__PURE__ */ codec(produceRequestTable);

/** Reads and writes {@link ProduceResponse}. */
export const produceResponse: MessageCodec<ProduceResponse> = /* @__PURE__ */ codec(produceResponseTable);
