// Made by scripts/generate.ts from src/raft/control-records.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { kRaftVersionRecordTable, leaderChangeMessageTable, snapshotFooterRecordTable, snapshotHeaderRecordTable, votersRecordTable } from '../../raft/control-records.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Value of the control record with which a newly elected leader of the metadata log starts its epoch.
 *
 * Data, versions 0–1; all flexible.
 */
export interface LeaderChangeMessage {
  /** Version of this record’s layout. */
  readonly version: number;
  /** Node id of the leader; −1 when there is none or it is unknown. */
  readonly leaderId: number;
  /** Voters of the quorum. */
  readonly voters: readonly LeaderChangeMessageVoter[];
  /** Voters that voted for the leader. */
  readonly grantingVoters: readonly LeaderChangeMessageVoter[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `voters`, or an element of `grantingVoters`. */
export interface LeaderChangeMessageVoter {
  /** Node id of the voter. */
  readonly voterId: number;
  /** Directory id of the voter’s metadata log; zero when unknown. Version 1. */
  readonly voterDirectoryId: Uuid;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Value of the control record that opens a snapshot of the metadata log.
 *
 * Data, version 0.
 */
export interface SnapshotHeaderRecord {
  /** Version of this record’s layout. */
  readonly version: number;
  /** Timestamp of the last batch that went into the snapshot, in milliseconds since 1970. */
  readonly lastContainedLogTimestamp: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Value of the control record that closes a snapshot of the metadata log.
 *
 * Data, version 0.
 */
export interface SnapshotFooterRecord {
  /** Version of this record’s layout. */
  readonly version: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Value of the control record that sets the version of the quorum's own protocol.
 *
 * Data, version 0.
 */
export interface KRaftVersionRecord {
  /** Version of this record’s layout. */
  readonly version: number;
  /** Version of the quorum’s own protocol: 0 static voters, 1 voters that can be changed. */
  readonly kRaftVersion: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Value of the control record that sets the voters of the metadata quorum.
 *
 * Data, version 0.
 */
export interface VotersRecord {
  /** Version of this record’s layout. */
  readonly version: number;
  /** Voters of the quorum. */
  readonly voters: readonly VotersRecordVoter[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `voters`. */
export interface VotersRecordVoter {
  /** Node id of the voter. */
  readonly voterId: number;
  /** Directory id of the voter’s metadata log; zero when unknown. */
  readonly voterDirectoryId: Uuid;
  /** Where the node can be reached, by listener. */
  readonly endpoints: readonly VotersRecordEndpoint[];
  /** Versions of the quorum’s own protocol that the node supports. */
  readonly kRaftVersionFeature: VotersRecordKRaftVersionFeature;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `endpoints`. */
export interface VotersRecordEndpoint {
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
export interface VotersRecordKRaftVersionFeature {
  /** Lowest level that the node supports. */
  readonly minSupportedVersion: number;
  /** Highest level that the node supports. */
  readonly maxSupportedVersion: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link LeaderChangeMessage}. */
export const leaderChangeMessage: MessageCodec<LeaderChangeMessage> = /* @__PURE__ */ codec(leaderChangeMessageTable);

/** Reads and writes {@link SnapshotHeaderRecord}. */
export const snapshotHeaderRecord: MessageCodec<SnapshotHeaderRecord> = /* @__PURE__ */ codec(snapshotHeaderRecordTable);

/** Reads and writes {@link SnapshotFooterRecord}. */
export const snapshotFooterRecord: MessageCodec<SnapshotFooterRecord> = /* @__PURE__ */ codec(snapshotFooterRecordTable);

/** Reads and writes {@link KRaftVersionRecord}. */
export const kRaftVersionRecord: MessageCodec<KRaftVersionRecord> = /* @__PURE__ */ codec(kRaftVersionRecordTable);

/** Reads and writes {@link VotersRecord}. */
export const votersRecord: MessageCodec<VotersRecord> = /* @__PURE__ */ codec(votersRecordTable);
