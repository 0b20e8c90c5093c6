import type { Ports } from '@biquorum/platform';
import type { ZabView } from '@biquorum/zab';
import { storageOptionsOf } from '../operations/disk-core.ts';
import { serverOptionsOf } from '../operations/memory-core.ts';
import type { DirectorySizes, ServerMode, ServingCore } from '../operations/serving-core.ts';
import type { EnsembleSettings, ZooKeeperSettings } from '../operations/settings.ts';
import type { Server } from '../server/server.ts';
import type { SizeStats } from '../server/server-stats.ts';
import { Autopurge } from '../storage/purge.ts';
import type { SessionTracker } from '../tree/session-tracker.ts';
import { configText, type EnsembleConfig } from './ensemble-config.ts';
import { EnsembleNode } from './ensemble-node.ts';

/** A member of an ensemble by its settings, as operators see it. */
export class EnsembleCore implements ServingCore {
  readonly #node: EnsembleNode;
  readonly #config: EnsembleConfig;
  readonly #ports: Ports;
  /** `leaderServes`: whether a leader takes clients, too. */
  readonly #leaderServes: boolean;
  readonly #purge: Autopurge;

  /** Binds the ports of the ensemble and begins to look for a leader. @throws What {@link EnsembleNode.start} throws. */
  static async start(
    settings: ZooKeeperSettings,
    ensemble: EnsembleSettings,
    ports: Ports,
    onFailure: (error: unknown) => void,
  ): Promise<EnsembleCore> {
    const config = ensembleConfigOf(settings, ensemble);
    const node = await EnsembleNode.start({
      ports,
      ensemble: config,
      storage: storageOptionsOf(settings),
      server: serverOptionsOf(settings, ports),
      prepare: settings,
      containers: settings.containers,
      onFailure,
    });
    return new EnsembleCore(node, config, settings, ports);
  }

  private constructor(node: EnsembleNode, config: EnsembleConfig, settings: ZooKeeperSettings, ports: Ports) {
    this.#node = node;
    this.#config = config;
    this.#ports = ports;
    this.#leaderServes = settings.ensemble?.leaderServes ?? true;
    const { purgeIntervalHours, snapRetainCount } = settings.storage;
    this.#purge = new Autopurge(
      ports.timers,
      purgeIntervalHours,
      () => node.storage.purge(snapRetainCount),
      (error) => ports.telemetry.log('warn', 'old files could not be removed', { error: String(error) }),
    );
  }

  get server(): Server {
    return this.#node.server;
  }

  get mode(): ServerMode | null {
    const { state } = this.#node;
    if (state === 'looking' || (state === 'leader' && !this.#leaderServes)) return null;
    return state;
  }

  get sessions(): SessionTracker | null {
    return this.#node.leading?.sessions ?? null;
  }

  get sessionCount(): number {
    return this.#node.sessionCount;
  }

  sessionTimeouts(): Iterable<readonly [sessionId: bigint, timeoutMs: number]> {
    return this.#node.sessionTimeouts();
  }

  get proposalBytes(): SizeStats | null {
    return this.#node.leading?.proposalBytes ?? null;
  }

  get view(): ZabView | null {
    return this.#node.view();
  }

  roleLines(): readonly (readonly [name: string, value: string | number])[] {
    const { leading, state } = this.#node;
    if (leading === null) return [['peer_state', `${state === 'observer' ? 'observing' : 'following'} - broadcast`]];
    const view = this.#node.view();
    const observers = new Set(this.#config.servers.filter(({ role }) => role === 'observer').map(({ id }) => id));
    const learners = view?.peers ?? [];
    const synced = learners.filter(({ lastCaughtUpMs }) => lastCaughtUpMs >= 0);
    const watching = synced.filter(({ id, voter }) => !voter || observers.has(id)).length;
    const { last, min, max } = leading.proposalBytes;
    return [
      ['peer_state', 'leading - broadcast'],
      ['quorum_size', this.#config.servers.length - observers.size],
      ['learners', learners.length],
      ['synced_followers', synced.length - watching],
      ['synced_non_voting_followers', 0],
      ['synced_observers', watching],
      ['pending_syncs', learners.length - synced.length],
      ['leader_uptime', Math.floor(this.#ports.clock.monotonicMs() - leading.sinceMs)],
      ['last_proposal_size', last],
      ['max_proposal_size', max],
      ['min_proposal_size', min],
    ];
  }

  configurationLines(): readonly string[] {
    const { id, servers, initLimit, syncLimit } = this.#config;
    const own = servers.find((server) => server.id === id);
    const portsOf = (name: 'electionPort' | 'quorumPort'): string =>
      (own?.addresses ?? []).map((address) => address[name]).join('|');
    return [
      `initLimit=${initLimit}`,
      `syncLimit=${syncLimit}`,
      'electionAlg=3',
      `electionPort=${portsOf('electionPort')}`,
      `quorumPort=${portsOf('quorumPort')}`,
      `peerType=${own?.role === 'observer' ? 1 : 0}`,
      'membership: ',
      configText(this.#config),
    ];
  }

  directorySizes(): Promise<DirectorySizes> {
    return this.#node.storage.directory.sizes();
  }

  async stop(): Promise<void> {
    await this.#purge.close();
    await this.#node.stop();
  }
}

/** What settings say about the ensemble. */
export function ensembleConfigOf(
  { serverId, tickMs, storage }: ZooKeeperSettings,
  ensemble: EnsembleSettings,
): EnsembleConfig {
  return {
    id: serverId,
    servers: ensemble.servers,
    groups: ensemble.groups,
    weights: ensemble.weights,
    tickMs,
    initLimit: ensemble.initLimit,
    syncLimit: ensemble.syncLimit,
    listenOnAllAddresses: ensemble.quorumListenOnAllIPs,
    connectTimeoutMs: ensemble.cnxTimeoutMs,
    engine: {
      notificationMinMs: ensemble.minNotificationIntervalMs,
      notificationMaxMs: ensemble.maxNotificationIntervalMs,
      commitLogCount: storage.commitLogCount,
      snapshotSizeFactor: storage.snapshotSizeFactor,
    },
  };
}
