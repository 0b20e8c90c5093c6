// Made by scripts/generate.ts from src/messages/add-raft-voter.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { addRaftVoterRequestTable, addRaftVoterResponseTable } from '../../messages/add-raft-voter.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Adds a controller to the voters of the metadata quorum.
 *
 * Request of API 80, version 0.
 */
export interface AddRaftVoterRequest {
  /** Id of the cluster; null when unknown. */
  readonly clusterId: string | null;
  /** Longest time to wait for the work to be done, in milliseconds. */
  readonly timeoutMs: number;
  /** Node id of the voter. */
  readonly voterId: number;
  /** Directory id of the voter’s metadata log; zero when unknown. */
  readonly voterDirectoryId: Uuid;
  /** Where the node can be reached, by listener. */
  readonly listeners: readonly AddRaftVoterRequestListener[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `listeners`. */
export interface AddRaftVoterRequestListener {
  /** Name of the listener. */
  readonly name: string;
  /** Host name or address. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Whether the voter was added.
 *
 * Response of API 80, version 0.
 */
export interface AddRaftVoterResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link AddRaftVoterRequest}. */
export const addRaftVoterRequest: MessageCodec<AddRaftVoterRequest> = /* @__PURE__ */ codec(addRaftVoterRequestTable);

/** Reads and writes {@link AddRaftVoterResponse}. */
export const addRaftVoterResponse: MessageCodec<AddRaftVoterResponse> = /* @__PURE__ */ codec(addRaftVoterResponseTable);
