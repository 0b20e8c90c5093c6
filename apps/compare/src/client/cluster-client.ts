import { errorName } from '@biquorum/kafka-wire';
import { untilDefined, type Waiting } from '../measure/wait.ts';
import type { RunningSide } from '../sides/side.ts';
import { type ClientPorts, NodeClient } from './node-client.ts';
import { createTopics, type NewTopic, type ShownCluster, showCluster } from './requests.ts';

const ASK_MS = 1_000;
const ALREADY_THERE = 36;
const LOOK_MS = 4;

/** Looks at a cluster through its brokers, and administers it, as a patient client does. */
export class ClusterClient implements Disposable {
  readonly #ports: ClientPorts;
  readonly #side: RunningSide;
  readonly #clients: Map<string, NodeClient> = new Map();
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal;

  /**
   * @param run whose ports it uses, and with whose end it gives up what it waits for
   * @param timeoutMs after which an answer is not waited for any more
   */
  constructor(
    run: { readonly ports: ClientPorts; readonly signal: AbortSignal },
    side: RunningSide,
    timeoutMs: number = ASK_MS,
  ) {
    this.#ports = run.ports;
    this.#signal = run.signal;
    this.#side = side;
    this.#timeoutMs = timeoutMs;
  }

  /** Asks again and again until there is an answer, or the run is over. @throws Error when that takes too long */
  until<Result>(what: string, ask: () => Promise<Result | undefined>, waiting: Waiting = {}): Promise<Result> {
    return untilDefined(what, ask, { ...waiting, signal: this.#signal });
  }

  /** A client of one node by its address. */
  at(address: string): NodeClient {
    let client = this.#clients.get(address);
    if (client === undefined) {
      client = new NodeClient(this.#ports, address, this.#timeoutMs);
      this.#clients.set(address, client);
    }
    return client;
  }

  /** What a broker shows. @throws PeerError when it does not answer */
  shownBy(id: number, names: readonly string[]): Promise<ShownCluster> {
    const broker = this.#side.brokers.find((one) => one.id === id);
    if (broker === undefined) throw new Error(`broker ${id} does not run`);
    return showCluster(this.at(broker.address), names);
  }

  /** Kafka's error codes of one attempt by way of a broker: to the controller, where brokers do not pass it on. @param ids whom to ask */
  async tryCreate(topics: readonly NewTopic[], ids?: readonly number[]): Promise<readonly number[]> {
    let reason: unknown = new Error('no broker runs that knows a controller');
    for (const { id, address } of this.#side.brokers) {
      if (ids?.includes(id) === false) continue;
      try {
        const { controllerId, brokers } = await showCluster(this.at(address), []);
        const there = brokers.get(controllerId);
        // A client of ours knows who is dead or stands still, and wastes no time on it.
        const serves = this.#side.brokers.some((broker) => broker.id === controllerId);
        if (there === undefined || !serves || ids?.includes(controllerId) === false) continue;
        return await createTopics(this.at(there), topics, this.#timeoutMs);
      } catch (error) {
        reason = error;
      }
    }
    throw reason;
  }

  /** Makes a topic, however often that has to be asked for. @throws Error with the last reason when it takes too long */
  async create(topic: NewTopic): Promise<void> {
    let last = 0;
    try {
      await this.until(`topic ${topic.name}`, async () => {
        [last = -1] = await this.tryCreate([topic]);
        return last === 0 || last === ALREADY_THERE ? true : undefined;
      });
    } catch (error) {
      throw new Error(`topic ${topic.name} was not made; the last answer: ${errorName(last)}`, { cause: error });
    }
  }

  /** Resolves when a broker shows what is wanted, with the time of that moment. */
  async untilShown(id: number, names: readonly string[], accept: (shown: ShownCluster) => boolean): Promise<number> {
    return this.until(
      `broker ${id} shows ${names.join(', ') || 'the cluster'} as it should be`,
      async () => (accept(await this.shownBy(id, names)) ? performance.now() : undefined),
      { everyMs: LOOK_MS },
    );
  }

  /** When each of the brokers that run showed what is wanted, in ascending order. */
  async untilAllShow(
    names: readonly string[],
    accept: (shown: ShownCluster) => boolean,
    ids: readonly number[] = this.#side.brokers.map(({ id }) => id),
  ): Promise<readonly number[]> {
    const times = await Promise.all(ids.map((id) => this.untilShown(id, names, accept)));
    return times.toSorted((left, right) => left - right);
  }

  /** The address of a partition's leader, as soon as the first broker shows one. */
  async untilLeader(topic: string, partition: number): Promise<string> {
    return this.until(`a leader of ${topic}-${partition}`, async () => {
      const [first] = this.#side.brokers;
      const { brokers, topics } = await this.shownBy(first?.id ?? -1, [topic]);
      return brokers.get(topics.get(topic)?.[partition]?.leader ?? -1);
    });
  }

  /** Resolves when every broker that runs shows all replicas of these topics in sync. */
  async untilInSync(names: readonly string[]): Promise<void> {
    await this.untilAllShow(names, (shown) => isInSync(shown, names));
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients.values()) client[Symbol.dispose]();
  }
}

/** Is every partition of these topics led, with all of its replicas in sync? */
export function isInSync({ topics }: ShownCluster, names: readonly string[]): boolean {
  return names.every((name) => {
    const partitions = topics.get(name);
    return partitions?.every(({ leader, isr, replicas }) => leader >= 0 && isr.length === replicas.length) === true;
  });
}
