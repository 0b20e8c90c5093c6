import {
  type BrokerEpoch,
  type BrokerView,
  type ClusterDelta,
  type ClusterView,
  type ConfigResource,
  chooseLeader,
  type ElectionPolicy,
  emptyView,
  isIsrEligible,
  isrWithout,
  judgeIsrChange,
  type LeaderEpoch,
  NO_LEADER,
  type NodeId,
  NodeLists,
  type PartitionEpoch,
  type PartitionState,
  type TopicId,
  ViewDraft,
} from '@biquorum/metadata';
import { assert } from '@biquorum/std';
import type { IsrChange, IsrOutcome, ProducerIdBlock } from '../commands.ts';
import type { BrokerIdentity, Registration } from '../identity.ts';
import type { ReplicaChange, ReplicaOutcome, TopicIdPartition } from '../replicas.ts';

/** One decision on its way to one broker. */
export interface Decision {
  readonly delta: ClusterDelta;
  readonly view: ClusterView;
  /** What the broker's own replicas must become because of it. */
  readonly changes: readonly ReplicaChange[];
}

/** What a registered broker's plane offers to the government. */
export interface Member {
  deliver(decision: Decision): void;
}

/** How the reference government decides where Kafka's modes differ. */
export interface GovernmentPolicy {
  readonly election: Pick<ElectionPolicy, 'keepCurrent'>;
  /** Does a topic allow an unclean election? Told the topic's dynamic configuration. */
  readonly uncleanAllowed: (configs: ReadonlyMap<string, string>) => boolean;
}

/** Why a registration is refused. */
export type RegistrationVerdict =
  | { readonly kind: 'registered'; readonly epoch: BrokerEpoch; readonly view: ClusterView }
  | { readonly kind: 'id-taken' };

/** Producer ids come in blocks of so many, as Kafka's controllers hand them out. */
const PRODUCER_ID_BLOCK = 1000;

/**
 * The decisions of a cluster that one object in memory governs: what a controller would decide, without consensus.
 *
 * Synchronous and without time: members call it, it changes the view and hands every member its part. Who is alive is
 * told by {@link Government.fence}; {@link ReferencePlane} does so when heartbeats stop.
 */
export class Government {
  readonly #policy: GovernmentPolicy;
  readonly #lists: NodeLists = new NodeLists();
  readonly #registrations: Map<NodeId, RegisteredBroker> = new Map();
  readonly #deletions: Set<PendingDeletion> = new Set();
  #view: ClusterView;
  #lastEpoch = 0;
  #nextProducerId = 0;

  constructor(clusterId: string, policy: GovernmentPolicy) {
    this.#policy = policy;
    const draft = new ViewDraft(emptyView(clusterId), this.#lists);
    draft.setController('any-broker');
    draft.setComplete();
    draft.setFeatures({ levels: new Map([['metadata.version', 21]]), epoch: 0 }, '3.9-IV0');
    this.#view = draft.finish().view;
  }

  /** The cluster as decided. */
  get view(): ClusterView {
    return this.#view;
  }

  /** Is this registration the present one? */
  isCurrent(id: NodeId, epoch: BrokerEpoch): boolean {
    return this.#registrations.get(id)?.epoch === epoch;
  }

  /** Takes the id, fenced. A second incarnation has to wait until the first one's session has ended. */
  register(identity: BrokerIdentity, member: Member): RegistrationVerdict {
    const present = this.#registrations.get(identity.id);
    if (present?.alive && present.incarnationId !== identity.incarnationId) return { kind: 'id-taken' };
    this.#lastEpoch += 1;
    const epoch = this.#lastEpoch as BrokerEpoch;
    // The newcomer is told the view as the answer; decisions before it are not its own.
    this.#registrations.delete(identity.id);
    if (present?.alive) this.#fenceInView(identity.id);
    this.#commit((draft) => {
      const broker: BrokerView = {
        id: identity.id,
        epoch,
        endpoints: [],
        rack: identity.rack,
        fenced: true,
        shuttingDown: false,
      };
      draft.setBroker(broker);
    });
    this.#registrations.set(identity.id, { epoch, incarnationId: identity.incarnationId, alive: true, member });
    return { kind: 'registered', epoch, view: this.#view };
  }

  /** Everything that this broker's replicas must be now. Asked once its logs are recovered. */
  assignmentOf(id: NodeId): ReplicaChange[] {
    const changes: ReplicaChange[] = [];
    for (const topic of this.#view.topics.values()) {
      for (let index = 0; index < topic.partitionCount; index++) {
        const change = this.#changeFor(id, topic.name, index, false);
        if (change !== undefined) changes.push(change);
      }
    }
    return changes;
  }

  /** The broker serves: its endpoints become known, leaderless partitions that it can lead get it as leader. */
  unfence(id: NodeId, epoch: BrokerEpoch, registration: Registration): boolean {
    if (!this.isCurrent(id, epoch)) return false;
    this.#registration(id).alive = true;
    this.#commit((draft) => {
      draft.setBroker({
        ...this.#broker(id),
        endpoints: registration.endpoints,
        fenced: false,
        shuttingDown: false,
      });
    });
    this.#commit((draft) => {
      for (const at of this.#partitions()) if (at.state.leader === NO_LEADER) this.#elect(draft, at);
    });
    return true;
  }

  /** The broker's session has ended: leaderships move, it leaves every ISR that has another member. */
  fence(id: NodeId, epoch: BrokerEpoch): void {
    if (!this.isCurrent(id, epoch)) return;
    this.#registration(id).alive = false;
    this.#fenceInView(id);
    for (const deletion of this.#deletions) this.#confirmDeletion(deletion, id);
  }

  /** Controlled shutdown: moves what can move and tells what the broker still leads. */
  withdraw(id: NodeId, epoch: BrokerEpoch): readonly TopicIdPartition[] {
    if (!this.isCurrent(id, epoch)) return [];
    this.#commit((draft) => draft.setBroker({ ...this.#broker(id), shuttingDown: true }));
    this.#commit((draft) => this.#moveAway(draft, id));
    const left: TopicIdPartition[] = [];
    for (const { topic, topicId, index, state } of this.#partitions()) {
      if (state.leader === id) left.push({ topic, topicId, partition: index });
    }
    return left;
  }

  alterPartitions(
    id: NodeId,
    epoch: BrokerEpoch,
    changes: readonly IsrChange[],
  ): readonly IsrOutcome[] | 'STALE_BROKER_EPOCH' {
    if (!this.isCurrent(id, epoch)) return 'STALE_BROKER_EPOCH';
    const outcomes: IsrOutcome[] = [];
    this.#commit((draft) => {
      for (const change of changes) outcomes.push(this.#alterPartition(draft, id, change));
    });
    return outcomes;
  }

  allocateProducerIds(): ProducerIdBlock {
    const first = this.#nextProducerId;
    this.#nextProducerId += PRODUCER_ID_BLOCK;
    return { first, count: PRODUCER_ID_BLOCK };
  }

  /** Makes a topic that has been validated; its configuration is there before its replicas. */
  createTopic(
    name: string,
    id: TopicId,
    assignment: readonly (readonly NodeId[])[],
    configs: ReadonlyMap<string, string>,
  ): void {
    this.#commit((draft) => {
      draft.createTopic(name, id);
      draft.setConfig({ type: 'topic', name }, configs);
      for (const [index, replicas] of assignment.entries())
        draft.setPartition(name, index, this.#newPartition(replicas));
    });
  }

  /** Adds partitions that have been validated. */
  addPartitions(name: string, assignment: readonly (readonly NodeId[])[]): void {
    const first = this.#view.topics.get(name)?.partitionCount ?? 0;
    this.#commit((draft) => {
      for (const [index, replicas] of assignment.entries()) {
        draft.setPartition(name, first + index, this.#newPartition(replicas));
      }
    });
  }

  /** Removes a topic. `done` is called when every replica has confirmed its deletion or its broker is gone. */
  deleteTopic(name: string, done: () => void): void {
    const topic = this.#view.topics.get(name);
    assert(topic !== undefined, () => `topic ${name} does not exist`);
    const waiting = new Map<NodeId, number>();
    const changes = new Map<NodeId, ReplicaChange[]>();
    for (let index = 0; index < topic.partitionCount; index++) {
      for (const node of topic.replicasOf(index)) {
        const change = this.#changeFor(node, name, index, false);
        assert(change !== undefined, () => `${name}-${index} has no replica on ${node}`);
        changes.set(node, [...(changes.get(node) ?? []), { ...change, to: 'delete' }]);
        if (this.#registrations.get(node)?.alive) waiting.set(node, (waiting.get(node) ?? 0) + 1);
      }
    }
    const deletion: PendingDeletion = { topicId: topic.id, waiting, done };
    this.#deletions.add(deletion);
    this.#commit((draft) => {
      draft.deleteTopic(name);
      draft.setConfig({ type: 'topic', name }, new Map());
    }, changes);
    if (waiting.size === 0) this.#finishDeletion(deletion);
  }

  setConfig(resource: ConfigResource, values: ReadonlyMap<string, string>): void {
    this.#commit((draft) => draft.setConfig(resource, values));
  }

  /** Holds one election. */
  electLeader(topic: string, index: number, kind: 'preferred' | 'unclean'): string {
    const state = this.#view.topics.get(topic)?.partition(index);
    if (state === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION';
    const canLead = (node: NodeId): boolean => this.#canLead(node);
    if (kind === 'preferred' && state.leader === state.replicas[0]) return 'ELECTION_NOT_NEEDED';
    if (kind === 'unclean' && state.leader !== NO_LEADER) return 'ELECTION_NOT_NEEDED';
    const choice = chooseLeader(
      { ...state, canLead },
      { keepCurrent: false, preferredOnly: kind === 'preferred', uncleanAllowed: kind === 'unclean' },
    );
    if (choice.leader === state.leader) {
      return kind === 'preferred' ? 'PREFERRED_LEADER_NOT_AVAILABLE' : 'ELIGIBLE_LEADERS_NOT_AVAILABLE';
    }
    this.#commit((draft) => {
      draft.setPartition(
        topic,
        index,
        withLeader(state, choice.leader, choice.isr, choice.unclean || state.recovering),
      );
    });
    return 'NONE';
  }

  /** A broker tells how its replicas took a decision. */
  report(id: NodeId, outcomes: readonly ReplicaOutcome[]): void {
    for (const { partition, error } of outcomes) {
      if (error !== 'NONE') continue;
      for (const deletion of this.#deletions) {
        if (deletion.topicId === partition.topicId) this.#confirmOne(deletion, id);
      }
    }
  }

  #registration(id: NodeId): RegisteredBroker {
    const registration = this.#registrations.get(id);
    assert(registration !== undefined, () => `broker ${id} is not registered`);
    return registration;
  }

  #broker(id: NodeId): BrokerView {
    const broker = this.#view.brokers.get(id);
    assert(broker !== undefined, () => `broker ${id} is not in the view`);
    return broker;
  }

  #canLead(id: NodeId): boolean {
    const broker = this.#view.brokers.get(id);
    return broker !== undefined && !broker.fenced && !broker.shuttingDown;
  }

  *#partitions(): IterableIterator<PartitionAt> {
    for (const topic of this.#view.topics.values()) {
      for (let index = 0; index < topic.partitionCount; index++) {
        const state = topic.partition(index) as PartitionState;
        yield { topic: topic.name, topicId: topic.id, index, state };
      }
    }
  }

  #newPartition(replicas: readonly NodeId[]): PartitionState {
    const live = replicas.filter((node) => this.#canLead(node));
    return {
      leader: live[0] ?? NO_LEADER,
      leaderEpoch: 0 as LeaderEpoch,
      partitionEpoch: 0 as PartitionEpoch,
      replicas,
      isr: live.length === 0 ? replicas.slice(0, 1) : live,
      adding: [],
      removing: [],
      offline: null,
      recovering: false,
      directories: null,
    };
  }

  #fenceInView(id: NodeId): void {
    this.#commit((draft) => draft.setBroker({ ...this.#broker(id), fenced: true }));
    this.#commit((draft) => this.#moveAway(draft, id));
  }

  /** The broker can lead no more (the view says so already): find others, shrink the ISRs. */
  #moveAway(draft: ViewDraft, id: NodeId): void {
    for (const at of this.#partitions()) {
      const { topic, index, state } = at;
      const isr = isrWithout(state.isr, (node) => node === id, true);
      if (state.leader === id) this.#elect(draft, at);
      else if (isr !== state.isr) draft.setPartition(topic, index, withIsr(state, isr, state.recovering));
    }
  }

  #elect(draft: ViewDraft, { topic, index, state }: PartitionAt): void {
    const configs = this.#view.configOf({ type: 'topic', name: topic });
    const choice = chooseLeader(
      { ...state, canLead: (node) => this.#canLead(node) },
      { ...this.#policy.election, preferredOnly: false, uncleanAllowed: this.#policy.uncleanAllowed(configs) },
    );
    const isr = isrWithout(choice.isr, (node) => !this.#canLead(node), true);
    // A shutting-down broker that no one can replace goes on leading until it is gone.
    const stays = choice.leader === NO_LEADER && this.#view.brokers.get(state.leader)?.fenced === false;
    if (stays || (choice.leader === state.leader && isr.length === state.isr.length)) return;
    draft.setPartition(topic, index, withLeader(state, choice.leader, isr, choice.unclean || state.recovering));
  }

  #alterPartition(draft: ViewDraft, leader: NodeId, change: IsrChange): IsrOutcome {
    const { topic, topicId, partition } = change.partition;
    const known = this.#view.topics.get(topic);
    if (known?.id !== topicId) return { ok: false, error: 'UNKNOWN_TOPIC_ID' };
    const state = known.partition(partition);
    if (state === undefined) return { ok: false, error: 'UNKNOWN_TOPIC_OR_PARTITION' };
    const epochs = new Map(change.isr.map((member) => [member.node, member.brokerEpoch as BrokerEpoch]));
    const verdict = judgeIsrChange(
      state,
      {
        leader,
        leaderEpoch: change.leaderEpoch,
        partitionEpoch: change.partitionEpoch,
        isr: change.isr.map((member) => member.node),
        recovering: change.recovering,
      },
      {
        acceptUnchanged: true,
        leaderOnly: true,
        isEligible: (node) =>
          isIsrEligible(this.#view.brokers.get(node), epochs.get(node) as BrokerEpoch) || state.isr.includes(node),
      },
    );
    if (verdict.kind === 'refused') return { ok: false, error: verdict.error };
    const next = verdict.changed ? withIsr(state, verdict.isr, verdict.recovering) : state;
    if (verdict.changed) draft.setPartition(topic, partition, next);
    const { leaderEpoch, partitionEpoch, isr, recovering } = next;
    return { ok: true, leader: next.leader, leaderEpoch, partitionEpoch, isr, recovering };
  }

  #commit(change: (draft: ViewDraft) => void, deletions?: ReadonlyMap<NodeId, ReplicaChange[]>): void {
    const draft = new ViewDraft(this.#view, this.#lists);
    change(draft);
    const { delta, view } = draft.finish();
    this.#view = view;
    for (const [id, registration] of this.#registrations) {
      const changes = [...(deletions?.get(id) ?? [])];
      for (const topic of delta.topics) {
        for (const index of topic.partitions) {
          const own = this.#changeFor(id, topic.name, index, topic.change === 'created');
          if (own !== undefined) changes.push(own);
        }
      }
      registration.member.deliver({ delta, view, changes });
    }
  }

  #changeFor(id: NodeId, name: string, index: number, isNew: boolean): ReplicaChange | undefined {
    const topic = this.#view.topics.get(name);
    const state = topic?.partition(index);
    if (topic === undefined || state === undefined || !state.replicas.includes(id)) return undefined;
    return {
      topic: name,
      topicId: topic.id,
      partition: index,
      to: state.leader === id ? 'lead' : 'follow',
      isNew: isNew || state.partitionEpoch === 0,
      leader: state.leader,
      leaderEpoch: state.leaderEpoch,
      partitionEpoch: state.partitionEpoch,
      replicas: state.replicas,
      isr: state.isr,
      adding: state.adding,
      removing: state.removing,
      recovering: state.recovering,
      configs: this.#view.configOf({ type: 'topic', name }),
      directory: null,
    };
  }

  #confirmOne(deletion: PendingDeletion, id: NodeId): void {
    const left = (deletion.waiting.get(id) ?? 0) - 1;
    if (left > 0) deletion.waiting.set(id, left);
    else this.#confirmDeletion(deletion, id);
  }

  #confirmDeletion(deletion: PendingDeletion, id: NodeId): void {
    deletion.waiting.delete(id);
    if (deletion.waiting.size === 0) this.#finishDeletion(deletion);
  }

  #finishDeletion(deletion: PendingDeletion): void {
    if (this.#deletions.delete(deletion)) deletion.done();
  }
}

interface RegisteredBroker {
  readonly epoch: BrokerEpoch;
  readonly incarnationId: string;
  readonly member: Member;
  /** Its session lasts; false once fenced. */
  alive: boolean;
}

interface PendingDeletion {
  readonly topicId: TopicId;
  /** How many replicas of each live broker have yet to confirm. */
  readonly waiting: Map<NodeId, number>;
  readonly done: () => void;
}

interface PartitionAt {
  readonly topic: string;
  readonly topicId: TopicId;
  readonly index: number;
  readonly state: PartitionState;
}

function withLeader(
  state: PartitionState,
  leader: NodeId,
  isr: readonly NodeId[],
  recovering: boolean,
): PartitionState {
  return { ...withIsr(state, isr, recovering), leader, leaderEpoch: (state.leaderEpoch + 1) as LeaderEpoch };
}

function withIsr(state: PartitionState, isr: readonly NodeId[], recovering: boolean): PartitionState {
  return { ...state, isr, recovering, partitionEpoch: (state.partitionEpoch + 1) as PartitionEpoch };
}
