import { type ClientPorts, NodeClient } from '../../client/node-client.ts';
import { showCluster } from '../../client/requests.ts';

/** How long a broker may take to say who leads. */
const ASK_MS = 500;

/** Where the leaders of a topic are, as brokers tell; asked again when somebody doubts it. */
export class Leaders implements Disposable {
  readonly #ports: ClientPorts;
  readonly #topic: string;
  readonly #clients: readonly NodeClient[];
  #addresses: ReadonlyMap<number, string> = new Map();
  #asking: Promise<void> | undefined;
  #next = 0;

  constructor(ports: ClientPorts, bootstrap: readonly string[], topic: string) {
    this.#ports = ports;
    this.#topic = topic;
    this.#clients = bootstrap.map((address) => new NodeClient(this.#ports, address, ASK_MS));
  }

  /** Address of a partition's leader; undefined while nobody is known. */
  of(partition: number): string | undefined {
    return this.#addresses.get(partition);
  }

  /** Asks one broker after the other until one answers; those who ask at the same time share the answer. */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients) client[Symbol.dispose]();
  }

  async #ask(): Promise<void> {
    for (let tries = 0; tries < this.#clients.length; tries++) {
      const client = this.#clients[this.#next++ % this.#clients.length] as NodeClient;
      try {
        const { brokers, topics } = await showCluster(client, [this.#topic]);
        const known = topics.get(this.#topic);
        if (known === undefined) continue;
        const addresses = known.map(({ partition, leader }) => [partition, brokers.get(leader)] as const);
        this.#addresses = new Map(addresses.filter((pair): pair is readonly [number, string] => pair[1] !== undefined));
        return;
      } catch {
        // The next broker may be there.
      }
    }
  }
}
