import { ListenerServer } from '@biquorum/kafka-network';
import type { Endpoint } from '@biquorum/metadata';
import type { DiskLock, Ports } from '@biquorum/platform';
import { type ConfigRules, QuorumController } from '../controller/index.ts';
import { MetadataLoader } from '../image/metadata-loader.ts';
import { KraftPlane, type KraftPlaneConfig } from '../plane/kraft-plane.ts';
import type { MetadataSource } from '../plane/metadata-source.ts';
import { MetadataQuorum } from '../quorum/metadata-quorum.ts';
import type { QuorumStatus } from '../quorum/options.ts';
import type { Quorum } from '../quorum/types.ts';
import { SUPPORTED_FEATURES, withKraftVersion } from '../server/api-versions.ts';
import { BrokerConnections } from '../server/broker-connections.ts';
import { ControllerServer } from '../server/controller-server.ts';
import { ControllerRouter, type ControllerServices } from '../server/router.ts';
import { randomUuid } from '../storage-format/uuids.ts';
import { readBootstrapRecords } from './bootstrap-records.ts';
import { ControllerRegistrar } from './controller-registration.ts';
import { GoneBrokers } from './gone-brokers.ts';
import type { KraftSettings } from './kraft-settings.ts';
import { type NodeStorage, readNodeStorage } from './node-storage.ts';
import { readControllerSettings, readQuorumSettings } from './quorum-settings.ts';

/** What a node is made of. */
export interface KraftNodeParts {
  readonly settings: KraftSettings;
  readonly ports: Ports;
  /** Knows the configuration keys; needed where the node is a controller. */
  readonly configRules: ConfigRules;
  /**
   * Takes a peer that was connected, and now refuses connections, for one whose process has ended, instead of waiting
   * for its timeout as Apache does: such a leader is succeeded and such a broker fenced at once. False by default.
   */
  readonly detectResets?: boolean;
  /** The node's disk failed or an invariant is broken: the process must end. */
  readonly onFailure: (error: unknown) => void;
}

/** Kafka's `socket.request.max.bytes`. */
const REQUEST_BYTES_MAX = 100 << 20;
const LIMITS = {
  requestBytesMax: REQUEST_BYTES_MAX,
  requestsInFlightMax: 64,
  responseBytesMax: 64 << 20,
  idleMsMax: 600_000,
  connectionsMax: 0x7fff_ffff,
  connectionsPerHostMax: 0x7fff_ffff,
};
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * One process of a cluster in KRaft mode, as far as the quorum governs it: its copy of the metadata log, the controller
 * where it is one, and the plane of its broker where it is one. Broker and controller of one process share the log.
 *
 * The same class runs in production and in simulations; all outside contact goes through the ports.
 */
export class KraftNode {
  readonly settings: KraftSettings;
  readonly #parts: KraftNodeParts;
  readonly #storage: NodeStorage;
  #metadata: Promise<Metadata> | undefined;
  #opened: Metadata | undefined;
  #controller: RunningController | undefined;
  #lock: DiskLock | undefined;
  #users = 0;
  #controllerEndpoints: readonly Endpoint[];

  private constructor(parts: KraftNodeParts, storage: NodeStorage) {
    this.#parts = parts;
    this.settings = parts.settings;
    this.#controllerEndpoints = parts.settings.advertisedControllerListeners;
    this.#storage = storage;
  }

  /** Reads whose the directories are. @throws StorageError */
  static async prepare(parts: KraftNodeParts): Promise<KraftNode> {
    return new KraftNode(parts, await readNodeStorage(parts.ports.disk, parts.settings));
  }

  /** Id of the cluster that the node was formatted for. */
  get clusterId(): string {
    return this.#storage.clusterId;
  }

  /** What others are told of its controller; hosts are empty where they are not known before it starts. */
  get controllerEndpoints(): readonly Endpoint[] {
    return this.#controllerEndpoints;
  }

  /** The quorum as this node sees it; undefined while its log is not open. */
  get quorumStatus(): QuorumStatus | undefined {
    return this.#controller?.metadata.quorum.status() ?? this.#opened?.quorum.status();
  }

  /** The epoch in which this node is the active controller; undefined when it is not. */
  get activeEpoch(): number | undefined {
    return this.#controller?.controller.activeEpoch ?? undefined;
  }

  /** Follows the log, once it is open. */
  get loader(): MetadataLoader | undefined {
    return this.#opened?.loader;
  }

  /**
   * Starts the controller, where the node is one. Resolves when its listener serves; a leader may not be known yet.
   *
   * @throws NetworkError, DiskError with the reason when it cannot; then nothing of it runs
   */
  async startController(): Promise<void> {
    if (!this.#parts.settings.roles.has('controller')) return;
    const metadata = await this.#open();
    try {
      await this.#runController(metadata);
    } catch (error) {
      if (this.#controller === undefined) await this.#release();
      else await this.stopController();
      throw error;
    }
  }

  async #runController(metadata: Metadata): Promise<void> {
    const { settings, ports } = this.#parts;
    let controller: QuorumController | undefined;
    const gone = this.#parts.detectResets === true ? this.#goneBrokers(() => controller) : undefined;
    controller = await this.#makeController(metadata, () => gone?.took());
    // It may have become active while it was made.
    gone?.took();
    const services = this.#services(metadata, controller);
    const server = new ListenerServer(
      ports,
      LIMITS,
      new ControllerServer({
        router: new ControllerRouter(services),
        features: () => {
          const { levels, epoch } = metadata.loader.image.view.features;
          return { finalized: { levels: withKraftVersion(levels, metadata.quorum.status().kraftVersion), epoch } };
        },
        telemetry: ports.telemetry,
        ...(gone === undefined ? {} : { connections: new BrokerConnections((id) => gone.lost(id)) }),
      }),
    );
    const registrar = new ControllerRegistrar({
      nodeId: settings.nodeId,
      incarnationId: randomUuid(ports.random),
      endpoints: await this.#advertise(),
      ports,
      quorum: metadata.quorum,
      loader: metadata.loader,
    });
    this.#controller = { metadata, server, registrar, controller };
    for (const { listener, host, port } of settings.controllerListeners) {
      await server.bind({ listener, host, port, backlog: 50 });
    }
    server.open();
  }

  /** Makes the plane of the node's broker. */
  createPlane(ports: Ports): KraftPlane {
    const { heartbeatIntervalMs, sessionTimeoutMs } = this.settings;
    const config: KraftPlaneConfig = {
      clusterId: this.clusterId,
      directoryIds: this.#storage.directoryIds,
      heartbeatIntervalMs,
      sessionTimeoutMs,
      openMetadata: () => this.#share(),
    };
    return new KraftPlane(config, ports);
  }

  /** Stops the controller; the log is closed with its last user. Idempotent. */
  async stopController(): Promise<void> {
    const running = this.#controller;
    this.#controller = undefined;
    if (running === undefined) return;
    running.registrar.close();
    // Leadership is given up first, so that another node takes over while this one still answers.
    running.metadata.quorum.resign();
    running.controller.close();
    await running.server.close(CLOSE_TIMEOUT_MS);
    await this.#release();
  }

  async #share(): Promise<MetadataSource> {
    const { quorum, loader } = await this.#open();
    let released: Promise<void> | undefined;
    return {
      quorum,
      loader,
      release: () => {
        released ??= this.#release();
        return released;
      },
    };
  }

  async #open(): Promise<Metadata> {
    this.#users += 1;
    const opening = this.#metadata ?? this.#openMetadata();
    this.#metadata = opening;
    try {
      return await opening;
    } catch (error) {
      this.#users -= 1;
      if (this.#users === 0) {
        this.#metadata = undefined;
        await this.#unlock();
      }
      throw error;
    }
  }

  async #release(): Promise<void> {
    this.#users -= 1;
    const metadata = this.#metadata;
    if (this.#users > 0 || metadata === undefined) return;
    this.#metadata = undefined;
    this.#opened = undefined;
    const { quorum } = await metadata;
    await quorum.close();
    await this.#unlock();
  }

  async #unlock(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    await lock?.release();
  }

  async #openMetadata(): Promise<Metadata> {
    const { settings, ports, onFailure } = this.#parts;
    await this.#lockDirectory();
    const loader = new MetadataLoader(this.clusterId);
    const quorum = await MetadataQuorum.open({
      ports,
      clusterId: this.clusterId,
      nodeId: settings.nodeId,
      directoryId: this.#storage.directoryIds.get(settings.metadataDirectory) ?? '',
      directory: settings.metadataDirectory,
      voters: settings.voters,
      bootstrapServers: settings.bootstrapServers.map(({ host, port }) => `${host}:${port}`),
      listeners: settings.roles.has('controller')
        ? (await this.#advertise()).map(({ listener, host, port }) => ({ name: listener, host, port }))
        : [],
      listenerName: settings.controllerListenerNames[0] ?? '',
      settings: readQuorumSettings(settings.properties),
      detectResets: this.#parts.detectResets ?? false,
      follower: loader,
      onFailure,
    });
    this.#opened = { quorum, loader };
    return this.#opened;
  }

  /** Where a broker keeps logs in the same directory, it is the broker that locks it. */
  async #lockDirectory(): Promise<void> {
    const { settings, ports } = this.#parts;
    const brokers = settings.roles.has('broker') && settings.logDirectories.includes(settings.metadataDirectory);
    if (!brokers) this.#lock ??= await ports.disk.lock(`${settings.metadataDirectory}/.lock`);
  }

  /**
   * What others are told of this controller: a listener on all interfaces is reached under this host's name, if nothing
   * else is said. Source: Java `ListenerInfo.withWildcardHostnamesResolved`.
   */
  async #advertise(): Promise<readonly Endpoint[]> {
    const own = this.#controllerEndpoints;
    if (own.every(({ host }) => host !== '')) return own;
    const name = await this.#parts.ports.network.canonicalHostName();
    this.#controllerEndpoints = own.map((endpoint) => (endpoint.host === '' ? { ...endpoint, host: name } : endpoint));
    return this.#controllerEndpoints;
  }

  #goneBrokers(controller: () => QuorumController | undefined): GoneBrokers {
    return new GoneBrokers({
      ports: this.#parts.ports,
      brokers: () => controller()?.uncommittedImage?.brokers.values(),
      endSession: (id, epoch) => controller()?.endSession(id, epoch),
    });
  }

  async #makeController({ quorum, loader }: Metadata, onActive: () => void): Promise<QuorumController> {
    const { settings, ports, configRules } = this.#parts;
    return new QuorumController({
      nodeId: settings.nodeId,
      clusterId: this.clusterId,
      ports,
      loader,
      journal: quorum,
      bootstrap: await readBootstrapRecords(ports.disk, settings.metadataDirectory),
      supportedFeatures: SUPPORTED_FEATURES,
      quorumNodeIds: () => quorum.status().voters,
      kraftVersion: () => quorum.status().kraftVersion,
      settings: readControllerSettings(settings),
      configRules,
      onActive,
    });
  }

  #services({ quorum, loader }: Metadata, controller: QuorumController): ControllerServices {
    return {
      quorum,
      controller,
      view: () => ({
        clusterId: this.clusterId,
        activeController: quorum.status().leaderId,
        controllers: loader.image.controllers.values(),
      }),
    };
  }
}

interface Metadata {
  readonly quorum: Quorum;
  readonly loader: MetadataLoader;
}

interface RunningController {
  readonly metadata: Metadata;
  readonly server: ListenerServer;
  readonly registrar: ControllerRegistrar;
  readonly controller: QuorumController;
}
