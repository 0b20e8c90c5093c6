/** Partitions of a topic that a member is given. */
export interface AssignedTopic {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/**
 * Shares out partitions topic by topic: members in the order of their ids get ranges of equal length, the first ones one
 * more where it does not come out even. Source: Java `RangeAssignor`.
 *
 * @param subscriptions topics by member
 * @param partitionCounts partitions by topic; topics that do not exist are left out
 */
export function rangeAssignment(
  subscriptions: ReadonlyMap<string, readonly string[]>,
  partitionCounts: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly AssignedTopic[]> {
  const assignment = new Map<string, AssignedTopic[]>([...subscriptions.keys()].map((memberId) => [memberId, []]));
  for (const [topic, count] of partitionCounts) {
    const members = [...subscriptions]
      .filter(([, topics]) => topics.includes(topic))
      .map(([memberId]) => memberId)
      .sort();
    const each = Math.floor(count / members.length);
    const withOneMore = count % members.length;
    for (const [index, memberId] of members.entries()) {
      const first = index * each + Math.min(index, withOneMore);
      const length = each + (index < withOneMore ? 1 : 0);
      if (length === 0) continue;
      const partitions = Array.from({ length }, (_, step) => first + step);
      assignment.get(memberId)?.push({ topic, partitions });
    }
  }
  return assignment;
}
