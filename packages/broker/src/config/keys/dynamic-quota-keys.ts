import type { ConfigEntry } from '@biquorum/control-plane';

/**
 * What can only be set at run time, never in the file. Apache shows these as read-only all the same. Source: Java
 * `QuotaConfigs.brokerQuotaConfigs`.
 */
export const DYNAMIC_QUOTA_KEYS: readonly ConfigEntry[] = [
  {
    name: 'leader.replication.throttled.rate',
    type: 'long',
    defaultValue: '9223372036854775807',
    minimum: 0,
    support: 'accepted',
    because: 'until quotas',
    documentation: 'Bytes in a second that leaders send to throttled replicas.',
  },
  {
    name: 'follower.replication.throttled.rate',
    type: 'long',
    defaultValue: '9223372036854775807',
    minimum: 0,
    support: 'accepted',
    because: 'until quotas',
    documentation: 'Bytes in a second that throttled replicas fetch.',
  },
  {
    name: 'replica.alter.log.dirs.io.max.bytes.per.second',
    type: 'long',
    defaultValue: '9223372036854775807',
    minimum: 0,
    support: 'accepted',
    because: 'until replicas move between directories',
    documentation: 'Bytes in a second that are copied while replicas move between directories.',
  },
];
