// Made by scripts/generate.ts from src/messages/describe-cluster.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { describeClusterRequestTable, describeClusterResponseTable } from '../../messages/describe-cluster.ts';

/**
 * Asks for the nodes of the cluster without any topics.
 *
 * Request of API 60, versions 0–1; all flexible.
 */
export interface DescribeClusterRequest {
  /** Whether to report the operations that the caller may perform on the cluster. */
  readonly includeClusterAuthorizedOperations: boolean;
  /** Kind of nodes: 1 brokers, 2 controllers. Version 1, default 1. */
  readonly endpointType: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Cluster id, controller and nodes.
 *
 * Response of API 60, versions 0–1; all flexible.
 */
export interface DescribeClusterResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Kind of nodes: 1 brokers, 2 controllers. Version 1, default 1. */
  readonly endpointType: number;
  /** Id of the cluster; null when unknown. */
  readonly clusterId: string;
  /** Node id of the controller; −1 when unknown. Default −1. */
  readonly controllerId: number;
  /** Live brokers. */
  readonly brokers: readonly DescribeClusterResponseDescribeClusterBroker[];
  /**
   * Operations on the cluster that the caller may perform, one bit each; −2^31 when not asked for. Default −2147483648.
   */
  readonly clusterAuthorizedOperations: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `brokers`. */
export interface DescribeClusterResponseDescribeClusterBroker {
  /** Id of the broker. */
  readonly brokerId: number;
  /** Host name or address. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /** Rack of the node; null for none. */
  readonly rack: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DescribeClusterRequest}. */
export const describeClusterRequest: MessageCodec<DescribeClusterRequest> = /* @__PURE__ */ codec(describeClusterRequestTable);

/** Reads and writes {@link DescribeClusterResponse}. */
export const describeClusterResponse: MessageCodec<DescribeClusterResponse> = /* @__PURE__ */ codec(describeClusterResponseTable);
