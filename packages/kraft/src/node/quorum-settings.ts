import { type ControllerSettings, DEFAULT_CONTROLLER_SETTINGS } from '../controller/options.ts';
import type { QuorumSettings } from '../quorum/options.ts';
import { given, type KraftSettings, type Properties, readNumber } from './kraft-settings.ts';
import { KraftSettingsError } from './settings-error.ts';

/** The quorum's settings by Kafka's keys. @throws KraftSettingsError */
export function readQuorumSettings(properties: Properties): QuorumSettings {
  const number = (key: string): number => readNumber(properties, key);
  return {
    electionTimeoutMs: number('controller.quorum.election.timeout.ms'),
    fetchTimeoutMs: number('controller.quorum.fetch.timeout.ms'),
    electionBackoffMaxMs: number('controller.quorum.election.backoff.max.ms'),
    requestTimeoutMs: number('controller.quorum.request.timeout.ms'),
    retryBackoffMs: number('controller.quorum.retry.backoff.ms'),
    segmentBytes: number('metadata.log.segment.bytes'),
    segmentMs: number('metadata.log.segment.ms'),
    retentionBytes: number('metadata.max.retention.bytes'),
    retentionMs: number('metadata.max.retention.ms'),
    snapshotRecordBytes: number('metadata.log.max.record.bytes.between.snapshots'),
    snapshotIntervalMs: number('metadata.log.max.snapshot.interval.ms'),
  };
}

/** A controller's settings by Kafka's keys. @throws KraftSettingsError */
export function readControllerSettings({ properties, sessionTimeoutMs }: KraftSettings): ControllerSettings {
  const defaults = DEFAULT_CONTROLLER_SETTINGS;
  const rebalances = flag(properties, 'auto.leader.rebalance.enable', true);
  const checkMs = whole(properties, 'leader.imbalance.check.interval.seconds', 300) * 1_000;
  return {
    ...defaults,
    defaultReplicationFactor: whole(properties, 'default.replication.factor', defaults.defaultReplicationFactor),
    defaultPartitions: whole(properties, 'num.partitions', defaults.defaultPartitions),
    sessionTimeoutMs,
    leaderImbalanceCheckIntervalMs: rebalances ? checkMs : null,
    uncleanElectionIntervalMs: whole(
      properties,
      'unclean.leader.election.interval.ms',
      defaults.uncleanElectionIntervalMs,
    ),
    maxIdleIntervalMs: readNumber(properties, 'metadata.max.idle.interval.ms'),
    deleteTopicEnable: flag(properties, 'delete.topic.enable', defaults.deleteTopicEnable),
  };
}

/** These keys lie in the broker's table, and are checked there; a controller alone has none. */
function whole(properties: Properties, key: string, byDefault: number): number {
  const text = given(properties, key);
  if (text === undefined) return byDefault;
  if (!/^\d+$/.test(text)) throw new KraftSettingsError(key, text, 'must be a whole number of 0 or more');
  return Number(text);
}

function flag(properties: Properties, key: string, byDefault: boolean): boolean {
  const text = given(properties, key)?.toLowerCase();
  if (text === undefined) return byDefault;
  if (text !== 'true' && text !== 'false') throw new KraftSettingsError(key, text, 'must be true or false');
  return text === 'true';
}
