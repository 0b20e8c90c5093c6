import type { ZooKeeperClient } from '../client.ts';
import { ZooKeeperError } from '../zookeeper-error.ts';

/**
 * A place in a row: an ephemeral with a number, below a common parent. Whoever has the smallest number is first; each
 * waits for the one before it, so that a departure wakes one and not all.
 */
export class QueueNode {
  readonly #client: ZooKeeperClient;
  readonly #parent: string;
  readonly #prefix: string;
  #name: string | null = null;

  /** @param prefix tells this member's node from others', should the answer to its creation get lost */
  constructor(client: ZooKeeperClient, parent: string, prefix: string) {
    this.#client = client;
    this.#parent = parent;
    this.#prefix = prefix;
  }

  /** Null while this member has no place. */
  get path(): string | null {
    return this.#name === null ? null : `${this.#parent}/${this.#name}`;
  }

  /** Takes a place at the end. */
  async join(data: Uint8Array | null): Promise<void> {
    await this.#client.createPath(this.#parent);
    const path = `${this.#parent}/${this.#prefix}-`;
    for (;;) {
      try {
        this.#name = nameOf(await this.#client.create(path, data, { mode: 'ephemeralSequential' }));
        return;
      } catch (error) {
        if (!(error instanceof ZooKeeperError && error.code === 'ConnectionLoss')) throw error;
        // It may have been created: a second one would stand in this member's own way.
        this.#name = (await this.#names()).find((name) => name.startsWith(`${this.#prefix}-`)) ?? null;
        if (this.#name !== null) return;
      }
    }
  }

  /** Resolves when everybody who came before is gone. @throws ZooKeeperError NoNode when this member's place is gone */
  async untilFirst(): Promise<void> {
    for (;;) {
      const names = await this.#names();
      const place = names.indexOf(this.#name ?? '');
      if (place === -1) throw new ZooKeeperError('NoNode', this.path, 'the place in the row is gone');
      if (place === 0) return;
      await this.#untilGone(`${this.#parent}/${names[place - 1]}`);
    }
  }

  /** Gives the place up. */
  async leave(): Promise<void> {
    const { path } = this;
    this.#name = null;
    if (path === null) return;
    await this.#client.delete(path).catch((error: unknown) => {
      if (!(error instanceof ZooKeeperError && error.code === 'NoNode')) throw error;
    });
  }

  async #names(): Promise<string[]> {
    const { children } = await this.#client.getChildren(this.#parent);
    return [...children].sort((a, b) => numberOf(a) - numberOf(b));
  }

  #untilGone(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client
        .exists(path, () => resolve())
        .then((stat) => {
          if (stat === undefined) resolve();
        }, reject);
    });
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The ten digits at the end. */
function numberOf(name: string): number {
  return Number(name.slice(-10));
}
