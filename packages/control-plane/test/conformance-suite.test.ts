import type { BrokerHost, ControlPlane, ReplicaChange, ReplicaOutcome } from '@biquorum/control-plane';
import { planeClaims, type ReferenceCluster, type ReferencePlane } from '@biquorum/control-plane/testing';
import type { BrokerEpoch, ClusterDelta, ClusterView, NodeId } from '@biquorum/metadata';
import { describe, expect, it } from 'vitest';
import { referenceOf } from './support/reference-subject.ts';

type Spoil = (plane: ReferencePlane, cluster: ReferenceCluster) => Partial<ControlPlane>;

/** What the suite says of the reference plane made wrong in one way, on one claim. */
async function verdict(title: string, spoil: Spoil): Promise<string> {
  const claim = Object.values(planeClaims)
    .flat()
    .find((one) => one.title === title);
  if (claim === undefined) throw new Error(`there is no claim "${title}"`);
  const spoiled = referenceOf(5, 5, (plane, cluster) => but<ControlPlane>(plane, spoil(plane, cluster)));
  try {
    await spoiled.use(claim.check);
    return 'holds';
  } catch (error) {
    return (error as Error).name;
  }
}

/** An object like another, but for some of its members. */
function but<Whole extends object>(whole: Whole, changes: Partial<Whole>): Whole {
  return new Proxy(whole, {
    get(target, name) {
      if (name in changes) return changes[name as keyof Whole];
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A plane that calls its host in another way. */
function calling(change: (host: BrokerHost) => Partial<BrokerHost>): Spoil {
  return (plane) => ({ open: (host, deadlineMs) => plane.open(but(host, change(host)), deadlineMs) });
}

const assigning = (change: (one: ReplicaChange) => ReplicaChange): Spoil =>
  calling((host) => ({ assign: (changes) => host.assign(changes.map(change)) }));

const mutants: readonly (readonly [fault: string, claim: string, spoil: Spoil])[] = [
  [
    'takes an id from a live broker',
    'an id that a live broker holds is refused to another process, and the first one stays',
    (plane, cluster) => ({
      open: (host, deadlineMs) => {
        cluster.expireRegistration(host.identity.id);
        return plane.open(host, deadlineMs);
      },
    }),
  ],
  [
    'gives every registration the same epoch',
    'a closed broker has given its id back, and who takes it gets a larger epoch',
    () => ({ brokerEpoch: () => 1 as BrokerEpoch }),
  ],
  [
    'does not give its id back',
    'a closed broker has given its id back, and who takes it gets a larger epoch',
    () => ({ close: () => Promise.resolve() }),
  ],
  [
    'forgets new endpoints',
    'enlist again tells others new endpoints',
    (plane) => {
      let enlisted: Promise<void> | undefined;
      return { enlist: (registration) => (enlisted ??= plane.enlist(registration)) };
    },
  ],
  [
    'does not wait for outcomes, and so has two assigns in flight',
    'never two assigns are in flight, however slow the broker',
    calling(carelessly),
  ],
  ['reports progress without outcomes', 'outcomes are awaited before progress is reported', calling(carelessly)],
  ['completes deletions without outcomes', 'a deletion completes only when every replica is gone', calling(carelessly)],
  [
    'gives up on a stale leader epoch',
    'a stale leader epoch is an answer: the plane goes on',
    calling((host) => ({
      assign: async (changes) => {
        const outcomes = await host.assign(changes);
        if (outcomes.some(({ error }) => error !== 'NONE')) host.halt({ code: 'fault', message: 'stale' });
        return outcomes;
      },
    })),
  ],
  [
    'starts replicas without their configuration',
    'a replica starts with the configuration of its topic',
    assigning((one) => ({ ...one, configs: new Map() })),
  ],
  [
    'lets followers lead',
    'a dead broker leads no longer, and no leader epoch has two leaders',
    assigning((one) => ({ ...one, to: one.to === 'follow' ? 'lead' : one.to })),
  ],
  [
    'hides what changed',
    'epochs in views never go back, and a delta names all that changed',
    calling((host) => ({ publish: (delta, view) => host.publish({ ...delta, topics: [] }, view) })),
  ],
  [
    'shows an older view again',
    'epochs in views never go back, and a delta names all that changed',
    calling((host) => {
      let last: { delta: ClusterDelta; view: ClusterView } | undefined;
      return {
        publish: (delta, view) => {
          host.publish(delta, view);
          if (last !== undefined) host.publish({ ...delta, ...last.delta }, last.view);
          last = { delta, view };
        },
      };
    }),
  ],
  [
    'loses some assignments',
    'views and assignments come in either order and agree in the end',
    calling((host) => {
      let calls = 0;
      return {
        assign: async (changes) => (calls++ % 3 === 2 ? changes.map(fine) : host.assign(changes)),
      };
    }),
  ],
  [
    'goes on after a view that the broker cannot take',
    'a view that the broker cannot take stops the broker',
    calling((host) => ({
      publish: (delta, view) => {
        try {
          host.publish(delta, view);
        } catch {
          // Lost.
        }
      },
    })),
  ],
  [
    'promises an ISR that nobody committed',
    'an accepted ISR is answered as committed, and all views follow',
    () => ({
      alterPartitions: async (changes) =>
        changes.map(({ leaderEpoch, partitionEpoch, isr, recovering }) => {
          return { ok: true, leader: isr[0]?.node ?? (-1 as never), leaderEpoch, partitionEpoch, isr: [], recovering };
        }),
    }),
  ],
  [
    'calls everything that is refused fenced',
    'stale epochs and strangers are refused by name, each partition by itself and in order',
    (plane) => ({
      alterPartitions: async (changes) =>
        (await plane.alterPartitions(changes)).map((one) =>
          one.ok ? one : { ok: false, error: 'FENCED_LEADER_EPOCH' },
        ),
    }),
  ],
  [
    'has an ISR change take effect twice',
    'an ISR change whose reply is lost is asked again and takes effect once',
    (plane) => ({
      alterPartitions: async (changes) => {
        const [first] = await plane.alterPartitions(changes);
        const [change] = changes;
        if (!first?.ok || change === undefined) return [];
        // Out and in again: the state is as proposed, and has changed three times.
        const others = {
          ...change,
          isr: [...change.isr, { node: ((change.isr[0]?.node ?? 1) % 3) + 1, brokerEpoch: -1 }],
        };
        const [second] = await plane.alterPartitions([
          { ...others, partitionEpoch: first.partitionEpoch } as typeof change,
        ]);
        return second?.ok ? plane.alterPartitions([{ ...change, partitionEpoch: second.partitionEpoch }]) : [];
      },
    }),
  ],
  [
    'hands out producer ids twice',
    'blocks of producer ids outlive the controller and never overlap',
    () => ({ allocateProducerIds: async () => ({ ok: true, value: { first: 0, count: 1_000 } }) }),
  ],
  [
    'drops every client',
    "a client's request outlives the controller, or is refused",
    () => ({ handle: async () => ({ kind: 'close', reason: 'spoiled' }) }),
  ],
  [
    'leaves commands open when it closes',
    'commands in flight when the plane closes are answered with errors',
    () => ({ allocateProducerIds: () => new Promise(() => {}) }),
  ],
  [
    'answers creations in another order',
    'creations are answered in the order asked, each by itself',
    (plane) => ({ createTopics: async (...asked) => [...(await plane.createTopics(...asked))].reverse() }),
  ],
  [
    'fences whoever was not heard while there was no controller',
    'a restored controller gives brokers time to be heard again',
    (_plane, cluster) => {
      const restore = cluster.restoreController.bind(cluster);
      cluster.restoreController = () => {
        restore();
        for (const id of [1, 2, 3]) cluster.expireRegistration(id as NodeId);
      };
      return {};
    },
  ],
  [
    'says that nothing is left without moving anything',
    'withdraw moves every led partition that has another in-sync replica',
    () => ({ withdraw: async () => [] }),
  ],
  [
    'goes on calling after close',
    'nothing is called after close, not even with work under way',
    () => ({ close: () => Promise.resolve() }),
  ],
];

describe('the conformance suite', () => {
  for (const [fault, claim, spoil] of mutants) {
    it(`finds a plane that ${fault}`, async () => {
      expect(await verdict(claim, () => ({}))).toBe('holds');
      // A claim fails by its own words, or by the fault that the plane gives as its reason.
      expect(['ClaimFailed', 'PlaneError']).toContain(await verdict(claim, spoil));
    });
  }
});

/** Answers before the host does. */
function carelessly(host: BrokerHost): Partial<BrokerHost> {
  return {
    assign: async (changes) => {
      void host.assign(changes);
      return changes.map(fine);
    },
  };
}

function fine({ topic, topicId, partition }: ReplicaChange): ReplicaOutcome {
  return { partition: { topic, topicId, partition }, error: 'NONE' };
}
