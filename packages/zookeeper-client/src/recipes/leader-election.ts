import type { ZooKeeperClient } from '../client.ts';
import { ZooKeeperError } from '../zookeeper-error.ts';
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
    for (;;) {
      const children = await unlessGone(this.#client.getChildren(this.#path).then((node) => node.children));
      const [first] = [...(children ?? [])].sort((a, b) => Number(a.slice(-10)) - Number(b.slice(-10)));
      if (first === undefined) return undefined;
      const node = await unlessGone(this.#client.getData(`${this.#path}/${first}`));
      // It may have resigned meanwhile: then the next one leads.
      if (node !== undefined) return node.data;
    }
  }
}

async function unlessGone<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof ZooKeeperError && error.code === 'NoNode')) throw error;
    return undefined;
  }
}
