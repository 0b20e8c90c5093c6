import type { ZooKeeperClient } from '../client.ts';
import { ZooKeeperError } from '../zookeeper-error.ts';

/** A barrier that so many members enter together and leave together. ZooKeeper's recipe "Double Barriers". */
export class DoubleBarrier {
  readonly #client: ZooKeeperClient;
  readonly #path: string;
  readonly #size: number;
  readonly #own: string;

  /** @param member what tells this member from all others; @param size how many must come */
  constructor(client: ZooKeeperClient, path: string, member: string, size: number) {
    this.#client = client;
    this.#path = path;
    this.#own = `${path}/members/${member}`;
    this.#size = size;
  }

  /** Resolves when all are there. */
  async enter(): Promise<void> {
    await this.#client.createPath(`${this.#path}/members`);
    const ready = this.#until(`${this.#path}/ready`, true);
    // Should what follows fail, that is the error; nobody waits for this one then.
    ready.catch(() => {});
    await this.#unless('NodeExists', this.#client.create(this.#own, null, { mode: 'ephemeral' }));
    const { children } = await this.#client.getChildren(`${this.#path}/members`);
    if (children.length >= this.#size) await this.#unless('NodeExists', this.#client.create(`${this.#path}/ready`));
    await ready;
  }

  /** Resolves when all have left. */
  async leave(): Promise<void> {
    await this.#unless('NoNode', this.#client.delete(this.#own));
    for (;;) {
      let wake = (): void => {};
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const { children } = await this.#client.getChildren(`${this.#path}/members`, () => wake());
      if (children.length === 0) break;
      await changed;
    }
    await this.#unless('NoNode', this.#client.delete(`${this.#path}/ready`));
  }

  async #until(path: string, present: boolean): Promise<void> {
    for (;;) {
      let wake = (): void => {};
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const stat = await this.#client.exists(path, () => wake());
      if ((stat !== undefined) === present) return;
      await changed;
    }
  }

  async #unless(code: ZooKeeperError['code'], done: Promise<unknown>): Promise<void> {
    await done.catch((error: unknown) => {
      if (!(error instanceof ZooKeeperError && error.code === code)) throw error;
    });
  }
}
