import { compressionCodecs } from '@biquorum/compression';
import type {
  Action,
  BrokerHost,
  BrokerIdentity,
  ControlPlane,
  PlaneFault,
  ReplicaChange,
  ReplicaOutcome,
  RequestContext,
} from '@biquorum/control-plane';
import { ListenerServer } from '@biquorum/kafka-network';
import { type CompressionCodecs, uuidFromBytes } from '@biquorum/kafka-wire';
import { ConfigFault, type LogConfig, LogManager, type LogManagerSettings, resolveLogConfig } from '@biquorum/log';
import {
  type ClusterDelta,
  type ClusterView,
  type Endpoint,
  emptyView,
  NO_BROKER_EPOCH,
  type NodeId,
} from '@biquorum/metadata';
import { type DiskError, defineJob, type Ports } from '@biquorum/platform';
import type { BrokerCore } from './apis/core.ts';
import { Router } from './apis/router.ts';
import type { compact } from './compaction.ts';
import { readConnectionCounts } from './config/connection-counts.ts';
import { type ConfigProperties, effectiveProperties } from './config/layers.ts';
import { SettingsError } from './config/settings-error.ts';
import { GroupHost } from './coordination/group-host.ts';
import { ProducerIds } from './coordination/producer-ids.ts';
import { TopicCreation } from './coordination/topic-creation.ts';
import { FetchSessions } from './replicas/fetch-sessions.ts';
import { ReplicaManager } from './replicas/replica-manager.ts';
import { setStraysAside } from './replicas/stray-logs.ts';
import { Replication } from './replication/replication.ts';
import type { BrokerSettings, ListenerSettings } from './settings.ts';

/** What a broker is made of. */
export interface BrokerParts {
  readonly settings: BrokerSettings;
  readonly ports: Ports;
  readonly plane: ControlPlane;
  readonly logSettings?: Partial<LogManagerSettings>;
  /** How long `start` may wait for the control plane. */
  readonly startTimeoutMs?: number;
  /** Told when the broker has stopped because its plane could not go on. */
  readonly onHalt?: (fault: PlaneFault) => void;
}

const CLEANER_JOB = defineJob<typeof compact>(import.meta.url, './compaction', 'compact');
const START_TIMEOUT_MS = 60_000;
const WITHDRAW_TIMEOUT_MS = 15_000;
/** Connections get so long to take the answers to what they have asked. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * A broker: listeners, requests, replicas and coordinators, governed through a `ControlPlane`.
 *
 * It knows neither how the cluster is governed nor how many ways there are.
 */
export class Broker implements BrokerHost {
  readonly identity: BrokerIdentity;
  readonly #parts: BrokerParts;
  readonly #codecs: CompressionCodecs = compressionCodecs();
  #view: ClusterView = emptyView('');
  /** The properties of the file, with what was set at run time over them. */
  #properties: ConfigProperties;
  #running: Running | undefined;
  #stopping: Promise<void> | undefined;

  constructor(parts: BrokerParts) {
    this.#parts = parts;
    const { settings, ports } = parts;
    this.#properties = settings.properties;
    this.identity = {
      id: settings.id,
      incarnationId: freshIncarnation(ports.random),
      rack: settings.rack,
      directories: settings.logDirectories.map((path) => ({ path, id: null })),
      previousBrokerEpoch: NO_BROKER_EPOCH,
      supportedFeatures: new Map([['metadata.version', { min: 1, max: 21 }]]),
    };
  }

  get id(): NodeId {
    return this.identity.id;
  }

  /** The cluster as this broker sees it. */
  get view(): ClusterView {
    return this.#view;
  }

  /** What the broker consists of while it runs, for inspection. */
  get core(): BrokerCore | undefined {
    return this.#running?.core;
  }

  /** The endpoints that clients are told; known once the broker has started. */
  get endpoints(): readonly Endpoint[] {
    return this.#running?.endpoints ?? [];
  }

  /**
   * Becomes a live member. Resolves when clients are served.
   *
   * @throws PlaneError, NetworkError, DiskError with the reason when it cannot
   */
  async start(): Promise<void> {
    const { settings, ports, plane, startTimeoutMs = START_TIMEOUT_MS } = this.#parts;
    this.#see(await plane.open(this, ports.clock.monotonicMs() + startTimeoutMs));
    const logs = await LogManager.open({
      ports,
      directories: settings.logDirectories,
      codecs: this.#codecs,
      cleanerJob: CLEANER_JOB,
      onDirectoryFailure: (directory, error) => this.#directoryFailed(directory, error),
      configOf: (topic) => this.#logConfigOf(topic),
      settings: { ...settings.logs, ...this.#parts.logSettings },
    });
    await setStraysAside(logs, this.#view, this.id, ports.telemetry);
    const running = this.#assemble(logs);
    this.#running = running;
    this.#limitConnections();
    const ownName = settings.listeners.some(isAnywhere) ? await ports.network.canonicalHostName() : '';
    for (const listener of settings.listeners) {
      const { name, host, port, advertised } = listener;
      const bound = await running.server.bind({ listener: name, host, port, backlog: settings.listenBacklog });
      running.endpoints.push({
        listener: name,
        host: advertised?.host ?? (isAnywhere(listener) ? ownName : host),
        port: advertised === null || advertised.port === 0 ? bound : advertised.port,
        securityProtocol: 'PLAINTEXT',
      });
    }
    await plane.enlist({ endpoints: running.endpoints });
    running.core.replicas.start();
    running.core.groups.start();
    running.server.open();
  }

  /** Hands leaderships over, answers what has been asked, makes everything durable, and stops. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop(true);
    return this.#stopping;
  }

  publish(delta: ClusterDelta, view: ClusterView): void {
    this.#see(view);
    const running = this.#running;
    if (running === undefined) return;
    if (delta.brokers.size > 0) running.replication.brokersChanged();
    const { logs, replicas } = running.core;
    for (const { type, name } of delta.configs) {
      if (type === 'topic') {
        logs.updateConfig(name);
        replicas.settingsChanged(name);
      } else if (type === 'broker' && (name === '' || name === String(this.id))) {
        updateAllConfigs(logs);
        replicas.settingsChanged();
      }
    }
    running.core.groups.changed(delta);
  }

  assign(changes: readonly ReplicaChange[]): Promise<readonly ReplicaOutcome[]> {
    const running = this.#running;
    if (running !== undefined) return running.core.replicas.assign(changes);
    return Promise.resolve(changes.map((change) => ({ partition: change, error: 'KAFKA_STORAGE_ERROR' })));
  }

  /** Without an authorizer everybody may do everything, as in Kafka. */
  authorize(_context: RequestContext, _action: Action): boolean {
    return true;
  }

  halt(reason: PlaneFault): void {
    this.#parts.ports.telemetry.log('error', 'the broker stops', { ...reason });
    this.#stopping ??= this.#stop(false);
    // Who had asked it to stop before is told why it cannot.
    this.#stopping.then(
      () => this.#parts.onHalt?.(reason),
      () => {},
    );
  }

  #assemble(logs: LogManager): Running {
    const { settings, ports, plane } = this.#parts;
    const view = (): ClusterView => this.#view;
    const replicas = new ReplicaManager({
      self: settings.id,
      logs,
      plane,
      clock: ports.clock,
      timers: ports.timers,
      telemetry: ports.telemetry,
      view,
      settings: { lagMsMax: settings.replicaLagMsMax, minInsyncReplicas: (topic) => this.#minInsyncReplicas(topic) },
    });
    const groups = new GroupHost(ports, settings.groups, this.#codecs, view);
    const replication = new Replication({
      self: settings.id,
      ports,
      view,
      brokerEpoch: () => plane.brokerEpoch(),
      listener: settings.interBrokerListener,
      fetchersPerLeader: settings.replicaFetchers,
      socketTimeoutMs: settings.replicaSocketTimeoutMs,
      settings: settings.fetcher,
    });
    replicas.onRoles(replication);
    replicas.onRoles(groups);
    const core: BrokerCore = {
      id: settings.id,
      ports,
      settings,
      plane,
      logs,
      replicas,
      groups,
      sessions: new FetchSessions(settings.fetchSessionSlots, ports.random),
      producerIds: new ProducerIds(plane),
      topics: new TopicCreation(plane, settings.groups),
      view,
    };
    const server = new ListenerServer(ports, settings.server, new Router(core));
    return { core, replication, server, endpoints: [] };
  }

  #minInsyncReplicas(topic: string): number {
    const own = this.#view.configOf({ type: 'topic', name: topic }).get('min.insync.replicas');
    const text = own ?? this.#properties.get('min.insync.replicas');
    return text === undefined ? this.#parts.settings.minInsyncReplicas : Number(text);
  }

  /** Where settings contradict each other, those of the file hold. */
  #logConfigOf(topic: string): LogConfig {
    const { ports, settings } = this.#parts;
    try {
      return resolveLogConfig(this.#view.configOf({ type: 'topic', name: topic }), this.#properties);
    } catch (error) {
      if (!(error instanceof ConfigFault)) throw error;
      ports.telemetry.log('error', 'settings of a topic cannot be used', { topic, error });
      return resolveLogConfig(new Map(), settings.properties);
    }
  }

  /** Takes up a view, and what it says of this broker's own settings. */
  #see(view: ClusterView): void {
    const perBroker = view.configOf({ type: 'broker', name: String(this.id) });
    const clusterWide = view.configOf({ type: 'broker', name: '' });
    const { properties: file } = this.#parts.settings;
    this.#view = view;
    this.#properties = effectiveProperties({ perBroker, clusterWide, file });
    this.#limitConnections();
  }

  /** Where what was set at run time cannot be used, that of the file holds. */
  #limitConnections(): void {
    const { ports, settings } = this.#parts;
    const { server } = this.#running ?? {};
    if (server === undefined) return;
    try {
      server.limitConnections(readConnectionCounts(this.#properties));
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      ports.telemetry.log('error', 'bounds of connections cannot be used', { error });
      server.limitConnections(settings.server);
    }
  }

  /** Without a part of its logs a broker would go on leading partitions that it cannot write: it stops, others take over. */
  #directoryFailed(directory: string, error: DiskError): void {
    this.halt({ code: 'fault', message: `log directory ${directory} has failed: ${error.message}` });
  }

  async #stop(handOver: boolean): Promise<void> {
    const { plane, ports, settings } = this.#parts;
    const running = this.#running;
    if (handOver && running !== undefined && settings.controlledShutdown) {
      const left = await plane.withdraw(ports.clock.monotonicMs() + WITHDRAW_TIMEOUT_MS);
      if (left.length > 0)
        ports.telemetry.log('info', 'partitions without another in-sync replica', { count: left.length });
    }
    await running?.server.close(CLOSE_TIMEOUT_MS);
    running?.replication.close();
    running?.core.groups.close();
    running?.core.replicas.close();
    const epoch = plane.brokerEpoch();
    // After a failure of the disk this is to be expected: the directory stays unmarked and is recovered at the next start.
    const closed = async (what: string, close: Promise<void> | undefined): Promise<void> => {
      try {
        await close;
      } catch (error) {
        if (handOver) throw error;
        ports.telemetry.log('error', `${what} cannot be closed`, { error: error as Error });
      }
    };
    await closed('plane', plane.close());
    await closed('logs', running?.core.logs.close(epoch));
    this.#running = undefined;
  }
}

/** A random uuid in the text that Kafka uses for ids. */
function freshIncarnation(random: Ports['random']): string {
  const bytes = new Uint8Array(16);
  random.fill(bytes);
  return uuidFromBytes(bytes);
}

/** What is set for brokers is the default of every topic. */
function updateAllConfigs(logs: LogManager): void {
  const topics = new Set<string>();
  for (const log of logs.logs()) topics.add(log.partition.topic);
  for (const topic of topics) logs.updateConfig(topic);
}

interface Running {
  readonly core: BrokerCore;
  readonly replication: Replication;
  readonly server: ListenerServer;
  readonly endpoints: Endpoint[];
}

/** Is a listener bound to all addresses, and nothing said of where clients find it? */
function isAnywhere({ host, advertised }: ListenerSettings): boolean {
  return host === '' && advertised === null;
}
