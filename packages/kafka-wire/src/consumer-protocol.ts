/**
 * The embedded protocol of consumers in classic groups: what goes, as bytes, through JoinGroup and SyncGroup.
 *
 * Source: Java's `ConsumerProtocol`.
 *
 * @packageDocumentation
 */
import {
  type ConsumerProtocolAssignment,
  type ConsumerProtocolSubscription,
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from './generated/consumer-protocol/consumer-protocol.ts';
import type { Init } from './schema/init.ts';
import { decodeVersioned, encodeVersioned } from './versioned-data.ts';

export * from './generated/consumer-protocol/index.ts';

/** @throws EncodeError when the subscription does not fit the version. */
export function encodeSubscription(subscription: Init<ConsumerProtocolSubscription>, version: number): Uint8Array {
  return encodeVersioned(consumerProtocolSubscription, subscription, version);
}

/** Reads newer versions as far as they are known. @throws ProtocolError when the bytes are not a subscription. */
export function decodeSubscription(bytes: Uint8Array): ConsumerProtocolSubscription {
  return decodeVersioned(consumerProtocolSubscription, bytes, 'read-as-newest');
}

/** @throws EncodeError when the assignment does not fit the version. */
export function encodeAssignment(assignment: Init<ConsumerProtocolAssignment>, version: number): Uint8Array {
  return encodeVersioned(consumerProtocolAssignment, assignment, version);
}

/** Reads newer versions as far as they are known. @throws ProtocolError when the bytes are not an assignment. */
export function decodeAssignment(bytes: Uint8Array): ConsumerProtocolAssignment {
  return decodeVersioned(consumerProtocolAssignment, bytes, 'read-as-newest');
}
