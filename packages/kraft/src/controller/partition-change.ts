import type { Uuid } from '@biquorum/kafka-wire';
import type { MetadataRecord, PartitionChangeRecord } from '@biquorum/kafka-wire/metadata-records';
import { chooseLeader, NO_LEADER, type NodeId, type PartitionState } from '@biquorum/metadata';
import { DIRECTORY_MIGRATING, DIRECTORY_UNASSIGNED } from '../image/directory-ids.ts';
import { NO_LEADER_CHANGE } from '../image/image-draft.ts';
import { partitionVersion, since } from '../image/metadata-version.ts';
import { completedReassignment } from './reassignment-plan.ts';
import { defaultDirectory, hasOnlineDirectory, isActiveBroker, type Situation } from './situation.ts';

/** A partition and what shall become of it; what is left out stays as it is. */
export interface PartitionWish {
  readonly topicId: Uuid;
  readonly index: number;
  readonly state: PartitionState;
  readonly isr?: readonly NodeId[];
  readonly replicas?: readonly NodeId[];
  readonly adding?: readonly NodeId[];
  readonly removing?: readonly NodeId[];
  readonly recovering?: boolean;
  /** Directories of replicas that have moved. */
  readonly directories?: ReadonlyMap<NodeId, Uuid>;
  /**
   * `online`: the present leader if it still can, otherwise the first in-sync replica. `preferred`: the first of the
   * assignment if it can. `unclean`: as online, and at last any live replica.
   */
  readonly election?: 'online' | 'preferred' | 'unclean';
  /** Who is live; active brokers when not given. */
  readonly isLive?: (node: NodeId) => boolean;
}

/**
 * The record that makes a partition what it is wished to be: completes a reassignment whose target is in sync, elects a
 * leader where the present one will not do, and raises the leader epoch where Kafka does.
 *
 * @returns null when nothing changes
 *
 * Source: Java `PartitionChangeBuilder`.
 */
export function changePartition(situation: Situation, wish: PartitionWish): PartitionChange | null {
  const { state } = wish;
  const { level } = situation;
  let target: Target = {
    isr: wish.isr ?? state.isr,
    replicas: wish.replicas ?? state.replicas,
    adding: wish.adding ?? state.adding,
    removing: wish.removing ?? state.removing,
  };
  const completed = completedReassignment(target);
  if (completed !== null) target = { ...completed, adding: [], removing: [] };

  const elected = elect(situation, wish, target);
  let leader = elected.leader === state.leader ? NO_LEADER_CHANGE : elected.leader;
  const isUnclean = elected.unclean && leader !== NO_LEADER_CHANGE;
  let isr: readonly NodeId[] | null = isUnclean ? [elected.leader] : null;
  // Whoever held a replica that is taken away must not write on: a new leader epoch fences it.
  if (leader === NO_LEADER_CHANGE && !includesAll(target.replicas, state.replicas)) leader = state.leader;
  if (isr === null && target.isr.length > 0 && !sameList(target.isr, state.isr)) isr = target.isr;
  const bumpsOnShrink = level < since.quietIsrShrink;
  if (bumpsOnShrink && leader === NO_LEADER_CHANGE && isr !== null && !includesAll(isr, state.isr)) {
    leader = state.leader;
  }

  const recovering = wish.recovering ?? state.recovering;
  let leaderRecoveryState = -1;
  if (recovering !== state.recovering) leaderRecoveryState = recovering ? 1 : 0;
  else if (isUnclean && !state.recovering && level >= since.leaderRecovery) leaderRecoveryState = 1;

  const record: PartitionChangeRecord = {
    partitionId: wish.index,
    topicId: wish.topicId,
    isr,
    leader,
    replicas: sameList(target.replicas, state.replicas) ? null : target.replicas,
    removingReplicas: sameList(target.removing, state.removing) ? null : target.removing,
    addingReplicas: sameList(target.adding, state.adding) ? null : target.adding,
    leaderRecoveryState,
    directories: changedDirectories(situation, wish, target.replicas),
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  };
  return isNoChange(record) ? null : { type: 'PartitionChangeRecord', version: partitionVersion(level), record };
}

/** A PartitionChangeRecord with its version. */
export type PartitionChange = Extract<MetadataRecord, { readonly type: 'PartitionChangeRecord' }>;

/** The directory of one of the partition's replicas; unassigned for a broker that holds none. */
export function directoryOf(state: PartitionState, node: NodeId): Uuid {
  const position = state.replicas.indexOf(node);
  if (position < 0) return DIRECTORY_UNASSIGNED;
  return (state.directories?.[position] as Uuid | undefined) ?? DIRECTORY_MIGRATING;
}

interface Target {
  readonly isr: readonly NodeId[];
  readonly replicas: readonly NodeId[];
  readonly adding: readonly NodeId[];
  readonly removing: readonly NodeId[];
}

function elect(
  situation: Situation,
  { state, election, isLive, directories }: PartitionWish,
  { isr, replicas }: Target,
): ReturnType<typeof chooseLeader> {
  // A replica that moved into a directory that works may lead at once; one that left such a directory is not judged here.
  const isMovedToOnline = (node: NodeId): boolean => {
    const moved = directories?.get(node);
    return moved !== undefined && hasOnlineDirectory(situation, node, moved);
  };
  const canLead = (node: NodeId): boolean =>
    (isLive === undefined ? isActiveBroker(situation, node) : isLive(node)) &&
    (hasOnlineDirectory(situation, node, directoryOf(state, node)) || isMovedToOnline(node));
  const input = { replicas, isr, leader: state.leader, canLead };
  if (election === 'preferred') {
    const preferred = chooseLeader(
      { ...input, leader: NO_LEADER },
      { keepCurrent: false, preferredOnly: true, uncleanAllowed: false },
    );
    if (preferred.leader !== NO_LEADER) return preferred;
  }
  return chooseLeader(input, { keepCurrent: true, preferredOnly: false, uncleanAllowed: election === 'unclean' });
}

function changedDirectories(
  situation: Situation,
  { state, directories }: PartitionWish,
  replicas: readonly NodeId[],
): readonly Uuid[] | null {
  if (situation.level < since.directories) return null;
  // Nothing moves in most changes; then the lists need not even be made.
  if (directories === undefined && replicas === state.replicas && state.directories !== null) return null;
  const target = replicas.map((node) => {
    const given = directories?.get(node);
    if (given !== undefined) return given;
    return state.replicas.includes(node) ? directoryOf(state, node) : defaultDirectory(situation, node);
  });
  const before = state.directories ?? state.replicas.map(() => DIRECTORY_MIGRATING);
  return sameList(target, before as readonly Uuid[]) ? null : target;
}

function isNoChange(record: PartitionChangeRecord): boolean {
  return (
    record.isr === null &&
    record.leader === NO_LEADER_CHANGE &&
    record.replicas === null &&
    record.removingReplicas === null &&
    record.addingReplicas === null &&
    record.leaderRecoveryState === -1 &&
    record.directories === null
  );
}

function includesAll(list: readonly NodeId[], members: readonly NodeId[]): boolean {
  return members.every((node) => list.includes(node));
}

function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}
