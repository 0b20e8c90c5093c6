// Made by scripts/generate.ts from src/messages/controlled-shutdown.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { controlledShutdownRequestTable, controlledShutdownResponseTable } from '../../messages/controlled-shutdown.ts';

/**
 * ZooKeeper mode: a broker asks the controller to move its leaderships away before it stops.
 *
 * Request of API 7, versions 0–3; flexible from 3.
 */
export interface ControlledShutdownRequest {
  /** Id of the broker. */
  readonly brokerId: number;
  /** Epoch of the broker’s registration; −1 when unknown. Versions 2+, default −1. */
  readonly brokerEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The partitions whose leadership could not be moved yet.
 *
 * Response of API 7, versions 0–3; flexible from 3.
 */
export interface ControlledShutdownResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Partitions whose leadership has not moved away yet. */
  readonly remainingPartitions: readonly ControlledShutdownResponseRemainingPartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `remainingPartitions`. */
export interface ControlledShutdownResponseRemainingPartition {
  /** Name of the topic. */
  readonly topicName: string;
  /** Partition number. */
  readonly partitionIndex: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ControlledShutdownRequest}. */
export const controlledShutdownRequest: MessageCodec<ControlledShutdownRequest> = /* @__PURE__ */ codec(controlledShutdownRequestTable);

/** Reads and writes {@link ControlledShutdownResponse}. */
export const controlledShutdownResponse: MessageCodec<ControlledShutdownResponse> = /* @__PURE__ */ codec(controlledShutdownResponseTable);
