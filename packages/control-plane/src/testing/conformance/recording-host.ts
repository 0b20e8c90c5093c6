import { uuidFromBytes } from '@biquorum/kafka-wire';
import type { ClusterDelta, ClusterView, NodeId } from '@biquorum/metadata';
import { NO_BROKER_EPOCH } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import type { BrokerHost, PlaneFault } from '../../host.ts';
import type { BrokerIdentity } from '../../identity.ts';
import type { ReplicaChange, ReplicaOutcome } from '../../replicas.ts';
import { brokenLaws } from './view-laws.ts';

/** A replica as the host holds it. */
export type HeldReplica = ReplicaChange;

/** The chance of the one who looks on, and the time of the process: a dead one answers no more. */
export type HostPorts = Pick<Ports, 'timers' | 'random'>;

/** The part of its life in which a host may be called, and how. */
type Stage = 'booted' | 'opened' | 'enlisting' | 'closed';

/**
 * A broker without data: it keeps the host's side of the contract, writes down what it is told, and notes each breach
 * of the plane's side in `faults`.
 */
export class RecordingHost implements BrokerHost {
  readonly identity: BrokerIdentity;
  readonly faults: string[] = [];
  readonly views: ClusterView[] = [];
  readonly changes: ReplicaChange[] = [];
  readonly replicas: Map<string, HeldReplica> = new Map();
  readonly halts: PlaneFault[] = [];
  /** `publish` and `assign` in the order in which they came. */
  readonly calls: ('publish' | 'assign')[] = [];
  stage: Stage = 'booted';
  /** The longest time that an assignment takes. */
  assignMsMax = 3;
  /** What the next call of `publish` throws. */
  publishThrows: Error | undefined;
  readonly #ports: HostPorts;
  readonly #onLead: (host: RecordingHost, change: ReplicaChange) => void;
  readonly #refusals: Map<string, ReplicaOutcome['error']> = new Map();
  #inFlight = 0;
  #held: (() => void)[] | undefined;

  constructor(id: NodeId, ports: HostPorts, onLead: (host: RecordingHost, change: ReplicaChange) => void) {
    this.#ports = ports;
    this.#onLead = onLead;
    this.identity = {
      id,
      incarnationId: freshUuid(ports),
      rack: null,
      directories: [{ path: '/logs', id: directoryOf(id) }],
      previousBrokerEpoch: NO_BROKER_EPOCH,
      supportedFeatures: new Map([['metadata.version', { min: 1, max: 21 }]]),
    };
  }

  /** The newest view. */
  get view(): ClusterView | undefined {
    return this.views.at(-1);
  }

  /** From now on assignments are taken and not answered, until {@link RecordingHost.release}. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const resume of held) resume();
  }

  /** Answers the next change of a partition with an error instead of obeying. */
  refuse(topic: string, partition: number, error: ReplicaOutcome['error']): void {
    this.#refusals.set(keyOf({ topic, partition }), error);
  }

  publish(delta: ClusterDelta, view: ClusterView): void {
    this.calls.push('publish');
    if (this.stage === 'booted') this.#breach('publish before open resolved');
    if (this.stage === 'closed') this.#breach('publish after close resolved');
    const before = this.view;
    this.views.push(view);
    if (this.publishThrows !== undefined) {
      const error = this.publishThrows;
      this.publishThrows = undefined;
      throw error;
    }
    if (before !== undefined) for (const law of brokenLaws(before, delta, view)) this.#breach(law);
  }

  async assign(changes: readonly ReplicaChange[]): Promise<readonly ReplicaOutcome[]> {
    this.calls.push('assign');
    if (this.stage === 'booted' || this.stage === 'opened') this.#breach('assign before enlist');
    if (this.stage === 'closed') this.#breach('assign after close resolved');
    if (this.#inFlight > 0) this.#breach('two assigns in flight');
    if (new Set(changes.map(keyOf)).size !== changes.length) this.#breach('a partition twice in one assign');
    this.#inFlight += 1;
    this.changes.push(...changes);
    if (this.assignMsMax > 0) await this.#takeTime();
    if (this.#held !== undefined) await new Promise<void>((resolve) => this.#held?.push(resolve));
    const outcomes = changes.map((change): ReplicaOutcome => {
      const { topic, topicId, partition } = change;
      return { partition: { topic, topicId, partition }, error: this.#take(change) };
    });
    this.#inFlight -= 1;
    return outcomes;
  }

  authorize(): boolean {
    return true;
  }

  halt(reason: PlaneFault): void {
    if (this.stage === 'closed') this.#breach('halt after close resolved');
    this.halts.push(reason);
  }

  #take(change: ReplicaChange): ReplicaOutcome['error'] {
    const key = keyOf(change);
    const refusal = this.#refusals.get(key);
    if (refusal !== undefined) {
      this.#refusals.delete(key);
      return refusal;
    }
    const known = this.replicas.get(key);
    if (change.to === 'stop' || change.to === 'delete') {
      if (known?.topicId === change.topicId) this.replicas.delete(key);
      return 'NONE';
    }
    const leads = change.leader === this.identity.id;
    if (leads !== (change.to === 'lead')) this.#breach(`${key} is to ${change.to} under leader ${change.leader}`);
    if (!change.replicas.includes(this.identity.id)) this.#breach(`${key} has no replica here`);
    if (known !== undefined && known.topicId === change.topicId) {
      if (change.leaderEpoch < known.leaderEpoch) return 'FENCED_LEADER_EPOCH';
      if (change.leaderEpoch === known.leaderEpoch && change.partitionEpoch <= known.partitionEpoch) return 'NONE';
    }
    if (change.to === 'lead') this.#onLead(this, change);
    this.replicas.set(key, change);
    return 'NONE';
  }

  #takeTime(): Promise<void> {
    const { random, timers } = this.#ports;
    return new Promise((resolve) => void timers.set(random.uint32() % (this.assignMsMax + 1), resolve));
  }

  #breach(what: string): void {
    this.faults.push(`broker ${this.identity.id}: ${what}`);
  }
}

/** How a host names a partition of one topic name. */
export function keyOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}-${partition}`;
}

/** A disk outlives the processes that use it. */
function directoryOf(id: NodeId): string {
  const bytes = new Uint8Array(16);
  bytes.set([0xd1, 0x4e, 0xc7, id]);
  return uuidFromBytes(bytes);
}

function freshUuid({ random }: HostPorts): string {
  const bytes = new Uint8Array(16);
  random.fill(bytes);
  return uuidFromBytes(bytes);
}
