// Made by scripts/generate.ts from src/messages/describe-log-dirs.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { describeLogDirsRequestTable, describeLogDirsResponseTable } from '../../messages/describe-log-dirs.ts';

/**
 * Asks a broker for the contents of its log directories.
 *
 * Request of API 35, versions 0–4; flexible from 2; deprecated: 0.
 */
export interface DescribeLogDirsRequest {
  /** The topics, one element each. */
  readonly topics: readonly DescribeLogDirsRequestDescribableLogDirTopic[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface DescribeLogDirsRequestDescribableLogDirTopic {
  /** Name of the topic. */
  readonly topic: string;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Size and replicas of each log directory.
 *
 * Response of API 35, versions 0–4; flexible from 2.
 */
export interface DescribeLogDirsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. Versions 3+. */
  readonly errorCode: number;
  /** The outcomes, one element each. */
  readonly results: readonly DescribeLogDirsResponseDescribeLogDirsResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface DescribeLogDirsResponseDescribeLogDirsResult {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Absolute path of the directory. */
  readonly logDir: string;
  /** The topics, one element each. */
  readonly topics: readonly DescribeLogDirsResponseDescribeLogDirsTopic[];
  /** Size of the file system, in bytes; −1 when unknown. Version 4, default −1. */
  readonly totalBytes: number;
  /** Free space of the file system, in bytes; −1 when unknown. Version 4, default −1. */
  readonly usableBytes: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface DescribeLogDirsResponseDescribeLogDirsTopic {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly DescribeLogDirsResponseDescribeLogDirsPartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface DescribeLogDirsResponseDescribeLogDirsPartition {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Size of the replica’s segments, in bytes. */
  readonly partitionSize: number;
  /**
   * Records by which the replica is behind: the future one behind the current one, the current one behind the high
   * watermark.
   */
  readonly offsetLag: number;
  /** Whether the replica is a copy on its way from another directory. */
  readonly isFutureKey: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DescribeLogDirsRequest}. */
export const describeLogDirsRequest: MessageCodec<DescribeLogDirsRequest> = /* @__PURE__ */ codec(describeLogDirsRequestTable);

/** Reads and writes {@link DescribeLogDirsResponse}. */
export const describeLogDirsResponse: MessageCodec<DescribeLogDirsResponse> = /* @__PURE__ */ codec(describeLogDirsResponseTable);
