import { encodeSubscription } from '@biquorum/kafka-wire/consumer-protocol';
import { Prng } from '@biquorum/std';
import { describe, expect, it } from 'vitest';
import { assign } from '../src/client/assignors.ts';
import type { AssignedTopic } from '../src/client/range-assignment.ts';
import { roundRobinAssignment } from '../src/client/round-robin-assignment.ts';
import { type StickyMember, stickyAssignment, withoutMoving } from '../src/client/sticky-assignment.ts';

const names = (topics: readonly AssignedTopic[] = []): string[] =>
  topics.flatMap(({ topic, partitions }) => partitions.map((number) => `${topic}p${number}`)).sort();
const shown = (assignment: ReadonlyMap<string, readonly AssignedTopic[]>): Record<string, string[]> =>
  Object.fromEntries([...assignment].map(([id, topics]) => [id, names(topics)]));
const member = (topics: readonly string[], owned: readonly AssignedTopic[] = [], generation = 1): StickyMember => {
  return { topics, owned, generation };
};

describe('round robin', () => {
  // The two examples of the documentation of Java's `RoundRobinAssignor`.
  it('deals partitions out in turn', () => {
    const topics = ['t0', 't1'];
    const assignment = roundRobinAssignment(
      new Map([
        ['C0', topics],
        ['C1', topics],
      ]),
      new Map([
        ['t0', 3],
        ['t1', 3],
      ]),
    );
    expect(shown(assignment)).toEqual({ C0: ['t0p0', 't0p2', 't1p1'], C1: ['t0p1', 't1p0', 't1p2'] });
  });

  it('passes over those who do not want a topic', () => {
    const assignment = roundRobinAssignment(
      new Map([
        ['C0', ['t0']],
        ['C1', ['t0', 't1']],
        ['C2', ['t0', 't1', 't2']],
      ]),
      new Map([
        ['t0', 1],
        ['t1', 2],
        ['t2', 3],
      ]),
    );
    expect(shown(assignment)).toEqual({ C0: ['t0p0'], C1: ['t1p0'], C2: ['t1p1', 't2p0', 't2p1', 't2p2'] });
  });
});

describe('sticky', () => {
  const counts = new Map([
    ['t0', 2],
    ['t1', 2],
    ['t2', 2],
    ['t3', 2],
  ]);
  const topics = [...counts.keys()];

  // The example of the documentation of Java's `StickyAssignor`: C1 leaves, and the others keep what they have.
  it('leaves partitions with who has them when somebody leaves', () => {
    const before = {
      C0: [
        { topic: 't0', partitions: [0] },
        { topic: 't1', partitions: [1] },
        { topic: 't3', partitions: [0] },
      ],
      C2: [
        { topic: 't1', partitions: [0] },
        { topic: 't2', partitions: [1] },
      ],
    };
    const after = shown(
      stickyAssignment(
        new Map([
          ['C0', member(topics, before.C0)],
          ['C2', member(topics, before.C2)],
        ]),
        counts,
      ),
    );
    expect(after['C0']).toEqual(expect.arrayContaining(names(before.C0)));
    expect(after['C2']).toEqual(expect.arrayContaining(names(before.C2)));
    expect([after['C0']?.length, after['C2']?.length]).toEqual([4, 4]);
  });

  it('gives what two say they have to the one of the later generation, and otherwise counts it for neither', () => {
    const both = [{ topic: 't0', partitions: [0, 1] }];
    const of = (left: number, right: number): Record<string, string[]> =>
      shown(
        stickyAssignment(
          new Map([
            ['a', member(['t0', 't1'], both, left)],
            ['b', member(['t0', 't1'], both, right)],
          ]),
          new Map([
            ['t0', 2],
            ['t1', 2],
          ]),
        ),
      );
    expect(of(3, 4)).toEqual({ a: ['t1p0', 't1p1'], b: ['t0p0', 't0p1'] });
    const [first, second] = Object.values(of(4, 4));
    expect([first?.length, second?.length]).toEqual([2, 2]);
  });

  it('is even, complete, and moves no more than it must, whoever wants and has what', () => {
    const prng = new Prng(11);
    for (let round = 0; round < 300; round++) {
      const counts = new Map(Array.from({ length: 1 + prng.below(3) }, (_, index) => [`t${index}`, prng.below(6)]));
      const wanted = [...counts.keys()];
      const ids = Array.from({ length: 1 + prng.below(5) }, (_, index) => `m${index}`);
      let members = new Map(ids.map((id) => [id, member(wanted)]));
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      for (let generation = 2; generation < 5; generation++) {
        const assignment = stickyAssignment(members, counts);
        const all = [...assignment.values()].flatMap(names);
        expect(all.toSorted()).toEqual(
          [...counts].flatMap(([topic, count]) => Array.from({ length: count }, (_, at) => `${topic}p${at}`)).sort(),
        );
        const loads = [...assignment.values()].map((given) => names(given).length);
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
        // Nobody gives up more than what is above the even share.
        for (const [id, { owned }] of members) {
          const kept = names(owned).filter((name) => names(assignment.get(id)).includes(name)).length;
          expect(kept).toBeGreaterThanOrEqual(Math.min(names(owned).length, Math.floor(total / members.size)));
        }
        members = new Map([...assignment].map(([id, owned]) => [id, member(wanted, owned, generation)]));
        if (prng.chance(0.5) && members.size > 1) members.delete([...members.keys()][0] as string);
        else members.set(`n${generation}`, member(wanted));
      }
    }
  });

  it('keeps what another member has from its new owner until it is given up', () => {
    const old = member(['t'], [{ topic: 't', partitions: [0, 1, 2, 3] }]);
    const members = new Map([
      ['a', old],
      ['b', member(['t'])],
    ]);
    const target = stickyAssignment(members, new Map([['t', 4]]));
    expect(shown(target)).toEqual({ a: ['tp0', 'tp1'], b: ['tp2', 'tp3'] });
    expect(shown(withoutMoving(target, members))).toEqual({ a: ['tp0', 'tp1'], b: [] });
  });
});

it('the way that is chosen decides; members of older versions have no generation', () => {
  const metadata = (topics: readonly string[], version: number): Uint8Array => encodeSubscription({ topics }, version);
  const joined = [
    { memberId: 'a', metadata: metadata(['t'], 0) },
    { memberId: 'b', metadata: metadata(['t'], 3) },
  ];
  const counts = new Map([['t', 3]]);
  expect(shown(assign('range', joined, counts))).toEqual({ a: ['tp0', 'tp1'], b: ['tp2'] });
  expect(shown(assign('roundrobin', joined, counts))).toEqual({ a: ['tp0', 'tp2'], b: ['tp1'] });
  expect(shown(assign('cooperative-sticky', joined, counts))).toEqual({ a: ['tp0', 'tp2'], b: ['tp1'] });
});
