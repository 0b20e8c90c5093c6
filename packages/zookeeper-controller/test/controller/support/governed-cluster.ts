import type { BrokerHost, PlaneFault, ReplicaChange, ReplicaOutcome } from '@biquorum/control-plane';
import type { BootedPlane } from '@biquorum/control-plane/testing';
import { type Init, type MessageCodec, requestFrame } from '@biquorum/kafka-wire';
import type { ClusterDelta, ClusterView, NodeId, PartitionState } from '@biquorum/metadata';
import { MemoryWorld } from '@biquorum/platform/testing';
import { ByteReader } from '@biquorum/std';
import { ClientConnection } from '@biquorum/zookeeper';
import { ZooKeeperClient } from '@biquorum/zookeeper-client';
import type { Controller, ZooKeeperPlane } from '@biquorum/zookeeper-controller';
import { ZooKeeperSubject } from '../../plane/support/zookeeper-subject.ts';

/** A request that a controller pushed to a broker. */
export interface SeenPush {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly body: Uint8Array;
}

/** A broker: its process, its plane, and a host without data that obeys. */
export class GovernedBroker implements BrokerHost {
  readonly id: NodeId;
  readonly process: BootedPlane;
  readonly identity: BrokerHost['identity'];
  readonly pushes: SeenPush[] = [];
  readonly changes: ReplicaChange[] = [];
  readonly halts: PlaneFault[] = [];
  /** Replicas by `topic-partition`. */
  readonly replicas: Map<string, ReplicaChange> = new Map();
  /** Answers for changes that are not obeyed. */
  refuse: (change: ReplicaChange) => ReplicaOutcome['error'] = () => 'NONE';
  /** Answers a push in the plane's place, when it gives a body. */
  answerPush: (push: SeenPush) => Uint8Array | undefined = () => undefined;
  view: ClusterView | undefined;
  gone = false;

  constructor(id: NodeId, process: BootedPlane) {
    this.id = id;
    this.process = process;
    this.identity = {
      id,
      incarnationId: `incarnation-${id}`,
      rack: null,
      directories: [{ path: '/logs', id: null }],
      previousBrokerEpoch: -1 as never,
      supportedFeatures: new Map(),
    };
    const { plane } = process;
    const handle = plane.handle.bind(plane);
    plane.handle = (request) => {
      const { apiKey, apiVersion, frame, bodyOffset } = request;
      if (apiKey < 4 || apiKey > 6) return handle(request);
      const push = { apiKey, apiVersion, body: frame.slice(bodyOffset) };
      this.pushes.push(push);
      const body = this.answerPush(push);
      return body === undefined ? handle(request) : Promise.resolve({ kind: 'body', body });
    };
  }

  get plane(): ZooKeeperPlane {
    return this.process.plane as ZooKeeperPlane;
  }

  get controller(): Controller {
    return this.plane.controller as Controller;
  }

  publish(_delta: ClusterDelta, view: ClusterView): void {
    this.view = view;
  }

  assign(changes: readonly ReplicaChange[]): Promise<readonly ReplicaOutcome[]> {
    this.changes.push(...changes);
    const outcomes = changes.map((change): ReplicaOutcome => {
      const error = this.refuse(change);
      const key = `${change.topic}-${change.partition}`;
      if (error === 'NONE' && (change.to === 'stop' || change.to === 'delete')) this.replicas.delete(key);
      else if (error === 'NONE') this.replicas.set(key, change);
      return { partition: change, error };
    });
    return Promise.resolve(outcomes);
  }

  authorize(): boolean {
    return true;
  }

  halt(reason: PlaneFault): void {
    this.halts.push(reason);
  }
}

/** Brokers in ZooKeeper mode on memory hosts, and what an outside observer sees in their ensemble. */
export class GovernedCluster {
  readonly world: MemoryWorld;
  readonly subject: ZooKeeperSubject;
  readonly brokers: GovernedBroker[] = [];
  #observers = 0;

  private constructor(world: MemoryWorld) {
    this.world = world;
    this.subject = new ZooKeeperSubject(world);
  }

  /** Runs a test in virtual time, with brokers 1 to `size`. Broker 1 is the controller. */
  static run(size: number, body: (cluster: GovernedCluster) => Promise<void>, seed = 1): Promise<void> {
    const world = new MemoryWorld({ seed });
    const cluster = new GovernedCluster(world);
    return world.run(async () => {
      await cluster.subject.start();
      for (let id = 1; id <= size; id++) {
        await cluster.join(id);
        await cluster.until(() => cluster.active !== undefined, 'a controller');
      }
      await cluster.settle();
      await body(cluster);
      for (const broker of cluster.live) await broker.plane.close();
    });
  }

  async join(id: number): Promise<GovernedBroker> {
    const process = this.subject.boot(id as NodeId);
    const broker = new GovernedBroker(id as NodeId, process);
    this.brokers.push(broker);
    broker.view = await broker.plane.open(broker, process.ports.clock.monotonicMs() + 60_000);
    await broker.plane.enlist(process.registration);
    return broker;
  }

  get live(): GovernedBroker[] {
    return this.brokers.filter(({ gone }) => !gone);
  }

  broker(id: number): GovernedBroker {
    const broker = this.live.find((one) => one.id === id);
    if (broker === undefined) throw new Error(`broker ${id} does not run`);
    return broker;
  }

  /** The one broker that governs. */
  get active(): GovernedBroker | undefined {
    return this.live.find(({ controller }) => controller?.term !== undefined);
  }

  kill(broker: GovernedBroker): void {
    broker.gone = true;
    broker.process.kill();
  }

  async close(broker: GovernedBroker): Promise<void> {
    broker.gone = true;
    await broker.plane.close();
  }

  /** Waits until the controller knows the outcome of all that it has told, and has nothing left to do. */
  async settle(): Promise<void> {
    for (let calm = 0; calm < 5; calm++) {
      await this.until(() => this.live.every(({ id }) => this.subject.hasConfirmed(id)), 'quiet brokers');
      await this.elapse(5);
      if (!this.live.every(({ id }) => this.subject.hasConfirmed(id))) calm = -1;
    }
  }

  async until(condition: () => boolean, what: string, patienceMs = 120_000): Promise<void> {
    const { clock } = this.subject.ports;
    const giveUpMs = clock.monotonicMs() + patienceMs;
    while (!condition()) {
      if (clock.monotonicMs() > giveUpMs) throw new Error(`${what}: not within ${patienceMs} ms`);
      await this.elapse(5);
    }
  }

  elapse(durationMs: number): Promise<void> {
    return new Promise((resolve) => void this.subject.ports.timers.set(durationMs, resolve));
  }

  /** Asks a broker as a client does, in the highest version. */
  async ask<Request, Response>(
    broker: GovernedBroker,
    request: MessageCodec<Request>,
    response: MessageCodec<Response>,
    body: Init<Request>,
    version: number = request.highestVersion,
  ): Promise<Response> {
    const segments = requestFrame(request, version, { correlationId: 7, clientId: 'test' }, body) as Uint8Array[];
    const frame = Uint8Array.from(segments.flatMap((segment) => [...segment])).subarray(4);
    const bodyOffset = frame.length - request.toBytes(body, version).length;
    const reply = await broker.plane.handle({
      context: {
        listener: 'PLAINTEXT',
        securityProtocol: 'PLAINTEXT',
        principal: { type: 'User', name: 'ANONYMOUS' },
        clientAddress: '127.0.0.1',
        clientId: 'test',
      },
      apiKey: request.table.apiKey ?? -1,
      apiVersion: version,
      correlationId: 7,
      frame,
      bodyOffset,
    });
    if (reply.kind === 'close') throw new Error(`the connection was dropped: ${reply.reason}`);
    return response.decode(new ByteReader(reply.body), version);
  }

  /** The active controller. */
  get governor(): GovernedBroker {
    const { active } = this;
    if (active === undefined) throw new Error('nobody governs');
    return active;
  }

  /** A znode's JSON; undefined when there is none. */
  znode(path: string): Record<string, unknown> | undefined {
    const found = this.subject.ensemble.server.tree.data(`/kafka${path}`);
    return found === undefined
      ? undefined
      : JSON.parse(new TextDecoder().decode(found.data ?? new Uint8Array()) || '{}');
  }

  hasZnode(path: string): boolean {
    return this.subject.ensemble.server.tree.stat(`/kafka${path}`) !== undefined;
  }

  /**
   * The next multi that writes a znode is carried out later than asked for, and the connection over which it was asked
   * for is lost: as when a leader of the ensemble has it and the follower that passed it on is gone.
   *
   * @returns resolves when it has been carried out
   */
  delayWrite(path: string, lateMs: number): Promise<void> {
    const { ensemble, ports } = this.subject;
    const submit = ensemble.submit.bind(ensemble);
    return new Promise((resolve) => {
      ensemble.submit = (submission) => {
        const { request, owner } = submission;
        const ops = 'ops' in request ? (request.ops ?? []) : [];
        const isMeant = ops.some((op) => 'request' in op && op.request.path === `/kafka${path}`);
        if (!isMeant || !(owner instanceof ClientConnection)) return submit(submission);
        ensemble.submit = submit;
        ports.timers.soon(() => ensemble.server.drop(owner));
        ports.timers.set(lateMs, () => {
          submit({ ...submission, owner: null });
          resolve();
        });
      };
    });
  }

  /** A client of the ensemble that belongs to no broker. */
  async observer(): Promise<ZooKeeperClient> {
    const { ports } = this.world.addHost(`outside-${this.#observers++}`);
    const client = new ZooKeeperClient({ connect: 'zookeeper:2181/kafka', ports });
    await client.untilConnected();
    return client;
  }

  /** A partition as the broker that runs with the lowest number sees it. */
  partition(topic: string, index: number): PartitionState {
    const state = this.live[0]?.view?.topics.get(topic)?.partition(index);
    if (state === undefined) throw new Error(`nobody sees ${topic}-${index}`);
    return state;
  }
}
