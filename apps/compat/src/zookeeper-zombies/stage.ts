import { deepStrictEqual, strictEqual } from 'node:assert';
import type { Uuid } from '@biquorum/kafka-wire';
import type { Java } from '../java/java.ts';
import type { Load } from '../mixed-cluster/load.ts';
import type { ZooKeeperCluster } from '../zookeeper-cluster/cluster.ts';
import type { BrokersEnsemble } from '../zookeeper-cluster/ensemble.ts';
import { controllerOf, epochOf } from '../zookeeper-cluster/govern.ts';
import type { HistoricWrite } from '../zookeeper-cluster/history.ts';
import type { Observer } from '../zookeeper-cluster/observer.ts';
import type { HoldingProxy } from './holding-proxy.ts';
import { askForChanges, pushStale } from './late.ts';

/** The topic whose leaderships are contested, and its replicas: each of three brokers leads a partition. */
export const TOPIC = 'contested';
export const ASSIGNMENT: readonly (readonly number[])[] = [
  [1, 2, 3],
  [2, 3, 1],
  [3, 1, 2],
];
/** What zombies are asked to make, and must not. */
const NEW_TOPIC = 'made-by-a-zombie';
const LOAD_RECORDS = 100;
const LOAD_MS = 5_000;
const REFUSED = ['NOT_CONTROLLER', 'NOT_CONTROLLER', 'NOT_CONTROLLER', 'NOT_CONTROLLER'];
const STALE = ['STALE_CONTROLLER_EPOCH', 'STALE_CONTROLLER_EPOCH', 'STALE_CONTROLLER_EPOCH'];

interface Parts {
  readonly java: Java;
  readonly zookeeper: BrokersEnsemble;
  readonly observer: Observer;
  readonly cluster: ZooKeeperCluster;
  readonly load: Load;
  readonly topicId: Uuid;
  /** Between broker 2 and the ensemble. */
  readonly proxy: HoldingProxy;
}

/** What scenarios about zombies play on. */
export class Stage {
  readonly cluster: ZooKeeperCluster;
  readonly observer: Observer;
  readonly load: Load;
  readonly topicId: Uuid;
  readonly proxy: HoldingProxy;
  readonly #java: Java;
  readonly #zookeeper: BrokersEnsemble;

  constructor({ java, zookeeper, observer, cluster, load, topicId, proxy }: Parts) {
    this.#java = java;
    this.#zookeeper = zookeeper;
    this.observer = observer;
    this.cluster = cluster;
    this.load = load;
    this.topicId = topicId;
    this.proxy = proxy;
  }

  address(id: number): string {
    return this.cluster.node(id).plan.client;
  }

  history(): Promise<readonly HistoricWrite[]> {
    return this.#zookeeper.history(this.#java);
  }

  /** Lets a broker stand still while something happens. */
  async standStill<Result>(id: number, body: () => Promise<Result>): Promise<Result> {
    const node = this.cluster.node(id);
    node.pause();
    try {
      return await body();
    } finally {
      node.resume();
    }
  }

  /** Records for every partition, over a while. */
  writeForAWhile(): Promise<void> {
    const writing = this.load.write(TOPIC, ASSIGNMENT.length, LOAD_RECORDS, LOAD_MS);
    writing.catch(() => {});
    return writing;
  }

  write(): Promise<void> {
    return this.load.write(TOPIC, ASSIGNMENT.length, LOAD_RECORDS);
  }

  /** Checks that there is what was acknowledged and nothing else. */
  checkRecords(): Promise<string> {
    return this.load.check(TOPIC, ASSIGNMENT.length);
  }

  /** Asks a broker for changes that only a controller makes. @returns a check that it has refused all of them */
  askZombie(id: number): () => Promise<void> {
    const answers = askForChanges(this.address(id), TOPIC, NEW_TOPIC);
    answers.catch(() => {});
    return async () => {
      deepStrictEqual(await answers, REFUSED);
      strictEqual(await this.observer.get(`/brokers/topics/${NEW_TOPIC}`), null);
    };
  }

  /** Checks that there was one election since an epoch, and that all know who has won it. */
  async checkOneElection(epoch: number, winner: number): Promise<void> {
    deepStrictEqual(
      [await this.cluster.untilController('known'), await controllerOf(this.observer), await epochOf(this.observer)],
      [winner, winner, epoch + 1],
    );
  }

  /** Checks that what a controller of before says is refused by all brokers, and changes nothing. */
  async checkPushesRefused(controllerId: number, controllerEpoch: number): Promise<void> {
    const before = await this.cluster.untilInSync(TOPIC);
    const brokers = this.cluster.serving;
    for (const id of brokers) {
      const push = { controllerId, controllerEpoch, topic: TOPIC, topicId: this.topicId, brokers };
      deepStrictEqual(await pushStale(this.address(id), push), STALE);
    }
    deepStrictEqual(await this.cluster.untilInSync(TOPIC), before);
  }
}
