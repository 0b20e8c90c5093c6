import { expect, test } from 'vitest';
import { Cluster } from './support/cluster.ts';

const SPREAD = 100;
const options = { preVote: false, firstElectionSpreadMs: SPREAD };

test('voters of a fresh quorum stand one after the other, long before the election timeout', () => {
  const cluster = new Cluster(3, options);
  cluster.pass(2 * SPREAD);
  expect(cluster.nodes.map(({ view: { leader, epoch } }) => ({ leader, epoch }))).toEqual([
    { leader: 0, epoch: 1 },
    { leader: 0, epoch: 1 },
    { leader: 0, epoch: 1 },
  ]);
});

test('the next voter stands when the first is not there', () => {
  const cluster = new Cluster(3, options);
  cluster.partition([1, 2], [0]);
  cluster.pass(3 * SPREAD);
  expect([1, 2].map((id) => cluster.node(id).view.leader)).toEqual([1, 1]);
});

test('a voter with a fresh disk does not disturb the leader that the others have', () => {
  const cluster = new Cluster(3, options);
  cluster.partition([0, 1], [2]);
  cluster.pass(2 * SPREAD);
  cluster.node(0).propose('kept');
  cluster.pass(3 * SPREAD);
  cluster.partition([0, 1, 2]);
  cluster.pass(5000);
  expect(cluster.nodes.map(({ view: { leader } }) => leader)).toEqual([0, 0, 0]);
  expect(cluster.node(2).texts()).toEqual(['kept']);
});

test('a spread that is no whole number is refused', () => {
  expect(() => new Cluster(3, { firstElectionSpreadMs: -1 })).toThrow('firstElectionSpreadMs is -1');
});
