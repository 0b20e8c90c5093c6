// Made by scripts/generate.ts from src/messages/remove-raft-voter.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { removeRaftVoterRequestTable, removeRaftVoterResponseTable } from '../../messages/remove-raft-voter.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Removes a controller from the voters of the metadata quorum.
 *
 * Request of API 81, version 0.
 */
export interface RemoveRaftVoterRequest {
  /** Id of the cluster; null when unknown. */
  readonly clusterId: string | null;
  /** Node id of the voter. */
  readonly voterId: number;
  /** Directory id of the voter’s metadata log; zero when unknown. */
  readonly voterDirectoryId: Uuid;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Whether the voter was removed.
 *
 * Response of API 81, version 0.
 */
export interface RemoveRaftVoterResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link RemoveRaftVoterRequest}. */
export const removeRaftVoterRequest: MessageCodec<RemoveRaftVoterRequest> = /* @__PURE__ */ codec(removeRaftVoterRequestTable);

/** Reads and writes {@link RemoveRaftVoterResponse}. */
export const removeRaftVoterResponse: MessageCodec<RemoveRaftVoterResponse> = /* @__PURE__ */ codec(removeRaftVoterResponseTable);
