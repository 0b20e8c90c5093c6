import type { ControlPlane, ReplicaChange, ReplicaOutcome } from '@biquorum/control-plane';
import type { Log, LogManager } from '@biquorum/log';
import { type ClusterView, isIsrEligible, type NodeId } from '@biquorum/metadata';
import type { Clock, Telemetry, Timer, Timers } from '@biquorum/platform';
import { IsrProposals } from './isr-proposals.ts';
import type { LeadershipContext } from './leadership.ts';
import { Partition, type PartitionOwner } from './partition.ts';
import { Placements } from './placements.ts';

/** What the replica manager needs. */
export interface ReplicaManagerParts {
  readonly self: NodeId;
  readonly logs: LogManager;
  readonly plane: Pick<ControlPlane, 'alterPartitions' | 'reportDirectories'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
  /** The newest view. */
  readonly view: () => ClusterView;
  readonly settings: ReplicaSettings;
}

/** Settings by Kafka's keys. */
export interface ReplicaSettings {
  /** `replica.lag.time.max.ms`. */
  readonly lagMsMax: number;
  /** `min.insync.replicas` of a topic. */
  readonly minInsyncReplicas: (topic: string) => number;
}

/** Who is told of changed roles. */
export interface RoleListener {
  /**
   * This replica has no role for the moment: it is about to get another one, or is gone. May resolve when nothing that
   * was begun for the old role touches its log any more.
   */
  releases(partition: Partition): Promise<void> | void;
  /** This replica leads now. */
  leads(partition: Partition): void;
  /** This replica follows now. */
  follows(partition: Partition): void;
}

/** Replicas that take their roles at the same time. */
const ASSIGNED_AT_ONCE_MAX = 32;

/**
 * The replicas of this broker: which partitions it has, and what the cluster makes of them.
 *
 * `assign` is the only way roles change. Stale epochs are answered, never obeyed: after a change of leader epoch e no
 * request under an epoch below e is served. Source: Java `kafka.server.ReplicaManager`.
 */
export class ReplicaManager implements PartitionOwner {
  readonly #parts: ReplicaManagerParts;
  readonly #context: LeadershipContext;
  readonly #proposals: IsrProposals;
  readonly #placements: Placements;
  readonly #partitions: Map<string, Map<number, Partition>> = new Map();
  readonly #listeners: RoleListener[] = [];
  #shrinkTimer: Timer | undefined;
  #closed = false;

  constructor(parts: ReplicaManagerParts) {
    this.#parts = parts;
    this.#proposals = new IsrProposals(parts.plane, parts.timers);
    this.#placements = new Placements(parts);
    this.#context = {
      self: parts.self,
      lagMsMax: parts.settings.lagMsMax,
      isEligible: (node, seenEpoch) => isIsrEligible(parts.view().brokers.get(node), seenEpoch),
    };
  }

  /** Begins to watch for followers that fall behind. */
  start(): void {
    const everyMs = Math.max(1, Math.floor(this.#parts.settings.lagMsMax / 2));
    const look = (): void => {
      if (this.#closed) return;
      for (const partition of this.partitions()) partition.maybeShrinkIsr();
      this.#shrinkTimer = this.#parts.timers.set(everyMs, look);
    };
    this.#shrinkTimer = this.#parts.timers.set(everyMs, look);
  }

  close(): void {
    this.#closed = true;
    this.#shrinkTimer?.cancel();
    for (const partition of this.partitions()) partition.close();
  }

  onRoles(listener: RoleListener): void {
    this.#listeners.push(listener);
  }

  find(topic: string, index: number): Partition | undefined {
    return this.#partitions.get(topic)?.get(index);
  }

  *partitions(): IterableIterator<Partition> {
    for (const topic of this.#partitions.values()) yield* topic.values();
  }

  /** The settings of a topic have changed, or of all: a smaller `min.insync.replicas` may commit what was held back. */
  settingsChanged(topic?: string): void {
    for (const partition of topic === undefined ? this.partitions() : (this.#partitions.get(topic)?.values() ?? [])) {
      partition.settingsChanged();
    }
  }

  /** Makes replicas what the cluster decided. See `BrokerHost.assign`. */
  async assign(changes: readonly ReplicaChange[]): Promise<readonly ReplicaOutcome[]> {
    const outcomes: ReplicaOutcome[] = [];
    let next = 0;
    // All at once, files of thousands of new logs would be made in one turn of the event loop, and nobody be heard.
    const work = async (): Promise<void> => {
      for (let index = next++; index < changes.length; index = next++) {
        const change = changes[index] as ReplicaChange;
        const { topic, topicId, partition } = change;
        outcomes[index] = { partition: { topic, topicId, partition }, error: await this.#assignOne(change) };
      }
    };
    await Promise.all(Array.from({ length: Math.min(changes.length, ASSIGNED_AT_ONCE_MAX) }, work));
    if (!this.#closed) this.#placements.look(changes.flatMap((change) => this.#placed(change)));
    return outcomes;
  }

  propose(partition: Partition, proposal: Parameters<IsrProposals['add']>[1]): void {
    this.#proposals.add(partition, proposal);
  }

  minInsyncReplicas(partition: Partition): number {
    return this.#parts.settings.minInsyncReplicas(partition.topic);
  }

  nowMs(): number {
    return this.#parts.clock.monotonicMs();
  }

  async #assignOne(change: ReplicaChange): Promise<ReplicaOutcome['error']> {
    const known = this.find(change.topic, change.partition);
    if (change.to === 'stop' || change.to === 'delete') return this.#remove(known, change);
    if (known !== undefined && known.topicId !== change.topicId) {
      // The topic was deleted and made again under its name; this replica is of the old one.
      await this.#drop(known, true);
      return this.#assignOne(change);
    }
    if (known !== undefined) {
      if (change.leaderEpoch < known.leaderEpoch) return 'FENCED_LEADER_EPOCH';
      if (change.leaderEpoch === known.leaderEpoch && change.partitionEpoch <= known.partitionEpoch) return 'NONE';
    }
    try {
      const log = known?.log ?? (await this.#openLog(change));
      const partition = known ?? this.#add(change, log);
      await this.#take(partition, change);
      return 'NONE';
    } catch (error) {
      this.#parts.telemetry.log('error', 'replica cannot take its role', {
        topic: change.topic,
        partition: change.partition,
        error: error as Error,
      });
      return 'KAFKA_STORAGE_ERROR';
    }
  }

  async #openLog(change: ReplicaChange): Promise<Log> {
    const { topic, partition, topicId, directory } = change;
    const present = this.#parts.logs.get({ topic, partition });
    if (present?.topicId !== undefined && present.topicId !== topicId) {
      // Left over from a topic of the same name that was deleted while this broker was away.
      await this.#parts.logs.remove({ topic, partition });
    } else if (present !== undefined) {
      await present.assignTopicId(topicId);
      return present;
    }
    const path = directory === null ? undefined : this.#placements.pathOf(directory);
    return this.#parts.logs.create(
      { topic, partition },
      { topicId, ...(path === undefined ? {} : { directory: path }) },
    );
  }

  #placed(change: ReplicaChange): { readonly change: ReplicaChange; readonly log: Log }[] {
    if (change.to === 'stop' || change.to === 'delete') return [];
    const known = this.find(change.topic, change.partition);
    return known?.topicId === change.topicId ? [{ change, log: known.log }] : [];
  }

  #add(change: ReplicaChange, log: Log): Partition {
    const partition = new Partition(change, log, this.#context, this);
    const topic = this.#partitions.get(change.topic) ?? new Map<number, Partition>();
    this.#partitions.set(change.topic, topic);
    topic.set(change.partition, partition);
    return partition;
  }

  async #take(partition: Partition, change: ReplicaChange): Promise<void> {
    if (change.to === 'lead') {
      const continues = partition.leadership?.leaderEpoch === change.leaderEpoch;
      if (!continues) {
        // Stop copying before the log is led: nothing of another leader may come after this epoch's start.
        partition.retire();
        await this.#release(partition);
        await partition.log.assignEpoch(change.leaderEpoch);
      }
      partition.lead(change);
      if (!continues) for (const listener of this.#listeners) listener.leads(partition);
      return;
    }
    const { leadership, leaderEpoch, leader } = partition;
    if (leadership === undefined && leaderEpoch === change.leaderEpoch && leader === change.leader) {
      // Only the ISR changed: who copies goes on.
      partition.follow(change);
      return;
    }
    // From now on nothing is served under the old epoch, whatever is still to end.
    partition.follow(change);
    await this.#release(partition);
    for (const listener of this.#listeners) listener.follows(partition);
  }

  async #remove(known: Partition | undefined, change: ReplicaChange): Promise<ReplicaOutcome['error']> {
    const { topic, partition, topicId } = change;
    if (known === undefined || known.topicId !== topicId) {
      const stray = this.#parts.logs.get({ topic, partition });
      if (change.to === 'delete' && stray?.topicId === topicId) await this.#parts.logs.remove({ topic, partition });
      return 'NONE';
    }
    await this.#drop(known, change.to === 'delete');
    return 'NONE';
  }

  async #release(partition: Partition): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.releases(partition)));
  }

  async #drop(partition: Partition, deletes: boolean): Promise<void> {
    const { topic, index } = partition;
    const topicPartitions = this.#partitions.get(topic);
    topicPartitions?.delete(index);
    if (topicPartitions?.size === 0) this.#partitions.delete(topic);
    partition.close();
    await this.#release(partition);
    if (deletes) await this.#parts.logs.remove({ topic, partition: index });
  }
}
