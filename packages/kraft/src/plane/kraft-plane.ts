import {
  type ApiAnnouncement,
  type ApiRange,
  type BrokerHost,
  type ControlPlane,
  type DirectoryReport,
  type IsrChange,
  type IsrOutcome,
  type Outcome,
  PlaneError,
  type PlaneFault,
  type PlaneReply,
  type PlaneRequest,
  type ProducerIdBlock,
  type Registration,
  type RequestContext,
  type TopicError,
  type TopicIdPartition,
  type TopicSpec,
} from '@biquorum/control-plane';
import { AlterPartitions, askProducerIds, ControllerChannel, Pauses } from '@biquorum/control-plane/channel';
import { type BrokerEpoch, type ClusterView, NO_BROKER_EPOCH } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import { CLUSTER } from '../controller/apis/api.ts';
import { withKraftVersion } from '../server/api-versions.ts';
import { announce } from './announcement.ts';
import { BrokerLifecycle } from './broker-lifecycle.ts';
import { reportPlaced } from './directory-reports.ts';
import { forward } from './forwarding.ts';
import { MetadataFeed } from './metadata-feed.ts';
import { controllerOf, type MetadataSource } from './metadata-source.ts';
import { DESCRIBE_SCRAM_KEY, describeScramCredentials } from './scram-credentials.ts';
import { TopicCreations } from './topic-creations.ts';

/** What the plane of one broker is made of. */
export interface KraftPlaneConfig {
  readonly clusterId: string;
  /** `directory.id` of each log directory by its path, for brokers that do not say themselves. */
  readonly directoryIds: ReadonlyMap<string, string>;
  /** `broker.heartbeat.interval.ms`. */
  readonly heartbeatIntervalMs: number;
  /** `broker.session.timeout.ms`; heartbeats give up waiting after half of it. */
  readonly sessionTimeoutMs: number;
  /** Opens the node's copy of the metadata log, or shares it where it is open. */
  readonly openMetadata: () => Promise<MetadataSource>;
}

/** How long a client's request waits for a controller: Kafka's `request.timeout.ms`. */
const FORWARD_TIMEOUT_MS = 30_000;
/** How long a broker whose leaderships have moved waits to see it. */
const SEE_MS = 1_000;
const LOOK_EVERY_MS = 5;

/**
 * The plane of one broker in KRaft mode: follows the metadata log as an observer, registers with the active controller,
 * keeps its membership by heartbeats, and passes administration on.
 *
 * Source: Java `BrokerServer`, `BrokerMetadataPublisher` of 3.9 (KIP-500, KIP-631).
 */
export class KraftPlane implements ControlPlane {
  readonly #config: KraftPlaneConfig;
  readonly #ports: Ports;
  readonly #pauses: Pauses;
  #joined: Joined | undefined;
  #opening: Promise<ClusterView> | undefined;
  #halted = false;
  #closing: Promise<void> | undefined;

  constructor(config: KraftPlaneConfig, ports: Ports) {
    this.#config = config;
    this.#ports = ports;
    this.#pauses = new Pauses(ports.timers);
  }

  open(host: BrokerHost, deadlineMs: number): Promise<ClusterView> {
    assert(this.#opening === undefined, 'a plane is opened once');
    this.#opening = this.#open(host, deadlineMs);
    return this.#opening;
  }

  async enlist(registration: Registration): Promise<void> {
    const { lifecycle, feed, host } = this.#joinedNow();
    await lifecycle.register(registration, Number.POSITIVE_INFINITY);
    feed.startAssigning();
    const first = lifecycle.fenced;
    if (!first) return;
    const registered = lifecycle.epoch;
    await this.#until(() => feed.appliedOffset >= registered);
    lifecycle.wantLive();
    await this.#until(() => !lifecycle.fenced && feed.view.brokers.get(host.identity.id)?.fenced === false);
    if (this.#closing !== undefined) throw closedMeanwhile();
  }

  async withdraw(deadlineMs: number): Promise<readonly TopicIdPartition[]> {
    const { lifecycle } = this.#joinedNow();
    const { clock } = this.#ports;
    lifecycle.wantShutDown();
    await this.#until(() => lifecycle.mayShutDown || clock.monotonicMs() >= deadlineMs);
    const seenBy = Math.min(deadlineMs, clock.monotonicMs() + SEE_MS);
    await this.#until(() => this.#leadsNothing() || clock.monotonicMs() >= seenBy);
    return [...this.#ledHere()];
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  brokerEpoch(): BrokerEpoch {
    return this.#joined?.lifecycle.epoch ?? NO_BROKER_EPOCH;
  }

  alterPartitions(changes: readonly IsrChange[]): Promise<readonly IsrOutcome[]> {
    return this.#joinedNow().isrs.propose(changes);
  }

  allocateProducerIds(): Promise<Outcome<ProducerIdBlock>> {
    const { commands, host } = this.#joinedNow();
    return askProducerIds(commands, host.identity.id, this.brokerEpoch(), this.#inFuture(FORWARD_TIMEOUT_MS));
  }

  createTopics(topics: readonly TopicSpec[], onBehalfOf: RequestContext | null): Promise<readonly TopicError[]> {
    return this.#joinedNow().creations.create(topics, onBehalfOf);
  }

  async reportDirectories({ failed, placed }: DirectoryReport): Promise<void> {
    const { lifecycle, commands, host } = this.#joinedNow();
    if (failed.length > 0) await lifecycle.directoriesFailed(failed);
    const who = { brokerId: host.identity.id, brokerEpoch: () => lifecycle.epoch };
    if (placed.size > 0) await reportPlaced(commands, this.#pauses, who, placed);
  }

  advertise(_listener: string, core: readonly ApiRange[]): ApiAnnouncement {
    const joined = this.#joined;
    const levels = withKraftVersion(
      joined?.feed.view.features.levels ?? new Map(),
      joined?.source.quorum.status().kraftVersion ?? 0,
    );
    const epoch = joined === undefined ? -1 : joined.feed.publishedOffset;
    return announce(core, joined?.forwards.ranges ?? joined?.heartbeats.ranges, { levels, epoch });
  }

  async handle(request: PlaneRequest): Promise<PlaneReply> {
    if (request.apiKey === DESCRIBE_SCRAM_KEY) return this.#describeScram(request);
    return forward(this.#joinedNow().forwards, request, this.#inFuture(FORWARD_TIMEOUT_MS));
  }

  /** The last metadata offset whose changes this broker has carried out; −1 before the first. */
  get appliedOffset(): number {
    return this.#joined?.feed.appliedOffset ?? -1;
  }

  #describeScram({ context, apiVersion, frame, bodyOffset }: PlaneRequest): PlaneReply {
    const { host, source } = this.#joinedNow();
    const isAllowed = host.authorize(context, { operation: 'Describe', resource: CLUSTER });
    const image = isAllowed ? source.loader.image : undefined;
    return { kind: 'body', body: describeScramCredentials(image, apiVersion, frame.subarray(bodyOffset)) };
  }

  async #open(host: BrokerHost, deadlineMs: number): Promise<ClusterView> {
    const source = await this.#openSource(deadlineMs);
    if (this.#closing !== undefined) {
      await source.release();
      throw closedMeanwhile();
    }
    const joined = this.#join(host, source);
    this.#joined = joined;
    const { lifecycle, feed } = joined;
    try {
      await lifecycle.register({ endpoints: [] }, deadlineMs);
      const registered = lifecycle.epoch;
      const { clock } = this.#ports;
      // What the cluster knew when it took the broker in is what logs are recovered by.
      await this.#until(() => source.loader.image.endOffset > registered || clock.monotonicMs() >= deadlineMs);
      if (this.#closing !== undefined) throw closedMeanwhile();
      if (source.loader.image.endOffset <= registered) {
        const message = `the metadata log could not be read up to offset ${registered} in time; check the controllers`;
        throw new PlaneError({ code: 'unreachable', message });
      }
      return feed.begin();
    } catch (error) {
      if (this.#closing === undefined) await this.#leave(joined);
      this.#joined = undefined;
      throw error;
    }
  }

  async #openSource(deadlineMs: number): Promise<MetadataSource> {
    try {
      return await this.#config.openMetadata();
    } catch (error) {
      if (error instanceof PlaneError) throw error;
      if (this.#ports.clock.monotonicMs() >= deadlineMs) {
        throw new PlaneError({ code: 'unreachable', message: `the metadata log cannot be followed: ${String(error)}` });
      }
      throw error;
    }
  }

  #join(host: BrokerHost, source: MetadataSource): Joined {
    const { clusterId, heartbeatIntervalMs, sessionTimeoutMs, directoryIds } = this.#config;
    const ports = this.#ports;
    const { id, directories } = host.identity;
    const controller = controllerOf(source.quorum);
    const channel = (purpose: string, requestTimeoutMs: number): ControllerChannel =>
      new ControllerChannel(ports, controller, { clientId: `broker-${id}-${purpose}`, requestTimeoutMs });
    const heartbeats = channel('heartbeat', Math.max(1, sessionTimeoutMs / 2));
    const isrChannel = channel('alter-partition', FORWARD_TIMEOUT_MS);
    const commands = channel('commands', FORWARD_TIMEOUT_MS);
    const forwards = channel('forwarding', FORWARD_TIMEOUT_MS);
    const feed = new MetadataFeed({
      host,
      loader: source.loader,
      timers: ports.timers,
      onFault: (fault) => this.#halt(fault),
    });
    const lifecycle = new BrokerLifecycle({
      identity: host.identity,
      clusterId,
      directoryIds: directories.flatMap(({ path, id: own }) => own ?? directoryIds.get(path) ?? []),
      heartbeatIntervalMs,
      ports,
      channel: heartbeats,
      pauses: this.#pauses,
      appliedOffset: () => feed.appliedOffset,
    });
    const isrs = new AlterPartitions({
      self: id,
      channel: isrChannel,
      pauses: this.#pauses,
      brokerEpoch: () => lifecycle.epoch,
    });
    const creations = new TopicCreations(commands, () => ports.clock.monotonicMs());
    return { host, source, feed, lifecycle, isrs, creations, heartbeats, isrChannel, commands, forwards };
  }

  async #close(): Promise<void> {
    this.#pauses.end();
    const joined = this.#joined;
    joined?.feed.close();
    if (joined !== undefined) await this.#leave(joined);
    // An open that is under way sees that it is over.
    await this.#opening?.catch(() => {});
  }

  async #leave(joined: Joined): Promise<void> {
    const { feed, lifecycle, isrs, heartbeats, isrChannel, commands, forwards, source } = joined;
    feed.close();
    isrs.close();
    isrChannel.close();
    commands.close();
    forwards.close();
    await lifecycle.close();
    heartbeats.close();
    await source.release();
  }

  #joinedNow(): Joined {
    assert(this.#joined !== undefined, 'the plane must be opened first');
    return this.#joined;
  }

  #leadsNothing(): boolean {
    return this.#ledHere().next().done === true;
  }

  *#ledHere(): Generator<TopicIdPartition, void, void> {
    const { feed, host } = this.#joinedNow();
    for (const topic of feed.view.topics.values()) {
      for (let partition = 0; partition < topic.partitionCount; partition++) {
        if (topic.leaderOf(partition) !== host.identity.id) continue;
        yield { topic: topic.name, topicId: topic.id, partition };
      }
    }
  }

  /** Gives up, once; the broker is expected to close the plane. */
  #halt(fault: PlaneFault): void {
    if (this.#halted || this.#closing !== undefined) return;
    this.#halted = true;
    this.#joined?.host.halt(fault);
  }

  async #until(condition: () => boolean): Promise<void> {
    while (this.#closing === undefined && !condition()) await this.#pauses.wait(LOOK_EVERY_MS);
  }

  #inFuture(delayMs: number): number {
    return this.#ports.clock.monotonicMs() + delayMs;
  }
}

interface Joined {
  readonly host: BrokerHost;
  readonly source: MetadataSource;
  readonly feed: MetadataFeed;
  readonly lifecycle: BrokerLifecycle;
  readonly isrs: AlterPartitions;
  readonly creations: TopicCreations;
  readonly heartbeats: ControllerChannel;
  readonly isrChannel: ControllerChannel;
  readonly commands: ControllerChannel;
  readonly forwards: ControllerChannel;
}

function closedMeanwhile(): PlaneError {
  return new PlaneError({ code: 'unreachable', message: 'the plane was closed while the broker joined the cluster' });
}
