import type { BrokerEpoch, NodeId } from '@biquorum/metadata';
import type { Ports, Timer } from '@biquorum/platform';
import type { ControlPlane, ControlPlaneModule } from '../plane.ts';
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
}

/** The defaults of Kafka's properties; configuration is taken as it comes. */
export const REFERENCE_DEFAULTS: ReferenceConfig = {
  defaultPartitions: 1,
  defaultReplicationFactor: 1,
  deleteTopicEnable: true,
  checkConfig: () => null,
  isListConfig: () => false,
};

/**
 * The one object that brokers under the reference plane share: a controller without consensus, and the faults that
 * tests ask of it.
 */
export class ReferenceCluster implements ControlPlaneModule<ReferenceConfig> {
  readonly government: Government;
  readonly options: Required<Omit<ReferenceClusterOptions, 'ports'>>;
  readonly #ports: ReferenceClusterOptions['ports'];
  readonly #sessions: Map<NodeId, Timer> = new Map();
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
      uncleanAllowed: (configs) => configs.get('unclean.leader.election.enable') === 'true',
    });
  }

  create(config: ReferenceConfig, ports: Ports): ControlPlane {
    return new ReferencePlane(this, config, ports);
  }

  /** A broker is there: its session begins anew. */
  touchSession(id: NodeId, epoch: BrokerEpoch): void {
    this.#sessions.get(id)?.cancel();
    const expire = (): void => this.endSession(id, epoch);
    this.#sessions.set(id, this.#ports.timers.set(this.options.sessionTimeoutMs, expire));
  }

  /** The broker is gone or said good-bye: it is fenced now. */
  endSession(id: NodeId, epoch: BrokerEpoch): void {
    if (!this.government.isCurrent(id, epoch)) return;
    this.#sessions.get(id)?.cancel();
    this.#sessions.delete(id);
    this.government.fence(id, epoch);
  }

  /** From now on commands find no controller, and brokers ask again until {@link ReferenceCluster.restoreController}. */
  loseController(): void {
    this.#controllerLost = true;
  }

  restoreController(): void {
    this.#controllerLost = false;
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
    for (const session of this.#sessions.values()) session.cancel();
    this.#sessions.clear();
  }
}
