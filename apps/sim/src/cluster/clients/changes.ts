import type { ClusterFamily } from '../families.ts';
import type { LedgerTopic } from '../ledger.ts';
import { Administrator } from './administrator.ts';
import { Producer } from './producer.ts';
import type { WorkerParts } from './worker.ts';

/** What the changes are drawn from. */
export interface ChangesTask {
  readonly families: ReadonlySet<ClusterFamily>;
  /** Topics that stay for the whole run. */
  readonly topics: readonly LedgerTopic[];
  readonly brokerIds: readonly number[];
  readonly pauseMsMax: number;
  /** Told of partitions that are new. */
  readonly onGrowth: (topic: LedgerTopic, partition: number) => void;
}

const PARTITIONS_MAX = 6;
/** No batch of this size is ever sent: any value will do. */
const MESSAGE_BYTES_MIN = 500_000;

/** Changes a cluster again and again, in the ways that its families allow. */
export class Changes extends Administrator {
  readonly #task: ChangesTask;
  #values = 0;

  constructor(name: string, parts: WorkerParts, task: ChangesTask) {
    super(name, parts);
    this.#task = task;
  }

  protected async work(): Promise<boolean> {
    const { families, topics, brokerIds, onGrowth, pauseMsMax } = this.#task;
    await this.client.pause(this.prng.between(1, pauseMsMax));
    if (this.isStopped) return false;
    const kinds = (['partitionGrowth', 'reassignment', 'configChanges', 'elections'] as const).filter((kind) =>
      families.has(kind),
    );
    if (kinds.length === 0) return false;
    const topic = this.prng.pick(topics);
    switch (this.prng.pick(kinds)) {
      case 'partitionGrowth': {
        if (topic.partitions >= PARTITIONS_MAX) return true;
        const partition = topic.partitions;
        await this.growTopic(topic);
        if (topic.partitions > partition) onGrowth(topic, partition);
        return true;
      }
      case 'reassignment': {
        const replicas = this.prng.shuffle([...brokerIds]).slice(0, this.prng.chance(0.8) ? 3 : 4);
        await this.move(topic, this.prng.below(topic.partitions), this.prng.chance(0.15) ? null : replicas);
        return true;
      }
      case 'configChanges': {
        this.#values += 1;
        const value = `${MESSAGE_BYTES_MIN + this.#values}`;
        if (this.prng.chance(0.3)) await this.configure(null, 'message.max.bytes', value);
        else await this.configure(topic, 'max.message.bytes', value);
        return true;
      }
      case 'elections':
        await this.electPreferred();
        return true;
    }
  }
}

/** Creates topics, writes to them and deletes them, often under the same names. */
export class Churn extends Administrator {
  #round = 0;

  protected async work(): Promise<boolean> {
    this.#round += 1;
    const topic = await this.createTopic(`churn-${this.prng.below(3)}`, this.prng.between(1, 3));
    if (topic === undefined) return false;
    const task = { topic, partition: 0, batches: this.prng.between(0, 12), pauseMsMax: 60 };
    const { client, ledger, habits } = this;
    const parts = { client, prng: this.prng.fork(`round ${this.#round}`), ledger, habits };
    const producer = new Producer(`${this.name} ${this.#round}`, parts, task).begin();
    while (!producer.hasEnded && !this.isStopped && this.prng.chance(0.97)) await this.client.pause(50);
    if (this.isStopped) {
      // What was written last stays, and is looked at when all is over.
      producer.stop();
      return false;
    }
    await this.deleteTopic(topic);
    await this.client.pause(this.prng.between(1, 1_500));
    return true;
  }
}
