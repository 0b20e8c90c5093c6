import { setTimeout as sleep } from 'node:timers/promises';
import { errorName } from '@biquorum/kafka-wire';
import type { ClusterClient } from '../client/cluster-client.ts';

/** When something was asked and answered, on the monotonic clock of this process. */
export interface Span {
  readonly askedMs: number;
  readonly answeredMs: number;
}

/** What became of topics that were asked for one after the other. */
export interface Administered {
  /** Each topic that was made: from the first request for it to the first answer that it is there. */
  readonly made: readonly Span[];
  /** Requests that were refused, by the name of Kafka's error. */
  readonly refused: ReadonlyMap<string, readonly Span[]>;
  /** How often nobody answered in time. */
  readonly unanswered: number;
}

const ALREADY_THERE = 36;
const AGAIN_MS = 20;

/** Makes one topic after the other, as often as it works, until it is ended. */
export class Administrator implements AsyncDisposable {
  readonly #client: ClusterClient;
  readonly #replicas: number;
  readonly #everyMs: number;
  readonly #made: Span[] = [];
  readonly #refused: Map<string, Span[]> = new Map();
  readonly #loop: Promise<void>;
  #unanswered = 0;
  #answers = 0;
  #ended = false;

  constructor(client: ClusterClient, { replicas, everyMs }: { readonly replicas: number; readonly everyMs: number }) {
    this.#client = client;
    this.#replicas = replicas;
    this.#everyMs = everyMs;
    this.#loop = this.#run();
  }

  /** What became of them until now. */
  get result(): Administered {
    return { made: this.#made, refused: this.#refused, unanswered: this.#unanswered };
  }

  /** Resolves when a topic was made since now. */
  async untilMade(): Promise<void> {
    const before = this.#made.length;
    await this.#client.until('a topic is made', async () => (this.#made.length > before ? true : undefined));
  }

  /** Resolves when so many requests were answered since now, in whichever way. */
  async untilTried(count: number): Promise<void> {
    const before = this.#answers;
    await this.#client.until('requests are answered', async () => (this.#answers >= before + count ? true : undefined));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    await this.#loop;
  }

  async #run(): Promise<void> {
    let firstAskedMs = performance.now();
    for (let index = 0; !this.#ended; ) {
      const topic = { name: `administered-${index}`, partitions: 1, replicas: this.#replicas };
      const askedMs = performance.now();
      try {
        const [code = -1] = await this.#client.tryCreate([topic]);
        this.#answers += 1;
        const answeredMs = performance.now();
        if (code === 0 || code === ALREADY_THERE) {
          this.#made.push({ askedMs: code === 0 ? askedMs : firstAskedMs, answeredMs });
          index += 1;
          firstAskedMs = answeredMs;
        } else {
          const spans = this.#refused.get(errorName(code)) ?? [];
          this.#refused.set(errorName(code), spans);
          spans.push({ askedMs, answeredMs });
        }
        await sleep(this.#everyMs);
      } catch {
        this.#unanswered += 1;
        await sleep(AGAIN_MS);
      }
    }
  }
}
