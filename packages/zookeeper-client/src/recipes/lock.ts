import type { ZooKeeperClient } from '../client.ts';
import { QueueNode } from './queue-node.ts';

/**
 * A lock that one client at a time holds, in the order in which they asked. It is lost with the session: who must not
 * act twice hands the lock's path on as a fencing token. ZooKeeper's recipe "Locks".
 */
export class Lock implements AsyncDisposable {
  readonly #place: QueueNode;

  /** @param path the lock; @param holder what tells this holder from all others, a uuid for example */
  constructor(client: ZooKeeperClient, path: string, holder: string) {
    this.#place = new QueueNode(client, path, holder);
  }

  /** The node that stands for this holder, while it waits or holds. */
  get path(): string | null {
    return this.#place.path;
  }

  /** Resolves when the lock is held. */
  async acquire(): Promise<void> {
    await this.#place.join(null);
    await this.#place.untilFirst();
  }

  /** Gives the lock up, or the wait for it. */
  release(): Promise<void> {
    return this.#place.leave();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
