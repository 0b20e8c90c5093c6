import type { BrokerHost, PlaneRequest } from '@biquorum/control-plane';
import type { ErrorName } from '@biquorum/kafka-wire';

/** Who sends a push, and to whom. */
export interface PushEpochs {
  readonly controllerEpoch: number;
  /** −1 in versions that do not tell. */
  readonly brokerEpoch: number;
}

/**
 * Refuses what is not the present controller's, or is meant for an earlier registration of this broker. Controller epochs
 * are compared across all three kinds of push.
 *
 * Source: Java `KafkaApis.handleLeaderAndIsrRequest`, `ReplicaManager.becomeLeaderOrFollower`.
 */
export class PushGate {
  readonly #host: Pick<BrokerHost, 'authorize'>;
  readonly #brokerEpoch: () => number;
  #controllerEpoch = 0;

  constructor(host: Pick<BrokerHost, 'authorize'>, brokerEpoch: () => number) {
    this.#host = host;
    this.#brokerEpoch = brokerEpoch;
  }

  /** The largest epoch that any push came with. */
  get controllerEpoch(): number {
    return this.#controllerEpoch;
  }

  /** The error to answer with; null lets the push in, and its epoch is remembered. */
  check({ context }: Pick<PlaneRequest, 'context'>, push: PushEpochs): ErrorName | null {
    const resource = { type: 'Cluster', name: 'kafka-cluster' } as const;
    if (!this.#host.authorize(context, { operation: 'ClusterAction', resource })) return 'CLUSTER_AUTHORIZATION_FAILED';
    if (push.brokerEpoch !== -1 && push.brokerEpoch < this.#brokerEpoch()) return 'STALE_BROKER_EPOCH';
    if (push.controllerEpoch < this.#controllerEpoch) return 'STALE_CONTROLLER_EPOCH';
    this.#controllerEpoch = push.controllerEpoch;
    return null;
  }
}
