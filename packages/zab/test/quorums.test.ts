import { EngineConfigError } from '@biquorum/consensus';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOptions, DEFAULT_OPTIONS, type ZabOptions } from '../src/options.ts';
import { verifierOf } from '../src/verifier.ts';
import { agree, isBetter, type Vote } from '../src/vote.ts';
import { Ensemble } from './support/ensemble.ts';

const groups = {
  kind: 'groups',
  groups: [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ],
  weights: {},
} as const;
const voters = [1, 2, 3, 4, 5, 6, 7, 8, 9];

describe('quorums of groups', () => {
  test("are ZooKeeper's: a majority of groups, each with a majority of its weight", () => {
    const { isQuorum } = bound(verifierOf(groups, voters));
    expect(isQuorum([1, 2, 4, 5])).toBe(true);
    expect(isQuorum([1, 2, 3, 4, 7])).toBe(false);
    expect(isQuorum([1, 2, 3])).toBe(false);
    expect(isQuorum([2, 3, 8, 9])).toBe(true);
  });

  test('count weights, and pass over groups that weigh nothing', () => {
    const weighted = { ...groups, weights: { 1: 3, 7: 0, 8: 0, 9: 0 } };
    const { isQuorum } = bound(verifierOf(weighted, voters));
    expect(isQuorum([1, 4, 5])).toBe(true);
    expect(isQuorum([2, 3, 4, 5])).toBe(false);
    expect(isQuorum([1, 7, 8, 9])).toBe(false);
  });

  test('any two have a voter in common, and a value is reached when the voters that have it are one', () => {
    const weights = fc.dictionary(fc.constantFrom(...voters.map(String)), fc.nat(3));
    const subset = fc.uniqueArray(fc.constantFrom(...voters));
    fc.assert(
      fc.property(
        weights,
        subset,
        subset,
        fc.array(fc.nat(5), { minLength: 9, maxLength: 9 }),
        (given, a, b, values) => {
          const choice = { ...groups, weights: { ...given, 1: 1 } as Record<number, number> };
          const verifier = verifierOf(choice, voters);
          const { isQuorum } = bound(verifier);
          if (isQuorum(a) && isQuorum(b)) expect(a.some((voter) => b.includes(voter))).toBe(true);
          const reached = verifier.reached((voter) => values[voter - 1] ?? 0);
          const having = (least: number): number[] => voters.filter((voter) => (values[voter - 1] ?? 0) >= least);
          expect(isQuorum(having(reached))).toBe(true);
          expect(isQuorum(having(reached + 1))).toBe(false);
        },
      ),
    );
  });

  test.each([
    [
      'a group that names no voter',
      {
        ...groups,
        groups: [
          [1, 2, 3, 10],
          [4, 5, 6],
          [7, 8, 9],
        ],
      },
      'server 10',
    ],
    [
      'a voter in two groups',
      {
        ...groups,
        groups: [
          [1, 2, 3],
          [3, 4, 5, 6],
          [7, 8, 9],
        ],
      },
      'server 3 twice',
    ],
    [
      'a voter in none',
      {
        ...groups,
        groups: [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8],
        ],
      },
      'voter 9 is in none',
    ],
    ['a negative weight', { ...groups, weights: { 1: -1 } }, 'weight of server 1'],
    [
      'no weight at all',
      { ...groups, weights: Object.fromEntries(voters.map((id) => [id, 0])) },
      'no group has any weight',
    ],
  ])('%s is refused', (_, choice, said) => {
    expect(() => verifierOf(choice, voters)).toThrow(EngineConfigError);
    expect(() => verifierOf(choice, voters)).toThrow(said);
  });

  test('an ensemble of groups serves with two groups and stops with one', () => {
    const choice = {
      kind: 'groups',
      groups: [
        [0, 1, 2],
        [3, 4, 5],
        [6, 7, 8],
      ],
      weights: {},
    } as const;
    const ensemble = new Ensemble(9, { verifier: choice }).start();
    ensemble.untilServes();
    // Five of nine are no quorum here, and four of nine may be one.
    ensemble.powerOff(5, 6, 7, 8, 2);
    const leader = ensemble.untilServes(0, 1, 3, 4);
    ensemble.propose(leader, 'a');
    expect(ensemble.server(leader).delivered).toEqual(['a']);
    ensemble.powerOff(leader).run(3000);
    expect(ensemble.leader).toBeUndefined();
  });
});

describe('votes', () => {
  const vote = (differs: Partial<Vote>): Vote => ({
    leader: 1,
    zxid: 10,
    peerEpoch: 1,
    electionEpoch: 3,
    state: 'looking',
    version: 0,
    ...differs,
  });
  const better = (one: Vote, other: Vote): boolean => isBetter(one, other, () => 1);

  test('are ordered by epoch, then zxid, then id, and who weighs nothing is never better', () => {
    expect(better(vote({ peerEpoch: 2, zxid: 1 }), vote({ zxid: 99 }))).toBe(true);
    expect(better(vote({ zxid: 11 }), vote({ leader: 9 }))).toBe(true);
    expect(better(vote({ leader: 2 }), vote({}))).toBe(true);
    expect(better(vote({}), vote({}))).toBe(false);
    expect(isBetter(vote({ peerEpoch: 9 }), vote({}), () => 0)).toBe(false);
  });

  test('agree in everything while both look, else in leader and epoch, with the oldest servers in the leader alone', () => {
    expect(agree(vote({}), vote({ zxid: 11 }))).toBe(false);
    expect(agree(vote({}), vote({ electionEpoch: 4 }))).toBe(false);
    const follows = vote({ state: 'following', version: 2 });
    expect(agree(follows, { ...follows, zxid: 99, electionEpoch: 7, state: 'leading' })).toBe(true);
    expect(agree(follows, { ...follows, peerEpoch: 2 })).toBe(false);
    expect(agree(follows, vote({ peerEpoch: 2 }))).toBe(true);
    expect(agree(follows, vote({ leader: 2 }))).toBe(false);
  });
});

describe('settings', () => {
  test.each<[string, Partial<ZabOptions>]>([
    ['tickMs is 0', { tickMs: 0 }],
    ['initLimit is 1.5', { initLimit: 1.5 }],
    ['finalizeWaitMs is -1', { finalizeWaitMs: -1 }],
    ['counterMax is 4294967296', { counterMax: 2 ** 32 }],
    ['notificationMinMs 200 must not be above notificationMaxMs 100', { notificationMaxMs: 100 }],
    ['entryBytesMax 9999999999 must not be above', { entryBytesMax: 9_999_999_999 }],
  ])('%s: refused, with the setting and its value', (said, options) => {
    expect(() => checkOptions({ ...DEFAULT_OPTIONS, ...options })).toThrow(said);
  });

  test('epochs on the disk that contradict each other are refused', () => {
    const ensemble = new Ensemble(1);
    ensemble.server(0).disk.write({ id: 1, durable: { acceptedEpoch: 2, currentEpoch: 3 } });
    ensemble.server(0).disk.finish();
    expect(() => ensemble.start()).toThrow('acceptedEpoch 2 on the disk is older than currentEpoch 3');
  });
});

function bound(verifier: ReturnType<typeof verifierOf>): { isQuorum(members: readonly number[]): boolean } {
  return { isQuorum: (members) => verifier.isQuorum(new Set(members)) };
}
