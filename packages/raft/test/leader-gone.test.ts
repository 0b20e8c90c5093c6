import { describe, expect, test } from 'vitest';
import { Cluster, type Node } from './support/cluster.ts';

/** Three voters and an observer; the first voter leads, and nobody hears it any more. */
function orphaned(preVote: boolean): { readonly cluster: Cluster; readonly followers: readonly Node[] } {
  const cluster = new Cluster(3, { preVote }, 1);
  cluster.elect(0);
  cluster.pass(200);
  cluster.node(0).propose('kept');
  cluster.pass(200);
  cluster.partition([1, 2, 3], [0]);
  return { cluster, followers: [1, 2, 3].map((id) => cluster.node(id)) };
}

const tellGone = (node: Node, peer: number, gone: boolean): void =>
  void node.step({ kind: 'link', channel: 'raft', peer, up: false, gone });

describe.each([false, true])('a leader whose process has ended (pre-vote: %s)', (preVote) => {
  test('is succeeded long before the fetch timeout, and observers find the successor', () => {
    const { cluster, followers } = orphaned(preVote);
    for (const node of followers) tellGone(node, 0, true);
    cluster.settle();
    cluster.pass(100);
    expect(followers.map(({ view: { leader, epoch } }) => ({ leader, epoch }))).toEqual(
      followers.map(() => ({ leader: 1, epoch: 2 })),
    );
    expect(cluster.node(1).view.leading).toBe(true);
    expect(followers.map((node) => node.texts())).toEqual(followers.map(() => ['kept']));
  });

  test('is waited for when only its link went down', () => {
    const { cluster, followers } = orphaned(preVote);
    for (const node of followers) tellGone(node, 0, false);
    cluster.settle();
    cluster.pass(1000);
    expect(followers.map(({ view: { leader, epoch } }) => ({ leader, epoch }))).toEqual(
      followers.map(() => ({ leader: 0, epoch: 1 })),
    );
  });

  test('is succeeded by the next voter where the first one lacks what is committed', () => {
    const { cluster, followers } = orphaned(preVote);
    cluster.partition([0, 2, 3], [1]);
    cluster.node(0).propose('late');
    cluster.pass(200);
    cluster.partition([1, 2, 3], [0]);
    for (const node of followers) tellGone(node, 0, true);
    cluster.settle();
    cluster.pass(700);
    expect(cluster.node(2).view.leading).toBe(true);
    expect(cluster.node(1).texts()).toEqual(['kept', 'late']);
  });
});

test('a follower that is told of another peer, or by mistake, harms nobody', () => {
  const cluster = new Cluster(3, { preVote: false });
  cluster.elect(0);
  cluster.pass(200);
  tellGone(cluster.node(1), 2, true);
  cluster.settle();
  expect(cluster.node(0).view).toMatchObject({ leading: true, epoch: 1 });
  const token = cluster.node(0).propose('under way');
  cluster.settle();
  expect(cluster.node(0).outcomes.get(token)).toMatchObject({ kind: 'committed' });
  tellGone(cluster.node(1), 0, true);
  cluster.settle();
  cluster.pass(5000);
  const leading = cluster.nodes.filter(({ view }) => view.leading);
  expect(leading).toHaveLength(1);
  expect(leading[0]?.texts()).toEqual(['under way']);
});

test('an observer whose leader does not answer asks the others at once', () => {
  const { cluster } = orphaned(false);
  for (const id of [1, 2]) tellGone(cluster.node(id), 0, true);
  tellGone(cluster.node(3), 0, false);
  cluster.settle();
  cluster.pass(200);
  expect(cluster.node(3).view).toMatchObject({ leader: 1, epoch: 2 });
  expect(cluster.node(3).texts()).toEqual(['kept']);
});
