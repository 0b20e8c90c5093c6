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
import { encodeLogDirEvent, PATHS, SEQUENCE_PREFIXES } from '@biquorum/kafka-znodes';
import { type BrokerEpoch, type ClusterView, emptyView, NO_BROKER_EPOCH } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import { type ZooKeeperClient, ZooKeeperError } from '@biquorum/zookeeper-client';
import type { ConfigRules, ControllerService, ControllerSettings, CreateController } from '../seam.ts';
import { hasCode, untilAnswered } from '../until-answered.ts';
import { announce } from './announcement.ts';
import { atMost } from './at-most.ts';
import { createPersistentPaths, takeClusterId } from './cluster-znodes.ts';
import { ConfigFeed } from './config-feed.ts';
import { shutDownControlled } from './controlled-shutdown.ts';
import { controllerOf } from './controller-source.ts';
import { FeatureFeed } from './feature-feed.ts';
import { LEADER_AND_ISR, PushInbox, STOP_REPLICA, UPDATE_METADATA } from './push-inbox.ts';
import { checkEndpoints, type Registrant, registerBroker, updateRegistration } from './registration.ts';
import { type SessionSettings, Sessions } from './sessions.ts';
import { TopicCreations } from './topic-creations.ts';
import { ViewChain } from './view-chain.ts';

/** What the plane of one broker is made of. */
export interface ZooKeeperPlaneConfig {
  readonly session: SessionSettings;
  /** What the broker's directories say; null when they are new. */
  readonly clusterId: string | null;
  readonly settings: ControllerSettings;
  readonly configRules: ConfigRules;
  readonly createController: CreateController;
  /** `controlled.shutdown.max.retries`. */
  readonly shutdownTriesMax: number;
  /** `controlled.shutdown.retry.backoff.ms`. */
  readonly shutdownBackoffMs: number;
  /** Told the cluster's id once it is known, before `open` resolves. */
  readonly onClusterId?: (id: string) => Promise<void>;
}

/** How long a broker waits for an answer of the controller. */
const COMMAND_TIMEOUT_MS = 30_000;
/** How long a broker whose leaderships have moved waits to see it. */
const SEE_MS = 1_000;
const LOOK_EVERY_MS = 5;
/** How long a controller may take to step down before its session is ended. */
const FAREWELL_MS = 1_000;
const PUSHES: ReadonlySet<number> = new Set([LEADER_AND_ISR, STOP_REPLICA, UPDATE_METADATA]);
const STOPPING: PlaneReply = { kind: 'close', reason: 'this broker stops' };

/**
 * The plane of one broker in ZooKeeper mode: an ephemeral znode is its membership, what a controller pushes becomes
 * views and assignments, and it carries a controller of its own that stands for election.
 *
 * Source: Java `KafkaServer`, `KafkaController` of 3.9 without migration.
 */
export class ZooKeeperPlane implements ControlPlane {
  readonly #config: ZooKeeperPlaneConfig;
  readonly #ports: Ports;
  readonly #pauses: Pauses;
  readonly #sessions: Sessions;
  #opening: Promise<ClusterView> | undefined;
  #closing: Promise<void> | undefined;
  #joined: Joined | undefined;
  #registration: Registration | undefined;
  #epoch: BrokerEpoch = NO_BROKER_EPOCH;
  #lastSession = 0n;
  #halted = false;

  constructor(config: ZooKeeperPlaneConfig, ports: Ports) {
    this.#config = config;
    this.#ports = ports;
    this.#pauses = new Pauses(ports.timers);
    this.#sessions = new Sessions(config.session, ports, this.#pauses, {
      expired: async () => {
        await this.#joined?.controller.expired();
      },
      renewed: (session) => this.#renewed(session),
    });
  }

  open(host: BrokerHost, deadlineMs: number): Promise<ClusterView> {
    assert(this.#opening === undefined, 'a plane is opened once');
    if (this.#closing !== undefined) return Promise.reject(closedMeanwhile());
    this.#opening = this.#open(host, deadlineMs);
    return this.#opening;
  }

  async enlist(registration: Registration): Promise<void> {
    for (;;) {
      const session = this.#sessions.current;
      try {
        return await this.#enlist(session, registration);
      } catch (error) {
        if (!(error instanceof ZooKeeperError)) throw error;
        // A session that ends is followed by another one, under which it is tried again, as Java does.
        const over = this.#ports.clock.monotonicMs() + COMMAND_TIMEOUT_MS;
        await this.#until(() => this.#sessions.current !== session || this.#ports.clock.monotonicMs() >= over);
        if (this.#closing !== undefined) throw closedMeanwhile();
        if (this.#sessions.current === session) throw unreachable(error);
      }
    }
  }

  async withdraw(deadlineMs: number): Promise<readonly TopicIdPartition[]> {
    // Under its id another broker may be registered, and lead.
    if (this.#registration === undefined) return [];
    const { commands, host } = this.#joinedNow();
    const { shutdownTriesMax: triesMax, shutdownBackoffMs: backoffMs } = this.#config;
    const { clock } = this.#ports;
    const parts = { channel: commands, pauses: this.#pauses, clock, brokerId: host.identity.id, triesMax, backoffMs };
    const asked = shutDownControlled({ ...parts, brokerEpoch: () => this.#epoch }, deadlineMs);
    // A controller that is asked and hangs may answer later than anybody waits.
    const left = await atMost(this.#ports.timers, deadlineMs - clock.monotonicMs(), asked);
    if (left !== undefined) {
      const stays = new Set(left.map(({ topic, partition }) => `${topic}-${partition}`));
      const seenBy = Math.min(deadlineMs, clock.monotonicMs() + SEE_MS);
      const moved = (): boolean =>
        this.#ledHere((topic, partition) => !stays.has(`${topic}-${partition}`)).length === 0;
      await this.#until(() => moved() || clock.monotonicMs() >= seenBy);
    }
    return this.#ledHere();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  brokerEpoch(): BrokerEpoch {
    return this.#epoch;
  }

  alterPartitions(changes: readonly IsrChange[]): Promise<readonly IsrOutcome[]> {
    return this.#joinedNow().isrs.propose(changes);
  }

  allocateProducerIds(): Promise<Outcome<ProducerIdBlock>> {
    const { commands, host } = this.#joinedNow();
    const deadlineMs = this.#ports.clock.monotonicMs() + COMMAND_TIMEOUT_MS;
    return askProducerIds(commands, host.identity.id, this.#epoch, deadlineMs);
  }

  createTopics(topics: readonly TopicSpec[], _onBehalfOf: RequestContext | null): Promise<readonly TopicError[]> {
    return this.#joinedNow().creations.create(topics);
  }

  /** Controllers hear of failed directories alone; which replicas lie where is the broker's own business. */
  async reportDirectories({ failed }: DirectoryReport): Promise<void> {
    if (failed.length === 0) return;
    const { host } = this.#joinedNow();
    const session = this.#sessions.current;
    const path = `${PATHS.logDirEvents}/${SEQUENCE_PREFIXES.logDirEvent}`;
    const data = encodeLogDirEvent(host.identity.id);
    await untilAnswered(session, () => session.create(path, data, { mode: 'persistentSequential' }));
  }

  advertise(_listener: string, core: readonly ApiRange[]): ApiAnnouncement {
    return announce(core, this.#joined?.chain.view.features ?? { levels: new Map(), epoch: -1 });
  }

  async handle(request: PlaneRequest): Promise<PlaneReply> {
    if (this.#closing !== undefined) return STOPPING;
    const { inbox, controller } = this.#joinedNow();
    return PUSHES.has(request.apiKey) ? inbox.handle(request) : controller.handle(request);
  }

  /** The controller that this broker carries; undefined before `open`. */
  get controller(): ControllerService | undefined {
    return this.#joined?.controller;
  }

  /** The session that this broker has now; undefined before `open`. */
  get session(): ZooKeeperClient | undefined {
    return this.#joined === undefined ? undefined : this.#sessions.current;
  }

  async #enlist(session: ZooKeeperClient, registration: Registration): Promise<void> {
    const { controller, host } = this.#joinedNow();
    await checkEndpoints(session, host.identity.id, registration);
    if (this.#registration !== undefined) {
      this.#registration = registration;
      await updateRegistration(session, this.#registrant(), registration);
      return;
    }
    await this.#register(session, registration);
    // From now on every next session registers anew.
    this.#registration = registration;
    if (this.#closing !== undefined) throw closedMeanwhile();
    controller.registered(session, this.#epoch);
  }

  async #open(host: BrokerHost, deadlineMs: number): Promise<ClusterView> {
    const { clock, timers } = this.#ports;
    for (;;) {
      const session = await this.#sessions.open(deadlineMs);
      if (this.#closing !== undefined) throw closedMeanwhile();
      try {
        const view = await atMost(timers, deadlineMs - clock.monotonicMs(), this.#join(host, session));
        if (this.#closing !== undefined) throw closedMeanwhile();
        if (view === undefined) throw tooLate();
        return view;
      } catch (error) {
        if (this.#closing !== undefined) throw closedMeanwhile();
        if (error instanceof PlaneError) throw error;
        // A session that ends is followed by another one, under which the broker joins.
        if (!hasCode(error, 'SessionExpired')) throw unreachable(error);
      }
    }
  }

  async #join(host: BrokerHost, session: ZooKeeperClient): Promise<ClusterView> {
    const { clusterId: expected, settings, onClusterId } = this.#config;
    await createPersistentPaths(session);
    const clusterId = await takeClusterId(session, expected, this.#ports.random);
    await onClusterId?.(clusterId);
    const chain = new ViewChain(emptyView(clusterId));
    const configs = new ConfigFeed(chain, this.#ports);
    const features = new FeatureFeed({
      chain,
      protocolVersion: settings.protocolVersion,
      supported: new Map(),
      onIncompatible: (message) => this.#halt({ code: 'features-incompatible', message }),
    });
    await Promise.all([configs.begin(session), features.begin(session)]);
    this.#joined = this.#assemble(host, chain, configs, features, clusterId);
    // What comes next is handed over in a turn of its own, when the broker has this one.
    this.#ports.timers.soon(() => {
      if (this.#closing !== undefined) return;
      chain.handTo(host, (error) => this.#fault('the broker could not take a view and stops', error));
    });
    return chain.giveFirst();
  }

  #assemble(host: BrokerHost, chain: ViewChain, configs: ConfigFeed, features: FeatureFeed, clusterId: string): Joined {
    const { settings, configRules, createController } = this.#config;
    const { id, supportedFeatures } = host.identity;
    const ports = this.#ports;
    const session = (): ZooKeeperClient => this.#sessions.current;
    const brokerEpoch = (): number => this.#epoch;
    const source = controllerOf(chain, settings.interBrokerListener);
    const channel = (purpose: string): ControllerChannel =>
      new ControllerChannel(ports, source, {
        clientId: `broker-${id}-${purpose}`,
        requestTimeoutMs: settings.controllerSocketTimeoutMs,
      });
    const isrChannel = channel('alter-partition');
    const commands = channel('commands');
    return {
      host,
      chain,
      configs,
      features,
      isrChannel,
      commands,
      inbox: new PushInbox({
        host,
        chain,
        configs,
        session,
        brokerEpoch,
        onFault: (error) => this.#fault('the broker could not change its replicas and stops', error),
      }),
      isrs: new AlterPartitions({ self: id, channel: isrChannel, pauses: this.#pauses, brokerEpoch }),
      creations: new TopicCreations({ session, random: ports.random, settings, configRules }),
      controller: createController({
        brokerId: id,
        clusterId,
        ports,
        settings,
        configRules,
        supportedFeatures,
        view: () => chain.view,
        authorize: (context, action) => host.authorize(context, action),
        halt: (fault) => this.#halt(fault),
      }),
    };
  }

  async #renewed(session: ZooKeeperClient): Promise<void> {
    // Whoever joins still does it under the new session from the beginning.
    if (this.#joined === undefined) return;
    const { configs, features, controller, inbox } = this.#joined;
    await Promise.all([configs.begin(session), features.begin(session)]);
    if (this.#registration === undefined) return;
    try {
      await this.#register(session, this.#registration);
    } catch (error) {
      if (!(error instanceof PlaneError)) throw error;
      this.#halt(error.fault);
      return;
    }
    if (this.#closing !== undefined) return;
    controller.registered(session, this.#epoch);
    await inbox.forgetDeleted();
  }

  async #register(session: ZooKeeperClient, registration: Registration): Promise<void> {
    this.#epoch = await registerBroker(session, this.#registrant(), registration);
    this.#lastSession = session.sessionId;
  }

  #registrant(): Registrant {
    const { id, rack } = this.#joinedNow().host.identity;
    return { id, rack, lastSession: this.#lastSession, wallMs: () => this.#ports.clock.wallMs() };
  }

  async #close(): Promise<void> {
    this.#pauses.end();
    const joined = this.#joined;
    joined?.chain.close();
    joined?.inbox.close();
    joined?.creations.close();
    joined?.isrs.close();
    joined?.isrChannel.close();
    joined?.commands.close();
    await this.#sessions.settle();
    // What waits for an ensemble that does not answer ends with the session.
    const resigned = joined?.controller.close() ?? Promise.resolve();
    await atMost(this.#ports.timers, FAREWELL_MS, resigned);
    await this.#sessions.close();
    await resigned;
    this.#joined?.chain.close();
    // An open that is under way sees that it is over.
    await this.#opening?.catch(() => {});
    this.#joined?.chain.close();
    if (this.#joined !== joined) await this.#joined?.controller.close();
  }

  #joinedNow(): Joined {
    assert(this.#joined !== undefined, 'the plane must be opened first');
    return this.#joined;
  }

  #ledHere(matters: (topic: string, partition: number) => boolean = () => true): TopicIdPartition[] {
    const { chain, host } = this.#joinedNow();
    const led: TopicIdPartition[] = [];
    for (const topic of chain.view.topics.values()) {
      for (let partition = 0; partition < topic.partitionCount; partition++) {
        if (topic.leaderOf(partition) !== host.identity.id || !matters(topic.name, partition)) continue;
        led.push({ topic: topic.name, topicId: topic.id, partition });
      }
    }
    return led;
  }

  #fault(what: string, error: unknown): void {
    this.#halt({ code: 'fault', message: `${what}: ${String(error)}` });
  }

  /** Gives up, once; the broker is expected to close the plane. */
  #halt(fault: PlaneFault): void {
    if (this.#halted || this.#closing !== undefined) return;
    this.#halted = true;
    this.#joined?.chain.close();
    this.#joined?.host.halt(fault);
  }

  async #until(condition: () => boolean): Promise<void> {
    while (this.#closing === undefined && !condition()) await this.#pauses.wait(LOOK_EVERY_MS);
  }
}

interface Joined {
  readonly host: BrokerHost;
  readonly chain: ViewChain;
  readonly configs: ConfigFeed;
  readonly features: FeatureFeed;
  readonly inbox: PushInbox;
  readonly isrs: AlterPartitions;
  readonly creations: TopicCreations;
  readonly isrChannel: ControllerChannel;
  readonly commands: ControllerChannel;
  readonly controller: ControllerService;
}

function closedMeanwhile(): PlaneError {
  return new PlaneError({ code: 'unreachable', message: 'the plane was closed while the broker joined the cluster' });
}

function tooLate(): PlaneError {
  return new PlaneError({ code: 'unreachable', message: 'ZooKeeper did not answer in time; check the ensemble' });
}

function unreachable(error: unknown): PlaneError {
  return new PlaneError({ code: 'unreachable', message: `ZooKeeper cannot be used: ${String(error)}` });
}
