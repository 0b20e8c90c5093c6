import type { Group } from './group.ts';
import type { CommittedOffset } from './offsets.ts';
import { topicsOfSubscription } from './subscription.ts';

/** A partition that a group has committed an offset of. */
export interface CommittedPartition {
  readonly topic: string;
  readonly partition: number;
}

/**
 * The topics that members of a `consumer` group read; `unknown` when a member's subscription cannot be understood, in
 * which case every topic must be taken for subscribed.
 */
export function subscribedTopics(group: Group): ReadonlySet<string> | 'unknown' {
  const topics = new Set<string>();
  for (const member of group.members.values()) {
    const subscription = topicsOfSubscription(member.metadataFor(group.protocolName ?? ''));
    if (subscription === null) return 'unknown';
    for (const topic of subscription) topics.add(topic);
  }
  return topics;
}

/**
 * The offsets past their retention (KIP-211): in an empty group they age from when it became empty, in a live consumer
 * group those of topics that nobody subscribes age from their commit, and so they do where a client only stores offsets.
 */
export function expiredOffsets(group: Group, nowMs: number, retentionMs: number): CommittedPartition[] {
  const since = agesFrom(group);
  if (since === undefined) return [];
  const expired: CommittedPartition[] = [];
  for (const [topic, partition, offset] of group.offsets) {
    const from = since(topic, offset);
    if (from === undefined) continue;
    const due = offset.expireTimestampMs ?? from + retentionMs;
    if (nowMs >= due) expired.push({ topic, partition });
  }
  return expired;
}

/** The moment from which an offset ages, undefined for one that does not age now. */
function agesFrom(group: Group): ((topic: string, offset: CommittedOffset) => number | undefined) | undefined {
  if (group.protocolType === null) return (_topic, offset) => offset.commitTimestampMs;
  if (group.is('Empty')) return () => group.stateSinceMs;
  if (!group.is('Stable') || group.protocolType !== 'consumer') return undefined;
  const subscribed = subscribedTopics(group);
  if (subscribed === 'unknown') return undefined;
  return (topic, offset) => (subscribed.has(topic) ? undefined : offset.commitTimestampMs);
}
