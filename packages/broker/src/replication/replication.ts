import { PeerChannel } from '@biquorum/kafka-network';
import type { BrokerEpoch, ClusterView, NodeId } from '@biquorum/metadata';
import { endpointOn, NO_LEADER } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import type { Partition } from '../replicas/partition.ts';
import type { RoleListener } from '../replicas/replica-manager.ts';
import { type FetcherSettings, ReplicaFetcher } from './replica-fetcher.ts';

/** What replication needs. */
export interface ReplicationParts {
  readonly self: NodeId;
  readonly ports: Ports;
  readonly view: () => ClusterView;
  readonly brokerEpoch: () => BrokerEpoch;
  /** `inter.broker.listener.name`. */
  readonly listener: string;
  /** `num.replica.fetchers`: connections to each leader. */
  readonly fetchersPerLeader: number;
  /** `replica.socket.timeout.ms`. */
  readonly socketTimeoutMs: number;
  readonly settings: FetcherSettings;
}

/** Keeps every follower replica copying from its leader, and moves it when the leader or its address changes. */
export class Replication implements RoleListener {
  readonly #parts: ReplicationParts;
  readonly #fetchers: Map<string, ReplicaFetcher> = new Map();
  readonly #following: Map<Partition, ReplicaFetcher> = new Map();
  /** Followers whose leader has no known address yet. */
  readonly #homeless: Set<Partition> = new Set();
  /** Those whose log is still being cut for a role that they have no more, and when that ends. */
  readonly #ending: Map<Partition, Promise<void>> = new Map();
  #closed = false;

  constructor(parts: ReplicationParts) {
    this.#parts = parts;
  }

  releases(partition: Partition): Promise<void> | undefined {
    this.#homeless.delete(partition);
    const ended = this.#following.get(partition)?.remove(partition);
    this.#following.delete(partition);
    if (ended !== undefined) {
      this.#ending.set(partition, ended);
      void ended.then(() => this.#ending.delete(partition));
    }
    // Also for whoever asks second: a new role and a new address of the leader may come at the same time.
    return this.#ending.get(partition);
  }

  leads(): void {
    // What it was copying was released before.
  }

  follows(partition: Partition): void {
    const { leader } = partition;
    if (this.#closed || leader === NO_LEADER || leader === this.#parts.self) return;
    const fetcher = this.#fetcherFor(partition);
    if (fetcher === undefined) {
      this.#homeless.add(partition);
      return;
    }
    this.#following.set(partition, fetcher);
    fetcher.add(partition);
  }

  /** Brokers came, went or moved: followers find their leaders anew where the address differs. */
  brokersChanged(): void {
    for (const partition of [...this.#homeless, ...this.#following.keys()]) {
      if (this.#fetcherFor(partition) === this.#following.get(partition)) continue;
      void this.#move(partition);
    }
    for (const [key, fetcher] of this.#fetchers) {
      if (fetcher.size > 0) continue;
      fetcher.close();
      this.#fetchers.delete(key);
    }
  }

  async #move(partition: Partition): Promise<void> {
    const { leaderEpoch } = partition;
    await this.releases(partition);
    // Another role or another address may have come while a cut of the log ended.
    const stays = partition.leaderEpoch === leaderEpoch && partition.leadership === undefined;
    if (stays && !this.#following.has(partition)) this.follows(partition);
  }

  close(): void {
    this.#closed = true;
    for (const fetcher of this.#fetchers.values()) fetcher.close();
    this.#fetchers.clear();
    this.#following.clear();
    this.#homeless.clear();
  }

  #fetcherFor(partition: Partition): ReplicaFetcher | undefined {
    const { ports, view, listener, self, brokerEpoch, settings, socketTimeoutMs } = this.#parts;
    const broker = view().brokers.get(partition.leader);
    const endpoint = broker === undefined ? undefined : endpointOn(broker, listener);
    if (endpoint === undefined) return undefined;
    const { host, port } = endpoint;
    const slot = (partition.index + hashOf(partition.topic)) % this.#parts.fetchersPerLeader;
    const key = `${partition.leader} ${host}:${port} ${slot}`;
    const known = this.#fetchers.get(key);
    if (known !== undefined) return known;
    const options = {
      connectTimeoutMs: socketTimeoutMs,
      requestTimeoutMs: socketTimeoutMs,
      // One batch larger than all bounds may come whole.
      responseBytesMax: 0x7fff_ffff,
    };
    const { clock, timers, telemetry } = ports;
    const channel = new PeerChannel(ports, { host, port }, options);
    const clientId = `broker-${self}-fetcher-${slot}`;
    const { leader } = partition;
    const fetcher = new ReplicaFetcher({
      self,
      leader,
      channel,
      clientId,
      clock,
      timers,
      telemetry,
      brokerEpoch,
      settings,
    });
    this.#fetchers.set(key, fetcher);
    return fetcher;
  }
}

function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash >>> 1;
}
