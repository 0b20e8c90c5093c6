import { type BrokerEpoch, type ClusterView, NO_BROKER_EPOCH, type NodeId } from '@biquorum/metadata';
import type { Ports, Timer } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import type { ApiAnnouncement, ApiRange } from '../announcement.ts';
import type {
  DirectoryReport,
  IsrChange,
  IsrOutcome,
  Outcome,
  ProducerIdBlock,
  TopicError,
  TopicSpec,
} from '../commands.ts';
import { type BrokerHost, PlaneError } from '../host.ts';
import type { Registration } from '../identity.ts';
import type { ControlPlane } from '../plane.ts';
import type { ReplicaChange, TopicIdPartition } from '../replicas.ts';
import type { PlaneReply, PlaneRequest, RequestContext } from '../requests.ts';
import { ADMINISTRATION_APIS, Administration } from './administration.ts';
import type { Decision, Member } from './government.ts';
import type { ReferenceCluster, ReferenceConfig } from './reference-cluster.ts';

const RETRY_MS = 50;
/** How long a broker waits for a reply before it asks again. */
const REPLY_TIMEOUT_MS = 1_000;

/**
 * The plane of one broker under a {@link ReferenceCluster}.
 *
 * It keeps no promise that a real plane could not keep: views and assignments travel in separate queues with separate
 * delays, so that neither can rely on the other's order; commands are sent, may lose their reply, and are sent again.
 */
export class ReferencePlane implements ControlPlane, Member {
  readonly #cluster: ReferenceCluster;
  readonly #administration: Administration;
  readonly #ports: Ports;
  readonly #publications: Decision[] = [];
  readonly #assignments: Assignment[] = [];
  /** What is waited for; a closing plane stops waiting. */
  readonly #waits: Map<Timer, () => void> = new Map();
  readonly #creations: Map<string, Promise<TopicError>> = new Map();
  #host: BrokerHost | undefined;
  #registration: Registration | undefined;
  #epoch: BrokerEpoch = NO_BROKER_EPOCH;
  #published: ClusterView | undefined;
  #publishing = false;
  #assigning = false;
  #closed = false;

  constructor(cluster: ReferenceCluster, config: ReferenceConfig, ports: Ports) {
    this.#cluster = cluster;
    this.#ports = ports;
    this.#administration = new Administration(cluster.government, config, ports.random);
  }

  async open(host: BrokerHost, deadlineMs: number): Promise<ClusterView> {
    this.#host = host;
    for (;;) {
      const verdict = this.#cluster.controllerLost ? undefined : this.#cluster.government.register(host.identity, this);
      if (verdict?.kind === 'registered') {
        this.#epoch = verdict.epoch;
        this.#published = verdict.view;
        this.#cluster.touchSession(host.identity.id, verdict.epoch);
        this.#heartbeatLater();
        return verdict.view;
      }
      if (this.#ports.clock.monotonicMs() >= deadlineMs) throw openFailed(host.identity.id, verdict !== undefined);
      await this.#pause(RETRY_MS);
      if (this.#closed) throw new PlaneError({ code: 'fault', message: 'the plane was closed while it opened' });
    }
  }

  async enlist(registration: Registration): Promise<void> {
    const host = this.#hostNow();
    const first = this.#registration === undefined;
    this.#registration = registration;
    if (first) {
      await new Promise<void>((resolve) => {
        this.#assignments.push({ changes: this.#cluster.government.assignmentOf(host.identity.id), done: resolve });
        this.#assignSoon();
      });
    }
    const unfence = (): boolean => this.#cluster.government.unfence(host.identity.id, this.#epoch, registration);
    await this.#command(() => unfence() || undefined, false);
    await this.#untilPublished((view) => view.brokers.get(host.identity.id)?.fenced === false);
  }

  async withdraw(deadlineMs: number): Promise<readonly TopicIdPartition[]> {
    const { id } = this.#hostNow().identity;
    for (;;) {
      const left = this.#cluster.controllerLost ? undefined : this.#cluster.government.withdraw(id, this.#epoch);
      if (left !== undefined) return left;
      if (this.#ports.clock.monotonicMs() >= deadlineMs) return this.#ledHere();
      await this.#pause(RETRY_MS);
    }
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    for (const [timer, callback] of this.#waits) {
      timer.cancel();
      callback();
    }
    this.#waits.clear();
    if (this.#host !== undefined) this.#cluster.endSession(this.#host.identity.id, this.#epoch);
    return Promise.resolve();
  }

  brokerEpoch(): BrokerEpoch {
    return this.#epoch;
  }

  alterPartitions(changes: readonly IsrChange[]): Promise<readonly IsrOutcome[]> {
    const { id } = this.#hostNow().identity;
    return this.#command(
      () => {
        const outcomes = this.#cluster.government.alterPartitions(id, this.#epoch, changes);
        return outcomes === 'STALE_BROKER_EPOCH' ? undefined : outcomes;
      },
      changes.map(() => ({ ok: false, error: 'NOT_CONTROLLER' })),
    );
  }

  async allocateProducerIds(): Promise<Outcome<ProducerIdBlock>> {
    const block = await this.#command(() => this.#cluster.government.allocateProducerIds(), undefined);
    if (block !== undefined) return { ok: true, value: block };
    return { ok: false, error: 'COORDINATOR_NOT_AVAILABLE', message: 'the broker is stopping; ask another one' };
  }

  createTopics(topics: readonly TopicSpec[], _onBehalfOf: RequestContext | null): Promise<readonly TopicError[]> {
    return Promise.all(topics.map((topic) => this.#createOnce(topic)));
  }

  reportDirectories(_report: DirectoryReport): Promise<void> {
    // The government places replicas on brokers, not in directories, and a failed directory ends the broker.
    return Promise.resolve();
  }

  advertise(_listener: string, core: readonly ApiRange[]): ApiAnnouncement {
    const apis = [...core, ...ADMINISTRATION_APIS].sort((a, b) => a.apiKey - b.apiKey);
    return {
      apis,
      planeKeys: new Set(ADMINISTRATION_APIS.map((api) => api.apiKey)),
      supportedFeatures: new Map([['metadata.version', { min: 1, max: 21 }]]),
      finalizedFeatures: this.#published?.features ?? { levels: new Map(), epoch: -1 },
    };
  }

  async handle(request: PlaneRequest): Promise<PlaneReply> {
    await this.#travel();
    return this.#administration.handle(request);
  }

  deliver(decision: Decision): void {
    if (this.#closed) return;
    this.#publications.push(decision);
    this.#publishSoon();
    // Before `enlist` the logs are not recovered; what is decided until then comes whole with the first assignment.
    if (this.#registration === undefined || decision.changes.length === 0) return;
    this.#assignments.push({ changes: decision.changes, done: () => {} });
    this.#assignSoon();
  }

  #createOnce(topic: TopicSpec): Promise<TopicError> {
    const running = this.#creations.get(topic.name);
    if (running !== undefined) return running;
    const stopping: TopicError = { name: topic.name, error: 'NOT_CONTROLLER', message: 'the broker is stopping' };
    const creation = this.#command(() => this.#administration.create(topic), stopping).finally(() => {
      this.#creations.delete(topic.name);
    });
    this.#creations.set(topic.name, creation);
    return creation;
  }

  /** Sends a command until a reply comes or the plane closes; `undefined` from the controller means once more. */
  async #command<T>(atController: () => T | undefined, whenClosed: T): Promise<T> {
    for (;;) {
      await this.#travel();
      if (this.#closed) return whenClosed;
      const answer = this.#cluster.controllerLost ? undefined : atController();
      if (answer === undefined) {
        await this.#pause(RETRY_MS);
        continue;
      }
      if (this.#cluster.losesReply()) {
        await this.#pause(REPLY_TIMEOUT_MS);
        continue;
      }
      await this.#travel();
      return answer;
    }
  }

  #heartbeatLater(): void {
    this.#after(this.#cluster.options.heartbeatIntervalMs, () => {
      if (this.#closed) return;
      this.#heartbeat();
      this.#heartbeatLater();
    });
  }

  #heartbeat(): void {
    const { identity } = this.#hostNow();
    const { government } = this.#cluster;
    if (this.#cluster.controllerLost) return;
    if (!government.isCurrent(identity.id, this.#epoch)) {
      const verdict = government.register(identity, this);
      if (verdict.kind === 'id-taken') {
        this.#hostNow().halt({
          code: 'id-taken',
          message: `another broker has taken id ${identity.id}; give each broker its own node.id`,
        });
        return;
      }
      this.#epoch = verdict.epoch;
      this.#publications.push({ delta: noDelta, view: verdict.view, changes: [] });
      this.#publishSoon();
    }
    this.#cluster.touchSession(identity.id, this.#epoch);
    const present = government.view.brokers.get(identity.id);
    if (this.#registration !== undefined && present?.fenced === true && !present.shuttingDown) {
      government.unfence(identity.id, this.#epoch, this.#registration);
    }
  }

  #publishSoon(): void {
    if (this.#publishing) return;
    this.#publishing = true;
    void this.#travel().then(() => {
      this.#publishing = false;
      const next = this.#closed ? undefined : this.#publications.shift();
      if (next === undefined) return;
      this.#published = next.view;
      this.#hostNow().publish(next.delta, next.view);
      if (this.#publications.length > 0) this.#publishSoon();
    });
  }

  #assignSoon(): void {
    if (this.#assigning) return;
    this.#assigning = true;
    void this.#travel().then(async () => {
      const next = this.#closed ? undefined : this.#assignments.shift();
      if (next !== undefined) {
        const host = this.#hostNow();
        const outcomes = await host.assign(next.changes);
        assert(outcomes.length === next.changes.length, 'assign must answer every change');
        this.#cluster.government.report(host.identity.id, outcomes);
        next.done();
      }
      this.#assigning = false;
      if (this.#assignments.length > 0 && !this.#closed) this.#assignSoon();
    });
  }

  #hostNow(): BrokerHost {
    assert(this.#host !== undefined, 'the plane must be opened first');
    return this.#host;
  }

  #ledHere(): TopicIdPartition[] {
    const led: TopicIdPartition[] = [];
    const { id } = this.#hostNow().identity;
    for (const topic of this.#published?.topics.values() ?? []) {
      for (let partition = 0; partition < topic.partitionCount; partition++) {
        if (topic.leaderOf(partition) === id) led.push({ topic: topic.name, topicId: topic.id, partition });
      }
    }
    return led;
  }

  async #untilPublished(condition: (view: ClusterView) => boolean): Promise<void> {
    while (!this.#closed && (this.#published === undefined || !condition(this.#published))) await this.#pause(1);
  }

  /** One way between broker and controller. */
  #travel(): Promise<void> {
    const most = this.#cluster.options.delayMsMax;
    return this.#pause(most === 0 ? 0 : this.#ports.random.uint32() % (most + 1));
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (delayMs > 0) this.#after(delayMs, resolve);
      else this.#ports.timers.soon(resolve);
    });
  }

  #after(delayMs: number, callback: () => void): void {
    if (this.#closed) {
      this.#ports.timers.soon(callback);
      return;
    }
    const timer = this.#ports.timers.set(delayMs, () => {
      this.#waits.delete(timer);
      callback();
    });
    this.#waits.set(timer, callback);
  }
}

interface Assignment {
  readonly changes: readonly ReplicaChange[];
  readonly done: () => void;
}

const noDelta: Decision['delta'] = {
  brokers: new Set(),
  topics: [],
  configs: [],
  featuresChanged: false,
  controllerChanged: false,
};

function openFailed(id: NodeId, taken: boolean): PlaneError {
  return taken
    ? new PlaneError({
        code: 'id-taken',
        message: `broker id ${id} is taken by a live broker; stop that one, or wait until its session ends`,
      })
    : new PlaneError({ code: 'unreachable', message: 'there is no controller; wait for one, or allow more time' });
}
