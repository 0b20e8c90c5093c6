import type { StopReplicaResponse } from '@biquorum/kafka-wire/messages/stop-replica';
import {
  decodeConfigChange,
  decodeEntityConfig,
  decodeLogDirEvent,
  decodePartitionList,
  entityPath,
  PATHS,
} from '@biquorum/kafka-znodes';
import type { NodeId } from '@biquorum/metadata';
import type { Timer } from '@biquorum/platform';
import type { WatchEvent, ZooKeeperClient } from '@biquorum/zookeeper-client';
import type { ControllerHost } from '../seam.ts';
import { BrokerChanges } from './broker-changes.ts';
import { BrokerChannels } from './broker-channels.ts';
import { ClusterZnodes } from './cluster-znodes.ts';
import { ControllerContext, type Partition, type Replica } from './context.ts';
import { type Core, updateAll } from './core.ts';
import type { EventQueue } from './event-queue.ts';
import { setUpFeatures } from './features.ts';
import { FencedWrites, pipelined } from './fenced-writes.ts';
import { balanceLeaders, electLeaders } from './leader-balance.ts';
import { PartitionMachine } from './partition-machine.ts';
import { PartitionStates } from './partition-states.ts';
import { pushVersionsOf } from './push-versions.ts';
import { Reassignments } from './reassignments.ts';
import { ReplicaMachine } from './replica-machine.ts';
import { RequestBatch } from './request-batch.ts';
import { TopicChanges } from './topic-changes.ts';
import { TopicDeletion } from './topic-deletion.ts';

/** What a term stands on. */
export interface TermOptions {
  readonly host: ControllerHost;
  readonly session: ZooKeeperClient;
  readonly events: EventQueue;
  readonly epoch: number;
  readonly epochZkVersion: number;
}

const FIRST_BALANCE_MS = 5_000;

/**
 * One term of office of the active controller: from its election on `/controller` until it resigns. All that it knows
 * ends with it. Everything runs as events of the queue.
 *
 * Source: Java `KafkaController.onControllerFailover`, `onControllerResignation`.
 */
export class Term {
  readonly core: Core;
  readonly reassignments: Reassignments;
  readonly #session: ZooKeeperClient;
  readonly #events: EventQueue;
  readonly #brokers: BrokerChanges;
  readonly #topics: TopicChanges;
  readonly #deletion: TopicDeletion;
  #balancing: Timer | undefined;
  #lastConfigChange = -1;
  #over = false;

  constructor({ host, session, events, epoch, epochZkVersion }: TermOptions) {
    this.#session = session;
    this.#events = events;
    this.core = this.#assemble(host, epoch, epochZkVersion);
    this.#deletion = new TopicDeletion(this.core);
    this.reassignments = new Reassignments(this.core, this.#deletion);
    this.#brokers = new BrokerChanges(this.core, this.reassignments, this.#deletion, (id) => this.#watchBroker(id));
    this.#topics = new TopicChanges(this.core);
  }

  get epoch(): number {
    return this.core.context.epoch;
  }

  /** Is it this term still? */
  get isOver(): boolean {
    return this.#over;
  }

  /** Takes office: reads the cluster and brings it into order, in Kafka's order. @throws ControllerMoved */
  async begin(): Promise<void> {
    const { core } = this;
    const { host, context, znodes, telemetry } = core;
    const startMs = host.ports.clock.monotonicMs();
    await setUpFeatures(core);
    const names = await this.#watchChildren();
    await znodes.clear(PATHS.logDirEvents, names.logDirEvents);
    await znodes.clear(PATHS.isrChanges, names.isrChanges);
    await this.#load(names.topics);
    const loadedMs = host.ports.clock.monotonicMs();
    await this.#deletion.start(await this.#deletionsWished());
    // Brokers must know who is live before they hear of leaders.
    updateAll(core);
    await core.replicas.start();
    await core.partitions.start();
    await this.reassignments.start();
    await this.#deletion.resumeAll();
    await this.#electPreferred();
    if (host.settings.autoLeaderRebalance) this.#balanceAfter(FIRST_BALANCE_MS);
    telemetry.log('info', 'controller has taken office', {
      epoch: context.epoch,
      brokers: context.brokers.size,
      topics: context.topics.size,
      loadMs: Math.round(loadedMs - startMs),
      publishMs: Math.round(host.ports.clock.monotonicMs() - loadedMs),
    });
  }

  /** Leaves office: nothing that brokers answer or ZooKeeper tells is heard any more. */
  end(): void {
    this.#over = true;
    this.#balancing?.cancel();
    this.core.channels.close();
  }

  #assemble(host: ControllerHost, epoch: number, epochZkVersion: number): Core {
    const { interBrokerListener, controllerSocketTimeoutMs, protocolVersion } = host.settings;
    const context = new ControllerContext(epoch, epochZkVersion);
    const writes = new FencedWrites(this.#session, epoch, epochZkVersion);
    const channels = new BrokerChannels(host.ports, {
      brokerId: host.brokerId,
      listener: interBrokerListener,
      requestTimeoutMs: controllerSocketTimeoutMs,
    });
    const versions = pushVersionsOf(protocolVersion);
    const batchHost = {
      brokerId: host.brokerId,
      interBrokerListener,
      versions,
      context,
      channels,
      answers: {
        leaderAndIsr: (id: NodeId, response: Parameters<BrokerChanges['answered']>[1]) =>
          this.#tell('LeaderAndIsrResponseReceived', () => this.#brokers.answered(id, response)),
        updateMetadata: (id: NodeId, { errorCode: error }: { readonly errorCode: number }) => {
          if (error !== 0) host.ports.telemetry.log('error', 'broker refuses UpdateMetadata', { broker: id, error });
        },
        stopReplica: (id: NodeId, response: StopReplicaResponse) => this.#replicasStopped(id, response),
      },
    };
    const machineHost = {
      context,
      store: new PartitionStates(this.#session, writes),
      telemetry: host.ports.telemetry,
      newBatch: () => new RequestBatch(batchHost),
      uncleanTopics: (names: ReadonlySet<string>) => this.#uncleanTopics(names),
    };
    return {
      ...machineHost,
      host,
      versions,
      znodes: new ClusterZnodes(this.#session, writes),
      channels,
      partitions: new PartitionMachine(machineHost),
      replicas: new ReplicaMachine(machineHost),
    };
  }

  /** An event of this term; it is not worked on after its end. */
  #tell(name: string, run: () => Promise<void>): void {
    if (this.#over) return;
    this.#events.tell(name, async () => {
      if (!this.#over) await run();
    });
  }

  /** Sets the watches for what comes and goes. */
  async #watchChildren(): Promise<Record<'topics' | 'logDirEvents' | 'isrChanges', readonly string[]>> {
    const { znodes } = this.core;
    await znodes.children(PATHS.brokerIds, this.#onBrokers);
    const topics = await znodes.children(PATHS.topics, this.#onTopics);
    await znodes.children(PATHS.deleteTopics, this.#onDeletions);
    const logDirEvents = await znodes.children(PATHS.logDirEvents, this.#onLogDirEvents);
    const isrChanges = await znodes.children(PATHS.isrChanges, this.#onIsrChanges);
    await znodes.data(PATHS.preferredReplicaElection, this.#onPreferredElection);
    await znodes.data(PATHS.reassignPartitions, this.#onReassignment);
    const changes = await znodes.children(PATHS.configChanges, this.#onConfigChanges);
    this.#lastConfigChange = Math.max(-1, ...changes.map(sequenceNumber));
    return { topics, logDirEvents, isrChanges };
  }

  async #load(topics: readonly string[]): Promise<void> {
    const { context, znodes, channels, store } = this.core;
    for (const broker of await znodes.brokers()) context.brokers.set(broker.id, broker);
    await this.#topics.load(await znodes.assignments(topics, this.#onTopic));
    for (const id of context.brokers.keys()) await this.#watchBroker(id);
    const partitions = [...context.partitions()];
    const states = await store.readStates(partitions);
    for (const [position, partition] of partitions.entries()) partition.leadership = states[position] ?? null;
    for (const broker of context.brokers.values()) channels.add(broker);
  }

  async #deletionsWished(): Promise<readonly string[]> {
    return this.core.znodes.children(PATHS.deleteTopics);
  }

  async #watchBroker(id: NodeId): Promise<void> {
    await this.core.znodes.broker(id, (event) => {
      if (event.type === 'NodeDataChanged') this.#tell('BrokerModifications', () => this.#brokerModified(id));
    });
  }

  async #brokerModified(id: NodeId): Promise<void> {
    await this.#watchBroker(id);
    const broker = await this.core.znodes.broker(id);
    if (broker !== undefined) this.#brokers.modified(broker);
  }

  readonly #onBrokers = (): void =>
    this.#tell('BrokerChange', async () => this.#brokers.compare(await this.core.znodes.brokers(this.#onBrokers)));

  readonly #onTopics = (): void =>
    this.#tell('TopicChange', async () => {
      const { znodes } = this.core;
      const names = await znodes.children(PATHS.topics, this.#onTopics);
      await this.#topics.compare(names, (fresh) => znodes.assignments(fresh, this.#onTopic));
    });

  readonly #onTopic = ({ type, path }: WatchEvent): void => {
    if (type !== 'NodeDataChanged') return;
    const name = path.slice(PATHS.topics.length + 1);
    this.#tell('PartitionModifications', async () => {
      const assignment = (await this.core.znodes.assignments([name], this.#onTopic)).get(name);
      if (assignment !== undefined) await this.#topics.compareTopic(name, assignment);
    });
  };

  readonly #onDeletions = (): void =>
    this.#tell('TopicDeletion', async () => {
      await this.#deletion.wish(await this.core.znodes.children(PATHS.deleteTopics, this.#onDeletions));
    });

  readonly #onLogDirEvents = (): void =>
    this.#tell('LogDirEventNotification', async () => {
      const { znodes } = this.core;
      const names = await znodes.children(PATHS.logDirEvents, this.#onLogDirEvents);
      const events = await pipelined(names, (name) => znodes.data(`${PATHS.logDirEvents}/${name}`));
      const ids = events.flatMap((data) => (data === undefined ? [] : [decodeLogDirEvent(data) as NodeId]));
      this.#brokers.askForReplicas([...new Set(ids)]);
      await znodes.clear(PATHS.logDirEvents, names);
    });

  readonly #onIsrChanges = (): void =>
    this.#tell('IsrChangeNotification', async () => {
      const { znodes, context, store } = this.core;
      const names = await znodes.children(PATHS.isrChanges, this.#onIsrChanges);
      const lists = await pipelined(names, (name) => znodes.data(`${PATHS.isrChanges}/${name}`));
      const changed = new Set<Partition>();
      for (const data of lists) {
        for (const { topic, partition } of data === undefined ? [] : decodePartitionList(data)) {
          const known = context.partition(topic, partition);
          if (known !== undefined) changed.add(known);
        }
      }
      const states = await store.readStates([...changed]);
      for (const [position, partition] of [...changed].entries()) partition.leadership = states[position] ?? null;
      updateAll(this.core, changed);
      for (const partition of changed) await this.reassignments.isrChanged(partition);
      await znodes.clear(PATHS.isrChanges, names);
    });

  readonly #onPreferredElection = (): void =>
    this.#tell('ReplicaLeaderElection', async () => {
      await this.core.znodes.data(PATHS.preferredReplicaElection, this.#onPreferredElection);
      await this.#electPreferred();
    });

  readonly #onReassignment = (): void =>
    this.#tell('ZkPartitionReassignment', async () => {
      await this.core.znodes.data(PATHS.reassignPartitions, this.#onReassignment);
      await this.reassignments.takeWishes();
    });

  /** A topic that was stuck may go on with an unclean leader now. */
  readonly #onConfigChanges = (): void =>
    this.#tell('TopicUncleanLeaderElectionEnable', async () => {
      const { znodes, partitions, context } = this.core;
      const names = await znodes.children(PATHS.configChanges, this.#onConfigChanges);
      const fresh = names.filter((name) => sequenceNumber(name) > this.#lastConfigChange);
      this.#lastConfigChange = Math.max(this.#lastConfigChange, ...fresh.map(sequenceNumber));
      const changes = await pipelined(fresh, (name) => znodes.data(`${PATHS.configChanges}/${name}`));
      const paths = new Set(changes.flatMap((data) => (data === undefined ? [] : [decodeConfigChange(data)])));
      for (const path of paths) {
        const [type, name = ''] = path.split('/');
        if (type === 'brokers') await partitions.trigger();
        if (type !== 'topics' || !context.topics.has(name)) continue;
        if ((await this.#uncleanTopics(new Set([name]))).has(name)) await partitions.trigger(name);
      }
    });

  /** Elections that `/admin/preferred_replica_election` wants. */
  async #electPreferred(): Promise<void> {
    const { znodes, context, telemetry } = this.core;
    const data = await znodes.data(PATHS.preferredReplicaElection);
    if (data === undefined) return;
    try {
      const wanted = decodePartitionList(data).flatMap(
        ({ topic, partition }) => context.partition(topic, partition) ?? [],
      );
      await electLeaders(this.core, wanted, 'preferred');
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ZnodeError')) throw error;
      telemetry.log('error', 'elections in ZooKeeper cannot be read', { path: PATHS.preferredReplicaElection, error });
    }
    await znodes.remove(PATHS.preferredReplicaElection);
  }

  #balanceAfter(delayMs: number): void {
    if (this.#over) return;
    const { host } = this.core;
    this.#balancing = host.ports.timers.set(delayMs, () => {
      this.#tell('AutoPreferredReplicaLeaderElection', async () => {
        try {
          await balanceLeaders(this.core, host.settings.leaderImbalancePerBrokerPercent);
        } finally {
          this.#balanceAfter(host.settings.leaderImbalanceCheckIntervalMs);
        }
      });
    });
  }

  /** A broker has answered StopReplica: what it was to delete is gone, or is not. */
  #replicasStopped(id: NodeId, { errorCode: error, partitionErrors }: StopReplicaResponse): void {
    const { context } = this.core;
    const [failed, done]: [Replica[], Replica[]] = [[], []];
    for (const row of partitionErrors) {
      const partition = context.partition(row.topicName, row.partitionIndex);
      if (partition === undefined || !context.isDoomed(partition)) continue;
      if (partition.replicas.get(id) !== 'DeletionStarted') continue;
      (error === 0 && row.errorCode === 0 ? done : failed).push({ partition, id });
    }
    if (failed.length + done.length === 0) return;
    this.#tell('TopicDeletionStopReplicaResponseReceived', async () => {
      const runs = ({ partition }: Replica): boolean => partition.replicas.get(id) === 'DeletionStarted';
      await this.#deletion.fail(failed.filter(runs));
      if (done.length > 0) await this.#deletion.complete(done.filter(runs));
    });
  }

  async #uncleanTopics(names: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const { host, znodes } = this.core;
    const view = host.view();
    const key = 'unclean.leader.election.enable';
    const common =
      view.configOf({ type: 'broker', name: String(host.brokerId) }).get(key) ??
      view.configOf({ type: 'broker', name: '' }).get(key) ??
      String(host.settings.uncleanLeaderElection);
    const found = await pipelined([...names], async (name) => {
      const data = await znodes.data(entityPath('topics', name));
      const value = data === undefined ? undefined : decodeEntityConfig(data).get(key);
      return (value ?? common).trim().toLowerCase() === 'true' ? name : undefined;
    });
    return new Set(found.filter((name) => name !== undefined));
  }
}

function sequenceNumber(name: string): number {
  return Number(name.slice(-10));
}
