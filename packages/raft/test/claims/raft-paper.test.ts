import { describe, expect, test } from 'vitest';
import { Cluster, fetchRequest, voteRequest } from '../support/cluster.ts';

const candidate = (id: number) => ({ id, directory: `d${id}` });
const noPreVote = { preVote: false };

describe('Raft §5.1: epochs', () => {
  test('a node that sees a larger epoch enters it and gives up leading', () => {
    const cluster = new Cluster(3, noPreVote);
    const leader = cluster.elect(0);
    leader.ask(1, voteRequest({ epoch: 9, candidate: candidate(1) }));
    expect(leader.view).toMatchObject({ epoch: 9, leading: false, role: 'unattached' });
  });

  test('a request of an older epoch is refused', () => {
    const cluster = new Cluster(3, noPreVote);
    const leader = cluster.elect(0);
    leader.ask(1, voteRequest({ epoch: 5, candidate: candidate(1) }));
    expect(leader.ask(2, voteRequest({ epoch: 4, candidate: candidate(2) }))?.message).toMatchObject({
      error: 'fencedLeaderEpoch',
      granted: false,
      epoch: 5,
    });
  });
});

describe('Raft §5.2: elections', () => {
  test('a voter without a leader stands: next epoch, a vote for itself, on the disk before it asks anybody', () => {
    const cluster = new Cluster(3, noPreVote);
    cluster.autoWrite = false;
    const node = cluster.node(0);
    node.tick(2000);
    expect(node.view).toMatchObject({ role: 'candidate', epoch: 1 });
    expect(cluster.queue).toHaveLength(0);
    node.flush();
    expect(node.disk.durable).toMatchObject({ epoch: 1, voted: 0 });
    expect(cluster.queue.map(({ to, message }) => [to, message.type])).toEqual([
      [1, 'vote'],
      [2, 'vote'],
    ]);
  });

  test.each([1, 3, 5])('of %i voters a majority elects the leader', (voters) => {
    const cluster = new Cluster(voters, noPreVote);
    const needed = Math.floor(voters / 2);
    cluster.drops = ({ to, from }) => to > needed || from > needed;
    expect(cluster.elect(0).view.leading).toBe(true);
  });

  test.each([3, 5])('of %i voters a minority elects nobody', (voters) => {
    const cluster = new Cluster(voters, noPreVote);
    cluster.drops = ({ to, from }) => to > Math.floor(voters / 2) - 1 || from > Math.floor(voters / 2) - 1;
    cluster.pass(6000, 50);
    expect(cluster.nodes.some(({ view }) => view.leading)).toBe(false);
  });

  test('a node votes once in an epoch, for whom asks first, and says so again to the same one', () => {
    const node = new Cluster(3, noPreVote).node(0);
    const ask = (id: number) => node.ask(id, voteRequest({ candidate: candidate(id) }))?.message;
    expect(ask(1)).toMatchObject({ granted: true });
    expect(ask(2)).toMatchObject({ granted: false });
    expect(ask(1)).toMatchObject({ granted: true });
  });

  test('a vote outlives a restart', () => {
    const node = new Cluster(3, noPreVote).node(0);
    node.ask(1, voteRequest({ candidate: candidate(1) }));
    node.restart();
    expect(node.ask(2, voteRequest({ candidate: candidate(2) }))?.message).toMatchObject({ granted: false });
  });

  test('a vote is answered after it is on the disk', () => {
    const cluster = new Cluster(3, noPreVote);
    cluster.autoWrite = false;
    const node = cluster.node(0);
    const answer = node.ask(1, voteRequest({ candidate: candidate(1) }));
    expect(answer?.message).toMatchObject({ granted: true });
    expect(answer?.after).toBe(node.pending.at(-1)?.id);
  });

  test('a candidate that hears from the leader of its epoch follows it', () => {
    const cluster = new Cluster(3, noPreVote);
    const node = cluster.node(0);
    node.tick(2000);
    node.ask(1, { type: 'beginQuorum', epoch: 1, leader: 1, leaderAddress: '', voter: { id: 0, directory: '' } });
    expect(node.view).toMatchObject({ role: 'follower', leader: 1, epoch: 1 });
  });

  test('election timeouts are spread over [t, 2t)', () => {
    const times: number[] = [];
    for (let run = 0; run < 200; run++) {
      const cluster = new Cluster(3, { preVote: false, electionTimeoutMs: 100 });
      for (let skip = 0; skip < run; skip++) cluster.random();
      const node = cluster.node(0);
      node.restart();
      let at = 0;
      for (; node.view.role === 'unattached'; at++) node.tick(1);
      times.push(at);
    }
    expect(Math.min(...times)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...times)).toBeLessThanOrEqual(200);
    expect(new Set(times.map((time) => Math.floor(time / 10))).size).toBe(10);
  });

  test('a leader makes itself known to every voter at once', () => {
    const cluster = new Cluster(3, noPreVote);
    cluster.elect(0);
    const told = cluster.trace.filter(({ message }) => message.type === 'beginQuorum').map(({ to }) => to);
    expect(new Set(told)).toEqual(new Set([1, 2]));
  });
});

describe('Raft §5.3: replication', () => {
  test('an entry is committed once a majority has it on its disks, and then everybody applies it', () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    const token = leader.propose('a');
    expect(leader.outcomes.get(token)).toBeUndefined();
    cluster.settle();
    expect(leader.outcomes.get(token)).toMatchObject({ kind: 'committed' });
    cluster.pass(10);
    expect(cluster.nodes.map((node) => node.texts())).toEqual([['a'], ['a'], ['a']]);
  });

  test('a minority commits nothing', () => {
    const cluster = new Cluster(5);
    const leader = cluster.elect(0);
    cluster.partition([0, 1], [2, 3, 4]);
    const token = leader.propose('a');
    cluster.settle();
    expect(leader.outcomes.get(token)).toBeUndefined();
    expect(leader.texts()).toEqual([]);
  });

  test('a follower acknowledges with its next fetch, after the entries are on its disk', () => {
    const cluster = new Cluster(3);
    cluster.elect(0);
    cluster.autoWrite = false;
    const leader = cluster.node(0);
    leader.propose('a');
    leader.flush();
    cluster.settle();
    const fetchesAt = (offset: number) =>
      [...cluster.trace, ...cluster.queue].filter(
        ({ message }) => message.type === 'fetch' && message.offset === offset,
      );
    const end = leader.view.logEnd;
    expect(cluster.node(1).view.logEnd).toBe(end);
    expect(fetchesAt(end)).toHaveLength(0);
    cluster.node(1).flush();
    expect(fetchesAt(end)).toHaveLength(1);
  });

  test("the leader's own write runs beside replication, and a majority of others commits without it", () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    cluster.autoWrite = false;
    const token = leader.propose('a');
    for (let round = 0; round < 4; round++) {
      cluster.settle();
      cluster.node(1).flush();
      cluster.node(2).flush();
    }
    expect(leader.pending.length).toBeGreaterThan(0);
    expect(leader.outcomes.get(token)).toMatchObject({ kind: 'committed' });
  });

  test('a follower drops what its leader does not have', () => {
    const cluster = new Cluster(3, noPreVote);
    const old = cluster.elect(0);
    cluster.partition([0], [1, 2]);
    for (const text of ['lost 1', 'lost 2', 'lost 3']) old.propose(text);
    const next = cluster.elect(1);
    next.propose('kept');
    cluster.settle();
    cluster.heal();
    cluster.pass(5000, 50);
    expect(cluster.node(0).texts()).toEqual(['kept']);
    expect(cluster.node(0).log.map(({ epoch }) => epoch)).toEqual(next.log.map(({ epoch }) => epoch));
  });

  test('proposals to a node that does not lead are refused with the leader named', () => {
    const cluster = new Cluster(3);
    cluster.elect(0);
    const follower = cluster.node(1);
    expect(follower.outcomes.get(follower.propose('a'))).toEqual({ kind: 'refused', reason: 'notLeader', leader: 0 });
  });

  test('proposals of a leader that is replaced are settled as unknown', () => {
    const cluster = new Cluster(3, noPreVote);
    const old = cluster.elect(0);
    cluster.partition([0], [1, 2]);
    const token = old.propose('a');
    cluster.elect(1);
    cluster.heal();
    cluster.pass(5000, 50);
    expect(old.outcomes.get(token)).toMatchObject({ kind: 'unknown' });
  });
});

describe('Raft §5.4: safety', () => {
  // The paper: the later last epoch wins; with equal last epochs the longer log does.
  test.each([
    { mine: [1, 5], theirs: [1, 5], granted: true },
    { mine: [1, 5], theirs: [1, 6], granted: true },
    { mine: [1, 5], theirs: [1, 4], granted: false },
    { mine: [1, 5], theirs: [2, 1], granted: true },
    { mine: [2, 5], theirs: [1, 9], granted: false },
  ])(
    'a node with a log that ends at $mine answers a candidate at $theirs with $granted',
    ({ mine, theirs, granted }) => {
      const cluster = new Cluster(3, noPreVote);
      const node = cluster.node(0);
      const [epoch, end] = mine as [number, number];
      node.disk.durable = { epoch, leader: -1, voted: -1, votedDirectory: '' };
      node.disk.entries = [{ index: 0, span: end, epoch, kind: 'data', payload: new Uint8Array(0) }];
      node.restart();
      const [lastEpoch, theirEnd] = theirs as [number, number];
      const answer = node.ask(1, voteRequest({ epoch: 7, candidate: candidate(1), lastEpoch, end: theirEnd }));
      expect(answer?.message).toMatchObject({ granted });
    },
  );

  test('entries of an earlier epoch are not committed by counting replicas (figure 8)', () => {
    const cluster = new Cluster(3, noPreVote);
    const leader = cluster.elect(0);
    cluster.partition([0], [1], [2]);
    leader.propose('old');
    const end = leader.view.logEnd;
    leader.restart();
    cluster.heal();
    cluster.drops = ({ message }) => message.type === 'fetch' || message.type === 'fetchReply';
    cluster.elect(0);
    const { epoch, logEnd, highWatermark: before } = leader.view;
    // A majority has the old entry, and nothing of the new epoch.
    leader.ask(1, fetchRequest({ epoch, replica: candidate(1), offset: end, lastEpoch: 1 }));
    expect(leader.view.highWatermark).toBe(before);
    leader.ask(1, fetchRequest({ epoch, replica: candidate(1), offset: logEnd, lastEpoch: epoch }));
    expect(leader.view.highWatermark).toBe(logEnd);
  });

  test('a leader that restarts does not lead again in the same epoch', () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    const { epoch } = leader.view;
    leader.restart();
    expect(leader.view).toMatchObject({ role: 'resigned', epoch });
    expect(leader.outcomes.get(leader.propose('a'))).toMatchObject({ kind: 'refused' });
    expect(cluster.elect(0).view.epoch).toBeGreaterThan(epoch);
  });
});

describe('Raft §6.4: linearizable reads', () => {
  test('a read is answered once a majority has confirmed the leader after the read arrived', () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    const token = leader.read();
    expect(leader.outcomes.get(token)).toBeUndefined();
    cluster.settle();
    expect(leader.outcomes.get(token)).toEqual({ kind: 'readable', index: leader.view.highWatermark });
  });

  test('fetches that arrive after the read confirm nothing: they may have been sent before it', () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    cluster.drops = ({ message }) => message.type === 'beginQuorum';
    const token = leader.read();
    cluster.pass(1000, 50);
    expect(leader.outcomes.get(token)).toBeUndefined();
  });

  test('a leader of the past answers no read', () => {
    const cluster = new Cluster(3, noPreVote);
    const old = cluster.elect(0);
    cluster.partition([0], [1, 2]);
    const token = old.read();
    cluster.elect(1).propose('new');
    cluster.settle();
    expect(old.outcomes.get(token)).toBeUndefined();
    old.tick(10_000);
    expect(old.outcomes.get(token)).toMatchObject({ kind: 'refused', reason: 'notLeader' });
  });

  test('a new leader answers reads only once an entry of its epoch is committed', () => {
    const cluster = new Cluster(3);
    cluster.drops = ({ message }) => message.type === 'fetch';
    const leader = cluster.elect(0);
    const token = leader.read();
    cluster.settle();
    expect(leader.outcomes.get(token)).toBeUndefined();
    cluster.heal();
    cluster.pass(3000, 50);
    expect(leader.outcomes.get(token)).toMatchObject({ kind: 'readable' });
  });
});

describe('Raft §7, figure 13: snapshots', () => {
  test('a follower behind the start of the log loads the snapshot in pieces and goes on from its end', () => {
    const cluster = new Cluster(3, { snapshotsRetained: 1, snapshotChunkBytesMax: 5 });
    const leader = cluster.elect(0);
    cluster.partition([0, 1], [2]);
    for (const text of ['a', 'b', 'c', 'd']) leader.propose(text);
    cluster.settle();
    leader.step({ kind: 'snapshot', upTo: leader.view.highWatermark });
    expect(leader.view.logStart).toBe(leader.view.highWatermark);
    leader.propose('e');
    cluster.settle();
    cluster.heal();
    cluster.pass(5000, 50);
    expect(cluster.node(2).texts()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(cluster.trace.filter(({ message }) => message.type === 'fetchSnapshot').length).toBeGreaterThan(3);
  });

  test('a snapshot never goes beyond what is committed, and each cut is taken once', () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    cluster.partition([0], [1], [2]);
    leader.propose('open');
    leader.step({ kind: 'snapshot', upTo: leader.view.logEnd });
    expect(leader.disk.snapshots).toEqual([]);
    const { highWatermark } = leader.view;
    leader.step({ kind: 'snapshot', upTo: highWatermark });
    leader.step({ kind: 'snapshot', upTo: highWatermark });
    expect(leader.disk.snapshots.map(({ id }) => id.index)).toEqual([highWatermark]);
  });

  test('a node whose log is about to be replaced grants no vote', () => {
    const cluster = new Cluster(3, { ...noPreVote, snapshotsRetained: 1 });
    const leader = cluster.elect(0);
    cluster.partition([0, 1], [2]);
    leader.propose('a');
    cluster.settle();
    leader.step({ kind: 'snapshot', upTo: leader.view.highWatermark });
    const behind = cluster.node(2);
    const { engine } = behind;
    const seen: string[] = [];
    const step = engine.step.bind(engine);
    engine.step = (input) => {
      const effects = step(input);
      if (effects.some(({ kind }) => kind === 'installSnapshot')) {
        const token = 999_999;
        const request = voteRequest({
          epoch: 50,
          candidate: candidate(1),
          voter: candidate(2),
          lastEpoch: 49,
          end: 999,
        });
        for (const effect of step({ kind: 'request', channel: 'raft', from: 1, token, message: request })) {
          if (effect.kind === 'answer' && effect.message.type === 'voteReply') seen.push(`${effect.message.granted}`);
        }
      }
      return effects;
    };
    cluster.heal();
    cluster.pass(3000, 50);
    expect(seen).toEqual(['false']);
  });
});
