import type { Cluster, LogDescription, NodeStatus, QuorumStanding } from '@biquorum/cluster';
import {
  LIMITS,
  type LiveCluster,
  type LiveGovernment,
  type LiveMode,
  type LiveNode,
  type LivePartition,
  type LiveReplica,
} from './protocol.ts';

type View = NonNullable<Awaited<ReturnType<Cluster['view']>>>;
type Partition = NonNullable<ReturnType<NonNullable<ReturnType<View['topics']['get']>>['partition']>>;

/** What one look at a cluster found. */
interface Look {
  readonly nodes: readonly NodeStatus[];
  readonly standings: ReadonlyMap<number, QuorumStanding>;
  readonly epochs: ReadonlyMap<number, number>;
  readonly views: ReadonlyMap<number, View>;
}

/** Looks into one cluster, node by node, and says how it stands as a whole. */
export class Observer {
  readonly #cluster: Cluster;
  readonly #mode: LiveMode;
  readonly #topic: string;
  /** The epoch in which a node last took itself for the controller. */
  readonly #lastEpochs: Map<number, number> = new Map();

  /** @param topic the one that comes first, however many there are */
  constructor(cluster: Cluster, mode: LiveMode, topic: string) {
    this.#cluster = cluster;
    this.#mode = mode;
    this.#topic = topic;
  }

  async look(): Promise<LiveCluster> {
    const look = await this.#look();
    const newest = newestPartitions(look.views, this.#topic);
    const shown = [...newest.values()].slice(0, LIMITS.partitions);
    const partitions = await Promise.all(shown.map((one) => this.#partition(one)));
    return {
      mode: this.#mode,
      bootstrap: this.#cluster.bootstrap,
      zookeeperConnect: this.#cluster.zookeeperConnect ?? null,
      nodes: look.nodes.map((node) => this.#node(node, look, newest)),
      partitions,
      partitionsMore: newest.size - shown.length,
      government: this.#government(look),
    };
  }

  async #look(): Promise<Look> {
    const { nodes } = this.#cluster;
    const of = async <T>(ask: (id: number) => Promise<T | undefined>): Promise<ReadonlyMap<number, T>> => {
      const told = await Promise.all(nodes.map(async ({ id }) => [id, await ask(id)] as const));
      return new Map(told.filter((pair): pair is readonly [number, Awaited<T>] => pair[1] !== undefined));
    };
    const [standings, epochs, views] = await Promise.all([
      of((id) => this.#cluster.quorum(id)),
      of((id) => this.#cluster.activeEpoch(id)),
      of((id) => this.#cluster.view(id)),
    ]);
    for (const { id, state } of nodes) {
      const epoch = epochs.get(id);
      if (epoch !== undefined) this.#lastEpochs.set(id, epoch);
      else if (state !== 'paused') this.#lastEpochs.delete(id);
    }
    return { nodes, standings, epochs, views };
  }

  #node({ id, role, state, address }: NodeStatus, look: Look, newest: ReadonlyMap<string, Named>): LiveNode {
    const standing = look.standings.get(id);
    const isBroker = role === 'broker';
    const view = look.views.get(id);
    return {
      id,
      role,
      state,
      cutOff: this.#cluster.cutOff.includes(id),
      address,
      standing: standing === undefined ? null : this.#standing(standing),
      controllerEpoch: look.epochs.get(id) ?? null,
      lastControllerEpoch: state === 'paused' ? (this.#lastEpochs.get(id) ?? null) : null,
      registered: isBroker ? isRegistered(id, this.#judge(look)) : null,
      stalePartitions: view === undefined ? null : staleIn(view, newest),
    };
  }

  #standing({ role, epoch, leader, logEnd, committed }: QuorumStanding): LiveNode['standing'] {
    const place = this.#mode === 'zookeeper' ? zxidText : String;
    return { role, epoch, leader, logEnd: place(logEnd), committed: place(committed) };
  }

  #government(look: Look): LiveGovernment {
    const voters = look.nodes.filter(({ role }) => role !== 'broker');
    const cut = new Set(this.#cluster.cutOff);
    const up = voters.filter(({ id, state }) => state === 'running' && !cut.has(id));
    const majority = Math.floor(voters.length / 2) + 1;
    const followers = new Map<number, number>();
    for (const standing of look.standings.values()) {
      if (standing.leader >= 0) followers.set(standing.leader, (followers.get(standing.leader) ?? 0) + 1);
    }
    const leader = [...followers].find(([, count]) => count >= majority)?.[0];
    const leaderEpoch = leader === undefined ? undefined : look.standings.get(leader)?.epoch;
    return {
      controller: newestClaim(look.epochs),
      quorumLeader: leader === undefined || leaderEpoch === undefined ? null : { id: leader, epoch: leaderEpoch },
      voters: voters.length,
      votersUp: up.length,
      majority,
    };
  }

  /** The view of the one who knows best: the controller's, where it is a broker, or any broker's that is not cut off. */
  #judge({ views, epochs }: Look): View | undefined {
    const controller = newestClaim(epochs)?.id;
    const own = controller === undefined ? undefined : views.get(controller);
    if (own !== undefined) return own;
    const cut = new Set(this.#cluster.cutOff);
    return [...views].find(([id]) => !cut.has(id))?.[1] ?? [...views.values()][0];
  }

  async #partition({ topic, partition, state }: Named): Promise<LivePartition> {
    const { leader, leaderEpoch, replicas, isr } = state;
    const told = await Promise.all(
      replicas.map(async (id) => [id, await this.#cluster.log(id, topic, partition)] as const),
    );
    const logs = told.filter((pair): pair is readonly [(typeof pair)[0], LogDescription] => pair[1] !== undefined);
    const end =
      logs.find(([id]) => id === leader)?.[1].endOffset ?? Math.max(0, ...logs.map(([, log]) => log.endOffset));
    return {
      topic,
      partition,
      leader,
      leaderEpoch,
      replicas: [...replicas],
      isr: [...isr],
      logs: logs.map(([id, log]): LiveReplica => {
        const { endOffset, highWatermark } = log;
        return { id, endOffset, highWatermark, lag: Math.max(0, end - endOffset) };
      }),
    };
  }
}

interface Named {
  readonly topic: string;
  readonly partition: number;
  readonly state: Partition;
}

/** Every partition, as the broker with the newest epochs of it sees it: one topic first, and Kafka's own last. */
function newestPartitions(views: ReadonlyMap<number, View>, first: string): ReadonlyMap<string, Named> {
  const newest = new Map<string, Named>();
  for (const view of views.values()) {
    for (const topic of view.topics.values()) {
      for (let partition = 0; partition < topic.partitionCount; partition++) {
        const state = topic.partition(partition);
        const key = `${topic.name}-${partition}`;
        const known = newest.get(key)?.state;
        if (state !== undefined && (known === undefined || isNewer(state, known))) {
          newest.set(key, { topic: topic.name, partition, state });
        }
      }
    }
  }
  const rank = ({ topic }: Named): number => (topic === first ? 0 : topic.startsWith('__') ? 2 : 1);
  return new Map(
    [...newest].sort(
      ([, one], [, other]) =>
        rank(one) - rank(other) ||
        (one.topic < other.topic ? -1 : one.topic > other.topic ? 1 : one.partition - other.partition),
    ),
  );
}

function isNewer(one: Partition, other: Partition): boolean {
  if (one.leaderEpoch !== other.leaderEpoch) return one.leaderEpoch > other.leaderEpoch;
  return one.partitionEpoch > other.partitionEpoch;
}

function staleIn(view: View, newest: ReadonlyMap<string, Named>): number {
  let stale = 0;
  for (const { topic, partition, state } of newest.values()) {
    const own = view.topics.get(topic)?.partition(partition);
    if (own === undefined || isNewer(state, own)) stale++;
  }
  return stale;
}

function isRegistered(id: number, view: View | undefined): boolean | null {
  if (view === undefined) return null;
  for (const broker of view.brokers.values()) if (broker.id === id) return !broker.fenced;
  return false;
}

function newestClaim(epochs: ReadonlyMap<number, number>): { readonly id: number; readonly epoch: number } | null {
  const [first] = [...epochs].sort(([, one], [, other]) => other - one);
  return first === undefined ? null : { id: first[0], epoch: first[1] };
}

const EPOCH = 2 ** 32;

/** As ZooKeeper's log and tools write it: `0x` and hexadecimal, epoch above and counter below. */
function zxidText(zxid: number): string {
  return `0x${Math.floor(zxid / EPOCH).toString(16)}${(zxid % EPOCH).toString(16).padStart(8, '0')}`;
}
