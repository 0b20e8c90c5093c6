/**
 * Stands in for `@biquorum/control-plane/testing` where the tests of the broker core run in ZooKeeper mode: its
 * `ReferenceCluster` is a ZooKeeper ensemble of three servers, with disks in memory, on the memory host that the tests
 * have for the government, and the brokers elect their controller in it. Everything else is the package's own. The root
 * `vitest.config.ts` puts it in its place.
 */
import { type ControlPlane, PlaneError } from '@biquorum/control-plane';
import type { ReferenceClusterOptions, ReferenceConfig } from '@biquorum/control-plane/testing';
import type { Ports } from '@biquorum/platform';
import { readZooKeeperSettings, startZooKeeper, type ZooKeeperNode } from '@biquorum/zookeeper';
import { createController, DEFAULT_CONTROLLER_SETTINGS, ZooKeeperPlane } from '@biquorum/zookeeper-controller';
import { configRules } from '../../src/kraft/config-rules.ts';

export * from '@biquorum/control-plane/testing';

/** The tests' name of the government's host: all servers are on it, as it is what tests cut off. */
const HOST = 'controller';
/** Of the first server; those of the others follow. */
const [CLIENT_PORT, QUORUM_PORT, ELECTION_PORT] = [2181, 2888, 3888];
/** `BIQUORUM_ZOOKEEPERS=1` puts a server alone in the place of the ensemble. */
const SERVERS = Number(process.env['BIQUORUM_ZOOKEEPERS'] ?? 3);
const TICK_MS = 500;
const RETRY_MS = 200;
/** Small, for files in memory. */
const LOG_PADDING_BYTES = 64 * 1024;

/** Takes the place of the reference plane's government. */
export class ReferenceCluster {
  readonly #options: ReferenceClusterOptions;
  #nodes: Promise<readonly ZooKeeperNode[]> | undefined;

  constructor(options: ReferenceClusterOptions) {
    this.#options = options;
  }

  create(config: ReferenceConfig, ports: Ports): ControlPlane {
    this.#nodes ??= this.#open();
    const { sessionTimeoutMs = 9_000, uncleanLeaderElection = false } = this.#options;
    const properties = new Map([['unclean.leader.election.enable', String(uncleanLeaderElection)]]);
    const connect = Array.from({ length: SERVERS }, (_, index) => `${HOST}:${CLIENT_PORT + index}`).join();
    const parts = {
      session: { connect: `${connect}/brokers-of-a-test`, sessionTimeoutMs, inFlightMax: 10 },
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
    void this.#nodes?.then((nodes) => Promise.all(nodes.map((node) => node.stop())));
  }

  /** Starts the servers, by what starts them elsewhere. */
  #open(): Promise<readonly ZooKeeperNode[]> {
    // The government's host is a whole memory host.
    const ports = this.#options.ports as Ports;
    const ids = Array.from({ length: SERVERS }, (_, index) => index + 1);
    const members = ids.map((id) => [`server.${id}`, `${HOST}:${QUORUM_PORT + id}:${ELECTION_PORT + id}`] as const);
    const start = (id: number): Promise<ZooKeeperNode> => {
      const config = new Map([
        ['dataDir', `/zookeeper-${id}`],
        ['clientPort', String(CLIENT_PORT + id - 1)],
        ['clientPortAddress', HOST],
        ['maxClientCnxns', '0'],
        ['tickTime', String(TICK_MS)],
        ['minSessionTimeout', '1'],
        ['initLimit', '10'],
        ['syncLimit', '10'],
        ...(SERVERS === 1 ? [] : members),
      ]);
      const system = new Map([['zookeeper.preAllocSize', String(LOG_PADDING_BYTES / 1024)]]);
      return startZooKeeper({
        settings: readZooKeeperSettings(config, system, String(id)),
        ports,
        onFailure: (error) => void Promise.reject(error),
      });
    };
    return Promise.all(ids.map(start));
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
