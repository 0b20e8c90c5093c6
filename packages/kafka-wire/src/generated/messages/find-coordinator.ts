// Made by scripts/generate.ts from src/messages/find-coordinator.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { findCoordinatorRequestTable, findCoordinatorResponseTable } from '../../messages/find-coordinator.ts';

/**
 * Asks which broker coordinates a group, a transactional id or a share partition.
 *
 * Request of API 10, versions 0–6; flexible from 3.
 */
export interface FindCoordinatorRequest {
  /** Name whose coordinator is wanted. Versions 0–3. */
  readonly key: string;
  /** What the keys name: 0 a group, 1 a transactional id, 2 a share partition. Versions 1+. */
  readonly keyType: number;
  /** Names whose coordinators are wanted. Versions 4+. */
  readonly coordinatorKeys: readonly string[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The coordinating broker of each key.
 *
 * Response of API 10, versions 0–6; flexible from 3.
 */
export interface FindCoordinatorResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 1+.
   */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. Versions 0–3. */
  readonly errorCode: number;
  /** Text about the error; null for none. Versions 1–3. */
  readonly errorMessage: string | null;
  /** Id of the node; −1 for none. Versions 0–3. */
  readonly nodeId: number;
  /** Host name or address. Versions 0–3. */
  readonly host: string;
  /** TCP port. Versions 0–3. */
  readonly port: number;
  /** The coordinator of each key. Versions 4+. */
  readonly coordinators: readonly FindCoordinatorResponseCoordinator[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `coordinators`. */
export interface FindCoordinatorResponseCoordinator {
  /** The name that was asked for. Versions 4+. */
  readonly key: string;
  /** Id of the node; −1 for none. Versions 4+. */
  readonly nodeId: number;
  /** Host name or address. Versions 4+. */
  readonly host: string;
  /** TCP port. Versions 4+. */
  readonly port: number;
  /** Kafka’s error code; 0 for success. Versions 4+. */
  readonly errorCode: number;
  /** Text about the error; null for none. Versions 4+. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link FindCoordinatorRequest}. */
export const findCoordinatorRequest: MessageCodec<FindCoordinatorRequest> = /* @__PURE__ */ codec(findCoordinatorRequestTable);

/** Reads and writes {@link FindCoordinatorResponse}. */
export const findCoordinatorResponse: MessageCodec<FindCoordinatorResponse> = /* @__PURE__ */ codec(findCoordinatorResponseTable);
