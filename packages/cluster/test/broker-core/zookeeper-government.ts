/**
 * Stands in for `@biquorum/control-plane/testing` where the tests of the broker core run in ZooKeeper mode: its
 * `ReferenceCluster` is an in-memory ZooKeeper on the memory host that the tests have for the government, and the
 * brokers elect their controller in it. Everything else is the package's own. The root `vitest.config.ts` puts it in
 * its place.
 */
import { type ControlPlane, PlaneError } from '@biquorum/control-plane';
import type { ReferenceClusterOptions, ReferenceConfig } from '@biquorum/control-plane/testing';
import type { Ports } from '@biquorum/platform';
import { ClientListener, StandaloneServer } from '@biquorum/zookeeper';
import { createController, DEFAULT_CONTROLLER_SETTINGS, ZooKeeperPlane } from '@biquorum/zookeeper-controller';
import { configRules } from '../../src/kraft/config-rules.ts';

export * from '@biquorum/control-plane/testing';

/** The tests' name of the government's host. */
const HOST = 'controller';
const PORT = 2181;
const TICK_MS = 500;
const RETRY_MS = 200;

/** Takes the place of the reference plane's government. */
export class ReferenceCluster {
  readonly #options: ReferenceClusterOptions;
  readonly #ensemble: StandaloneServer;
  #listener: Promise<ClientListener> | undefined;
  #closed = false;

  constructor(options: ReferenceClusterOptions) {
    this.#options = options;
    this.#ensemble = new StandaloneServer({ clock: this.#ports.clock, tickMs: TICK_MS, minSessionTimeoutMs: 1 });
  }

  create(config: ReferenceConfig, ports: Ports): ControlPlane {
    this.#listener ??= this.#open();
    const { sessionTimeoutMs = 9_000, uncleanLeaderElection = false } = this.#options;
    const properties = new Map([['unclean.leader.election.enable', String(uncleanLeaderElection)]]);
    const parts = {
      session: { connect: `${HOST}:${PORT}/brokers-of-a-test`, sessionTimeoutMs, inFlightMax: 10 },
      clusterId: null,
      settings: {
        ...DEFAULT_CONTROLLER_SETTINGS,
        defaultPartitions: config.defaultPartitions,
        defaultReplicationFactor: config.defaultReplicationFactor,
        deleteTopicEnable: config.deleteTopicEnable,
        uncleanLeaderElection,
      },
      configRules: configRules(properties),
      createController,
      shutdownTriesMax: 3,
      shutdownBackoffMs: 5_000,
    };
    return new PatientPlane(parts, ports);
  }

  close(): void {
    this.#closed = true;
    void this.#listener?.then((listener) => listener.close());
  }

  /** The government's host is a whole memory host. */
  get #ports(): Ports {
    return this.#options.ports as Ports;
  }

  async #open(): Promise<ClientListener> {
    const listener = new ClientListener(this.#ensemble.server, { host: HOST, port: PORT, connectionsPerHostMax: 0 });
    await listener.open(this.#ports.network);
    const beat = (): void => {
      if (this.#closed) return;
      this.#ensemble.tick();
      this.#ports.timers.set(TICK_MS, beat);
    };
    beat();
    return listener;
  }
}

/** Waits until the id is free, as whoever restarts a broker of a cluster does: an earlier life may still hold it. */
class PatientPlane extends ZooKeeperPlane {
  readonly #timers: Ports['timers'];

  constructor(config: ConstructorParameters<typeof ZooKeeperPlane>[0], ports: Ports) {
    super(config, ports);
    this.#timers = ports.timers;
  }

  override async enlist(registration: Parameters<ZooKeeperPlane['enlist']>[0]): Promise<void> {
    for (;;) {
      try {
        return await super.enlist(registration);
      } catch (error) {
        if (!(error instanceof PlaneError && error.fault.code === 'id-taken')) throw error;
      }
      await new Promise<void>((resolve) => {
        this.#timers.set(RETRY_MS, resolve);
      });
    }
  }
}
