import type { NodeId } from './ids.ts';

/** Why a request for a topic is refused: the name of Kafka's error and a sentence for the client. */
export interface Refusal {
  readonly error:
    | 'INVALID_TOPIC_EXCEPTION'
    | 'INVALID_PARTITIONS'
    | 'INVALID_REPLICATION_FACTOR'
    | 'INVALID_REPLICA_ASSIGNMENT'
    | 'INVALID_REQUEST';
  readonly message: string;
}

/** Longest legal topic name. With the partition's number and `-delete` suffix a directory name must stay under 255. */
export const TOPIC_NAME_LENGTH_MAX = 249;

/** The topics that brokers keep for themselves; clients may not write to them. Source: Java `Topic.INTERNAL_TOPICS`. */
export const INTERNAL_TOPICS: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
]);

/** The topic of KRaft's metadata log; it is never shown to clients. */
export const METADATA_TOPIC = '__cluster_metadata';

/** Checks a topic's name by Kafka's rules. Source: Java `Topic.validate`. */
export function validateTopicName(name: string): Refusal | null {
  const refuse = (message: string): Refusal => ({ error: 'INVALID_TOPIC_EXCEPTION', message });
  if (name === '') return refuse('the topic name is empty; give it a name');
  if (name === '.' || name === '..') return refuse(`the topic name cannot be "${name}"; choose another`);
  if (name.length > TOPIC_NAME_LENGTH_MAX) {
    return refuse(`the topic name has ${name.length} characters; at most ${TOPIC_NAME_LENGTH_MAX} are allowed`);
  }
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    return refuse(`the topic name "${name}" has characters other than ASCII letters, digits, ".", "_" and "-"`);
  }
  return null;
}

/**
 * Finds an existing topic whose metrics would be indistinguishable from the new one's: Kafka replaces "." by "_" in
 * metric names, so `a.b` and `a_b` must not both exist.
 */
export function collidingTopic(name: string, existing: Iterable<string>): string | undefined {
  const collides = name.includes('.') || name.includes('_');
  if (!collides) return undefined;
  const folded = name.replaceAll('.', '_');
  for (const other of existing) if (other !== name && other.replaceAll('.', '_') === folded) return other;
  return undefined;
}

/** Counts for a topic whose assignment the cluster chooses; −1 stands for the default and is resolved before. */
export function validateCounts(partitions: number, replicationFactor: number, usableBrokers: number): Refusal | null {
  if (!(partitions > 0)) {
    return { error: 'INVALID_PARTITIONS', message: `${partitions} partitions; a topic needs at least 1` };
  }
  if (!(replicationFactor > 0)) {
    return {
      error: 'INVALID_REPLICATION_FACTOR',
      message: `replication factor ${replicationFactor}; it must be at least 1`,
    };
  }
  if (replicationFactor > usableBrokers) {
    return {
      error: 'INVALID_REPLICATION_FACTOR',
      message: `replication factor ${replicationFactor} is larger than the ${usableBrokers} usable brokers; lower it or start brokers`,
    };
  }
  return null;
}

/**
 * Checks an assignment that a client gives: partitions numbered 0 to n−1 without gaps, the same number of replicas
 * everywhere, none twice, every broker known.
 */
export function validateAssignment(
  assignment: ReadonlyMap<number, readonly NodeId[]>,
  isKnown: (node: NodeId) => boolean,
  firstPartition = 0,
): Refusal | null {
  const refuse = (message: string): Refusal => ({ error: 'INVALID_REPLICA_ASSIGNMENT', message });
  if (assignment.size === 0) return refuse('the assignment names no partition');
  let replicationFactor: number | undefined;
  for (let partition = firstPartition; partition < firstPartition + assignment.size; partition++) {
    const replicas = assignment.get(partition);
    if (replicas === undefined) {
      return refuse(`partition ${partition} is missing; partitions are numbered from ${firstPartition} without gaps`);
    }
    const refusal = validateReplicas(replicas, isKnown);
    if (refusal !== null) return refuse(`partition ${partition}: ${refusal.message}`);
    replicationFactor ??= replicas.length;
    if (replicas.length !== replicationFactor) {
      return refuse(
        `partition ${partition} has ${replicas.length} replicas, others ${replicationFactor}; all need the same number`,
      );
    }
  }
  return null;
}

/** Checks the replicas of one partition. */
export function validateReplicas(replicas: readonly NodeId[], isKnown: (node: NodeId) => boolean): Refusal | null {
  const refuse = (message: string): Refusal => ({ error: 'INVALID_REPLICA_ASSIGNMENT', message });
  if (replicas.length === 0) return refuse('it has no replicas; name at least one broker');
  for (const [position, node] of replicas.entries()) {
    if (replicas.indexOf(node) !== position) return refuse(`broker ${node} stands in it twice`);
    if (!isKnown(node)) return refuse(`broker ${node} is not registered`);
  }
  return null;
}
