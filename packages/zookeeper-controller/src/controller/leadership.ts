import type { LeaderEpoch, NodeId, PartitionEpoch } from '@biquorum/metadata';

/** What the state znode of a partition says, with the version of the znode. Source: Java `LeaderIsrAndControllerEpoch`. */
export interface Leadership {
  /** −1 while nobody leads. */
  readonly leader: NodeId;
  readonly leaderEpoch: LeaderEpoch;
  readonly isr: readonly NodeId[];
  /** The leader came from an unclean election and has not confirmed its state (KIP-704). */
  readonly recovering: boolean;
  /** zkVersion of the znode. */
  readonly partitionEpoch: PartitionEpoch;
  /** The controller that wrote it. */
  readonly controllerEpoch: number;
}

/** The next leadership: another leader or ISR under the next leader epoch. It is not written yet. */
export function succeeded(
  state: Leadership,
  next: { readonly leader: NodeId; readonly isr: readonly NodeId[]; readonly recovering?: boolean },
): Leadership {
  return {
    ...state,
    leader: next.leader,
    isr: next.isr,
    recovering: next.recovering ?? state.recovering,
    leaderEpoch: (state.leaderEpoch + 1) as LeaderEpoch,
  };
}
