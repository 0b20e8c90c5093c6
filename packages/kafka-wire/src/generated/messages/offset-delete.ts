// Made by scripts/generate.ts from src/messages/offset-delete.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import { offsetDeleteRequestTable, offsetDeleteResponseTable } from '../../messages/offset-delete.ts';

/**
 * Deletes stored offsets of a group for topics it no longer subscribes to.
 *
 * Request of API 47, version 0.
 */
export interface OffsetDeleteRequest {
  /** Id of the group. */
  readonly groupId: string;
  /** The topics, one element each. */
  readonly topics: readonly OffsetDeleteRequestTopic[];
}

/** An element of `topics`. */
export interface OffsetDeleteRequestTopic {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly OffsetDeleteRequestPartition[];
}

/** An element of `partitions`. */
export interface OffsetDeleteRequestPartition {
  /** Partition number. */
  readonly partitionIndex: number;
}

/**
 * The outcome for each partition.
 *
 * Response of API 47, version 0.
 */
export interface OffsetDeleteResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The topics, one element each. */
  readonly topics: readonly OffsetDeleteResponseTopic[];
}

/** An element of `topics`. */
export interface OffsetDeleteResponseTopic {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly OffsetDeleteResponsePartition[];
}

/** An element of `partitions`. */
export interface OffsetDeleteResponsePartition {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
}

/** Reads and writes {@link OffsetDeleteRequest}. */
export const offsetDeleteRequest: MessageCodec<OffsetDeleteRequest> = /* @__PURE__ */ codec(offsetDeleteRequestTable);

/** Reads and writes {@link OffsetDeleteResponse}. */
export const offsetDeleteResponse: MessageCodec<OffsetDeleteResponse> = /* @__PURE__ */ codec(offsetDeleteResponseTable);
