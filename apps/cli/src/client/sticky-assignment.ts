import type { AssignedTopic } from './range-assignment.ts';

/** What a member wants, and has had. */
export interface StickyMember {
  readonly topics: readonly string[];
  readonly owned: readonly AssignedTopic[];
  /** When it was given that; −1 when it does not know. */
  readonly generation: number;
}

/**
 * Shares partitions out as evenly as subscriptions allow, and leaves each with who has it where that does no harm. What
 * two members say they have belongs to the one of the later generation, or else to neither, as with Java's
 * `AbstractStickyAssignor`; which partitions move may differ from Java's choice.
 *
 * @param partitionCounts partitions by topic; topics that do not exist are left out
 */
export function stickyAssignment(
  members: ReadonlyMap<string, StickyMember>,
  partitionCounts: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly AssignedTopic[]> {
  const ids = [...members.keys()].sort();
  const given = new Map<string, Set<string>>(ids.map((id) => [id, new Set()]));
  const load = (id: string): number => given.get(id)?.size ?? 0;
  const wants = (id: string, partition: string): boolean =>
    members.get(id)?.topics.includes(topicOf(partition)) === true;
  const owners = ownersOf(members);
  for (const topic of [...partitionCounts.keys()].sort()) {
    for (let number = 0; number < (partitionCounts.get(topic) ?? 0); number++) {
      const partition = partitionKey(topic, number);
      const owner = owners.get(partition);
      if (owner !== undefined && wants(owner, partition)) given.get(owner)?.add(partition);
    }
  }
  const kept = new Set([...given.values()].flatMap((partitions) => [...partitions]));
  for (const topic of [...partitionCounts.keys()].sort()) {
    for (let number = 0; number < (partitionCounts.get(topic) ?? 0); number++) {
      const partition = partitionKey(topic, number);
      if (kept.has(partition)) continue;
      const least = leastLoaded(
        ids.filter((id) => wants(id, partition)),
        load,
      );
      if (least !== undefined) given.get(least)?.add(partition);
    }
  }
  balance(ids, given, wants);
  return new Map([...given].map(([id, partitions]) => [id, byTopic(partitions)]));
}

/**
 * What of an assignment may be given at once where members keep reading while the group shares out anew (KIP-429):
 * partitions that another member still has are left out until it has given them up and joins again.
 */
export function withoutMoving(
  assignment: ReadonlyMap<string, readonly AssignedTopic[]>,
  members: ReadonlyMap<string, StickyMember>,
): ReadonlyMap<string, readonly AssignedTopic[]> {
  const holders = new Map<string, string[]>();
  for (const [id, { owned }] of members) {
    for (const partition of keysOf(owned)) holders.set(partition, [...(holders.get(partition) ?? []), id]);
  }
  return new Map(
    [...assignment].map(([id, topics]) => [
      id,
      byTopic(keysOf(topics).filter((partition) => (holders.get(partition) ?? []).every((holder) => holder === id))),
    ]),
  );
}

/** Moves partitions from who has most to who has least, as long as that makes it more even. */
function balance(
  ids: readonly string[],
  given: ReadonlyMap<string, Set<string>>,
  wants: (id: string, partition: string) => boolean,
): void {
  const load = (id: string): number => given.get(id)?.size ?? 0;
  for (let hasMoved = true; hasMoved; ) {
    hasMoved = false;
    for (const from of ids.toSorted((left, right) => load(right) - load(left))) {
      for (const partition of [...(given.get(from) ?? [])].toReversed()) {
        const to = leastLoaded(
          ids.filter((id) => wants(id, partition)),
          load,
        );
        if (to === undefined || load(from) - load(to) < 2) continue;
        given.get(from)?.delete(partition);
        given.get(to)?.add(partition);
        hasMoved = true;
      }
    }
  }
}

function leastLoaded(ids: readonly string[], load: (id: string) => number): string | undefined {
  return ids.reduce<string | undefined>(
    (least, id) => (least === undefined || load(id) < load(least) ? id : least),
    undefined,
  );
}

function ownersOf(members: ReadonlyMap<string, StickyMember>): ReadonlyMap<string, string> {
  const owners = new Map<string, { readonly id: string; readonly generation: number } | 'disputed'>();
  const byGeneration = [...members].toSorted(([, left], [, right]) => right.generation - left.generation);
  for (const [id, { owned, generation }] of byGeneration) {
    for (const partition of keysOf(owned)) {
      const known = owners.get(partition);
      if (known === undefined) owners.set(partition, { id, generation });
      else if (known !== 'disputed' && known.generation === generation) owners.set(partition, 'disputed');
    }
  }
  return new Map(
    [...owners].flatMap(([partition, owner]) => (owner === 'disputed' ? [] : [[partition, owner.id] as const])),
  );
}

function keysOf(topics: readonly AssignedTopic[]): string[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((number) => partitionKey(topic, number)));
}

function partitionKey(topic: string, number: number): string {
  return `${topic}/${number}`;
}

function topicOf(partition: string): string {
  return partition.slice(0, partition.lastIndexOf('/'));
}

function byTopic(partitions: Iterable<string>): readonly AssignedTopic[] {
  const topics = new Map<string, number[]>();
  for (const partition of partitions) {
    const topic = topicOf(partition);
    topics.set(topic, [...(topics.get(topic) ?? []), Number(partition.slice(topic.length + 1))]);
  }
  return [...topics].map(([topic, numbers]) => ({ topic, partitions: numbers.toSorted((a, b) => a - b) }));
}
