import type { Clock, Timers } from '@biquorum/platform';
import { type ClientPorts, NodeClient } from '../../client/node-client.ts';
import { fetchRecords, produce } from '../../client/requests.ts';
import type { Leaders } from './leaders.ts';

/** What a load on one partition is made from. */
export interface PartitionLoadOptions {
  readonly ports: ClientPorts & { readonly clock: Clock; readonly timers: Timers };
  readonly leaders: Leaders;
  readonly topic: string;
  readonly partition: number;
  /** Until the first batch, so that partitions take turns. */
  readonly delayMs: number;
  /** A batch, of so many records, that often. */
  readonly everyMs: number;
  readonly batch: () => readonly Uint8Array[];
}

/** How long an acknowledgement may take before the leader is doubted. */
const ACKNOWLEDGE_MS = 1_000;
/** How long the leader may hold a fetch that finds nothing. */
const FETCH_WAIT_MS = 250;
const RETRY_MS = 50;

/** What one partition's load saw since it was last asked. */
export interface PartitionCounts {
  readonly produced: number;
  readonly consumed: number;
  readonly latenciesMs: readonly number[];
  readonly silentMs: number;
}

/**
 * Writes to one partition and reads it, over connections of its own, so that what a broken leader keeps waiting is this
 * partition alone. One batch is under way at a time; one that is not acknowledged is sent again.
 */
export class PartitionLoad {
  readonly #options: PartitionLoadOptions;
  #produced = 0;
  #consumed = 0;
  #latenciesMs: number[] = [];
  #acknowledgedMs: number;
  #stopped = false;
  #wake: (() => void)[] = [];
  readonly #done: Promise<unknown>;

  constructor(options: PartitionLoadOptions) {
    this.#options = options;
    this.#acknowledgedMs = options.ports.clock.monotonicMs();
    this.#done = Promise.all([this.#write(), this.#read()]);
  }

  take(): PartitionCounts {
    const counts = {
      produced: this.#produced,
      consumed: this.#consumed,
      latenciesMs: this.#latenciesMs,
      silentMs: this.#options.ports.clock.monotonicMs() - this.#acknowledgedMs,
    };
    this.#produced = 0;
    this.#consumed = 0;
    this.#latenciesMs = [];
    return counts;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const wake of this.#wake.splice(0)) wake();
    await this.#done;
  }

  async #write(): Promise<void> {
    const { ports, topic, partition, delayMs, everyMs, batch } = this.#options;
    const { clock } = ports;
    let link: Link | undefined;
    let values: readonly Uint8Array[] | undefined;
    await this.#sleep(delayMs);
    let nextMs = clock.monotonicMs();
    while (!this.#stopped) {
      link = await this.#linkTo(link);
      if (link === undefined) continue;
      values ??= batch();
      const sentMs = clock.monotonicMs();
      const error = await produce(link.client, { topic, partition, values }, ACKNOWLEDGE_MS).catch(() => FAILED);
      if (error !== 0) {
        link = await this.#doubt(link);
        continue;
      }
      this.#acknowledgedMs = clock.monotonicMs();
      this.#latenciesMs.push(this.#acknowledgedMs - sentMs);
      this.#produced += values.length;
      values = undefined;
      // What was missed is not made up for.
      nextMs = Math.max(nextMs + everyMs, this.#acknowledgedMs);
      await this.#sleep(nextMs - this.#acknowledgedMs);
    }
    link?.client[Symbol.dispose]();
  }

  async #read(): Promise<void> {
    const { topic, partition } = this.#options;
    let link: Link | undefined;
    let offset = 0;
    while (!this.#stopped) {
      link = await this.#linkTo(link);
      if (link === undefined) continue;
      const fetched = await fetchRecords(link.client, { topic, partition, offset }, FETCH_WAIT_MS).catch(
        () => undefined,
      );
      if (fetched === undefined || fetched.error !== 0) {
        if (fetched?.error === OFFSET_OUT_OF_RANGE) offset = Math.max(0, fetched.highWatermark);
        link = await this.#doubt(link);
        continue;
      }
      this.#consumed += fetched.next - offset;
      offset = fetched.next;
    }
    link?.client[Symbol.dispose]();
  }

  /** A connection to the leader as it is known; undefined, after a while, when there is none. */
  async #linkTo(link: Link | undefined): Promise<Link | undefined> {
    const { leaders, partition, ports } = this.#options;
    const address = leaders.of(partition);
    if (link !== undefined && link.address === address) return link;
    link?.client[Symbol.dispose]();
    if (address !== undefined) {
      return { address, client: new NodeClient(ports, address, ACKNOWLEDGE_MS + FETCH_WAIT_MS) };
    }
    await this.#sleep(RETRY_MS);
    await leaders.refresh();
    return undefined;
  }

  /** Something is wrong with the leader: another may be by now. */
  async #doubt(link: Link): Promise<Link> {
    await this.#sleep(RETRY_MS);
    if (!this.#stopped) await this.#options.leaders.refresh();
    return link;
  }

  #sleep(ms: number): Promise<void> {
    if (this.#stopped || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        this.#wake = this.#wake.filter((wake) => wake !== done);
        resolve();
      };
      const timer = this.#options.ports.timers.set(ms, done);
      this.#wake.push(done);
    });
  }
}

interface Link {
  readonly address: string;
  readonly client: NodeClient;
}

const FAILED = -1;
const OFFSET_OUT_OF_RANGE = 1;
