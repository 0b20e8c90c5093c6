// Made by scripts/generate.ts from src/messages/update-raft-voter.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { updateRaftVoterRequestTable, updateRaftVoterResponseTable } from '../../messages/update-raft-voter.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A voter tells the leader its current endpoints and supported versions.
 *
 * Request of API 82, version 0.
 */
export interface UpdateRaftVoterRequest {
  /** Id of the cluster; null when unknown. */
  readonly clusterId: string | null;
  /** Leader epoch that the sender knows, checked by the receiver; −1 for no check. */
  readonly currentLeaderEpoch: number;
  /** Node id of the voter. */
  readonly voterId: number;
  /** Directory id of the voter’s metadata log; zero when unknown. */
  readonly voterDirectoryId: Uuid;
  /** Where the node can be reached, by listener. */
  readonly listeners: readonly UpdateRaftVoterRequestListener[];
  /** Versions of the quorum’s own protocol that the node supports. */
  readonly kRaftVersionFeature: UpdateRaftVoterRequestKRaftVersionFeature;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `listeners`. */
export interface UpdateRaftVoterRequestListener {
  /** Name of the listener. */
  readonly name: string;
  /** Host name or address. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `kRaftVersionFeature`. */
export interface UpdateRaftVoterRequestKRaftVersionFeature {
  /** Lowest level that the node supports. */
  readonly minSupportedVersion: number;
  /** Highest level that the node supports. */
  readonly maxSupportedVersion: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Whether the voter was updated, and who leads now.
 *
 * Response of API 82, version 0.
 */
export interface UpdateRaftVoterResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Leader and epoch that the answering node knows, when the request went to the wrong one. Tag 0. */
  readonly currentLeader: UpdateRaftVoterResponseCurrentLeader;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `currentLeader`. */
export interface UpdateRaftVoterResponseCurrentLeader {
  /** Node id of the leader; −1 when there is none or it is unknown. Default −1. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. Default −1. */
  readonly leaderEpoch: number;
  /** Host name or address. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link UpdateRaftVoterRequest}. */
export const updateRaftVoterRequest: MessageCodec<UpdateRaftVoterRequest> = /* @__PURE__ */ codec(updateRaftVoterRequestTable);

/** Reads and writes {@link UpdateRaftVoterResponse}. */
export const updateRaftVoterResponse: MessageCodec<UpdateRaftVoterResponse> = /* @__PURE__ */ codec(updateRaftVoterResponseTable);
