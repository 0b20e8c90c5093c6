import type { Ports } from '@biquorum/platform';
import { ClientListener } from '../server/client-listener.ts';
import { Words } from './four-letter-words.ts';
import { MetricsEndpoint } from './metrics-endpoint.ts';
import { openCore } from './open-core.ts';
import { registerGauges } from './register-gauges.ts';
import type { ServingCore } from './serving-core.ts';
import type { ZooKeeperSettings } from './settings.ts';
import { SERVER_VERSION } from './version.ts';

/** What the machine says of itself, for operators. */
export interface HostFacts {
  /** Lines of `envi`: `name=value`. */
  environment(): readonly string[];
  openFileDescriptors(): number;
  maxFileDescriptors(): number;
}

/** What a server is started with. */
export interface StartOptions {
  readonly settings: ZooKeeperSettings;
  readonly ports: Ports;
  readonly host?: HostFacts;
  /** Data lives as long as the server: nothing is written to the disk. */
  readonly inMemory?: boolean;
  /**
   * The server has stopped for good: its disk failed, or an invariant is broken. Nobody is served any more; a process
   * that has nothing else to do should end, so that whoever watches it sees it.
   */
  onFailure?(error: unknown): void;
}

/** A server that runs. */
export interface ZooKeeperNode {
  readonly core: ServingCore;
  /** The port of clients; null when there is none. */
  readonly clientPort: number | null;
  /** The port of `/metrics`; null when there is none. */
  readonly metricsPort: number | null;
  /** Stops taking clients, then serving. Sessions live on where there are others to serve them. */
  stop(): Promise<void>;
}

const NO_FACTS: HostFacts = { environment: () => [], openFileDescriptors: () => -1, maxFileDescriptors: () => -1 };

/**
 * Starts a server by its settings: alone, or as a member of its ensemble.
 *
 * @returns once clients can connect; a member of an ensemble then looks for its leader still
 * @throws NetworkError, DiskError, StorageError as a rejection when ports are taken or the data cannot be read
 */
export async function startZooKeeper({
  settings,
  ports,
  host,
  inMemory,
  onFailure,
}: StartOptions): Promise<ZooKeeperNode> {
  const { telemetry, clock, network } = ports;
  for (const remark of settings.remarks) telemetry.log('warn', remark);
  const core = await openCore(settings, ports, { inMemory: inMemory ?? false, onFailure: onFailure ?? (() => {}) });
  const closing: (() => Promise<void>)[] = [() => core.stop()];
  try {
    let clientPort = -1;
    const listener: ClientListener = new ClientListener(core.server, {
      host: settings.clientHost,
      port: settings.clientPort ?? 0,
      backlog: settings.listenBacklog,
      frameBytesMax: settings.frameBytesMax,
      connectionsPerHostMax: settings.maxClientCnxns,
      connectionsMax: settings.maxCnxns,
      sessionlessTimeoutMs: settings.sessionlessTimeoutMs,
      isServing: () => core.mode !== null,
      ports,
      words: new Words({
        core,
        settings,
        clock,
        listener: () => listener,
        port: () => clientPort,
        environment: () => (host ?? NO_FACTS).environment(),
      }),
    });
    registerGauges(core, listener, clock, host ?? NO_FACTS);
    if (settings.clientPort !== null) {
      clientPort = await listener.open(network);
      closing.unshift(() => listener.close());
    }
    const metricsPort = await openMetrics(settings, ports, core, closing);
    telemetry.log('info', 'ZooKeeper server started', {
      version: SERVER_VERSION,
      serverId: settings.serverId,
      clientPort,
      zxid: core.server.lastZxid,
      znodes: core.server.tree.nodeCount,
    });
    return {
      core,
      clientPort: settings.clientPort === null ? null : clientPort,
      metricsPort,
      async stop() {
        for (const close of closing.splice(0)) await close();
        telemetry.log('info', 'ZooKeeper server stopped');
      },
    };
  } catch (error) {
    for (const close of closing) await close();
    throw error;
  }
}

async function openMetrics(
  { metrics }: ZooKeeperSettings,
  { network }: Ports,
  core: ServingCore,
  closing: (() => Promise<void>)[],
): Promise<number | null> {
  if (metrics === null) return null;
  const endpoint = new MetricsEndpoint(() => core.server.stats.metrics.prometheusText());
  const port = await endpoint.open(network, metrics.host, metrics.port);
  closing.unshift(() => endpoint.close());
  return port;
}
