import type { CommittedOffset } from './offsets.ts';

/** A stored member of a classic group. */
export interface StoredMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly rebalanceTimeoutMs: number;
  readonly sessionTimeoutMs: number;
  readonly subscription: Uint8Array;
  readonly assignment: Uint8Array;
}

/** A stored generation of a classic group. */
export interface StoredGroup {
  readonly protocolType: string;
  readonly generation: number;
  readonly protocolName: string | null;
  readonly leader: string | null;
  readonly stateSinceMs: number;
  readonly members: readonly StoredMember[];
}

/** One record of `__consumer_offsets` as the coordinator means it; a null value is a tombstone. */
export type GroupRecord =
  | {
      readonly kind: 'offset';
      readonly group: string;
      readonly topic: string;
      readonly partition: number;
      readonly value: CommittedOffset | null;
    }
  | { readonly kind: 'group'; readonly group: string; readonly value: StoredGroup | null };
