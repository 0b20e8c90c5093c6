import type { Clock, Timers } from '@biquorum/platform';
import { type ClientPorts, NodeClient } from '../../client/node-client.ts';
import { createTopics, showCluster } from '../../client/requests.ts';
import type { LiveRates } from '../protocol.ts';
import { Leaders } from './leaders.ts';
import { PartitionLoad } from './partition-load.ts';

/** What a workload is made from. */
export interface WorkloadOptions {
  readonly ports: ClientPorts & { readonly clock: Clock; readonly timers: Timers };
  /** Addresses of brokers. */
  readonly bootstrap: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly replicas: number;
  /** A batch to each partition, that often. */
  readonly everyMs: number;
  readonly batch: () => readonly Uint8Array[];
}

const CREATE_MS = 30_000;
const RETRY_MS = 50;
const RATE_OVER_MS = 1_300;
const TOPIC_ALREADY_EXISTS = 36;
/** Until every broker is known to the one that is asked: INVALID_REPLICATION_FACTOR, NOT_CONTROLLER, and such. */
const NOT_YET: ReadonlySet<number> = new Set([5, 7, 8, 38, 41]);

/**
 * A steady load of real records on one cluster, over real sockets: every partition of a topic is written to, with
 * `acks=all`, and read.
 */
export class Workload {
  readonly #options: WorkloadOptions;
  readonly #leaders: Leaders;
  #loads: readonly PartitionLoad[] = [];
  /** What was taken within the last second or so, the oldest first. */
  #taken: { readonly atMs: number; readonly produced: number; readonly consumed: number }[] = [];
  #total = { produced: 0, consumed: 0 };

  /** Makes the topic, unless it is there, and begins. @throws PeerError when no broker can be reached */
  static async start(options: WorkloadOptions): Promise<Workload> {
    await makeTopic(options);
    return new Workload(options);
  }

  private constructor(options: WorkloadOptions) {
    const { ports, bootstrap, topic, partitions, everyMs, batch } = options;
    this.#options = options;
    const leaders = new Leaders(ports, bootstrap, topic);
    this.#leaders = leaders;
    this.#loads = Array.from({ length: partitions }, (_, partition) => {
      const delayMs = (everyMs * partition) / partitions;
      return new PartitionLoad({ ports, leaders, topic, partition, delayMs, everyMs, batch });
    });
  }

  /** Records since the start. */
  get total(): { readonly produced: number; readonly consumed: number } {
    return this.#total;
  }

  /** What was seen since the last call. */
  take(): LiveRates {
    const counts = this.#loads.map((load) => load.take());
    const produced = counts.reduce((sum, count) => sum + count.produced, 0);
    const consumed = counts.reduce((sum, count) => sum + count.consumed, 0);
    this.#total = { produced: this.#total.produced + produced, consumed: this.#total.consumed + consumed };
    const perSecond = this.#perSecond(this.#total);
    const latencies = counts.flatMap(({ latenciesMs }) => latenciesMs).sort((one, other) => one - other);
    const silent = counts.map(({ silentMs }) => Math.round(silentMs));
    return {
      ...perSecond,
      latencyP50Ms: at(latencies, 0.5),
      latencyP99Ms: at(latencies, 0.99),
      silentMs: Math.max(0, ...silent),
      silentMsByPartition: silent,
    };
  }

  /** Rates over the last second: batches come in steps that a shorter time would show as noise. */
  #perSecond(total: { readonly produced: number; readonly consumed: number }): {
    readonly produced: number;
    readonly consumed: number;
  } {
    const atMs = this.#options.ports.clock.monotonicMs();
    this.#taken = [...this.#taken.filter((one) => atMs - one.atMs < RATE_OVER_MS), { atMs, ...total }];
    const [oldest] = this.#taken;
    const seconds = oldest === undefined ? 0 : (atMs - oldest.atMs) / 1_000;
    if (oldest === undefined || seconds === 0) return { produced: 0, consumed: 0 };
    return {
      produced: Math.round((total.produced - oldest.produced) / seconds),
      consumed: Math.round((total.consumed - oldest.consumed) / seconds),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#loads.map((load) => load.stop()));
    this.#leaders[Symbol.dispose]();
  }
}

/** Asks the broker that is shown as the controller: in ZooKeeper mode nobody else makes topics. */
async function makeTopic({ ports, bootstrap, topic, partitions, replicas }: WorkloadOptions): Promise<void> {
  const deadlineMs = ports.clock.monotonicMs() + CREATE_MS;
  for (;;) {
    using any = new NodeClient(ports, bootstrap[0] ?? '', CREATE_MS);
    const { brokers, controllerId } = await showCluster(any, []);
    using controller = new NodeClient(ports, brokers.get(controllerId) ?? bootstrap[0] ?? '', CREATE_MS);
    const [code = -1] = await createTopics(controller, [{ name: topic, partitions, replicas }], CREATE_MS);
    if (code === 0 || code === TOPIC_ALREADY_EXISTS) return;
    if (!NOT_YET.has(code) || ports.clock.monotonicMs() > deadlineMs) {
      throw new Error(`topic ${topic} was not created: error ${code} of Kafka's protocol`);
    }
    await new Promise<void>((resolve) => {
      ports.timers.set(RETRY_MS, resolve);
    });
  }
}

function at(sorted: readonly number[], share: number): number | null {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return value === undefined ? null : Math.round(value * 100) / 100;
}
