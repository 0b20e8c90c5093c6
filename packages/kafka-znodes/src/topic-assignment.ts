import { mutableHashMapOrder } from './java-order.ts';
import { type JsonValue, readObject, toJsonBytes } from './json.ts';

/** Where the replicas of one partition are, and are to be. */
export interface PartitionAssignment {
  /** All replicas, in the order of preference; during a reassignment both old and new ones. */
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

/** What `/brokers/topics/T` says of a topic. */
export interface TopicAssignment {
  /** Null when an old controller has made the topic. */
  readonly topicId: string | null;
  /** By partition; Kafka adds no partition before all those before it. */
  readonly partitions: ReadonlyMap<number, PartitionAssignment>;
}

/** Writes version 3. Source: Java `TopicZNode.encode`. */
export function encodeTopicAssignment({ topicId, partitions }: TopicAssignment): Uint8Array {
  const lists = (pick: (assignment: PartitionAssignment) => readonly number[], evenEmpty: boolean): JsonValue => {
    const picked = [...partitions].filter(([, assignment]) => evenEmpty || pick(assignment).length > 0);
    const byKey = new Map(picked.map(([index, assignment]) => [String(index), pick(assignment)]));
    return new Map(mutableHashMapOrder([...byKey.keys()]).map((key) => [key, byKey.get(key) ?? []]));
  };
  const fields: readonly (readonly [string, JsonValue])[] = [
    ['partitions', lists(({ replicas }) => replicas, true)],
    ...(topicId === null ? [] : ([['topic_id', topicId]] as const)),
    ['adding_replicas', lists(({ adding }) => adding, false)],
    ['removing_replicas', lists(({ removing }) => removing, false)],
    ['version', 3],
  ];
  return toJsonBytes(new Map(fields));
}

/** Reads versions 1 to 3. @throws ZnodeError */
export function decodeTopicAssignment(data: Uint8Array | null): TopicAssignment {
  const reader = readObject('topic', data);
  const [partitions, adding, removing] = [
    reader.object('partitions'),
    reader.object('adding_replicas'),
    reader.object('removing_replicas'),
  ];
  const assignments = partitions.keys().map((key): [number, PartitionAssignment] => {
    if (!/^\d+$/.test(key)) throw reader.fault(`"${key}" is no partition`);
    return [
      Number(key),
      {
        replicas: partitions.ints(key),
        adding: adding.has(key) ? adding.ints(key) : [],
        removing: removing.has(key) ? removing.ints(key) : [],
      },
    ];
  });
  return {
    topicId: reader.has('topic_id') ? reader.string('topic_id') : null,
    partitions: new Map(assignments.sort(([a], [b]) => a - b)),
  };
}
