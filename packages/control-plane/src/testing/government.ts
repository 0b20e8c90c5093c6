import {
  type BrokerEpoch,
  type BrokerView,
  type ClusterDelta,
  type ClusterView,
  type ConfigResource,
  chooseLeader,
  emptyView,
  isIsrEligible,
  isrWithout,
  judgeIsrChange,
  type LeaderEpoch,
  NO_BROKER_EPOCH,
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
import type { ElectionError, GovernmentPolicy, Member, RegistrationVerdict } from './decisions.ts';

/** Producer ids come in blocks of so many, as Kafka's controllers hand them out. */
const PRODUCER_ID_BLOCK = 1000;
const UNCLEAN = 'unclean.leader.election.enable';

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

  /**
   * Takes the id, fenced. Another incarnation has to wait until the first one's session has ended; the same one gets a
   * larger epoch and goes on hearing every decision.
   */
  register(identity: BrokerIdentity, member: Member): RegistrationVerdict {
    const { id, incarnationId } = identity;
    const present = this.#registrations.get(id);
    const returns = present?.incarnationId === incarnationId;
    if (present?.alive && !returns) return { kind: 'id-taken' };
    // A newcomer is told the view as the answer; decisions before it are not its own.
    if (!returns) this.#registrations.delete(id);
    if (present?.alive) this.#fenceInView(id);
    this.#lastEpoch += 1;
    const epoch = this.#lastEpoch as BrokerEpoch;
    this.#commit((draft) => {
      draft.setBroker({ id, epoch, endpoints: [], rack: identity.rack, fenced: true, shuttingDown: false });
    });
    const fresh: RegisteredBroker = { epoch, incarnationId, member, alive: true, early: [], owed: 0 };
    this.#registrations.set(
      id,
      present !== undefined && returns ? Object.assign(present, { epoch, alive: true }) : fresh,
    );
    return { kind: 'registered', epoch, view: this.#view };
  }

  /**
   * Everything that this broker's replicas must be now, and what was deleted since it registered. Asked once, when its
   * logs are recovered; from then on decisions carry what its replicas must become.
   */
  assignmentsOf(id: NodeId): ReplicaChange[][] {
    const registration = this.#registration(id);
    const changes: ReplicaChange[] = [];
    for (const topic of this.#view.topics.values()) {
      for (let index = 0; index < topic.partitionCount; index++) {
        const change = this.#changeFor(id, topic.name, index, false);
        if (change !== undefined) changes.push(change);
      }
    }
    const assignments = [...(registration.early ?? []), changes].filter((batch) => batch.length > 0);
    registration.early = undefined;
    registration.owed += assignments.flat().length;
    return assignments;
  }

  /** Has this broker answered every change that it was given? */
  hasConfirmed(id: NodeId): boolean {
    return (this.#registrations.get(id)?.owed ?? 0) === 0;
  }

  /** Have all live brokers? */
  allConfirmed(): boolean {
    return [...this.#registrations.values()].every(({ alive, owed }) => !alive || owed === 0);
  }

  /** Is the deletion of this topic under way? */
  isDeleting(topicId: TopicId): boolean {
    return [...this.#deletions].some((deletion) => deletion.topicId === topicId);
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
    this.#electLeaderless(() => true);
    return true;
  }

  /** The broker's session has ended: leaderships move, it leaves every ISR that has another member. */
  fence(id: NodeId, epoch: BrokerEpoch): void {
    if (!this.isCurrent(id, epoch)) return;
    this.#registration(id).alive = false;
    this.#fenceInView(id);
    for (const deletion of [...this.#deletions]) this.#confirmDeletion(deletion, id);
  }

  /** Forgets a registration, as ZooKeeper forgets a session: the broker is fenced and must register anew. */
  expire(id: NodeId): void {
    const registration = this.#registrations.get(id);
    if (registration === undefined) return;
    this.fence(id, registration.epoch);
    registration.epoch = NO_BROKER_EPOCH;
  }

  /** Controlled shutdown: moves what can move and tells what the broker still leads. */
  withdraw(id: NodeId, epoch: BrokerEpoch): readonly TopicIdPartition[] {
    if (!this.isCurrent(id, epoch)) return [];
    const broker = this.#broker(id);
    if (!broker.shuttingDown) this.#commit((draft) => draft.setBroker({ ...broker, shuttingDown: true }));
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
    const replicas = new Map<NodeId, Set<number>>();
    const changes = new Map<NodeId, ReplicaChange[]>();
    for (let index = 0; index < topic.partitionCount; index++) {
      for (const node of topic.replicasOf(index)) {
        const change = this.#changeFor(node, name, index, false);
        assert(change !== undefined, () => `${name}-${index} has no replica on ${node}`);
        changes.set(node, [...(changes.get(node) ?? []), { ...change, to: 'delete' }]);
        if (this.#registrations.get(node)?.alive) replicas.set(node, (replicas.get(node) ?? new Set()).add(index));
      }
    }
    const deletion: PendingDeletion = { topicId: topic.id, replicas, done };
    this.#deletions.add(deletion);
    this.#commit((draft) => {
      draft.deleteTopic(name);
      draft.setConfig({ type: 'topic', name }, new Map());
    }, changes);
    if (replicas.size === 0) this.#finishDeletion(deletion);
  }

  /** Changes a configuration. Where it newly allows unclean elections, they are held. */
  setConfig(resource: ConfigResource, values: ReadonlyMap<string, string>): void {
    this.#commit((draft) => draft.setConfig(resource, values));
    this.#electLeaderless((topic) => resource.type !== 'topic' || resource.name === topic);
  }

  /** Holds one election. */
  electLeader(topic: string, index: number, kind: 'preferred' | 'unclean'): 'NONE' | ElectionError {
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
  report(id: NodeId, member: Member, outcomes: readonly ReplicaOutcome[]): void {
    const registration = this.#registrations.get(id);
    if (registration?.member !== member) return;
    registration.owed -= outcomes.length;
    assert(registration.owed >= 0, () => `broker ${id} answered more changes than it was given`);
    for (const { partition, error } of outcomes) {
      if (error !== 'NONE') continue;
      const deletion = [...this.#deletions].find(({ topicId }) => topicId === partition.topicId);
      deletion?.replicas.get(id)?.delete(partition.partition);
      if (deletion?.replicas.get(id)?.size === 0) this.#confirmDeletion(deletion, id);
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

  /** Looks for leaders where there are none. */
  #electLeaderless(concerns: (topic: string) => boolean): void {
    this.#commit((draft) => {
      for (const at of this.#partitions()) {
        if (at.state.leader === NO_LEADER && concerns(at.topic)) this.#elect(draft, at);
      }
    });
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

  #uncleanAllowed(topic: string): boolean {
    const text =
      this.#view.configOf({ type: 'topic', name: topic }).get(UNCLEAN) ??
      this.#view.configOf({ type: 'broker', name: '' }).get(UNCLEAN);
    return text === undefined ? this.#policy.uncleanByDefault : text === 'true';
  }

  #elect(draft: ViewDraft, { topic, index, state }: PartitionAt): void {
    const choice = chooseLeader(
      { ...state, canLead: (node) => this.#canLead(node) },
      { ...this.#policy.election, preferredOnly: false, uncleanAllowed: this.#uncleanAllowed(topic) },
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
    // Java's `ReplicationControlManager.validateAlterPartitionData`: a leader that is not in sync with itself leads nothing.
    if (!verdict.isr.includes(state.leader)) return { ok: false, error: 'INVALID_REQUEST' };
    const next = verdict.changed ? withIsr(state, verdict.isr, verdict.recovering) : state;
    if (verdict.changed) draft.setPartition(topic, partition, next);
    const { leaderEpoch, partitionEpoch, isr, recovering } = next;
    return { ok: true, leader: next.leader, leaderEpoch, partitionEpoch, isr, recovering };
  }

  #commit(change: (draft: ViewDraft) => void, deletions?: ReadonlyMap<NodeId, ReplicaChange[]>): void {
    const draft = new ViewDraft(this.#view, this.#lists);
    change(draft);
    const { delta, view } = draft.finish();
    if (isEmpty(delta)) return;
    this.#view = view;
    for (const [id, registration] of this.#registrations) {
      const deleted = deletions?.get(id) ?? [];
      const changes = [...deleted, ...this.#changesBy(delta, id)];
      if (registration.early === undefined) {
        registration.owed += changes.length;
        registration.member.deliver({ delta, view, changes });
      } else {
        if (deleted.length > 0) registration.early.push([...deleted]);
        registration.member.deliver({ delta, view, changes: [] });
      }
    }
  }

  /** What becomes of this broker's replicas by the decisions of a commit. */
  *#changesBy(delta: ClusterDelta, id: NodeId): IterableIterator<ReplicaChange> {
    for (const topic of delta.topics) {
      for (const index of topic.partitions) {
        const own = this.#changeFor(id, topic.name, index, topic.change === 'created');
        if (own !== undefined) yield own;
      }
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

  #confirmDeletion(deletion: PendingDeletion, id: NodeId): void {
    deletion.replicas.delete(id);
    if (deletion.replicas.size === 0) this.#finishDeletion(deletion);
  }

  #finishDeletion(deletion: PendingDeletion): void {
    if (this.#deletions.delete(deletion)) deletion.done();
  }
}

interface RegisteredBroker {
  /** −1 once the registration is forgotten. */
  epoch: BrokerEpoch;
  readonly incarnationId: string;
  readonly member: Member;
  /** Its session lasts; false once fenced. */
  alive: boolean;
  /** Until its logs are recovered: what has been deleted meanwhile. Undefined afterwards. */
  early: ReplicaChange[][] | undefined;
  /** How many changes it has been given and not answered. */
  owed: number;
}

interface PendingDeletion {
  readonly topicId: TopicId;
  /** The partitions whose replicas live brokers have yet to confirm. */
  readonly replicas: Map<NodeId, Set<number>>;
  readonly done: () => void;
}

interface PartitionAt {
  readonly topic: string;
  readonly topicId: TopicId;
  readonly index: number;
  readonly state: PartitionState;
}

function isEmpty(delta: ClusterDelta): boolean {
  const { brokers, topics, configs, featuresChanged, controllerChanged } = delta;
  return brokers.size + topics.length + configs.length === 0 && !featuresChanged && !controllerChanged;
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
