import { setTimeout as sleep } from 'node:timers/promises';
import { untilDefined } from '../measure/wait.ts';
import type { RunningSide } from '../sides/side.ts';
import { type Acknowledged, numberedValue } from './acknowledged.ts';
import { type ClientPorts, NodeClient } from './node-client.ts';
import { append, fetchRecords, showCluster } from './requests.ts';

/** When producers and consumers of each partition got on, on the monotonic clock of this process. */
export interface TrafficTimes {
  /** Of each partition: when a record was acknowledged by all in-sync replicas. */
  readonly produced: readonly (readonly number[])[];
  /** Of each partition: when records were received. */
  readonly consumed: readonly (readonly number[])[];
}

/** Between two records of a partition. */
const RECORD_EVERY_MS = 20;
/** A client that waits longer than this looks for another leader. */
const PATIENCE_MS = 1_000;
const LOOK_MS = 300;
const AGAIN_MS = 5;
const FETCH_WAIT_MS = 200;

/**
 * A producer (`acks=all`) and a consumer for each partition of a topic, each with connections of its own, which look for
 * the leader as soon as something goes wrong: the most impatient clients that there are.
 */
export class Traffic implements AsyncDisposable {
  readonly #ports: ClientPorts;
  readonly #topic: string;
  readonly #addresses: Map<number, string>;
  readonly #leaders: { readonly id: number; readonly epoch: number }[];
  readonly #produced: number[][];
  readonly #consumed: number[][];
  readonly #acknowledged: Map<number, number>[];
  readonly #loops: Promise<void>[];
  readonly #lookers: Map<string, NodeClient> = new Map();
  readonly #looking: Set<string> = new Set();
  #ended = false;

  /** Begins at once. */
  constructor(ports: ClientPorts, side: RunningSide, topic: string, partitions: number) {
    this.#ports = ports;
    this.#topic = topic;
    this.#addresses = new Map(side.brokers.map(({ id, address }) => [id, address]));
    const each = Array.from({ length: partitions }, (_, partition) => partition);
    this.#leaders = each.map(() => ({ id: -1, epoch: -1 }));
    this.#produced = each.map(() => []);
    this.#consumed = each.map(() => []);
    this.#acknowledged = each.map(() => new Map());
    this.#loops = each.flatMap((partition) => [this.#produce(partition), this.#consume(partition)]);
  }

  /** What happened until now. */
  get times(): TrafficTimes {
    return { produced: this.#produced, consumed: this.#consumed };
  }

  /** Of each partition: what was acknowledged until now. */
  get acknowledged(): readonly Acknowledged[] {
    return this.#acknowledged;
  }

  /** Resolves when each partition has got on since now, for producers and consumers. */
  async untilFlowing(signal: AbortSignal): Promise<void> {
    const since = performance.now();
    const flows = (times: readonly number[]): boolean => (times.at(-1) ?? 0) > since;
    const all = [...this.#produced, ...this.#consumed];
    await untilDefined('records flow in every partition', async () => (all.every(flows) ? true : undefined), {
      signal,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    for (const client of this.#lookers.values()) client[Symbol.dispose]();
    await Promise.all(this.#loops);
  }

  #produce(partition: number): Promise<void> {
    let number = 0;
    return this.#loop(partition, async (client) => {
      // One that is not acknowledged may have been written all the same: each attempt has a number of its own.
      const attempt = number++;
      const values = [numberedValue(attempt)];
      const { error, offset } = await append(client, { topic: this.#topic, partition, values }, PATIENCE_MS);
      if (error !== 0) return false;
      this.#produced[partition]?.push(performance.now());
      this.#acknowledged[partition]?.set(offset, attempt);
      await sleep(RECORD_EVERY_MS);
      return true;
    });
  }

  #consume(partition: number): Promise<void> {
    let offset = 0;
    return this.#loop(partition, async (client) => {
      const fetched = await fetchRecords(client, { topic: this.#topic, partition, offset }, FETCH_WAIT_MS);
      if (fetched.error !== 0) return false;
      if (fetched.next > offset) this.#consumed[partition]?.push(performance.now());
      offset = fetched.next;
      return true;
    });
  }

  async #loop(partition: number, step: (client: NodeClient) => Promise<boolean>): Promise<void> {
    const clients = new Map<string, NodeClient>();
    while (!this.#ended) {
      const address = this.#addresses.get(this.#leaders[partition]?.id ?? -1);
      let well = false;
      if (address !== undefined) {
        let client = clients.get(address);
        if (client === undefined) {
          client = new NodeClient(this.#ports, address, PATIENCE_MS);
          clients.set(address, client);
        }
        well = await step(client).catch(() => false);
      }
      if (well) continue;
      this.#look();
      await sleep(AGAIN_MS);
    }
    for (const client of clients.values()) client[Symbol.dispose]();
  }

  /** Asks every broker who leads; the highest epoch counts, whoever answers first. */
  #look(): void {
    for (const address of this.#addresses.values()) {
      if (this.#looking.has(address) || this.#ended) continue;
      let client = this.#lookers.get(address);
      if (client === undefined) {
        client = new NodeClient(this.#ports, address, LOOK_MS);
        this.#lookers.set(address, client);
      }
      this.#looking.add(address);
      showCluster(client, [this.#topic])
        .then(({ brokers, topics }) => {
          for (const [id, at] of brokers) this.#addresses.set(id, at);
          for (const { partition, leader, leaderEpoch } of topics.get(this.#topic) ?? []) {
            const known = this.#leaders[partition];
            if (known !== undefined && leaderEpoch >= known.epoch) {
              this.#leaders[partition] = { id: leader, epoch: leaderEpoch };
            }
          }
        })
        .catch(() => {})
        .finally(() => this.#looking.delete(address));
    }
  }
}
