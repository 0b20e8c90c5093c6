// Made by scripts/generate.ts from src/messages/metadata.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { metadataRequestTable, metadataResponseTable } from '../../messages/metadata.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Asks for the brokers of the cluster and the leaders and replicas of topics.
 *
 * Request of API 3, versions 0–12; flexible from 9.
 */
export interface MetadataRequest {
  /** Topics asked for. Null for all, but in version 0 empty means all. */
  readonly topics: readonly MetadataRequestTopic[] | null;
  /** Whether the broker may create topics that do not exist. Versions 4+, default true. */
  readonly allowAutoTopicCreation: boolean;
  /** Whether to report the operations that the caller may perform on the cluster. Versions 8–10. */
  readonly includeClusterAuthorizedOperations: boolean;
  /** Whether to report the operations that the caller may perform on each topic. Versions 8+. */
  readonly includeTopicAuthorizedOperations: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface MetadataRequestTopic {
  /** Id of the topic; zero when unknown. Versions 10+. */
  readonly topicId: Uuid;
  /** Name of the topic; null when its id is given. */
  readonly name: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Brokers, controller and partitions, as the answering broker knows them.
 *
 * Response of API 3, versions 0–12; flexible from 9.
 */
export interface MetadataResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 3+.
   */
  readonly throttleTimeMs: number;
  /** Live brokers. */
  readonly brokers: readonly MetadataResponseBroker[];
  /** Id of the cluster; null when unknown. Versions 2+. */
  readonly clusterId: string | null;
  /** Node id of the controller; −1 when unknown. Versions 1+, default −1. */
  readonly controllerId: number;
  /** The topics, one element each. */
  readonly topics: readonly MetadataResponseTopic[];
  /**
   * Operations on the cluster that the caller may perform, one bit each; −2^31 when not asked for. Versions 8–10,
   * default −2147483648.
   */
  readonly clusterAuthorizedOperations: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `brokers`. */
export interface MetadataResponseBroker {
  /** Id of the node; −1 for none. */
  readonly nodeId: number;
  /** Host name or address. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /** Rack of the node; null for none. Versions 1+. */
  readonly rack: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface MetadataResponseTopic {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Name of the topic. */
  readonly name: string | null;
  /** Id of the topic; zero when unknown. Versions 10+. */
  readonly topicId: Uuid;
  /** Whether Kafka keeps state of its own in the topic. Versions 1+. */
  readonly isInternal: boolean;
  /** The partitions, one element each. */
  readonly partitions: readonly MetadataResponsePartition[];
  /**
   * Operations on the topic that the caller may perform, one bit each; −2^31 when not asked for. Versions 8+, default
   * −2147483648.
   */
  readonly topicAuthorizedOperations: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface MetadataResponsePartition {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Partition number. */
  readonly partitionIndex: number;
  /** Node id of the leader; −1 when there is none or it is unknown. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. Versions 7+, default −1. */
  readonly leaderEpoch: number;
  /** All replicas, the preferred leader first. */
  readonly replicaNodes: readonly number[];
  /** In-sync replicas. */
  readonly isrNodes: readonly number[];
  /** Replicas that are not available. Versions 5+. */
  readonly offlineReplicas: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link MetadataRequest}. */
export const metadataRequest: MessageCodec<MetadataRequest> = /* @__PURE__ */ codec(metadataRequestTable);

/** Reads and writes {@link MetadataResponse}. */
export const metadataResponse: MessageCodec<MetadataResponse> = /* @__PURE__ */ codec(metadataResponseTable);
