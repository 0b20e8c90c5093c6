// Made by scripts/generate.ts from src/messages/heartbeat.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { heartbeatRequestTable, heartbeatResponseTable } from '../../messages/heartbeat.ts';

/**
 * Keeps a classic group member alive and learns of rebalances.
 *
 * Request of API 12, versions 0–4; flexible from 4.
 */
export interface HeartbeatRequest {
  /** Id of the group. */
  readonly groupId: string;
  /** Generation of the group; −1 outside of one. */
  readonly generationId: number;
  /** Id of the member. */
  readonly memberId: string;
  /** Name of a static member, which survives restarts; null for a dynamic one. Versions 3+. */
  readonly groupInstanceId: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Whether the member still belongs to the generation.
 *
 * Response of API 12, versions 0–4; flexible from 4.
 */
export interface HeartbeatResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 1+.
   */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link HeartbeatRequest}. */
export const heartbeatRequest: MessageCodec<HeartbeatRequest> = /* @__PURE__ */ codec(heartbeatRequestTable);

/** Reads and writes {@link HeartbeatResponse}. */
export const heartbeatResponse: MessageCodec<HeartbeatResponse> = /* @__PURE__ */ codec(heartbeatResponseTable);
