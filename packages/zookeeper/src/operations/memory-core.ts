import type { Ports, Timer } from '@biquorum/platform';
import type { Server, ServerOptions } from '../server/server.ts';
import { StandaloneServer } from '../server/standalone.ts';
import type { SessionTracker } from '../tree/session-tracker.ts';
import type { DirectorySizes, ServerMode, ServingCore } from './serving-core.ts';
import type { ZooKeeperSettings } from './settings.ts';

/** A server alone whose data lives as long as it does, for tests and trials. */
export class MemoryCore implements ServingCore {
  readonly mode: ServerMode = 'standalone';
  readonly proposalBytes = null;
  readonly #alone: StandaloneServer;
  readonly #beat: Timer;

  constructor(settings: ZooKeeperSettings, ports: Pick<Ports, 'clock' | 'timers' | 'random' | 'telemetry'>) {
    const { tickMs, containers, enforceQuota, txnBytesMax } = settings;
    this.#alone = new StandaloneServer({
      ...serverOptionsOf(settings, ports),
      clock: ports.clock,
      tickMs,
      containers,
      enforceQuota,
      txnBytesMax,
    });
    // Java's tracker wakes when a bucket is due; buckets are a tick wide.
    const beatMs = Math.max(1, Math.floor(tickMs / 4));
    this.#beat = ports.timers.set(beatMs, () => {
      // After the input that is there: a loop that was held up must not let sessions expire that it has heard of.
      ports.timers.soon(() => {
        if (this.#beat.pending) this.#alone.tick();
      });
      this.#beat.reset(beatMs);
    });
  }

  get server(): Server {
    return this.#alone.server;
  }

  get sessions(): SessionTracker {
    return this.#alone.tracker;
  }

  get sessionCount(): number {
    return this.#alone.tracker.size;
  }

  sessionTimeouts(): Iterable<readonly [sessionId: bigint, timeoutMs: number]> {
    return this.#alone.tracker.entries();
  }

  get view(): null {
    return null;
  }

  roleLines(): readonly [] {
    return [];
  }

  configurationLines(): readonly [] {
    return [];
  }

  async directorySizes(): Promise<DirectorySizes> {
    return { dataBytes: 0, logBytes: 0 };
  }

  async stop(): Promise<void> {
    this.#beat.cancel();
    this.#alone.server.dropAll();
  }
}

/** What settings say about a {@link Server}, whatever stands beneath it. */
export function serverOptionsOf(
  settings: ZooKeeperSettings,
  { clock, random, telemetry }: Pick<Ports, 'clock' | 'random' | 'telemetry'>,
): ServerOptions {
  const { superDigest } = settings;
  return {
    minSessionTimeoutMs: settings.minSessionTimeoutMs,
    maxSessionTimeoutMs: settings.maxSessionTimeoutMs,
    serverId: settings.serverId,
    schemes: settings.schemes,
    skipAcl: settings.skipAcl,
    extendedTypes: settings.extendedTypes,
    emulate353TtlNodes: settings.emulate353TtlNodes,
    ...(superDigest === undefined ? {} : { superDigest }),
    outstandingMax: settings.outstandingMax,
    largeRequestThreshold: settings.largeRequestThreshold,
    largeRequestBytesMax: settings.largeRequestBytesMax,
    connectionThrottle: settings.connectionThrottle,
    requestThrottle: settings.requestThrottle,
    clock,
    random: () => random.uint32() / 0x1_0000_0000,
    telemetry,
  };
}
