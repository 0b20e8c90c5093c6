import { Broker, readBrokerSettings } from '@biquorum/broker';
import type { ConfigTable } from '@biquorum/control-plane';
import { ReferenceCluster } from '@biquorum/control-plane/testing';
import type { Ports } from '@biquorum/platform';
import type { RunningNode } from '../running-node.ts';
import { referenceConfig } from './reference-config.ts';

/** The in-memory government that brokers of one process share. */
export class ReferenceMode {
  readonly #reference: ReferenceCluster;

  constructor(clusterId: string, ports: Ports, properties: ReadonlyMap<string, string>) {
    this.#reference = new ReferenceCluster({
      clusterId,
      ports,
      sessionTimeoutMs: Number(properties.get('broker.session.timeout.ms') ?? 9_000),
      heartbeatIntervalMs: Number(properties.get('broker.heartbeat.interval.ms') ?? 2_000),
      uncleanLeaderElection: properties.get('unclean.leader.election.enable')?.trim().toLowerCase() === 'true',
    });
  }

  /** The settings that this government reads. */
  get configs(): ConfigTable {
    return this.#reference.configs;
  }

  /** Makes one run of a broker. @throws SettingsError */
  async create(ports: Ports, properties: ReadonlyMap<string, string>): Promise<RunningNode> {
    const config = referenceConfig(properties, () => this.#reference.government.view);
    const plane = this.#reference.create(config, ports);
    const broker = new Broker({ settings: readBrokerSettings(properties, this.configs), ports, plane });
    return {
      broker,
      activeEpoch: undefined,
      quorum: undefined,
      get address() {
        const [endpoint] = broker.endpoints;
        return endpoint === undefined ? '' : `${endpoint.host}:${endpoint.port}`;
      },
      start: () => broker.start(),
      stop: () => broker.stop(),
    };
  }

  close(): void {
    this.#reference.close();
  }
}
