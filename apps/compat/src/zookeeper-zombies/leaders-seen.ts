import { setTimeout as sleep } from 'node:timers/promises';
import type { ZooKeeperCluster } from '../zookeeper-cluster/cluster.ts';
import type { HistoricWrite } from '../zookeeper-cluster/history.ts';

const PAUSE_MS = 20;

/** Who led a partition in an epoch, as one broker told. */
interface Told {
  readonly by: number;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly leader: number;
}

/** Asks all brokers again and again who leads the partitions of a topic, and keeps what they answer. */
export class LeadersSeen implements AsyncDisposable {
  readonly #cluster: ZooKeeperCluster;
  readonly #topic: string;
  readonly #told: Map<string, Told> = new Map();
  readonly #asking: Promise<void>;
  #stopped = false;

  constructor(cluster: ZooKeeperCluster, topic: string) {
    this.#cluster = cluster;
    this.#topic = topic;
    this.#asking = this.#ask();
  }

  /** What was told so far, each answer once. */
  get told(): readonly Told[] {
    return [...this.#told.values()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#asking;
  }

  async #ask(): Promise<void> {
    while (!this.#stopped) {
      for (const by of this.#cluster.serving) {
        const states = (await this.#cluster.topicOn(by, this.#topic).catch(() => undefined)) ?? [];
        states.forEach(({ leader, leaderEpoch }, partition) => {
          this.#told.set(`${by} ${partition} ${leaderEpoch} ${leader}`, { by, partition, leaderEpoch, leader });
        });
      }
      await sleep(PAUSE_MS);
    }
  }
}

/** Who led each partition in each epoch, as znodes said at one time or another; −1 for nobody. */
export type Reigns = ReadonlyMap<string, number>;

/**
 * Goes through all that was ever written to a cluster's znodes of partitions.
 *
 * @throws Error when a partition had two leaders in an epoch, an epoch went back, or a controller wrote that had been
 * succeeded
 */
export function checkHistory(history: readonly HistoricWrite[]): Reigns {
  const reigns = new Map<string, number>();
  const epochs = new Map<string, number>();
  let governor = { session: '', epoch: 0 };
  for (const { kind, path = '', data, session } of history) {
    if (kind !== 'create' && kind !== 'set') continue;
    if (path === '/controller_epoch' && kind === 'set') governor = { session, epoch: Number(data) };
    const [, topic, partition] = STATE.exec(path) ?? [];
    if (topic === undefined || partition === undefined || data == null) continue;
    const state: { leader: number; leader_epoch: number; controller_epoch: number } = JSON.parse(data);
    const what = `${topic}-${partition} at ${JSON.stringify(state)}`;
    if (session !== governor.session || state.controller_epoch !== governor.epoch) {
      throw new Error(`${what}: written by ${session} while ${JSON.stringify(governor)} governed`);
    }
    const before = epochs.get(path) ?? 0;
    if (state.leader_epoch < before) throw new Error(`${what}: the epoch before was ${before}`);
    epochs.set(path, state.leader_epoch);
    const key = `${topic} ${partition} ${state.leader_epoch}`;
    const leader = reigns.get(key) ?? state.leader;
    if (leader !== state.leader) throw new Error(`${what}: ${leader} led in the same epoch`);
    reigns.set(key, state.leader);
  }
  return reigns;
}

const STATE = /^\/brokers\/topics\/([^/]+)\/partitions\/(\d+)\/state$/;
