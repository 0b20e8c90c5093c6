import type { BrokerIdentity } from '@biquorum/control-plane';
import { type Decision, Government } from '@biquorum/control-plane/testing';
import type { BrokerEpoch, ClusterView, LeaderEpoch, NodeId, PartitionEpoch, TopicId } from '@biquorum/metadata';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const BROKERS = [1, 2, 3, 4] as NodeId[];
const TOPICS = ['a', 'b', 'c'];

/** What may happen to a cluster; numbers choose among what there is. */
type Step =
  | { readonly do: 'register' | 'unfence' | 'fence' | 'expire' | 'withdraw'; readonly broker: number }
  | {
      readonly do: 'create';
      readonly topic: number;
      readonly partitions: number;
      readonly first: number;
      readonly rf: number;
    }
  | { readonly do: 'delete' | 'allowUnclean'; readonly topic: number }
  | { readonly do: 'elect'; readonly topic: number; readonly partition: number; readonly unclean: boolean }
  | {
      readonly do: 'isr';
      readonly topic: number;
      readonly partition: number;
      readonly members: number;
      readonly age: number;
    };

const small = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('register', 'unfence', 'fence', 'expire', 'withdraw'), broker: small(3) }),
  fc.record({ do: fc.constantFrom('unfence'), broker: small(3) }),
  fc.record({ do: fc.constant('create'), topic: small(2), partitions: small(2), first: small(3), rf: small(2) }),
  fc.record({ do: fc.constantFrom('delete', 'allowUnclean'), topic: small(2) }),
  fc.record({ do: fc.constant('elect'), topic: small(2), partition: small(2), unclean: fc.boolean() }),
  fc.record({ do: fc.constant('isr'), topic: small(2), partition: small(2), members: small(15), age: small(1) }),
);

/** A government, its brokers, and a history of all that was decided. */
class World {
  readonly government = new Government('model', { election: { keepCurrent: true }, uncleanByDefault: false });
  readonly epochs = new Map<NodeId, BrokerEpoch>();
  readonly views: ClusterView[] = [this.government.view];
  readonly told = new Map<NodeId, Decision[]>();
  #topicIds = 0;

  take(step: Step): void {
    const { government } = this;
    const before = government.view;
    switch (step.do) {
      case 'register':
        this.#register(BROKERS[step.broker] as NodeId);
        break;
      case 'unfence':
        this.#withEpoch(step.broker, (id, epoch) => government.unfence(id, epoch, { endpoints: [] }));
        break;
      case 'fence':
        this.#withEpoch(step.broker, (id, epoch) => government.fence(id, epoch));
        break;
      case 'expire':
        government.expire(BROKERS[step.broker] as NodeId);
        break;
      case 'withdraw':
        this.#withEpoch(step.broker, (id, epoch) => government.withdraw(id, epoch));
        break;
      case 'create': {
        const name = TOPICS[step.topic] as string;
        if (before.topics.has(name)) break;
        const replicas = BROKERS.map((_, index) => BROKERS[(index + step.first) % 4] as NodeId).slice(0, step.rf + 1);
        const id = `id${this.#topicIds++}` as TopicId;
        const assignment = Array.from({ length: step.partitions + 1 }, () => replicas);
        government.createTopic(name, id, assignment, new Map());
        break;
      }
      case 'delete': {
        const name = TOPICS[step.topic] as string;
        if (before.topics.has(name)) government.deleteTopic(name, () => {});
        break;
      }
      case 'allowUnclean': {
        const values = new Map([['unclean.leader.election.enable', 'true']]);
        government.setConfig({ type: 'topic', name: TOPICS[step.topic] as string }, values);
        break;
      }
      case 'elect':
        government.electLeader(TOPICS[step.topic] as string, step.partition, step.unclean ? 'unclean' : 'preferred');
        break;
      case 'isr':
        this.#propose(step);
    }
    if (government.view !== before) this.views.push(government.view);
  }

  #register(id: NodeId): void {
    // Whoever is registered registers again under its incarnation; others come as a new one.
    const verdict = this.government.register(identityOf(id, `incarnation of ${id}`), {
      deliver: (decision) => this.told.set(id, [...(this.told.get(id) ?? []), decision]),
    });
    if (verdict.kind === 'registered') {
      expect(verdict.epoch).toBeGreaterThan(Math.max(0, ...this.epochs.values()));
      this.epochs.set(id, verdict.epoch);
    }
  }

  #withEpoch(broker: number, act: (id: NodeId, epoch: BrokerEpoch) => void): void {
    const id = BROKERS[broker] as NodeId;
    const epoch = this.epochs.get(id);
    if (epoch !== undefined) act(id, epoch);
  }

  #propose(step: Step & { do: 'isr' }): void {
    const topic = this.government.view.topics.get(TOPICS[step.topic] as string);
    const state = topic?.partition(step.partition);
    if (topic === undefined || state === undefined) return;
    const isr = BROKERS.filter((_, index) => (step.members >> index) & 1);
    const change = {
      partition: { topic: topic.name, topicId: topic.id, partition: step.partition },
      leaderEpoch: state.leaderEpoch,
      partitionEpoch: (state.partitionEpoch - step.age) as PartitionEpoch,
      isr: isr.map((node) => ({ node, brokerEpoch: this.epochs.get(node) ?? -1 })),
      recovering: false,
    };
    const answer = this.government.alterPartitions(state.leader, this.epochs.get(state.leader) ?? (-1 as BrokerEpoch), [
      change,
    ]);
    if (answer === 'STALE_BROKER_EPOCH') return;
    const after = this.government.view.topics.get(topic.name)?.partition(step.partition);
    if (answer[0]?.ok) expect(answer[0]).toMatchObject({ isr: after?.isr, partitionEpoch: after?.partitionEpoch });
    else expect(after).toEqual(state);
  }
}

function run(steps: readonly Step[]): World {
  const world = new World();
  for (const broker of [0, 1, 2]) {
    world.take({ do: 'register', broker });
    world.take({ do: 'unfence', broker });
  }
  world.take({ do: 'create', topic: 0, partitions: 1, first: 0, rf: 2 });
  world.take({ do: 'create', topic: 1, partitions: 0, first: 1, rf: 1 });
  for (const step of steps) world.take(step);
  return world;
}

/** Every state that a partition was ever seen in. */
function* history(world: World) {
  for (const [at, view] of world.views.entries()) {
    for (const topic of view.topics.values()) {
      for (let index = 0; index < topic.partitionCount; index++) {
        const state = topic.partition(index);
        if (state !== undefined) yield { at, view, key: `${topic.id}-${index}`, state };
      }
    }
  }
}

const steps = fc.array(stepArbitrary, { maxLength: 60, size: 'max' });

describe('the reference government', () => {
  it('has one leader in each leader epoch, and neither epoch ever goes back', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const leaders = new Map<string, NodeId>();
        const last = new Map<string, { leaderEpoch: LeaderEpoch; partitionEpoch: PartitionEpoch; text: string }>();
        for (const { key, state } of history(run(taken))) {
          const { leader, leaderEpoch, partitionEpoch } = state;
          const inEpoch = `${key} in ${leaderEpoch}`;
          expect(leaders.get(inEpoch) ?? leader, inEpoch).toBe(leader);
          leaders.set(inEpoch, leader);
          const before = last.get(key);
          const text = JSON.stringify(state);
          if (before !== undefined) {
            expect(leaderEpoch).toBeGreaterThanOrEqual(before.leaderEpoch);
            expect(partitionEpoch).toBeGreaterThanOrEqual(before.partitionEpoch);
            // The partition epoch counts changes: none without it, one each.
            expect(partitionEpoch === before.partitionEpoch).toBe(text === before.text);
          }
          last.set(key, { leaderEpoch, partitionEpoch, text });
        }
      }),
    );
  });

  it('keeps each ISR among the replicas and never empty, with the leader in it', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        for (const { state } of history(run(taken))) {
          expect(state.isr.length).toBeGreaterThan(0);
          expect(state.isr.filter((node) => !state.replicas.includes(node))).toEqual([]);
          expect(new Set(state.isr).size).toBe(state.isr.length);
          if (state.leader !== -1) expect(state.isr).toContain(state.leader);
        }
      }),
    );
  });

  it('lets no fenced broker lead, and leaves no partition without a leader that an in-sync broker could lead', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const world = run(taken);
        // The views in between belong to decisions that are made in two commits.
        const { view } = world.government;
        for (const { at, state } of history(world)) {
          if (at !== world.views.length - 1) continue;
          const canLead = (node: NodeId): boolean => {
            const broker = view.brokers.get(node);
            return broker !== undefined && !broker.fenced && !broker.shuttingDown;
          };
          if (state.leader !== -1) expect(view.brokers.get(state.leader)?.fenced).toBe(false);
          else expect(state.isr.filter(canLead)).toEqual([]);
        }
      }),
    );
  });

  it('drops the last in-sync replica for no election but an unclean one', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const before = new Map<string, readonly NodeId[]>();
        for (const { key, state, view } of history(run(taken))) {
          const old = before.get(key);
          const lost = old !== undefined && !state.isr.some((node) => old.includes(node));
          // A leader may confirm what came of it later; here ISRs change by proposals of the leader, who is a member.
          if (lost) expect(state.recovering, `${key} of ${view.clusterId}`).toBe(true);
          before.set(key, state.isr);
        }
      }),
    );
  });

  it('tells each broker of every view after its registration, and of each change of its replicas', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const world = run(taken);
        for (const decisions of world.told.values()) {
          const at = decisions.map(({ view }) => view.brokers.size);
          expect(at.length).toBeGreaterThan(0);
          // The broker that has not asked for its assignments gets none before.
          expect(decisions.flatMap(({ changes }) => changes)).toEqual([]);
        }
        for (const id of world.epochs.keys()) {
          const given = world.government
            .assignmentsOf(id)
            .flat()
            .filter(({ to }) => to !== 'delete');
          const own = [...world.government.view.topics.values()].flatMap((topic) =>
            Array.from({ length: topic.partitionCount }, (_, index) => topic.partition(index)?.replicas.includes(id)),
          );
          expect(given.length).toBe(own.filter(Boolean).length);
          for (const { to, leader } of given) expect(to === 'lead').toBe(leader === id);
        }
      }),
    );
  });

  it('decides the same twice', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const sight = (world: World): string =>
          JSON.stringify([...history(world)].map(({ key, state }) => [key, state]));
        expect(sight(run(taken))).toBe(sight(run(taken)));
      }),
    );
  });

  it('refuses an id to another incarnation until the session of the first has ended', () => {
    const government = new Government('ids', { election: { keepCurrent: true }, uncleanByDefault: false });
    const member = { deliver: () => {} };
    const first = government.register(identityOf(BROKERS[0] as NodeId, 'first'), member);
    expect(first).toMatchObject({ kind: 'registered', epoch: 1 });
    expect(government.register(identityOf(BROKERS[0] as NodeId, 'second'), member)).toEqual({ kind: 'id-taken' });
    expect(government.register(identityOf(BROKERS[0] as NodeId, 'first'), member)).toMatchObject({ epoch: 2 });
    government.fence(1 as NodeId, 1 as BrokerEpoch);
    expect(government.register(identityOf(BROKERS[0] as NodeId, 'second'), member)).toEqual({ kind: 'id-taken' });
    government.fence(1 as NodeId, 2 as BrokerEpoch);
    expect(government.register(identityOf(BROKERS[0] as NodeId, 'second'), member)).toMatchObject({ epoch: 3 });
  });
});

function identityOf(id: NodeId, incarnationId: string): BrokerIdentity {
  return {
    id,
    incarnationId,
    rack: null,
    directories: [],
    previousBrokerEpoch: -1 as BrokerEpoch,
    supportedFeatures: new Map(),
  };
}
