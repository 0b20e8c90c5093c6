import { Broker, readBrokerSettings } from '@biquorum/broker';
import { REFERENCE_DEFAULTS, ReferenceCluster } from '@biquorum/control-plane/testing';
import { decodeResponseHeader, type Init, type MessageCodec, requestFrame } from '@biquorum/kafka-wire';
import type { Connection, Ports } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { ByteReader } from '@biquorum/std';

/** Brokers under the reference plane, on memory hosts in virtual time. */
export class TestCluster {
  readonly world: MemoryWorld;
  readonly reference: ReferenceCluster;
  readonly brokers: Broker[] = [];

  constructor(size: number, properties: Record<string, string> = {}, seed = 1) {
    this.world = new MemoryWorld({ seed });
    this.reference = new ReferenceCluster({ clusterId: 'test', ports: this.world.addHost('controller').ports });
    for (let id = 1; id <= size; id++) {
      const { ports } = this.world.addHost(`broker${id}`);
      const all = new Map(
        Object.entries({
          'node.id': String(id),
          listeners: `PLAINTEXT://broker${id}:9092`,
          'log.dirs': '/logs',
          'offsets.topic.replication.factor': String(Math.min(3, size)),
          'offsets.topic.num.partitions': '2',
          'group.initial.rebalance.delay.ms': '0',
          ...properties,
        }),
      );
      const plane = this.reference.create(
        { ...REFERENCE_DEFAULTS, defaultReplicationFactor: Math.min(3, size) },
        ports,
      );
      this.brokers.push(new Broker({ settings: readBrokerSettings(all), ports, plane }));
    }
  }

  async start(): Promise<this> {
    await this.world.time.run(Promise.all(this.brokers.map((broker) => broker.start())));
    return this;
  }

  async stop(): Promise<void> {
    await this.world.time.run(Promise.all(this.brokers.map((broker) => broker.stop())));
    this.reference.close();
  }

  /** A client on a host of its own. */
  client(name = 'client'): TestClient {
    return new TestClient(this, this.world.addHost(name).ports);
  }

  /** Lets the time run until the work has ended. */
  run<Result>(work: Promise<Result>): Promise<Result> {
    return this.world.time.run(work);
  }

  async createTopic(
    client: TestClient,
    name: string,
    partitions: number,
    configs: Record<string, string> = {},
  ): Promise<void> {
    const { createTopicsRequest, createTopicsResponse } = await import('@biquorum/kafka-wire/messages/create-topics');
    const topic = {
      name,
      numPartitions: partitions,
      replicationFactor: -1,
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    };
    const { topics } = await client.ask(1, createTopicsRequest, createTopicsResponse, 7, { topics: [topic] });
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

  /** The broker that leads a partition and knows it. */
  leaderOf(topic: string, partition: number): Broker | undefined {
    return this.brokers.find((broker) => broker.core?.replicas.find(topic, partition)?.leadership !== undefined);
  }
}

/** Speaks Kafka's protocol over one connection to each broker. */
export class TestClient {
  readonly #cluster: TestCluster;
  readonly #ports: Ports;
  readonly #links: Map<number, Promise<Link>> = new Map();

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
    return response.decode(reader, version);
  }

  link(broker: number): Promise<Link> {
    const known = this.#links.get(broker);
    if (known !== undefined) return known;
    const dialled = this.#ports.network
      .dial({ host: `broker${broker}`, port: 9092, timeoutMs: 10_000 })
      .then((connection) => new Link(connection));
    this.#links.set(broker, dialled);
    return dialled;
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
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(new Error('the connection is closed'));
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.connection.write(frame(this.#nextId++));
    });
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
