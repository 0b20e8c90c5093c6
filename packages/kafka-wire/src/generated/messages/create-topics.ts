// Made by scripts/generate.ts from src/messages/create-topics.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { createTopicsRequestTable, createTopicsResponseTable } from '../../messages/create-topics.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Creates topics.
 *
 * Request of API 19, versions 0–7; flexible from 5; deprecated: 0–1.
 */
export interface CreateTopicsRequest {
  /** The topics, one element each. */
  readonly topics: readonly CreateTopicsRequestCreatableTopic[];
  /** Longest time to wait for the work to be done, in milliseconds. Default 60000. */
  readonly timeoutMs: number;
  /** Whether to check only and change nothing. Versions 1+. */
  readonly validateOnly: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface CreateTopicsRequestCreatableTopic {
  /** Name of the topic. */
  readonly name: string;
  /** Number of partitions; −1 for the broker’s default, or when replicas are given. */
  readonly numPartitions: number;
  /** Number of replicas of each partition; −1 for the broker’s default, or when replicas are given. */
  readonly replicationFactor: number;
  /** Replicas of each partition; empty lets the controller place them. */
  readonly assignments: readonly CreateTopicsRequestCreatableReplicaAssignment[];
  /** Configuration entries. */
  readonly configs: readonly CreateTopicsRequestCreatableTopicConfig[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `assignments`. */
export interface CreateTopicsRequestCreatableReplicaAssignment {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Ids of the brokers that hold the replicas, the preferred leader first. */
  readonly brokerIds: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `configs`. */
export interface CreateTopicsRequestCreatableTopicConfig {
  /** Key of the entry. */
  readonly name: string;
  /** Value; null for none, or for a secret. */
  readonly value: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each topic, with its resulting configuration from version 5 on.
 *
 * Response of API 19, versions 0–7; flexible from 5.
 */
export interface CreateTopicsResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 2+.
   */
  readonly throttleTimeMs: number;
  /** The topics, one element each. */
  readonly topics: readonly CreateTopicsResponseCreatableTopicResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface CreateTopicsResponseCreatableTopicResult {
  /** Name of the topic. */
  readonly name: string;
  /** Id of the topic; zero when unknown. Version 7. */
  readonly topicId: Uuid;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. Versions 1+. */
  readonly errorMessage: string | null;
  /** Why the configuration is missing; 0 when it is there. Versions 5+, tag 0. */
  readonly topicConfigErrorCode: number;
  /** Number of partitions; −1 for the broker’s default, or when replicas are given. Versions 5+, default −1. */
  readonly numPartitions: number;
  /**
   * Number of replicas of each partition; −1 for the broker’s default, or when replicas are given. Versions 5+, default
   * −1.
   */
  readonly replicationFactor: number;
  /** Configuration entries. Versions 5+. */
  readonly configs: readonly CreateTopicsResponseCreatableTopicConfigs[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `configs`. */
export interface CreateTopicsResponseCreatableTopicConfigs {
  /** Key of the entry. Versions 5+. */
  readonly name: string;
  /** Value; null for none, or for a secret. Versions 5+. */
  readonly value: string | null;
  /** Whether the value cannot be changed. Versions 5+. */
  readonly readOnly: boolean;
  /**
   * Where the value comes from: 1 topic, 2 broker, 3 default of all brokers, 4 static broker configuration, 5 built-in
   * default, 6 broker logger, 7 client metrics; 0 unknown. Versions 5+, default −1.
   */
  readonly configSource: number;
  /** Whether the value is a secret; it is then null. Versions 5+. */
  readonly isSensitive: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link CreateTopicsRequest}. */
export const createTopicsRequest: MessageCodec<CreateTopicsRequest> = /* @__PURE__ */ codec(createTopicsRequestTable);

/** Reads and writes {@link CreateTopicsResponse}. */
export const createTopicsResponse: MessageCodec<CreateTopicsResponse> = /* @__PURE__ */ codec(createTopicsResponseTable);
