import { PATHS, partitionStatePath } from '@biquorum/kafka-znodes';
import type { Ports } from '@biquorum/platform';
import { type WatchEvent, ZooKeeperClient } from '@biquorum/zookeeper-client';

/** What happened to `/controller`, and when by the wall clock. */
interface Moment {
  readonly atMs: number;
  readonly what: 'created' | 'deleted';
}

/** Writes down when `/controller` comes and goes, as any client of the ensemble hears it. */
export class ControllerWatch implements AsyncDisposable {
  readonly #client: ZooKeeperClient;
  readonly #moments: Moment[] = [];

  private constructor(client: ZooKeeperClient) {
    this.#client = client;
  }

  /** Resolves when it watches. */
  static async open(ports: Ports, connect: string): Promise<ControllerWatch> {
    const client = new ZooKeeperClient({ connect, ports, sessionTimeoutMs: SESSION_MS });
    const watch = new ControllerWatch(client);
    await client.addWatch(PATHS.controller, 'persistent', ({ type }) => {
      const what = WHAT[type];
      if (what !== undefined) watch.#moments.push({ atMs: Date.now(), what });
    });
    return watch;
  }

  /** When it was gone for the first time since a moment, and when it was there again after that. */
  since(sinceMs: number): { readonly goneAt: number | undefined; readonly backAt: number | undefined } {
    const gone = this.#moments.find(({ atMs, what }) => what === 'deleted' && atMs >= sinceMs);
    const back = gone && this.#moments.find(({ atMs, what }) => what === 'created' && atMs >= gone.atMs);
    return { goneAt: gone?.atMs, backAt: back?.atMs };
  }

  /** How many controllers there have been. */
  async epoch(): Promise<number> {
    const { data } = await this.#client.getData(PATHS.controllerEpoch);
    return Number(new TextDecoder().decode(data));
  }

  /** When the state of a topic's first partition was written, by the clock of the ensemble's leader. */
  async createdAt(topic: string): Promise<number> {
    const { stat } = await this.#client.getData(partitionStatePath(topic, 0));
    return stat.ctimeMs;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client.close();
  }
}

const SESSION_MS = 60_000;

const WHAT: { readonly [type in WatchEvent['type']]?: Moment['what'] } = {
  NodeCreated: 'created',
  NodeDeleted: 'deleted',
};
