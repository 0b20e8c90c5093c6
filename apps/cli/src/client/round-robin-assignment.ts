import type { AssignedTopic } from './range-assignment.ts';

/**
 * Deals partitions of all topics out one by one, to members in the order of their ids who want the topic. Source: Java
 * `RoundRobinAssignor`.
 *
 * @param subscriptions topics by member
 * @param partitionCounts partitions by topic; topics that do not exist are left out
 */
export function roundRobinAssignment(
  subscriptions: ReadonlyMap<string, readonly string[]>,
  partitionCounts: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly AssignedTopic[]> {
  const members = [...subscriptions.keys()].sort();
  const dealt = new Map<string, Map<string, number[]>>(members.map((memberId) => [memberId, new Map()]));
  let turn = 0;
  for (const topic of [...partitionCounts.keys()].sort()) {
    const isWanted = (memberId: string): boolean => subscriptions.get(memberId)?.includes(topic) === true;
    if (!members.some(isWanted)) continue;
    for (let partition = 0; partition < (partitionCounts.get(topic) ?? 0); partition++) {
      while (!isWanted(members[turn % members.length] as string)) turn++;
      const topics = dealt.get(members[turn++ % members.length] as string) as Map<string, number[]>;
      topics.set(topic, [...(topics.get(topic) ?? []), partition]);
    }
  }
  return new Map(
    [...dealt].map(([memberId, topics]) => [
      memberId,
      [...topics].map(([topic, partitions]) => ({ topic, partitions })),
    ]),
  );
}
