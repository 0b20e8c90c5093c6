import type { BrokerEpoch, NodeId } from '@biquorum/metadata';
import type { Ports, Timer } from '@biquorum/platform';
import type { ConfigTable } from '../configs/config-entry.ts';
import { KRAFT_KEYS } from '../configs/kraft-keys.ts';
import type { ControlPlaneModule } from '../plane.ts';
import type { ConfigCheck } from './configs.ts';
import { Government } from './government.ts';
import { ReferencePlane } from './reference-plane.ts';

/** What a reference cluster is made with. */
export interface ReferenceClusterOptions {
  readonly clusterId: string;
  /** Time for sessions, and chance for delays and order. */
  readonly ports: Pick<Ports, 'timers' | 'random'>;
  /** A broker that is silent for so long is fenced. 9,000 ms by default, as in KRaft mode. */
  readonly sessionTimeoutMs?: number;
  /** How often a broker reports. 2,000 ms by default. */
  readonly heartbeatIntervalMs?: number;
  /** Every message between broker and controller takes up to so long. 0 by default: the next turn of the loop. */
  readonly delayMsMax?: number;
  /** `unclean.leader.election.enable` where neither topic nor cluster sets it. False by default. */
  readonly uncleanLeaderElection?: boolean;
}

/** What each broker's plane reads from its node's properties. */
export interface ReferenceConfig {
  /** `num.partitions`. */
  readonly defaultPartitions: number;
  /** `default.replication.factor`. */
  readonly defaultReplicationFactor: number;
  /** `delete.topic.enable`. */
  readonly deleteTopicEnable: boolean;
  /** Says what is wrong with a value of a key, null when nothing is. */
  readonly checkConfig: ConfigCheck;
  /** Can something be appended to the values of this key? */
  readonly isListConfig: (key: string) => boolean;
  /** A topic's whole configuration with these settings, for CreateTopics (KIP-525). What was set, by default. */
  readonly describeTopic?: (set: ReadonlyMap<string, string>) => readonly DescribedConfig[];
}

/** A row of a topic's configuration as CreateTopics tells it. Sources by Kafka's numbers: 1 topic, 5 default. */
export interface DescribedConfig {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
}

/** The defaults of Kafka's properties; configuration is taken as it comes. */
export const REFERENCE_DEFAULTS: ReferenceConfig = {
  defaultPartitions: 1,
  defaultReplicationFactor: 1,
  deleteTopicEnable: true,
  checkConfig: () => null,
  isListConfig: () => false,
};

/** Settings of KRaft mode that this plane reads too. */
const READ: ReadonlySet<string> = new Set(['broker.heartbeat.interval.ms', 'broker.session.timeout.ms']);

/**
 * The one object that brokers under the reference plane share: a controller without consensus, and the faults that
 * tests ask of it.
 */
export class ReferenceCluster implements ControlPlaneModule<ReferenceConfig> {
  /** Sessions are the plane's own; what else it reads the table has among the broker's settings. */
  readonly configs: ConfigTable = KRAFT_KEYS.filter(({ name }) => READ.has(name));
  readonly government: Government;
  readonly options: Required<Omit<ReferenceClusterOptions, 'ports' | 'uncleanLeaderElection'>>;
  readonly #ports: ReferenceClusterOptions['ports'];
  readonly #sessions: Map<NodeId, { readonly epoch: BrokerEpoch; readonly timer: Timer }> = new Map();
  #controllerLost = false;
  #repliesToLose = 0;

  constructor(options: ReferenceClusterOptions) {
    this.#ports = options.ports;
    this.options = {
      clusterId: options.clusterId,
      sessionTimeoutMs: options.sessionTimeoutMs ?? 9_000,
      heartbeatIntervalMs: options.heartbeatIntervalMs ?? 2_000,
      delayMsMax: options.delayMsMax ?? 0,
    };
    this.government = new Government(options.clusterId, {
      election: { keepCurrent: true },
      uncleanByDefault: options.uncleanLeaderElection ?? false,
    });
  }

  create(config: ReferenceConfig, ports: Ports): ReferencePlane {
    return new ReferencePlane(this, config, ports);
  }

  /** A broker is there: its session begins anew. */
  touchSession(id: NodeId, epoch: BrokerEpoch): void {
    this.#sessions.get(id)?.timer.cancel();
    const { timers } = this.#ports;
    // After a pause of this process heartbeats that came due meanwhile are heard before anybody is declared dead.
    const expire = (): void => timers.soon(() => this.#expire(id, timer, epoch));
    const timer = timers.set(this.options.sessionTimeoutMs, expire);
    this.#sessions.set(id, { epoch, timer });
  }

  /** The broker is gone or said good-bye: it is fenced now. */
  endSession(id: NodeId, epoch: BrokerEpoch): void {
    if (!this.government.isCurrent(id, epoch)) return;
    this.#endTimer(id);
    this.government.fence(id, epoch);
  }

  /** Ends a broker's registration, as if it had been silent for too long: it must register anew. */
  expireRegistration(id: NodeId): void {
    this.#endTimer(id);
    this.government.expire(id);
  }

  /**
   * From now on commands find no controller, and brokers ask again until {@link ReferenceCluster.restoreController}.
   * Nobody is fenced meanwhile: there is nobody to do it.
   */
  loseController(): void {
    this.#controllerLost = true;
    for (const { timer } of this.#sessions.values()) timer.cancel();
  }

  /** There is a controller again, which knows all that was decided and gives every session its full time. */
  restoreController(): void {
    this.#controllerLost = false;
    for (const [id, { epoch }] of this.#sessions) this.touchSession(id, epoch);
  }

  /** The next `count` commands take effect, but their replies never arrive. */
  loseReplies(count: number): void {
    this.#repliesToLose += count;
  }

  /** Is there a controller to ask? */
  get controllerLost(): boolean {
    return this.#controllerLost;
  }

  /** Must this reply vanish? Counts down. */
  losesReply(): boolean {
    if (this.#repliesToLose === 0) return false;
    this.#repliesToLose -= 1;
    return true;
  }

  /** Ends all sessions' timers, so that nothing keeps the process alive. */
  close(): void {
    for (const { timer } of this.#sessions.values()) timer.cancel();
    this.#sessions.clear();
  }

  /** The time of a session is over, unless its broker was heard of since. */
  #expire(id: NodeId, timer: Timer, epoch: BrokerEpoch): void {
    if (this.#sessions.get(id)?.timer === timer && !this.#controllerLost) this.endSession(id, epoch);
  }

  #endTimer(id: NodeId): void {
    this.#sessions.get(id)?.timer.cancel();
    this.#sessions.delete(id);
  }
}
