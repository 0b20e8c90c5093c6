import { type ErrorName, errorByName } from '@biquorum/kafka-wire';
import { NO_LEADER, type NodeId } from '@biquorum/metadata';
import type { ControllerContext, Partition } from './context.ts';
import type { Core } from './core.ts';
import { elect } from './election-strategy.ts';
import { type Failure, StateChangeFailed } from './faults.ts';

/** What became of an election: Kafka's error, or none. */
export type ElectionOutcome = Failure;

/** Elects leaders as a client asks (KIP-183, KIP-460). Source: Java `KafkaController.processReplicaLeaderElection`. */
export async function electLeaders(
  core: Core,
  partitions: readonly Partition[],
  kind: 'preferred' | 'unclean',
): Promise<Map<Partition, ElectionOutcome>> {
  const { context } = core;
  const outcomes = new Map<Partition, ElectionOutcome>();
  const wanted: Partition[] = [];
  for (const partition of partitions) {
    if (context.isDoomed(partition)) {
      outcomes.set(partition, { error: 'INVALID_TOPIC_EXCEPTION', message: 'The topic is being deleted' });
    } else if (isDone(context, partition, kind)) {
      outcomes.set(partition, described('ELECTION_NOT_NEEDED'));
    } else wanted.push(partition);
  }
  const strategy =
    kind === 'preferred' ? ({ kind: 'preferred' } as const) : ({ kind: 'offline', unclean: true } as const);
  const results = await core.partitions.online(wanted, strategy);
  const error: ErrorName = kind === 'preferred' ? 'PREFERRED_LEADER_NOT_AVAILABLE' : 'ELIGIBLE_LEADERS_NOT_AVAILABLE';
  for (const partition of wanted) {
    const result = results.get(partition);
    const failed = result === undefined || result instanceof StateChangeFailed;
    outcomes.set(partition, failed ? { error, message: result?.message ?? null } : { error: 'NONE', message: null });
  }
  return outcomes;
}

/** Gives leaderships back to preferred replicas, of brokers that lack too many. Source: Java `checkAndTriggerAutoLeaderRebalance`. */
export async function balanceLeaders(core: Core, percent: number): Promise<void> {
  const { context } = core;
  const byPreferred = new Map<NodeId, Partition[]>();
  for (const partition of context.partitions()) {
    const [preferred] = partition.assignment.replicas;
    if (preferred === undefined || context.isDoomed(partition)) continue;
    const partitions = byPreferred.get(preferred);
    if (partitions === undefined) byPreferred.set(preferred, [partition]);
    else partitions.push(partition);
  }
  for (const [preferred, partitions] of byPreferred) {
    const elsewhere = partitions.filter(({ leadership }) => leadership !== null && leadership.leader !== preferred);
    if (elsewhere.length / partitions.length <= percent / 100) continue;
    const movable = elsewhere.filter(
      (partition) =>
        context.reassigning.size === 0 &&
        partition.leadership !== null &&
        elect(context, partition, partition.leadership, { kind: 'preferred' }) !== null,
    );
    core.telemetry.log('info', 'leaders go back to their preferred broker', {
      broker: preferred,
      partitions: movable.length,
      of: partitions.length,
    });
    if (movable.length > 0) await core.partitions.online(movable, { kind: 'preferred' });
  }
}

function isDone(
  context: ControllerContext,
  { assignment, leadership }: Partition,
  kind: 'preferred' | 'unclean',
): boolean {
  const leader = leadership?.leader ?? NO_LEADER;
  if (kind === 'preferred') return leader === assignment.replicas[0];
  return leader !== NO_LEADER && context.isLive(leader);
}

function described(error: ErrorName): Failure {
  return { error, message: errorByName(error).message };
}
