// Made by scripts/generate.ts from src/raft/quorum-state.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { quorumStateDataTable } from '../../raft/quorum-state.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * What a voter must remember across restarts; kept as JSON in the file `quorum-state`.
 *
 * Data, versions 0–1; all flexible.
 */
export interface QuorumStateData {
  /** Id of the cluster; null when unknown. Version 0. */
  readonly clusterId: string;
  /** Node id of the leader; −1 for none. Default −1. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. Default −1. */
  readonly leaderEpoch: number;
  /** Node id of the candidate that got the vote in this epoch; −1 for none. Default −1. */
  readonly votedId: number;
  /** Directory id of the candidate that got the vote; zero when unknown. Version 1. */
  readonly votedDirectoryId: Uuid;
  /** Not used any more; 0. Version 0. */
  readonly appliedOffset: number;
  /** Voters of the quorum; null when unknown. Version 0. */
  readonly currentVoters: readonly QuorumStateDataVoter[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `currentVoters`. */
export interface QuorumStateDataVoter {
  /** Node id of the voter. Version 0. */
  readonly voterId: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link QuorumStateData}. */
export const quorumStateData: MessageCodec<QuorumStateData> = /* @__PURE__ */ codec(quorumStateDataTable);
