import { Broker, checkConfig, isListConfig, readBrokerSettings } from '@biquorum/broker';
import type { ControlPlane } from '@biquorum/control-plane';
import { REFERENCE_DEFAULTS, ReferenceCluster, type ReferenceClusterOptions } from '@biquorum/control-plane/testing';
import { decodeResponseHeader, type Init, type MessageCodec, requestFrame } from '@biquorum/kafka-wire';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import type { BrokerEpoch } from '@biquorum/metadata';
import type { Connection, Ports } from '@biquorum/platform';
import { type MemoryHostOptions, MemoryWorld } from '@biquorum/platform/testing';
import { ByteReader } from '@biquorum/std';
import type { Partition } from '../../src/replicas/partition.ts';

/** How a {@link TestCluster} differs from the usual one. */
export interface TestClusterOptions {
  /** Properties of single brokers, over those of all. */
  readonly perBroker?: (id: number) => Record<string, string>;
  readonly seed?: number;
  /** How the plane is, where it differs. */
  readonly reference?: Partial<Omit<ReferenceClusterOptions, 'clusterId' | 'ports'>>;
  /** What the brokers' machines are like. */
  readonly machine?: (id: number) => MemoryHostOptions;
  /** Puts something between the brokers and their planes. */
  readonly wrapPlane?: (plane: ControlPlane) => ControlPlane;
}

/** `BIQUORUM_SEED=7` runs every test whose outcome does not hang on chance with that one. */
const SEED = Number(process.env['BIQUORUM_SEED'] ?? 1);

/** Brokers under the reference plane, on memory hosts in virtual time. */
export class TestCluster {
  readonly seed: number;
  readonly world: MemoryWorld;
  readonly reference: ReferenceCluster;
  readonly #size: number;
  readonly #settings: (id: number) => Map<string, string>;
  readonly #wrapPlane: (plane: ControlPlane) => ControlPlane;
  readonly #running: Map<number, Broker> = new Map();
  readonly #planes: Map<number, ControlPlane> = new Map();

  constructor(size: number, properties: Record<string, string> = {}, options: TestClusterOptions = {}) {
    const { perBroker, seed = SEED, wrapPlane = (plane) => plane, reference, machine } = options;
    this.seed = seed;
    this.world = new MemoryWorld({ seed });
    this.reference = new ReferenceCluster({
      clusterId: 'test',
      ports: this.world.addHost('controller').ports,
      uncleanLeaderElection: properties['unclean.leader.election.enable'] === 'true',
      ...reference,
    });
    this.#size = size;
    this.#wrapPlane = wrapPlane;
    this.#settings = (id) =>
      new Map(
        Object.entries({
          'node.id': String(id),
          listeners: `PLAINTEXT://broker${id}:9092`,
          'log.dirs': '/logs',
          'offsets.topic.replication.factor': String(Math.min(3, size)),
          'offsets.topic.num.partitions': '2',
          'group.initial.rebalance.delay.ms': '0',
          ...properties,
          ...perBroker?.(id),
        }),
      );
    for (let id = 1; id <= size; id++) {
      this.world.addHost(`broker${id}`, machine?.(id));
      this.#make(id);
    }
  }

  /** The brokers that have not been killed or stopped. */
  get brokers(): readonly Broker[] {
    return [...this.#running.values()];
  }

  /** A broker that runs. */
  broker(id: number): Broker {
    const broker = this.#running.get(id);
    if (broker === undefined) throw new Error(`broker ${id} does not run`);
    return broker;
  }

  async start(): Promise<this> {
    await this.world.time.run(Promise.all(this.brokers.map((broker) => broker.start())));
    await this.untilController();
    return this;
  }

  async stop(): Promise<void> {
    for (const { name } of this.world.hosts) if (this.world.host(name).running) this.world.host(name).resume();
    await this.world.time.run(Promise.all(this.brokers.map((broker) => broker.stop())));
    this.reference.close();
  }

  /** Ends a broker as SIGKILL does. */
  kill(id: number): void {
    this.#running.delete(id);
    this.world.host(`broker${id}`).kill();
  }

  /** Takes a broker's power away: what it had not synced is lost or torn. */
  powerOff(id: number): void {
    this.#running.delete(id);
    this.world.host(`broker${id}`).powerOff();
  }

  /** Stops one broker in order. */
  async stopBroker(id: number): Promise<void> {
    const broker = this.broker(id);
    await this.run(broker.stop());
    this.#running.delete(id);
    this.world.host(`broker${id}`).kill();
  }

  /** Starts a broker that was killed or stopped, on what it has on its disk. */
  restart(id: number, wiped = false): Promise<void> {
    return this.run(this.restartSoon(id, wiped));
  }

  /** The same while somebody else lets the time run. */
  async restartSoon(id: number, wiped = false): Promise<void> {
    const ports = this.world.host(`broker${id}`).start();
    if (wiped) await ports.disk.removeTree('/logs');
    await this.#make(id).start();
  }

  /** The epoch under which a broker that runs holds its id; undefined when none does. */
  registrationOf(id: number): BrokerEpoch | undefined {
    return this.#planes.get(id)?.brokerEpoch();
  }

  pause(id: number): void {
    this.world.host(`broker${id}`).pause();
  }

  resume(id: number): void {
    this.world.host(`broker${id}`).resume();
  }

  /** Nothing gets from one broker to another or back; both still reach the controller and their clients. */
  separate(one: number, other: number): void {
    this.world.network.cut(`broker${one}`, `broker${other}`);
    this.world.network.cut(`broker${other}`, `broker${one}`);
    // What is under way must not arrive after all when the link is healed.
    this.world.network.reset(`broker${one}`, `broker${other}`);
  }

  /** Lets the time run until the condition holds. */
  until(condition: () => boolean, limitMs = 120_000): Promise<void> {
    return this.world.time.runUntil(condition, { limitMs });
  }

  /** Lets the time run until some broker leads, other than `not`. Resolves with its id. */
  async untilLeader(topic: string, partition = 0, not = -1): Promise<number> {
    const led = (): number => this.leaderOf(topic, partition)?.id ?? -1;
    await this.until(() => led() > 0 && led() !== not);
    return led();
  }

  /** Lets the time run until the leader counts so many in-sync replicas. */
  async untilIsr(topic: string, partition: number, size: number): Promise<void> {
    await this.until(() => this.replica(topic, partition)?.leadership?.isr.length === size);
  }

  /** A broker's replica; the leader's by default. */
  replica(topic: string, partition = 0, id?: number): Partition | undefined {
    const broker = id === undefined ? this.leaderOf(topic, partition) : this.#running.get(id);
    return broker?.core?.replicas.find(topic, partition);
  }

  /** A client on a host of its own. */
  client(name = 'client'): TestClient {
    return new TestClient(this, this.world.addHost(name).ports);
  }

  /** Lets the time run until the work has ended. */
  run<Result>(work: Promise<Result>): Promise<Result> {
    return this.world.time.run(work);
  }

  /** Creates a topic and lets the time run until all know it and it is led; on certain brokers, where they are named. */
  async createTopic(
    client: TestClient,
    name: string,
    partitions: number,
    configs: Record<string, string> = {},
    replicas: readonly number[] = [],
  ): Promise<void> {
    const indexes = Array.from({ length: replicas.length === 0 ? 0 : partitions }, (_, index) => index);
    const topic = {
      name,
      numPartitions: replicas.length === 0 ? partitions : -1,
      replicationFactor: -1,
      assignments: indexes.map((partitionIndex) => ({ partitionIndex, brokerIds: [...replicas] })),
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    };
    const { topics } = await client.administer(createTopicsRequest, createTopicsResponse, 7, { topics: [topic] });
    if (topics[0]?.errorCode !== 0) throw new Error(`cannot create ${name}: ${topics[0]?.errorMessage}`);
    const led = (): boolean =>
      this.brokers.every((broker) => {
        const known = broker.view.topics.get(name);
        return (
          known?.partitionCount === partitions &&
          Array.from({ length: partitions }).every((_, index) => known.leaderOf(index) > 0)
        );
      }) && Array.from({ length: partitions }).every((_, index) => this.leaderOf(name, index) !== undefined);
    await this.world.time.runUntil(led);
  }

  /** All brokers but one. The one that governs is last, where a broker does: a leader changes no ISR without it. */
  followersOf(leader: number): number[] {
    const governs = (id: number): boolean => this.broker(id).view.fields.controller === id;
    const others = this.brokers.map(({ id }) => id).filter((id) => id !== leader);
    return others.sort((one, other) => Number(governs(one)) - Number(governs(other)));
  }

  /** Lets the time run until brokers name one for administration that runs. Resolves with its id. */
  async untilController(): Promise<number> {
    const named = (): number | undefined =>
      this.brokers.map(({ view }) => view.controllerForClients(() => 0)).find((id) => this.#running.has(id));
    await this.until(() => named() !== undefined);
    return named() ?? -1;
  }

  /** The broker that leads a partition and knows it; of several, the one with the newest epoch. */
  leaderOf(topic: string, partition: number): Broker | undefined {
    let newest: Broker | undefined;
    let epoch = -1;
    for (const broker of this.brokers) {
      const leadership = broker.core?.replicas.find(topic, partition)?.leadership;
      if (leadership === undefined || leadership.leaderEpoch <= epoch) continue;
      newest = broker;
      epoch = leadership.leaderEpoch;
    }
    return newest;
  }

  #make(id: number): Broker {
    const { ports } = this.world.host(`broker${id}`);
    const defaultReplicationFactor = Math.min(3, this.#size);
    const config = { ...REFERENCE_DEFAULTS, defaultReplicationFactor, checkConfig, isListConfig };
    const plane = this.#wrapPlane(this.reference.create(config, ports));
    this.#planes.set(id, plane);
    const broker = new Broker({ settings: readBrokerSettings(this.#settings(id)), ports, plane });
    this.#running.set(id, broker);
    return broker;
  }
}

/** Speaks Kafka's protocol over one connection to each broker. */
export class TestClient {
  readonly #cluster: TestCluster;
  readonly #ports: Ports;
  readonly #links: Map<number, { readonly dialled: Promise<Link>; link: Link | undefined }> = new Map();

  constructor(cluster: TestCluster, ports: Ports) {
    this.#cluster = cluster;
    this.#ports = ports;
  }

  /** Sends a request and lets the time run until it is answered. */
  ask<Request, Response>(
    broker: number,
    request: MessageCodec<Request>,
    response: MessageCodec<Response>,
    version: number,
    body: Init<Request>,
  ): Promise<Response> {
    return this.#cluster.run(this.send(broker, request, response, version, body));
  }

  /** Asks the broker that clients are told to send administration to: the controller, where it is a broker. */
  async administer<Request, Response>(
    request: MessageCodec<Request>,
    response: MessageCodec<Response>,
    version: number,
    body: Init<Request>,
  ): Promise<Response> {
    return this.ask(await this.#cluster.untilController(), request, response, version, body);
  }

  /** Sends a request; somebody else lets the time run. */
  async send<Request, Response>(
    broker: number,
    request: MessageCodec<Request>,
    response: MessageCodec<Response>,
    version: number,
    body: Init<Request>,
  ): Promise<Response> {
    const link = await this.link(broker);
    const frame = await link.exchange((correlationId) =>
      requestFrame(request, version, { correlationId, clientId: 'test' }, body).map((segment) => segment as Uint8Array),
    );
    const reader = new ByteReader(frame);
    decodeResponseHeader(reader, request.table.apiKey ?? -1, version);
    const answer = response.decode(reader, version);
    if (reader.remaining > 0) throw new Error(`${reader.remaining} bytes follow the answer to ${request.table.name}`);
    return answer;
  }

  /** The connection to a broker; a new one when the last is closed. */
  link(broker: number): Promise<Link> {
    const known = this.#links.get(broker);
    if (known !== undefined && known.link?.closed !== true) return known.dialled;
    const entry: { dialled: Promise<Link>; link: Link | undefined } = { dialled: this.dial(broker), link: undefined };
    this.#links.set(broker, entry);
    entry.dialled.then(
      (link) => {
        entry.link = link;
      },
      () => this.#links.delete(broker),
    );
    return entry.dialled;
  }

  /** A connection of its own to a broker. */
  async dial(broker: number): Promise<Link> {
    return new Link(await this.#ports.network.dial({ host: `broker${broker}`, port: 9092, timeoutMs: 10_000 }));
  }
}

/** A connection that matches responses to requests. */
export class Link {
  readonly connection: Connection;
  readonly #waiting: { readonly resolve: (frame: Uint8Array) => void; readonly reject: (error: Error) => void }[] = [];
  #bytes: Uint8Array = new Uint8Array(0);
  #nextId = 1;
  closed = false;

  constructor(connection: Connection) {
    this.connection = connection;
    connection.start({
      data: (chunk) => this.#data(chunk),
      end: () => connection.end(),
      drained: () => {},
      closed: () => {
        this.closed = true;
        for (const { reject } of this.#waiting.splice(0)) reject(new Error('the broker closed the connection'));
      },
    });
  }

  exchange(frame: (correlationId: number) => readonly Uint8Array[]): Promise<Uint8Array> {
    const answer = new Promise<Uint8Array>((resolve, reject) => {
      if (this.closed) {
        reject(new Error('the connection is closed'));
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.connection.write(frame(this.#nextId++));
    });
    // A test may be over before its answers are.
    answer.catch(() => {});
    return answer;
  }

  #data(chunk: Uint8Array): void {
    const all = new Uint8Array(this.#bytes.length + chunk.length);
    all.set(this.#bytes);
    all.set(chunk, this.#bytes.length);
    let at = 0;
    while (all.length - at >= 4) {
      const size = new DataView(all.buffer).getInt32(at);
      if (all.length - at - 4 < size) break;
      this.#waiting.shift()?.resolve(all.slice(at + 4, at + 4 + size));
      at += 4 + size;
    }
    this.#bytes = all.slice(at);
  }
}
