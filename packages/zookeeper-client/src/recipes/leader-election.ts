import type { ZooKeeperClient } from '../client.ts';
import { QueueNode } from './queue-node.ts';

/**
 * An election among any number of candidates: the one that came first leads, and when it goes the next one does.
 * ZooKeeper's recipe "Leader Election".
 */
export class LeaderElection {
  readonly #client: ZooKeeperClient;
  readonly #path: string;
  readonly #place: QueueNode;

  /** @param candidate what tells this candidate from all others, a uuid for example */
  constructor(client: ZooKeeperClient, path: string, candidate: string) {
    this.#client = client;
    this.#path = path;
    this.#place = new QueueNode(client, path, candidate);
  }

  /** Stands for election; resolves when this candidate leads. @param data shown by {@link LeaderElection.leader} */
  async lead(data: Uint8Array | null = null): Promise<void> {
    await this.#place.join(data);
    await this.#place.untilFirst();
  }

  /** Steps down, or no longer stands. */
  resign(): Promise<void> {
    return this.#place.leave();
  }

  /** What the present leader has said of itself; undefined when there is none. */
  async leader(): Promise<Uint8Array | null | undefined> {
    const { children } = await this.#client.getChildren(this.#path);
    const [first] = [...children].sort((a, b) => Number(a.slice(-10)) - Number(b.slice(-10)));
    return first === undefined ? undefined : (await this.#client.getData(`${this.#path}/${first}`)).data;
  }
}
