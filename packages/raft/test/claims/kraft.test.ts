import { describe, expect, test } from 'vitest';
import { Cluster, fetchRequest, type Node, voteRequest } from '../support/cluster.ts';

const key = (id: number) => ({ id, directory: `d${id}` });
const noPreVote = { preVote: false };

const entry = (index: number, epoch: number) => ({
  index,
  span: 1,
  epoch,
  kind: 'data' as const,
  payload: new Uint8Array(0),
});

/** A node that starts with this on its disk. */
function started(durable: { epoch: number; leader: number; voted: number } | null, epochs: readonly number[]): Node {
  const node = new Cluster(3, noPreVote).node(0);
  node.disk.entries = epochs.map((epoch, index) => entry(index, epoch));
  node.disk.durable = durable === null ? null : { votedDirectory: durable.voted < 0 ? '' : 'd', ...durable };
  node.restart();
  return node;
}

describe('the state after a start', () => {
  test.each([
    { finds: 'nothing', durable: null, epochs: [], role: 'unattached', epoch: 0, leader: -1 },
    {
      finds: 'a log of a newer epoch',
      durable: { epoch: 2, leader: 1, voted: -1 },
      epochs: [1, 3],
      role: 'unattached',
      epoch: 3,
      leader: -1,
    },
    {
      finds: 'another leader',
      durable: { epoch: 4, leader: 2, voted: -1 },
      epochs: [3],
      role: 'follower',
      epoch: 4,
      leader: 2,
    },
    {
      finds: 'itself leading',
      durable: { epoch: 4, leader: 0, voted: 0 },
      epochs: [4],
      role: 'resigned',
      epoch: 4,
      leader: 0,
    },
    {
      finds: 'its own vote',
      durable: { epoch: 4, leader: -1, voted: 0 },
      epochs: [3],
      role: 'candidate',
      epoch: 4,
      leader: -1,
    },
    {
      finds: 'a vote for another',
      durable: { epoch: 4, leader: -1, voted: 2 },
      epochs: [3],
      role: 'unattached',
      epoch: 4,
      leader: -1,
    },
  ])('a node that finds $finds starts as $role', ({ durable, epochs, role, epoch, leader }) => {
    expect(started(durable, epochs).view).toMatchObject({ role, epoch, leader });
  });

  test('the only voter leads without waiting, at its first start and after each other one', () => {
    const cluster = new Cluster(1);
    const node = cluster.node(0);
    const epochs: number[] = [];
    for (let start = 0; start < 3; start++) {
      node.tick();
      cluster.settle();
      // The election itself and the bytes that it makes durable take no time here; a timeout would.
      node.tick();
      cluster.settle();
      expect(node.view).toMatchObject({ role: 'leader', leader: 0 });
      epochs.push(node.view.epoch);
      node.restart();
    }
    expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
  });
});

describe('elections', () => {
  test('who follows, stands, leads or has resigned gives no vote in its epoch', () => {
    const roles: string[] = [];
    const asks = (node: Node, candidate: number): void => {
      const { epoch, id, role } = node.view;
      roles.push(role);
      const request = voteRequest({ epoch, candidate: key(candidate), voter: { id, directory: '' }, end: 1_000_000 });
      expect(node.ask(candidate, request)?.message).toMatchObject({ error: 'none', granted: false });
    };
    const cluster = new Cluster(3, noPreVote);
    cluster.partition([0], [1], [2]);
    while (cluster.node(0).view.role !== 'candidate') cluster.node(0).tick(50);
    asks(cluster.node(0), 2);
    cluster.heal();
    const leader = cluster.elect(0);
    asks(leader, 2);
    asks(cluster.node(1), 2);
    leader.command({ kind: 'resign' });
    asks(leader, 2);
    expect(roles).toEqual(['candidate', 'leader', 'follower', 'resigned']);
  });

  test('the pause after a lost election is random, longer with each one in a row, and has a cap', () => {
    const cluster = new Cluster(3, { ...noPreVote, electionTimeoutMs: 100, electionBackoffMaxMs: 1000 });
    const node = cluster.node(0);
    const refused = {
      ...key(0),
      type: 'voteReply',
      error: 'none',
      leader: -1,
      leaderAddress: '',
      granted: false,
    } as const;
    cluster.drops = () => true;
    const pauses: number[] = [];
    while (node.view.role !== 'candidate') node.tick(1);
    for (let lost = 0; lost < 40; lost++) {
      const { epoch } = node.view;
      for (const { to, request, message } of cluster.queue.splice(0)) {
        if (message.type !== 'vote' || message.epoch !== epoch) continue;
        node.step({ kind: 'message', channel: 'raft', from: to, inReplyTo: request, message: { ...refused, epoch } });
      }
      let pauseMs = 0;
      for (; node.view.epoch === epoch; pauseMs++) node.tick(1);
      pauses.push(pauseMs);
    }
    expect(pauses[0]).toBeLessThanOrEqual(100);
    expect(pauses[1]).toBeLessThanOrEqual(200);
    expect(Math.max(...pauses)).toBeGreaterThan(500);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1000);
    expect(new Set(pauses).size).toBeGreaterThan(20);
  });

  test('a voter that does not fetch is told again who leads, every half fetch timeout', () => {
    const cluster = new Cluster(3, { fetchTimeoutMs: 1000, requestTimeoutMs: 100, fetchWaitMs: 50 });
    const leader = cluster.elect(0);
    cluster.drops = ({ from, to }) => from === 2 || to === 2;
    let told = 0;
    for (let ms = 0; ms < 4000; ms += 10) {
      cluster.pass(10);
      for (const effect of leader.last) {
        if (effect.kind === 'send' && effect.to === 2 && effect.message.type === 'beginQuorum') told++;
      }
    }
    expect(told).toBeGreaterThanOrEqual(6);
    expect(told).toBeLessThanOrEqual(8);
  });

  test('a read under way asks a voter that joins meanwhile', () => {
    const cluster = new Cluster(3, {}, 1);
    const leader = cluster.elect(0);
    cluster.pass(1000);
    // Of four voters two have answered, one never will: it takes the one that joins.
    cluster.drops = ({ message, from, to }) => from === 2 || to === 2 || message.type === 'beginQuorum';
    const read = leader.read();
    cluster.settle();
    leader.command({ kind: 'addVoter', peer: { id: 3, address: '' }, directory: 'd3' });
    cluster.drops = ({ from, to }) => from === 2 || to === 2;
    cluster.pass(500);
    expect(leader.view.voters).toEqual([0, 1, 2, 3]);
    cluster.pass(leader.cluster.options.requestTimeoutMs * 2);
    expect(leader.outcomes.get(read)).toMatchObject({ kind: 'readable' });
  });
});

describe('logs and snapshots', () => {
  /** A leader alone, with a snapshot of all that is committed, and the snapshot's name. */
  const withSnapshot = (): { leader: Node; id: { epoch: number; index: number } } => {
    const leader = new Cluster(1).elect(0);
    for (const text of ['a', 'b', 'c']) leader.propose(text);
    const { epoch, highWatermark: index } = leader.view;
    leader.step({ kind: 'snapshot', upTo: index });
    return { leader, id: { epoch, index } };
  };

  test('a piece of a snapshot is refused when the snapshot, the place in it or the epoch is wrong', () => {
    const { leader, id } = withSnapshot();
    const request = { type: 'fetchSnapshot', replica: key(9), bytesMax: 100, position: 0 } as const;
    const ask = (fields: { epoch?: number; snapshot?: typeof id; position?: number }) =>
      leader.ask(9, { ...request, epoch: id.epoch, snapshot: id, ...fields })?.message;
    expect(ask({})).toMatchObject({ error: 'none', position: 0 });
    expect(ask({ snapshot: { ...id, index: id.index - 1 } })).toMatchObject({ error: 'snapshotNotFound' });
    expect(ask({ position: -1 })).toMatchObject({ error: 'positionOutOfRange' });
    expect(ask({ position: 1_000_000 })).toMatchObject({ error: 'positionOutOfRange' });
    expect(ask({ epoch: id.epoch - 1 })).toMatchObject({ error: 'fencedLeaderEpoch' });
    expect(ask({ epoch: id.epoch + 1 })).toMatchObject({ error: 'unknownLeaderEpoch' });
  });

  test('the log keeps what no snapshot covers, and goes back to the oldest snapshot that is kept', () => {
    const cluster = new Cluster(1, { snapshotsRetained: 2 });
    const leader = cluster.elect(0);
    const cuts: number[] = [];
    for (const text of ['a', 'b', 'c']) {
      leader.propose(text);
      cuts.push(leader.view.highWatermark);
      leader.step({ kind: 'snapshot', upTo: leader.view.highWatermark });
      expect(leader.view.logStart).toBe(cuts.at(-2) ?? 0);
    }
  });

  test('a log can be cut where its owner wishes, never beyond its snapshots', () => {
    const { leader, id } = withSnapshot();
    leader.propose('d');
    leader.command({ kind: 'trim', start: { ...id, index: id.index + 1 } });
    expect(leader.view.logStart).toBe(0);
    const token = leader.command({ kind: 'trim', start: id });
    expect(leader.outcomes.get(token)).toEqual({ kind: 'done' });
    expect(leader.view.logStart).toBe(id.index);
  });

  test('a follower cuts nothing that it knows to be committed, and stops rather than do so', () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    leader.propose('a');
    cluster.pass(100);
    const follower = cluster.node(1);
    const { epoch, highWatermark, logEnd } = follower.view;
    expect(highWatermark).toBe(logEnd);
    cluster.drops = () => true;
    leader.propose('b');
    const fetch = cluster.trace.findLast(({ from, message }) => from === 1 && message.type === 'fetch');
    const reply = {
      type: 'fetchReply',
      error: 'none',
      epoch,
      leader: 0,
      leaderAddress: '',
      highWatermark: 0,
      logStart: 0,
      diverging: { epoch, index: 0 },
      snapshot: null,
      offset: logEnd,
      entries: [],
    } as const;
    const inReplyTo = fetch?.request as number;
    expect(() => follower.step({ kind: 'message', channel: 'raft', from: 0, inReplyTo, message: reply })).toThrow(
      'that were committed',
    );
  });

  test('an observer that no longer fetches is forgotten', () => {
    const leader = new Cluster(1, { observerTimeoutMs: 5000 }).elect(0);
    const { epoch, logEnd } = leader.view;
    leader.ask(9, fetchRequest({ epoch, replica: key(9), offset: logEnd, lastEpoch: epoch }));
    expect(leader.view.peers.map(({ id }) => id)).toEqual([9]);
    leader.tick(4999);
    expect(leader.view.peers).toHaveLength(1);
    leader.tick(1);
    expect(leader.view.peers).toHaveLength(0);
  });
});
