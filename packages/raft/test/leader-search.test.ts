import type { RaftOptions } from '@biquorum/raft';
import { describe, expect, test } from 'vitest';
import { Cluster, type Envelope, type Node } from './support/cluster.ts';

const VOTERS = 3;
const OBSERVERS = 8;

/** The first voter leads; so many follow it only to learn. */
function led(options: Partial<RaftOptions>): { readonly cluster: Cluster; readonly observers: readonly Node[] } {
  const cluster = new Cluster(VOTERS, options, OBSERVERS);
  cluster.elect(0);
  cluster.node(0).propose('kept');
  cluster.pass(200);
  return { cluster, observers: cluster.nodes.slice(VOTERS) };
}

/** Lets time pass until one of these voters leads. */
function untilLed(cluster: Cluster, by: readonly number[]): Node {
  for (let passed = 0; passed < 20_000; passed += 10) {
    cluster.pass(10);
    const leader = cluster.nodes.find(({ id, view }) => by.includes(id) && view.leading);
    if (leader !== undefined) return leader;
  }
  throw new Error('nobody gets elected');
}

const between = (left: number, right: number, { from, to }: Envelope): boolean =>
  (from === left && to === right) || (from === right && to === left);

describe.each([false, true])('an observer that looks for the leader (pre-vote: %s)', (preVote) => {
  test('finds the successor of one that fell silent as soon as there is one', () => {
    const { cluster, observers } = led({ preVote });
    cluster.drops = ({ from, to }) => from === 0 || to === 0;
    const { id, view } = untilLed(cluster, [1, 2]);
    cluster.pass(150);
    expect(observers.map((node) => node.view.leader)).toEqual(observers.map(() => id));
    expect(observers.map((node) => node.view.epoch)).toEqual(observers.map(() => view.epoch));
  });

  test('finds it at its own start though one of the voters is silent', () => {
    const cluster = new Cluster(VOTERS, { preVote }, OBSERVERS);
    cluster.drops = ({ from, to }) => from === 2 || to === 2;
    cluster.elect(0);
    const observers = cluster.nodes.slice(VOTERS);
    cluster.pass(200);
    expect(observers.map((node) => node.view.leader)).toEqual(observers.map(() => 0));
  });

  test('finds the successor of one that has resigned but goes on answering', () => {
    const { cluster, observers } = led({ preVote });
    cluster.drops = (one) => between(0, 1, one) || between(0, 2, one);
    const { id } = untilLed(cluster, [1, 2]);
    for (let passed = 0; cluster.node(0).view.leading; passed += 10) {
      expect(passed).toBeLessThan(20_000);
      cluster.pass(10);
    }
    // What waited there for news is not answered any more, and ends with its connection.
    for (const node of observers) node.step({ kind: 'link', channel: 'raft', peer: 0, up: false });
    cluster.pass(150);
    expect(observers.map((node) => node.view.leader)).toEqual(observers.map(() => id));
  });

  test('goes on with its leader when it hears it again, and was told of no other', () => {
    const { cluster, observers } = led({ preVote });
    cluster.drops = ({ from, to }) => (from === 0 && to >= VOTERS) || (to === 0 && from >= VOTERS);
    cluster.pass(5_000);
    cluster.node(0).propose('late');
    cluster.heal();
    cluster.pass(2_200);
    expect(observers.map((node) => node.texts())).toEqual(observers.map(() => ['kept', 'late']));
    expect(cluster.nodes.map(({ view }) => view.epoch)).toEqual(cluster.nodes.map(() => 1));
  });

  test('asks nobody twice who has not answered yet', () => {
    const { cluster } = led({ preVote });
    cluster.partition(...cluster.nodes.map(({ id }) => [id]));
    const asked: Envelope[] = [];
    const { drops } = cluster;
    cluster.drops = (one) => {
      if (one.from === VOTERS) asked.push(one);
      return drops(one);
    };
    // One request timeout is over after 2 s, so each of the three may be asked anew from then on.
    cluster.pass(1_900);
    expect(new Set(asked.map(({ to }) => to)).size).toBe(asked.length);
  });
});
