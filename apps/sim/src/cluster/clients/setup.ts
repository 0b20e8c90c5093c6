import type { LedgerTopic } from '../ledger.ts';
import { Administrator } from './administrator.ts';
import type { WorkerParts } from './worker.ts';

/** Creates the topics that stay for the whole run. */
export class Setup extends Administrator {
  readonly #partitions: readonly number[];
  readonly topics: LedgerTopic[] = [];

  constructor(name: string, parts: WorkerParts, partitions: readonly number[]) {
    super(name, parts);
    this.#partitions = partitions;
  }

  protected async work(): Promise<boolean> {
    for (const [index, count] of this.#partitions.entries()) {
      const topic = await this.createTopic(`topic-${index}`, count);
      if (topic !== undefined) this.topics.push(topic);
    }
    return false;
  }
}
