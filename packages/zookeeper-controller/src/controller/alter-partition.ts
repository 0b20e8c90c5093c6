import { type ErrorName, errorCode, type Init } from '@biquorum/kafka-wire';
import type {
  AlterPartitionRequest,
  AlterPartitionRequestPartitionData,
  AlterPartitionResponse,
  AlterPartitionResponsePartitionData,
} from '@biquorum/kafka-wire/messages/alter-partition';
import {
  judgeIsrChange,
  type LeaderEpoch,
  type NodeId,
  type PartitionEpoch,
  type PartitionState,
} from '@biquorum/metadata';
import type { Partition, Topic } from './context.ts';
import { type Core, updateAll } from './core.ts';
import { Refused } from './faults.ts';
import type { Leadership } from './leadership.ts';
import type { Reassignments } from './reassignments.ts';

/**
 * Judges the ISRs that a leader proposes, and writes those that will do (KIP-497, KIP-841).
 *
 * @throws Refused STALE_BROKER_EPOCH
 *
 * Source: Java `KafkaController.processAlterPartition`.
 */
export async function alterPartition(
  core: Core,
  reassignments: Reassignments,
  request: AlterPartitionRequest,
  version: number,
): Promise<Init<AlterPartitionResponse>> {
  const { context, store } = core;
  if (context.brokers.get(request.brokerId as NodeId)?.epoch !== request.brokerEpoch) {
    throw new Refused('STALE_BROKER_EPOCH');
  }
  const judged = request.topics.map(({ topicName, topicId, partitions }) => {
    const topic = context.topics.get(version > 1 ? (context.topicNames.get(topicId) ?? '') : topicName);
    const unknown = version > 1 ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION';
    const rows = partitions.map((proposal) => judge(core, topic, proposal, version, unknown));
    return { topicName, topicId, rows };
  });
  const accepted = judged.flatMap(({ rows }) => rows.filter((row) => row.kind === 'write'));
  const written = await store.writeStates(accepted);
  const changed: Partition[] = [];
  const conflicts: Partition[] = [];
  for (const [position, { partition }] of accepted.entries()) {
    const leadership = written[position] ?? null;
    if (leadership === null) conflicts.push(partition);
    else {
      partition.leadership = leadership;
      changed.push(partition);
    }
  }
  const found = conflicts.length === 0 ? [] : await store.readStates(conflicts);
  for (const [position, partition] of conflicts.entries()) partition.leadership = found[position] ?? null;
  if (changed.length > 0) updateAll(core, changed);
  const done = new Set(changed);
  const topics = judged.map(({ topicName, topicId, rows }) => ({
    topicName,
    topicId,
    partitions: rows.map((row) => answer(row, done)),
  }));
  for (const partition of changed) await reassignments.isrChanged(partition);
  return { topics };
}

type Row = Init<AlterPartitionResponsePartitionData>;

type Judged =
  | { readonly kind: 'refused'; readonly index: number; readonly error: ErrorName }
  | { readonly kind: 'unchanged'; readonly partition: Partition; readonly leadership: Leadership }
  | { readonly kind: 'write'; readonly partition: Partition; readonly leadership: Leadership };

function judge(
  { context }: Core,
  topic: Topic | undefined,
  proposal: AlterPartitionRequestPartitionData,
  version: number,
  unknown: ErrorName,
): Judged {
  const index = proposal.partitionIndex;
  const refuse = (error: ErrorName): Judged => ({ kind: 'refused', index, error });
  if (topic === undefined) return refuse(unknown);
  const partition = topic.partitions.get(index);
  const state = partition?.leadership ?? null;
  if (partition === undefined || state === null) return refuse('UNKNOWN_TOPIC_OR_PARTITION');
  if (proposal.leaderRecoveryState !== 0 && proposal.leaderRecoveryState !== 1) return refuse('INVALID_REQUEST');
  const isr = (
    version < 3 ? proposal.newIsr : proposal.newIsrWithEpochs.map(({ brokerId }) => brokerId)
  ) as readonly NodeId[];
  const verdict = judgeIsrChange(
    viewOf(partition, state),
    {
      leader: state.leader,
      leaderEpoch: proposal.leaderEpoch as LeaderEpoch,
      partitionEpoch: proposal.partitionEpoch as PartitionEpoch,
      isr,
      recovering: proposal.leaderRecoveryState === 1,
    },
    { isEligible: (id) => context.isLive(id), acceptUnchanged: true, leaderOnly: false },
  );
  if (verdict.kind === 'refused') {
    return refuse(verdict.error === 'INELIGIBLE_REPLICA' && version < 2 ? 'OPERATION_NOT_ATTEMPTED' : verdict.error);
  }
  if (!verdict.changed) return { kind: 'unchanged', partition, leadership: state };
  const leadership = { ...state, isr: verdict.isr, recovering: verdict.recovering, controllerEpoch: context.epoch };
  return { kind: 'write', partition, leadership };
}

function answer(row: Judged, done: ReadonlySet<Partition>): Row {
  if (row.kind === 'refused') return { partitionIndex: row.index, errorCode: errorCode(row.error) };
  const { partition } = row;
  const partitionIndex = partition.index;
  if (row.kind === 'write' && !done.has(partition)) {
    return { partitionIndex, errorCode: errorCode('INVALID_UPDATE_VERSION') };
  }
  const { leader, leaderEpoch, isr, recovering, partitionEpoch } = partition.leadership as Leadership;
  return {
    partitionIndex,
    errorCode: 0,
    leaderId: leader,
    leaderEpoch,
    isr,
    leaderRecoveryState: recovering ? 1 : 0,
    partitionEpoch,
  };
}

function viewOf({ assignment }: Partition, state: Leadership): PartitionState {
  return { ...assignment, ...state, offline: null, directories: null };
}
