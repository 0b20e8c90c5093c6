import type { BrokerEpoch, ClusterDelta, ClusterView, ElectionPolicy } from '@biquorum/metadata';
import type { ReplicaChange } from '../replicas.ts';

/** One decision on its way to one broker. */
export interface Decision {
  readonly delta: ClusterDelta;
  readonly view: ClusterView;
  /** What the broker's own replicas must become because of it. */
  readonly changes: readonly ReplicaChange[];
}

/** What a registered broker's plane offers to the government. */
export interface Member {
  deliver(decision: Decision): void;
}

/** How the reference government decides where Kafka's modes differ. */
export interface GovernmentPolicy {
  readonly election: Pick<ElectionPolicy, 'keepCurrent'>;
  /** `unclean.leader.election.enable` where neither topic nor cluster sets it. */
  readonly uncleanByDefault: boolean;
}

/** Why a registration is refused. */
export type RegistrationVerdict =
  | { readonly kind: 'registered'; readonly epoch: BrokerEpoch; readonly view: ClusterView }
  | { readonly kind: 'id-taken' };

/** Why an election that a client asks for changes nothing (KIP-460). */
export type ElectionError =
  | 'UNKNOWN_TOPIC_OR_PARTITION'
  | 'ELECTION_NOT_NEEDED'
  | 'PREFERRED_LEADER_NOT_AVAILABLE'
  | 'ELIGIBLE_LEADERS_NOT_AVAILABLE';
