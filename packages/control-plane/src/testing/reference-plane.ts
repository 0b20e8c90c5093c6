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
import { type BrokerHost, PlaneError, type PlaneFault } from '../host.ts';
import type { Registration } from '../identity.ts';
import type { ControlPlane } from '../plane.ts';
import type { ReplicaChange, ReplicaOutcome, TopicIdPartition } from '../replicas.ts';
import type { PlaneReply, PlaneRequest, RequestContext } from '../requests.ts';
import { ADMINISTRATION_APIS, Administration } from './administration.ts';
import type { Decision, Member, RegistrationVerdict } from './decisions.ts';
import type { ReferenceCluster, ReferenceConfig } from './reference-cluster.ts';

const RETRY_MS = 50;
/** How long a broker waits for a reply before it asks again. */
const REPLY_TIMEOUT_MS = 1_000;
/** How long a client's request waits for a controller. Java's brokers wait `request.timeout.ms`, 30 s by default. */
const FORWARD_TIMEOUT_MS = 30_000;
/** How often a broker that hands over looks whether the others have taken over. */
const LOOK_MS = 5;
/** How long a broker that hands over waits for the others. */
const TAKE_OVER_MS = 1_000;

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
  /** A first view has been given; others may follow. */
  #open = false;
  #silent = false;
  #halted = false;
  #closed = false;

  constructor(cluster: ReferenceCluster, config: ReferenceConfig, ports: Ports) {
    this.#cluster = cluster;
    this.#ports = ports;
    this.#administration = new Administration(cluster.government, config, ports);
  }

  async open(host: BrokerHost, deadlineMs: number): Promise<ClusterView> {
    this.#host = host;
    for (;;) {
      await this.#travel();
      if (this.#closed) throw closedMeanwhile();
      const verdict = this.#unreachable ? undefined : this.#cluster.government.register(host.identity, this);
      if (verdict?.kind === 'registered') {
        this.#cluster.touchSession(host.identity.id, verdict.epoch);
        if (!this.#cluster.losesReply()) return this.#opened(verdict.epoch, verdict.view);
      }
      if (this.#ports.clock.monotonicMs() >= deadlineMs) throw openFailed(host.identity.id, verdict);
      await this.#pause(RETRY_MS);
    }
  }

  async enlist(registration: Registration): Promise<void> {
    const { id } = this.#hostNow().identity;
    const first = this.#registration === undefined;
    this.#registration = registration;
    if (first) {
      while (this.#unreachable && !this.#closed) await this.#pause(RETRY_MS);
      if (this.#closed) throw closedMeanwhile();
      await this.#takeAll(this.#cluster.government.assignmentsOf(id));
    }
    await this.#command(() => this.#cluster.government.unfence(id, this.#epoch, registration) || undefined, false);
    await this.#untilPublished((view) => view.brokers.get(id)?.fenced === false);
    if (this.#closed) throw closedMeanwhile();
  }

  async withdraw(deadlineMs: number): Promise<readonly TopicIdPartition[]> {
    const { id } = this.#hostNow().identity;
    const { government } = this.#cluster;
    let movedMs: number | undefined;
    for (;;) {
      await this.#travel();
      const left = this.#unreachable ? undefined : government.withdraw(id, this.#epoch);
      const arrived = left !== undefined && !this.#cluster.losesReply();
      if (arrived) movedMs ??= this.#ports.clock.monotonicMs();
      // The others have taken over when every live broker has answered what it was told. A dead one answers never.
      const waitedMs = this.#ports.clock.monotonicMs() - (movedMs ?? Number.POSITIVE_INFINITY);
      if (arrived && (government.allConfirmed() || waitedMs >= TAKE_OVER_MS)) return left;
      if (this.#closed || this.#ports.clock.monotonicMs() >= deadlineMs) return left ?? this.#ledHere();
      await this.#pause(arrived ? LOOK_MS : RETRY_MS);
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
    // A farewell that nobody hears: the session ends by its timeout.
    if (this.#host !== undefined && !this.#unreachable) this.#cluster.endSession(this.#host.identity.id, this.#epoch);
    return Promise.resolve();
  }

  /** Cuts all contact with the government, both ways; the broker goes on by itself. For tests. */
  silence(): void {
    this.#silent = true;
  }

  /** Takes the contact up again: what was decided meanwhile arrives in order. */
  hear(): void {
    this.#silent = false;
    this.#publishSoon();
    this.#assignSoon();
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
    const planeKeys = new Set(ADMINISTRATION_APIS.map((api) => api.apiKey));
    const others = core.filter((api) => !planeKeys.has(api.apiKey));
    return {
      apis: [...others, ...ADMINISTRATION_APIS].sort((a, b) => a.apiKey - b.apiKey),
      planeKeys,
      supportedFeatures: new Map([['metadata.version', { min: 1, max: 21 }]]),
      finalizedFeatures: this.#published?.features ?? { levels: new Map(), epoch: -1 },
    };
  }

  async handle(request: PlaneRequest): Promise<PlaneReply> {
    const giveUpMs = this.#ports.clock.monotonicMs() + FORWARD_TIMEOUT_MS;
    await this.#travel();
    while (this.#unreachable && !this.#closed && this.#ports.clock.monotonicMs() < giveUpMs) {
      await this.#pause(RETRY_MS);
    }
    if (this.#unreachable || this.#closed) return { kind: 'close', reason: 'there is no controller to ask' };
    const host = this.#hostNow();
    return this.#administration.handle(request, (action) => host.authorize(request.context, action));
  }

  deliver(decision: Decision): void {
    if (this.#closed) return;
    this.#publications.push(decision);
    this.#publishSoon();
    if (decision.changes.length === 0) return;
    this.#assignments.push({ changes: decision.changes, done: () => {} });
    this.#assignSoon();
  }

  get #unreachable(): boolean {
    return this.#silent || this.#cluster.controllerLost;
  }

  #opened(epoch: BrokerEpoch, view: ClusterView): ClusterView {
    this.#epoch = epoch;
    this.#published = view;
    // What was decided before the reply stands in the view.
    this.#publications.length = 0;
    this.#open = true;
    this.#heartbeatLater();
    return view;
  }

  /** Queues the first assignments; resolves when the broker has answered them or the plane closes. */
  #takeAll(assignments: readonly (readonly ReplicaChange[])[]): Promise<void> {
    return new Promise((resolve) => {
      const all = [...assignments, []];
      for (const [index, changes] of all.entries()) {
        this.#assignments.push({ changes, done: index === all.length - 1 ? resolve : () => {} });
      }
      this.#assignSoon();
    });
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
      const answer = this.#unreachable ? undefined : atController();
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
    if (this.#unreachable) return;
    if (!government.isCurrent(identity.id, this.#epoch)) {
      const verdict = government.register(identity, this);
      if (verdict.kind === 'id-taken') {
        const message = `another broker has taken id ${identity.id}; give each broker its own node.id`;
        this.#halt({ code: 'id-taken', message });
        return;
      }
      // The views and assignments that follow from it are delivered like all others.
      this.#epoch = verdict.epoch;
    }
    this.#cluster.touchSession(identity.id, this.#epoch);
    const present = government.view.brokers.get(identity.id);
    if (this.#registration !== undefined && present?.fenced === true && !present.shuttingDown) {
      government.unfence(identity.id, this.#epoch, this.#registration);
    }
  }

  /** Gives up, once: no more decisions are handed over, and the broker is expected to close the plane. */
  #halt(fault: PlaneFault): void {
    if (this.#halted || this.#closed) return;
    this.#halted = true;
    this.#hostNow().halt(fault);
  }

  get #delivers(): boolean {
    return this.#open && !this.#closed && !this.#halted && !this.#silent;
  }

  #publishSoon(): void {
    if (this.#publishing) return;
    this.#publishing = true;
    void this.#travel().then(() => {
      this.#publishing = false;
      const next = this.#delivers ? this.#publications.shift() : undefined;
      if (next === undefined) return;
      this.#published = next.view;
      try {
        this.#hostNow().publish(next.delta, next.view);
      } catch (error) {
        this.#halt({ code: 'fault', message: `the broker could not take a view and stops: ${String(error)}` });
      }
      if (this.#publications.length > 0) this.#publishSoon();
    });
  }

  #assignSoon(): void {
    if (this.#assigning) return;
    this.#assigning = true;
    void this.#travel().then(async () => {
      const next = this.#delivers ? this.#assignments.shift() : undefined;
      if (next !== undefined) await this.#assign(next);
      this.#assigning = false;
      if (this.#assignments.length > 0 && this.#delivers) this.#assignSoon();
    });
  }

  async #assign({ changes, done }: Assignment): Promise<void> {
    const host = this.#hostNow();
    let outcomes: readonly ReplicaOutcome[];
    try {
      outcomes = changes.length === 0 ? [] : await host.assign(changes);
      assert(outcomes.length === changes.length, 'assign must answer every change');
    } catch (error) {
      // A process that was killed in the midst of it comes no further than here.
      await this.#travel();
      this.#halt({ code: 'fault', message: `the broker could not take its replicas and stops: ${String(error)}` });
      return;
    }
    await this.#travel();
    while (this.#unreachable && !this.#closed) await this.#pause(RETRY_MS);
    if (!this.#closed) this.#cluster.government.report(host.identity.id, this, outcomes);
    done();
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

function closedMeanwhile(): PlaneError {
  return new PlaneError({ code: 'fault', message: 'the plane was closed before the broker was a member' });
}

function openFailed(id: NodeId, verdict: RegistrationVerdict | undefined): PlaneError {
  return verdict?.kind === 'id-taken'
    ? new PlaneError({
        code: 'id-taken',
        message: `broker id ${id} is taken by a live broker; stop that one, or wait until its session ends`,
      })
    : new PlaneError({ code: 'unreachable', message: 'there is no controller; wait for one, or allow more time' });
}
