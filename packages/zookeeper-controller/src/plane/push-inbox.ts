import type { BrokerHost, PlaneReply, PlaneRequest, ReplicaChange, ReplicaOutcome } from '@biquorum/control-plane';
import { type ErrorName, errorCode } from '@biquorum/kafka-wire';
import { leaderAndIsrRequest, leaderAndIsrResponse } from '@biquorum/kafka-wire/messages/leader-and-isr';
import { stopReplicaRequest, stopReplicaResponse } from '@biquorum/kafka-wire/messages/stop-replica';
import { updateMetadataRequest, updateMetadataResponse } from '@biquorum/kafka-wire/messages/update-metadata';
import { decodeTopicAssignment, PATHS, topicPath } from '@biquorum/kafka-znodes';
import { type TopicId, ZERO_TOPIC_ID } from '@biquorum/metadata';
import { type ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';
import { unlessMissing, untilAnswered } from '../until-answered.ts';
import type { ConfigFeed } from './config-feed.ts';
import { HeldReplicas } from './held-replicas.ts';
import { answerOf, changeOf, ordersOf, type RoleOrder, refusalOf } from './leader-and-isr.ts';
import { PushGate } from './push-gate.ts';
import { readBody, reply } from './push-message.ts';
import { movedAway, type StopOrder, stopChange, stopRefusal, stopsOf } from './stop-replica.ts';
import { applyMetadata, deletedTopics, removeTopic, topicsOf } from './update-metadata.ts';
import type { ViewChain } from './view-chain.ts';

/** Keys of the requests that a controller pushes. */
export const LEADER_AND_ISR = 4;
export const STOP_REPLICA = 5;
export const UPDATE_METADATA = 6;

/** What pushes are turned into, and with whose help. */
export interface PushInboxParts {
  readonly host: BrokerHost;
  readonly chain: ViewChain;
  readonly configs: ConfigFeed;
  readonly session: () => ZooKeeperClient;
  readonly brokerEpoch: () => number;
  /** The broker could not carry something out: nothing more is asked of it. */
  readonly onFault: (error: unknown) => void;
}

/**
 * What a controller pushes: roles become assignments, metadata the next view. Each kind is taken in order, one at a
 * time; neither waits for the other.
 *
 * Source: Java `KafkaApis`, `ReplicaManager`, `ZkMetadataCache` of 3.9.
 */
export class PushInbox {
  readonly #parts: PushInboxParts;
  readonly #gate: PushGate;
  readonly #held: HeldReplicas = new HeldReplicas();
  #roles: Promise<unknown> = Promise.resolve();
  #views: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(parts: PushInboxParts) {
    this.#parts = parts;
    this.#gate = new PushGate(parts.host, parts.brokerEpoch);
  }

  /** The largest controller epoch that this broker has heard of; 0 before the first. */
  get controllerEpoch(): number {
    return this.#gate.controllerEpoch;
  }

  /** Serves one of the three pushes. */
  handle(request: PlaneRequest): Promise<PlaneReply> {
    if (request.apiKey === UPDATE_METADATA) {
      return this.#inOrder(
        this.#views,
        () => this.#updateMetadata(request),
        (last) => (this.#views = last),
      );
    }
    const serve =
      request.apiKey === LEADER_AND_ISR ? () => this.#leaderAndIsr(request) : () => this.#stopReplica(request);
    return this.#inOrder(this.#roles, serve, (last) => (this.#roles = last));
  }

  /**
   * Forgets the topics that were deleted while this broker was not registered: to one that registers anew the controller
   * tells which there are, and never which are gone. In its turn among the pushes, so that an earlier one cannot bring
   * them back.
   *
   * @throws ZooKeeperError when the session ends meanwhile
   */
  forgetDeleted(): Promise<void> {
    const done = this.#views.then(() => this.#forgetDeleted());
    this.#views = done.catch(() => {});
    return done;
  }

  /** Nothing is begun any more. */
  close(): void {
    this.#closed = true;
  }

  #inOrder(
    before: Promise<unknown>,
    serve: () => Promise<PlaneReply>,
    setLast: (last: Promise<unknown>) => void,
  ): Promise<PlaneReply> {
    const answer = before
      .then(() => (this.#closed ? STOPPING : serve()))
      .catch((error: unknown): PlaneReply => {
        // The controller sends it again once there is another session.
        if (error instanceof ZooKeeperError) return { kind: 'close', reason: error.message };
        throw error;
      });
    setLast(answer.catch(() => {}));
    return answer;
  }

  async #updateMetadata(request: PlaneRequest): Promise<PlaneReply> {
    const body = readBody(updateMetadataRequest, request);
    const { chain, configs, session } = this.#parts;
    const refuse = this.#gate.check(request, body);
    if (refuse === null) {
      const topics = topicsOf(body, chain.view);
      const deleted = new Set(deletedTopics(topics));
      await configs.ensure(
        session(),
        topics.filter(({ name }) => !deleted.has(name)),
      );
      if (this.#closed) return STOPPING;
      chain.step((draft) => applyMetadata(draft, chain.view, body, topics));
      for (const name of deleted) configs.forget(name);
      const moved = movedAway(topics, this.#parts.host.identity.id, this.#held);
      // In its turn among the roles, and the answer does not wait for it.
      if (moved.length > 0) this.#roles = this.#roles.then(() => this.#letGo(moved)).catch(() => {});
    }
    return reply(updateMetadataResponse, request, { errorCode: errorCode(refuse ?? 'NONE') });
  }

  async #forgetDeleted(): Promise<void> {
    const { chain, configs, session } = this.#parts;
    const client = session();
    const { children } = await untilAnswered(client, () => client.getChildren(PATHS.topics));
    if (this.#closed) return;
    const there = new Set(children);
    const gone = [...chain.view.topics.values()].map(({ name }) => name).filter((name) => !there.has(name));
    if (gone.length === 0) return;
    chain.step((draft) => {
      for (const name of gone) removeTopic(draft, name);
    });
    for (const name of gone) configs.forget(name);
  }

  async #leaderAndIsr(request: PlaneRequest): Promise<PlaneReply> {
    const body = readBody(leaderAndIsrRequest, request);
    const { chain, configs, session, host } = this.#parts;
    const refuse = this.#gate.check(request, body);
    if (refuse !== null) return reply(leaderAndIsrResponse, request, { errorCode: errorCode(refuse) });
    const self = host.identity.id;
    const orders = ordersOf(body, (topic) => this.#knownId(topic) ?? ZERO_TOPIC_ID);
    const errors = new Map<RoleOrder, ErrorName | null>(
      orders.map((order) => [order, refusalOf(order, self, this.#held)]),
    );
    const obeyed = orders.filter((order) => errors.get(order) === null);
    await configs.ensure(
      session(),
      obeyed.map(({ topic, topicId }) => ({ name: topic, id: topicId })),
    );
    const configOf = (name: string): ReadonlyMap<string, string> => chain.view.configOf({ type: 'topic', name });
    const outcomes = await this.#assign(obeyed.map((order) => changeOf(order, self, configOf(order.topic))));
    if (outcomes === undefined) return STOPPING;
    for (const [index, order] of obeyed.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) continue;
      errors.set(order, answerOf(outcome));
      if (outcome.error !== 'NONE') continue;
      const { topic, topicId, state } = order;
      this.#held.take(topic, topicId, state.partitionIndex, state.leaderEpoch as Parameters<HeldReplicas['take']>[3]);
    }
    const codeOf = (order: RoleOrder): number => errorCode(errors.get(order) ?? 'UNKNOWN_SERVER_ERROR');
    const partitionErrors = (some: readonly RoleOrder[]) =>
      some.map((order) => ({
        topicName: order.topic,
        partitionIndex: order.state.partitionIndex,
        errorCode: codeOf(order),
      }));
    return reply(
      leaderAndIsrResponse,
      request,
      request.apiVersion < VERSION_BY_TOPIC_ID
        ? { errorCode: 0, partitionErrors: partitionErrors(orders) }
        : {
            errorCode: 0,
            topics: [...Map.groupBy(orders, ({ topicId }) => topicId)].map(([topicId, own]) => ({
              topicId,
              partitionErrors: partitionErrors(own).map(({ topicName: _, ...rest }) => rest),
            })),
          },
    );
  }

  async #stopReplica(request: PlaneRequest): Promise<PlaneReply> {
    const body = readBody(stopReplicaRequest, request);
    const refuse = this.#gate.check(request, body);
    if (refuse !== null) return reply(stopReplicaResponse, request, { errorCode: errorCode(refuse) });
    const stops = stopsOf(body);
    const errors = new Map<StopOrder, ErrorName | null>(stops.map((stop) => [stop, stopRefusal(stop, this.#held)]));
    const obeyed = stops.filter((stop) => errors.get(stop) === null);
    const ids = await this.#idsOf(obeyed.map(({ topic }) => topic));
    const changes = obeyed.map((stop) => {
      const epoch = Math.max(stop.leaderEpoch, this.#held.leaderEpoch(stop.topic, stop.partition));
      return stopChange(stop, ids.get(stop.topic) ?? ZERO_TOPIC_ID, epoch);
    });
    const outcomes = await this.#assign(changes);
    if (outcomes === undefined) return STOPPING;
    for (const [index, stop] of obeyed.entries()) {
      const error = outcomes[index]?.error ?? 'UNKNOWN_TOPIC_OR_PARTITION';
      errors.set(stop, error);
      if (error === 'NONE') this.#held.drop(stop.topic, stop.partition);
    }
    return reply(stopReplicaResponse, request, {
      errorCode: 0,
      partitionErrors: stops.map((stop) => ({
        topicName: stop.topic,
        partitionIndex: stop.partition,
        errorCode: errorCode(errors.get(stop) ?? 'UNKNOWN_SERVER_ERROR'),
      })),
    });
  }

  /** Stops replicas that lie elsewhere by now, unless they were given again meanwhile. */
  async #letGo(moved: readonly StopOrder[]): Promise<void> {
    const stops = moved.filter(({ topic, partition, leaderEpoch }) => {
      const epoch = this.#held.leaderEpoch(topic, partition);
      return epoch >= 0 && epoch < leaderEpoch;
    });
    const changes = stops.map((stop) => stopChange(stop, this.#knownId(stop.topic) ?? ZERO_TOPIC_ID, stop.leaderEpoch));
    const outcomes = await this.#assign(changes);
    for (const [index, { topic, partition }] of stops.entries())
      if (outcomes?.[index]?.error === 'NONE') this.#held.drop(topic, partition);
  }

  /** Undefined when the plane closes, or the broker cannot go on. */
  async #assign(changes: readonly ReplicaChange[]): Promise<readonly ReplicaOutcome[] | undefined> {
    const { host, onFault } = this.#parts;
    if (this.#closed) return undefined;
    if (changes.length === 0) return [];
    try {
      return await host.assign(changes);
    } catch (error) {
      this.#closed = true;
      onFault(error);
      return undefined;
    }
  }

  #knownId(topic: string): TopicId | undefined {
    return this.#held.topicId(topic) ?? this.#parts.chain.view.topics.get(topic)?.id;
  }

  /** StopReplica names no ids: those that are held count, and of others what stands in ZooKeeper until the very end. */
  async #idsOf(topics: readonly string[]): Promise<ReadonlyMap<string, TopicId>> {
    const ids = await Promise.all(
      [...new Set(topics)].map(async (topic): Promise<[string, TopicId]> => {
        const known = this.#knownId(topic);
        if (known !== undefined) return [topic, known];
        const session = this.#parts.session();
        const found = await untilAnswered(session, () => unlessMissing(session.getData(topicPath(topic))));
        const id = found === undefined ? null : decodeTopicAssignment(found.data).topicId;
        return [topic, (id ?? ZERO_TOPIC_ID) as TopicId];
      }),
    );
    return new Map(ids);
  }
}

/** Since this version the answer names topics by their ids. */
const VERSION_BY_TOPIC_ID = 5;
const STOPPING: PlaneReply = { kind: 'close', reason: 'this broker stops' };
