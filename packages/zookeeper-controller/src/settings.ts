import type { SessionSettings } from './plane/sessions.ts';
import { type ControllerSettings, DEFAULT_CONTROLLER_SETTINGS } from './seam.ts';

/** A property that a broker in ZooKeeper mode cannot work with. */
export class ZooKeeperSettingsError extends Error {
  override readonly name: string = 'ZooKeeperSettingsError';
  readonly key: string;
  readonly value: string;

  constructor(key: string, value: string, remedy: string) {
    super(`${key}${value === '' ? '' : `=${value}`} ${remedy}`);
    this.key = key;
    this.value = value;
  }
}

/** What the plane of a broker reads of its properties. */
export interface ZooKeeperSettings {
  readonly session: SessionSettings;
  readonly controller: ControllerSettings;
  /** `controlled.shutdown.max.retries`. */
  readonly shutdownTriesMax: number;
  /** `controlled.shutdown.retry.backoff.ms`. */
  readonly shutdownBackoffMs: number;
  /** `zookeeper.connection.timeout.ms`, or the session's timeout: how long the first connection may take. */
  readonly connectionTimeoutMs: number;
  /** `reserved.broker.max.id`, when `broker.id.generation.enable` allows to give out larger ones; null otherwise. */
  readonly generatedIdsAbove: number | null;
}

const SESSION_TIMEOUT_MS = 18_000;
const IN_FLIGHT_MAX = 10;
const SHUTDOWN_TRIES = 3;
const SHUTDOWN_BACKOFF_MS = 5_000;
const RESERVED_ID_MAX = 1_000;
/** Pushes and data of later versions are alike since then. */
const PROTOCOL_LEAST = 3.0;
const PROTOCOL = '3.9-IV0';

/**
 * Reads what the plane needs; the broker has checked the types.
 *
 * @param interBrokerListener name of the listener that brokers use among each other
 * @throws ZooKeeperSettingsError
 */
export function readZooKeeperSettings(
  properties: ReadonlyMap<string, string>,
  interBrokerListener: string,
): ZooKeeperSettings {
  const text = (key: string): string => properties.get(key)?.trim() ?? '';
  const number = (key: string, fallback: number): number => (text(key) === '' ? fallback : Number(text(key)));
  const flag = (key: string, fallback: boolean): boolean =>
    text(key) === '' ? fallback : text(key).toLowerCase() === 'true';
  const connect = text('zookeeper.connect');
  if (connect === '') {
    throw new ZooKeeperSettingsError('zookeeper.connect', '', 'is missing; name the ensemble as host:port,…/path');
  }
  for (const key of ['zookeeper.metadata.migration.enable', 'zookeeper.ssl.client.enable', 'zookeeper.set.acl']) {
    if (flag(key, false)) throw new ZooKeeperSettingsError(key, 'true', 'is not served; leave it out');
  }
  const sessionTimeoutMs = number('zookeeper.session.timeout.ms', SESSION_TIMEOUT_MS);
  const defaults = DEFAULT_CONTROLLER_SETTINGS;
  const balanceSeconds = number(
    'leader.imbalance.check.interval.seconds',
    defaults.leaderImbalanceCheckIntervalMs / MS_PER_SECOND,
  );
  return {
    session: {
      connect,
      sessionTimeoutMs,
      inFlightMax: number('zookeeper.max.in.flight.requests', IN_FLIGHT_MAX),
    },
    controller: {
      interBrokerListener: text('control.plane.listener.name') || interBrokerListener,
      protocolVersion: protocolVersion(text('inter.broker.protocol.version')),
      controllerSocketTimeoutMs: number('controller.socket.timeout.ms', defaults.controllerSocketTimeoutMs),
      defaultPartitions: number('num.partitions', defaults.defaultPartitions),
      defaultReplicationFactor: number('default.replication.factor', defaults.defaultReplicationFactor),
      deleteTopicEnable: flag('delete.topic.enable', defaults.deleteTopicEnable),
      uncleanLeaderElection: flag('unclean.leader.election.enable', defaults.uncleanLeaderElection),
      autoLeaderRebalance: flag('auto.leader.rebalance.enable', defaults.autoLeaderRebalance),
      leaderImbalanceCheckIntervalMs: balanceSeconds * MS_PER_SECOND,
      leaderImbalancePerBrokerPercent: number(
        'leader.imbalance.per.broker.percentage',
        defaults.leaderImbalancePerBrokerPercent,
      ),
    },
    shutdownTriesMax: number('controlled.shutdown.max.retries', SHUTDOWN_TRIES),
    shutdownBackoffMs: number('controlled.shutdown.retry.backoff.ms', SHUTDOWN_BACKOFF_MS),
    connectionTimeoutMs: number('zookeeper.connection.timeout.ms', sessionTimeoutMs),
    generatedIdsAbove: flag('broker.id.generation.enable', true)
      ? number('reserved.broker.max.id', RESERVED_ID_MAX)
      : null,
  };
}

const MS_PER_SECOND = 1_000;

/** `3.9` stands for its last version, `3.9-IV0`. */
function protocolVersion(text: string): string {
  if (text === '') return PROTOCOL;
  const version = /^(\d+)\.(\d+)(?:-IV\d+)?$/.exec(text);
  const number = version === null ? Number.NaN : Number(version[1]) + Number(version[2]) / 100;
  if (number >= PROTOCOL_LEAST && number <= 3.09) return text === '3.9' ? PROTOCOL : text;
  throw new ZooKeeperSettingsError('inter.broker.protocol.version', text, 'is not from 3.0 to 3.9-IV0; leave it out');
}
