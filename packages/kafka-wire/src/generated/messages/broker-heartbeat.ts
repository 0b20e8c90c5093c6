// Made by scripts/generate.ts from src/messages/broker-heartbeat.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { brokerHeartbeatRequestTable, brokerHeartbeatResponseTable } from '../../messages/broker-heartbeat.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * KRaft mode: a broker proves that it lives and says which state it wants to be in.
 *
 * Request of API 63, versions 0–1; all flexible.
 */
export interface BrokerHeartbeatRequest {
  /** Id of the broker. */
  readonly brokerId: number;
  /** Epoch of the broker’s registration; −1 when unknown. Default −1. */
  readonly brokerEpoch: number;
  /** Offset of the metadata log up to which the broker has read. */
  readonly currentMetadataOffset: number;
  /** Whether the broker wants to be fenced. */
  readonly wantFence: boolean;
  /** Whether the broker wants to stop. */
  readonly wantShutDown: boolean;
  /** Ids of log directories that failed. Version 1, tag 0. */
  readonly offlineLogDirs: readonly Uuid[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The state in which the controller sees the broker.
 *
 * Response of API 63, versions 0–1; all flexible.
 */
export interface BrokerHeartbeatResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Whether the broker has read far enough in the metadata log. */
  readonly isCaughtUp: boolean;
  /** Whether the broker is fenced. Default true. */
  readonly isFenced: boolean;
  /** Whether the broker may stop now. */
  readonly shouldShutDown: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link BrokerHeartbeatRequest}. */
export const brokerHeartbeatRequest: MessageCodec<BrokerHeartbeatRequest> = /* @__PURE__ */ codec(brokerHeartbeatRequestTable);

/** Reads and writes {@link BrokerHeartbeatResponse}. */
export const brokerHeartbeatResponse: MessageCodec<BrokerHeartbeatResponse> = /* @__PURE__ */ codec(brokerHeartbeatResponseTable);
