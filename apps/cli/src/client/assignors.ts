import { decodeSubscription, encodeSubscription } from '@biquorum/kafka-wire/consumer-protocol';
import { type AssignedTopic, rangeAssignment } from './range-assignment.ts';
import { roundRobinAssignment } from './round-robin-assignment.ts';
import { stickyAssignment, withoutMoving } from './sticky-assignment.ts';

/** A way to share partitions out, by the name that members of a group agree on. */
export type AssignorName = 'range' | 'roundrobin' | 'cooperative-sticky';

/**
 * What consumers of Java offer by default, in their order, and one more for groups that know no other: members need one
 * way that all of them know.
 */
export const DEFAULT_ASSIGNORS: readonly AssignorName[] = ['range', 'cooperative-sticky', 'roundrobin'];

/** By the names of Java's classes (`org.apache.kafka.clients.consumer`). */
export const ASSIGNOR_CLASSES: ReadonlyMap<string, AssignorName> = new Map([
  ['RangeAssignor', 'range'],
  ['RoundRobinAssignor', 'roundrobin'],
  ['CooperativeStickyAssignor', 'cooperative-sticky'],
]);

/** What a member has when it joins again. */
export interface Owned {
  readonly generation: number;
  readonly topics: readonly AssignedTopic[];
}

const SUBSCRIPTION_VERSION = 2;

/** What a member tells the others when it joins. */
export function subscriptionFor(name: AssignorName, topics: readonly string[], owned: Owned): Uint8Array {
  const keeps = name === 'cooperative-sticky';
  return encodeSubscription(
    {
      topics: topics.toSorted(),
      ownedPartitions: keeps ? owned.topics : [],
      generationId: keeps ? owned.generation : -1,
    },
    SUBSCRIPTION_VERSION,
  );
}

/** A member as the one who shares out sees it. */
export interface JoinedMember {
  readonly memberId: string;
  readonly metadata: Uint8Array;
}

/** Shares out partitions, with what the chosen way makes of what members have told. */
export function assign(
  name: AssignorName,
  joined: readonly JoinedMember[],
  partitionCounts: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly AssignedTopic[]> {
  const subscriptions = joined.map(({ memberId, metadata }) => [memberId, decodeSubscription(metadata)] as const);
  const topics = new Map(subscriptions.map(([memberId, subscription]) => [memberId, subscription.topics]));
  switch (name) {
    case 'range':
      return rangeAssignment(topics, partitionCounts);
    case 'roundrobin':
      return roundRobinAssignment(topics, partitionCounts);
    case 'cooperative-sticky': {
      const members = new Map(
        subscriptions.map(([memberId, { topics: wanted, ownedPartitions, generationId }]) => [
          memberId,
          { topics: wanted, owned: ownedPartitions, generation: generationId },
        ]),
      );
      return withoutMoving(stickyAssignment(members, partitionCounts), members);
    }
  }
}

/** Topics that members want. */
export function topicsOf(joined: readonly JoinedMember[]): readonly string[] {
  return [...new Set(joined.flatMap(({ metadata }) => decodeSubscription(metadata).topics))];
}
