import { apiByKey, type Init, type MessageCodec, requestFrame } from '@biquorum/kafka-wire';
import { type BrokerEpoch, NO_LEADER, type NodeId, type PartitionState } from '@biquorum/metadata';
import { ByteReader } from '@biquorum/std';
import type { IsrChange, TopicError, TopicSpec } from '../../commands.ts';
import type { ControlPlane } from '../../plane.ts';
import type { ReplicaChange, TopicIdPartition } from '../../replicas.ts';
import { check, elapse, equal, eventually, within } from './checks.ts';
import type { BootedPlane, Claim, Subject } from './kit.ts';
import { type HeldReplica, keyOf, RecordingHost } from './recording-host.ts';

/** How long `open` may take. */
const OPEN_MS = 60_000;
const NOT_CONTROLLER = 41;

/** A broker of the fleet: a process with its plane and the host that records. */
export interface FleetNode {
  readonly id: NodeId;
  readonly plane: ControlPlane;
  readonly host: RecordingHost;
  readonly process: BootedPlane;
  state: 'booted' | 'live' | 'silent' | 'gone';
  /** It has begun to hand over; it may be told to give replicas up before it goes. */
  leaving: boolean;
}

/** A claim about a cluster of so many brokers. What every host notes on the way is checked at the end. */
export function fleetClaim(title: string, size: number, body: (fleet: Fleet) => Promise<void>): Claim {
  return {
    title,
    check: async (subject) => {
      const fleet = new Fleet(subject);
      await fleet.start(size);
      await body(fleet);
      await fleet.end();
    },
  };
}

/** Brokers under the planes of one subject. */
export class Fleet {
  readonly subject: Subject;
  readonly nodes: FleetNode[] = [];
  readonly #leaders: Map<string, NodeId> = new Map();
  readonly #faults: string[] = [];

  constructor(subject: Subject) {
    this.subject = subject;
  }

  /** Brokers 1 to `size`, all at once. */
  async start(size: number): Promise<void> {
    await Promise.all(Array.from({ length: size }, (_, index) => this.join(index + 1)));
    await this.settle();
  }

  /** A process that has not been opened. */
  boot(id: number): FleetNode {
    const process = this.subject.boot(id as NodeId);
    const host = new RecordingHost(
      id as NodeId,
      { random: this.subject.ports.random, timers: process.ports.timers },
      (...lead) => this.#lead(...lead),
    );
    const node: FleetNode = { id: id as NodeId, plane: process.plane, host, process, state: 'booted', leaving: false };
    this.nodes.push(node);
    return node;
  }

  /** A broker that serves. */
  async join(id: number): Promise<FleetNode> {
    const node = this.boot(id);
    await this.open(node);
    await this.enlist(node);
    return node;
  }

  async open(node: FleetNode, patienceMs: number = OPEN_MS): Promise<void> {
    const view = await node.plane.open(node.host, node.process.ports.clock.monotonicMs() + patienceMs);
    node.host.views.push(view);
    node.host.stage = 'opened';
  }

  async enlist(node: FleetNode): Promise<void> {
    node.host.stage = 'enlisting';
    await within(this.subject.ports, node.plane.enlist(node.process.registration), `enlist of broker ${node.id}`);
    node.state = 'live';
  }

  async close(node: FleetNode): Promise<void> {
    await within(this.subject.ports, node.plane.close(), `close of broker ${node.id}`);
    node.host.stage = 'closed';
    node.state = 'gone';
  }

  /** Controlled shutdown of a broker. */
  async withdraw(node: FleetNode, patienceMs: number): Promise<readonly TopicIdPartition[]> {
    node.leaving = true;
    const { plane, process, id } = node;
    const deadlineMs = process.ports.clock.monotonicMs() + patienceMs;
    return within(this.subject.ports, plane.withdraw(deadlineMs), `withdraw of broker ${id}`);
  }

  kill(node: FleetNode): void {
    node.process.kill();
    node.state = 'gone';
  }

  silence(node: FleetNode): void {
    node.process.silence();
    node.state = 'silent';
  }

  hear(node: FleetNode): void {
    node.process.hear();
    node.state = 'live';
  }

  /** The process of this id that serves. */
  node(id: number): FleetNode {
    const node = this.nodes.find((one) => one.id === id && one.state === 'live');
    check(node !== undefined, `broker ${id} does not run`);
    return node;
  }

  get live(): FleetNode[] {
    return this.nodes.filter((node) => node.state === 'live');
  }

  /** Waits until all live brokers see the same, have answered all, and their replicas are as their views say. */
  async settle(): Promise<void> {
    const { ports, hasConfirmed } = this.subject;
    const settled = (): boolean => {
      const [first, ...rest] = this.live.map((node) => this.#sight(node));
      return (
        this.live.every(({ id }) => hasConfirmed.call(this.subject, id)) &&
        rest.every((sight) => sight === first) &&
        this.live.every((node) => this.isObeyed(node))
      );
    };
    for (let calm = 0; calm < 3; calm++) {
      await eventually(ports, settled, 'views and replicas that agree');
      await elapse(ports, 20);
      if (!settled()) calm = -1;
    }
  }

  /**
   * Does a host hold the replicas that its view gives it, in the roles and leader epochs of the view? Followers need not
   * have heard of the newest ISR (in ZooKeeper mode they are not told), of a partition without a leader nobody need have
   * heard, and who leaves may have been told to follow no more (in ZooKeeper mode).
   */
  isObeyed({ id, host, leaving }: FleetNode): boolean {
    const held = new Set(host.replicas.keys());
    for (const topic of host.view?.topics.values() ?? []) {
      for (let index = 0; index < topic.partitionCount; index++) {
        const state = topic.partition(index) as PartitionState;
        const key = keyOf({ topic: topic.name, partition: index });
        const replica = host.replicas.get(key);
        if (!state.replicas.includes(id)) continue;
        held.delete(key);
        const owes = state.leader === id || (state.leader !== NO_LEADER && !leaving);
        if (replica === undefined ? owes : !isInRole(replica, topic.id, state)) return false;
      }
    }
    return held.size === 0;
  }

  /** Creates a topic and waits until all have taken it up. */
  async createTopic(
    name: string,
    partitions: number,
    replicationFactor: number,
    configs: Record<string, string> = {},
  ): Promise<void> {
    await this.createTopicOnly(name, partitions, replicationFactor, configs);
    await this.untilKnown(name);
    await this.settle();
  }

  /** Creates a topic through a live broker, as the broker's own wish. */
  async createTopicOnly(
    name: string,
    partitions: number,
    replicationFactor: number,
    configs: Record<string, string> = {},
  ): Promise<void> {
    const spec = specOf(name, partitions, replicationFactor, configs);
    const [plane] = this.live.map((node) => node.plane);
    const outcomes = await within(
      this.subject.ports,
      plane?.createTopics([spec], null) ?? Promise.resolve([]),
      `creation of ${name}`,
    );
    equal(outcomes.map(errorOf), ['NONE'], `creation of ${name}`);
  }

  /** Waits until all live brokers see a topic. */
  untilKnown(name: string): Promise<void> {
    const known = (): boolean => this.live.every(({ host }) => host.view?.topics.has(name));
    return eventually(this.subject.ports, known, `topic ${name} in all views`);
  }

  /** A partition as a live broker sees it that has come furthest. */
  partition(name: string, index: number): PartitionState {
    const states = this.live.flatMap(({ host }) => host.view?.topics.get(name)?.partition(index) ?? []);
    const [newest] = states.sort((a, b) => b.partitionEpoch - a.partitionEpoch);
    check(newest !== undefined, `nobody sees ${name}-${index}`);
    return newest;
  }

  leaderOf(name: string, index: number): FleetNode {
    return this.node(this.partition(name, index).leader);
  }

  /** Waits until a live broker leads, by its own host. */
  untilLed(name: string, index: number): Promise<void> {
    const led = (): boolean =>
      this.live.some(({ host }) => host.replicas.get(keyOf({ topic: name, partition: index }))?.to === 'lead');
    return eventually(this.subject.ports, led, `a leader of ${name}-${index}`);
  }

  /** A proposal by the present leader, on the present state. */
  proposal(name: string, index: number, isr: readonly number[]): IsrChange {
    const { leaderEpoch, partitionEpoch } = this.partition(name, index);
    const view = this.live[0]?.host.view;
    const topicId = view?.topics.get(name)?.id;
    check(topicId !== undefined, `nobody sees ${name}`);
    const members = isr.map((id) => ({
      node: id as NodeId,
      brokerEpoch: view?.brokers.get(id)?.epoch ?? (-1 as BrokerEpoch),
    }));
    const partition = { topic: name, topicId, partition: index };
    return { partition, leaderEpoch, partitionEpoch, isr: members, recovering: false };
  }

  /**
   * Sends a client's request to live brokers, one after the other, until one does not say that it is not the
   * controller. @returns The response; undefined when the broker rather drops the connection.
   */
  async administer<Request, Response>(
    request: MessageCodec<Request>,
    response: MessageCodec<Response>,
    body: Init<Request>,
    codesOf: (response: Response) => readonly number[],
  ): Promise<Response | undefined> {
    for (;;) {
      for (const { plane } of this.live) {
        const answer = await this.ask(plane, request, response, body);
        if (answer === undefined || !codesOf(answer).includes(NOT_CONTROLLER)) return answer;
      }
      await elapse(this.subject.ports, 50);
    }
  }

  /** Hands a client's request to a plane, in the highest version that both know. */
  async ask<Request, Response>(
    plane: ControlPlane,
    request: MessageCodec<Request>,
    response: MessageCodec<Response>,
    body: Init<Request>,
  ): Promise<Response | undefined> {
    const apiKey = request.table.apiKey ?? -1;
    const announced = plane.advertise('PLAINTEXT', []).apis.find((api) => api.apiKey === apiKey);
    check(announced !== undefined, `${apiByKey(apiKey)?.name ?? apiKey} is not announced`);
    const apiVersion = Math.min(announced.max, request.highestVersion);
    const segments = requestFrame(request, apiVersion, { correlationId: 7, clientId: 'suite' }, body);
    const frame = join(segments as readonly Uint8Array[]).subarray(4);
    const bodyLength = request.toBytes(body, apiVersion).length;
    const reply = await within(
      this.subject.ports,
      plane.handle({
        context: {
          listener: 'PLAINTEXT',
          securityProtocol: 'PLAINTEXT',
          principal: { type: 'User', name: 'ANONYMOUS' },
          clientAddress: '127.0.0.1',
          clientId: 'suite',
        },
        apiKey,
        apiVersion,
        correlationId: 7,
        frame,
        bodyOffset: frame.length - bodyLength,
      }),
      `answer to ${apiByKey(apiKey)?.name ?? apiKey}`,
    );
    return reply.kind === 'close' ? undefined : response.decode(new ByteReader(reply.body), apiVersion);
  }

  /** Closes what is live, and fails if any host saw a breach. */
  async end(): Promise<void> {
    for (const node of this.nodes) if (node.state !== 'gone') await this.close(node);
    await elapse(this.subject.ports, 5_000);
    equal([...this.#faults, ...this.nodes.flatMap(({ host }) => host.faults)], [], 'breaches that the hosts saw');
  }

  #lead(host: RecordingHost, { topic, topicId, partition, leaderEpoch }: ReplicaChange): void {
    const key = `${topicId}-${partition} in leader epoch ${leaderEpoch}`;
    const other = this.#leaders.get(key) ?? host.identity.id;
    this.#leaders.set(key, host.identity.id);
    if (other !== host.identity.id) {
      this.#faults.push(`${topic}: brokers ${other} and ${host.identity.id} both lead ${key}`);
    }
  }

  /** What a broker sees, as text. */
  #sight({ host }: FleetNode): string {
    const topics = [...(host.view?.topics.values() ?? [])].map((topic) => [
      topic.name,
      topic.id,
      [...(host.view?.configOf({ type: 'topic', name: topic.name }) ?? [])].sort(),
      Array.from({ length: topic.partitionCount }, (_, index) => topic.partition(index)),
    ]);
    const brokers = [...(host.view?.brokers.values() ?? [])].sort((a, b) => a.id - b.id);
    return JSON.stringify([brokers, topics.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))]);
  }
}

/** A topic that a broker wants. */
export function specOf(
  name: string,
  partitions: number,
  replicationFactor: number,
  configs: Record<string, string> = {},
): TopicSpec {
  return { name, partitions, replicationFactor, configs: new Map(Object.entries(configs)) };
}

export function errorOf({ error }: TopicError): string {
  return error;
}

function isInRole(replica: HeldReplica, topicId: string, state: PartitionState): boolean {
  if (replica.topicId !== topicId || replica.partitionEpoch > state.partitionEpoch) return false;
  return state.leader === NO_LEADER
    ? replica.leaderEpoch <= state.leaderEpoch
    : replica.leader === state.leader && replica.leaderEpoch === state.leaderEpoch;
}

function join(segments: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(segments.reduce((total, segment) => total + segment.length, 0));
  let at = 0;
  for (const segment of segments) {
    whole.set(segment, at);
    at += segment.length;
  }
  return whole;
}
