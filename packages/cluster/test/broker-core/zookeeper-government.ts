/**
 * Stands in for `@biquorum/control-plane/testing` where the tests of the broker core run in ZooKeeper mode: its
 * `ReferenceCluster` is a ZooKeeper ensemble of three servers, with disks in memory, on the memory host that the tests
 * have for the government. It loses its leader again and again; the brokers elect their controller in it. Everything
 * else is the package's own. The root `vitest.config.ts` puts it in its place.
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
const SERVER_IDS: readonly number[] = Array.from({ length: SERVERS }, (_, index) => index + 1);
const MEMBERS: readonly (readonly [string, string])[] = SERVER_IDS.map((id) => {
  return [`server.${id}`, `${HOST}:${QUORUM_PORT + id}:${ELECTION_PORT + id}`];
});
/**
 * How often the leader of the ensemble is lost, for a second; 0 for never. Longer than the brokers' sessions, which the
 * next leader gives their whole time again: those of the dead must come to their end.
 */
const LEADER_LOST_MS = Number(process.env['BIQUORUM_LEADER_LOST_MS'] ?? 13_000);
const AWAY_MS = 1_000;
const TICK_MS = 500;
const RETRY_MS = 200;
/** Small, for files in memory. */
const SYSTEM_PROPERTIES: ReadonlyMap<string, string> = new Map([['zookeeper.preAllocSize', '64']]);

/** Takes the place of the reference plane's government. */
export class ReferenceCluster {
  readonly #options: ReferenceClusterOptions;
  readonly #nodes: Map<number, ZooKeeperNode> = new Map();
  #open = false;
  #closed = false;

  constructor(options: ReferenceClusterOptions) {
    this.#options = options;
  }

  create(config: ReferenceConfig, ports: Ports): ControlPlane {
    if (!this.#open) void this.#openAll();
    const { sessionTimeoutMs = 9_000, uncleanLeaderElection = false } = this.#options;
    const properties = new Map([['unclean.leader.election.enable', String(uncleanLeaderElection)]]);
    const connect = SERVER_IDS.map((id) => `${HOST}:${CLIENT_PORT + id - 1}`).join();
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
    this.#closed = true;
    for (const node of this.#nodes.values()) void node.stop();
  }

  async #openAll(): Promise<void> {
    this.#open = true;
    await Promise.all(SERVER_IDS.map((id) => this.#start(id)));
    while (LEADER_LOST_MS > 0 && !this.#closed) {
      await this.#pass(LEADER_LOST_MS);
      for (const [id, node] of this.#nodes) {
        if (node.core.mode !== 'leader' || this.#closed) continue;
        await node.stop();
        await this.#pass(AWAY_MS);
        await this.#start(id);
        break;
      }
    }
  }

  /** Starts a server, by what starts them elsewhere. */
  async #start(id: number): Promise<void> {
    if (this.#closed) return;
    const config = new Map([
      ['dataDir', `/zookeeper-${id}`],
      ['clientPort', String(CLIENT_PORT + id - 1)],
      ['clientPortAddress', HOST],
      ['maxClientCnxns', '0'],
      ['tickTime', String(TICK_MS)],
      ['minSessionTimeout', '1'],
      ['initLimit', '10'],
      ['syncLimit', '10'],
      ...(SERVERS === 1 ? [] : MEMBERS),
    ]);
    const node = await startZooKeeper({
      settings: readZooKeeperSettings(config, SYSTEM_PROPERTIES, String(id)),
      ports: this.#ports,
      onFailure: (error) => void Promise.reject(error),
    });
    this.#nodes.set(id, node);
    if (this.#closed) await node.stop();
  }

  #pass(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#ports.timers.set(durationMs, resolve);
    });
  }

  /** The government's host is a whole memory host. */
  get #ports(): Ports {
    return this.#options.ports as Ports;
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
