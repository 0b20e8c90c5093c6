// Made by scripts/generate.ts from src/consumer-protocol/consumer-protocol.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import { consumerProtocolAssignmentTable, consumerProtocolSubscriptionTable } from '../../consumer-protocol/consumer-protocol.ts';

/**
 * What a classic group member of the "consumer" protocol type wants to read; bytes inside JoinGroup.
 *
 * Data, versions 0–3.
 */
export interface ConsumerProtocolSubscription {
  /** Names of the topics. */
  readonly topics: readonly string[];
  /** Bytes of the assignor; null for none. */
  readonly userData: Uint8Array | null;
  /** Partitions that the member owns at the time. Versions 1+. */
  readonly ownedPartitions: readonly ConsumerProtocolSubscriptionTopicPartition[];
  /** Generation of the group; −1 outside of one. Versions 2+, default −1. */
  readonly generationId: number;
  /** Rack of the sender; null or empty for none. Version 3. */
  readonly rackId: string | null;
}

/** An element of `ownedPartitions`. */
export interface ConsumerProtocolSubscriptionTopicPartition {
  /** Name of the topic. Versions 1+. */
  readonly topic: string;
  /** Partition numbers. Versions 1+. */
  readonly partitions: readonly number[];
}

/**
 * What a classic group member of the "consumer" protocol type is to read; bytes inside SyncGroup.
 *
 * Data, versions 0–3.
 */
export interface ConsumerProtocolAssignment {
  /** Partitions that the member owns. */
  readonly assignedPartitions: readonly ConsumerProtocolAssignmentTopicPartition[];
  /** Bytes of the assignor; null for none. */
  readonly userData: Uint8Array | null;
}

/** An element of `assignedPartitions`. */
export interface ConsumerProtocolAssignmentTopicPartition {
  /** Name of the topic. */
  readonly topic: string;
  /** Partition numbers. */
  readonly partitions: readonly number[];
}

/** Reads and writes {@link ConsumerProtocolSubscription}. */
export const consumerProtocolSubscription: MessageCodec<ConsumerProtocolSubscription> = /* @__PURE__ */ codec(consumerProtocolSubscriptionTable);

/** Reads and writes {@link ConsumerProtocolAssignment}. */
export const consumerProtocolAssignment: MessageCodec<ConsumerProtocolAssignment> = /* @__PURE__ */ codec(consumerProtocolAssignmentTable);
