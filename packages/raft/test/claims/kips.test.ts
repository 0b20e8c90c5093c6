import { successorDelayMs } from '@biquorum/raft';
import { describe, expect, test } from 'vitest';
import { Cluster, fetchRequest, type Node, voteRequest } from '../support/cluster.ts';

const key = (id: number) => ({ id, directory: `d${id}` });
const peer = (id: number) => ({ id, address: '' });
const add = (id: number) => ({ kind: 'addVoter' as const, peer: peer(id), directory: `d${id}` });
const remove = (id: number) => ({ kind: 'removeVoter' as const, id, directory: '' });

describe('KIP-595: fetching', () => {
  test('a fetch of an older epoch is fenced, one of a newer epoch is not known, and neither acknowledges anything', () => {
    const leader = new Cluster(3).elect(0);
    const { logEnd, epoch } = leader.view;
    const ask = (asked: number) =>
      leader.ask(1, fetchRequest({ epoch: asked, replica: key(1), offset: logEnd, lastEpoch: epoch }))?.message;
    expect(ask(epoch - 1)).toMatchObject({ error: 'fencedLeaderEpoch' });
    expect(ask(epoch + 1)).toMatchObject({ error: 'unknownLeaderEpoch' });
  });

  test('who does not lead names the leader', () => {
    const cluster = new Cluster(3);
    const { epoch } = cluster.elect(0).view;
    expect(cluster.node(1).ask(2, fetchRequest({ epoch, replica: key(2) }))?.message).toMatchObject({
      error: 'notLeaderOrFollower',
      leader: 0,
    });
  });

  test('a fetch that parts from the log is told the largest epoch not above its own, and where that ends', () => {
    const cluster = new Cluster(1);
    const leader = cluster.node(0);
    const entry = (index: number, epoch: number) => ({
      index,
      span: 1,
      epoch,
      kind: 'data' as const,
      payload: new Uint8Array(0),
    });
    leader.disk.entries = [entry(0, 1), entry(1, 1), entry(2, 3)];
    leader.disk.durable = { epoch: 4, leader: -1, voted: -1, votedDirectory: '' };
    leader.restart();
    cluster.elect(0);
    const { epoch } = leader.view;
    const ask = (offset: number, lastEpoch: number) =>
      leader.ask(9, fetchRequest({ epoch, replica: key(9), offset, lastEpoch }))?.message;
    expect(ask(3, 2)).toMatchObject({ diverging: { epoch: 1, index: 2 }, entries: [] });
    expect(ask(5, 3)).toMatchObject({ diverging: { epoch: 3, index: 3 } });
    expect(ask(2, 1)).toMatchObject({ diverging: null, entries: [{ index: 2 }, { index: 3 }] });
  });

  test('a fetch before the start of the log, or at 0 when there is a snapshot, is sent to the snapshot', () => {
    const cluster = new Cluster(1, { snapshotsRetained: 1 });
    const leader = cluster.elect(0);
    leader.propose('a');
    const { epoch, highWatermark } = leader.view;
    leader.step({ kind: 'snapshot', upTo: highWatermark });
    const id = { epoch, index: highWatermark };
    for (const offset of [0, 1]) {
      expect(leader.ask(9, fetchRequest({ epoch, replica: key(9), offset, lastEpoch: epoch }))?.message).toMatchObject({
        snapshot: id,
        entries: [],
      });
    }
  });

  test('a fetch with nothing to bring is parked until there is something, or its time is over', () => {
    const cluster = new Cluster(1, { fetchWaitMs: 500 });
    const leader = cluster.elect(0);
    const { epoch, logEnd, highWatermark } = leader.view;
    const fetch = fetchRequest({
      epoch,
      replica: key(9),
      offset: logEnd,
      lastEpoch: epoch,
      highWatermark,
      waitMs: 300,
    });
    expect(leader.ask(9, fetch)).toBeNull();
    expect(leader.tick(299).some(({ kind }) => kind === 'answer')).toBe(false);
    expect(leader.tick(1).some(({ kind }) => kind === 'answer')).toBe(true);
    expect(leader.ask(9, fetch)).toBeNull();
    leader.propose('a');
    expect(leader.last.some(({ kind }) => kind === 'answer')).toBe(true);
  });

  test('a high watermark beyond what the replica knows is worth an answer of its own, at the next tick', () => {
    const cluster = new Cluster(1);
    const leader = cluster.elect(0);
    const { epoch, logEnd, highWatermark } = leader.view;
    const fetch = { epoch, replica: key(9), offset: logEnd, lastEpoch: epoch, waitMs: 300 };
    expect(leader.ask(9, fetchRequest({ ...fetch, highWatermark: highWatermark - 1 }))).toBeNull();
    expect(leader.tick(10).some(({ kind }) => kind === 'answer')).toBe(true);
    // The wire of 3.9 cannot carry what the replica knows: what it was told last counts.
    expect(leader.ask(9, fetchRequest({ ...fetch, highWatermark: -1 }))).toBeNull();
    expect(leader.tick(10).some(({ kind }) => kind === 'answer')).toBe(false);
    const other = fetchRequest({ ...fetch, replica: key(8), highWatermark: -1 });
    expect(leader.ask(8, other)).toBeNull();
    expect(leader.tick(10).some(({ kind }) => kind === 'answer')).toBe(true);
    expect(leader.ask(8, other)).toBeNull();
    expect(leader.tick(10).some(({ kind }) => kind === 'answer')).toBe(false);
  });
});

describe('KIP-595: elections', () => {
  test('a vote that is meant for somebody else is refused', () => {
    const node = new Cluster(3).node(0);
    const ask = (voter: { id: number; directory: string }) =>
      node.ask(1, voteRequest({ candidate: key(1), voter }))?.message;
    expect(ask({ id: 2, directory: '' })).toMatchObject({ error: 'invalidVoterKey', granted: false });
    expect(ask({ id: 0, directory: 'another disk' })).toMatchObject({ error: 'invalidVoterKey', granted: false });
    expect(ask({ id: 0, directory: 'd0' })).toMatchObject({ error: 'none', granted: true });
  });

  test('a candidate whose log is as new as the epoch it stands in is invalid; for a pre-vote it may be', () => {
    const node = new Cluster(3).node(0);
    const ask = (preVote: boolean) =>
      node.ask(1, voteRequest({ epoch: 3, lastEpoch: 3, end: 9, candidate: key(1), preVote }))?.message;
    expect(ask(false)).toMatchObject({ error: 'invalidRequest' });
    expect(ask(true)).toMatchObject({ error: 'none', granted: true });
  });

  test('a second leader of the same epoch is an invalid request', () => {
    const cluster = new Cluster(3);
    const { epoch } = cluster.elect(0).view;
    const answer = cluster.node(1).ask(2, {
      type: 'beginQuorum',
      epoch,
      leader: 2,
      leaderAddress: '',
      voter: { id: 1, directory: '' },
    });
    expect(answer?.message).toMatchObject({ error: 'invalidRequest', leader: 0 });
  });

  test('a leader that a majority has not fetched from for 1.5 fetch timeouts resigns', () => {
    const cluster = new Cluster(3, { fetchTimeoutMs: 1000 });
    const leader = cluster.elect(0);
    cluster.partition([0], [1, 2]);
    const start = leader.nowMs;
    while (leader.view.leading) leader.tick(10);
    expect(leader.view).toMatchObject({ role: 'resigned' });
    expect(leader.nowMs - start).toBeGreaterThanOrEqual(1400);
    expect(leader.nowMs - start).toBeLessThanOrEqual(1600);
  });

  test('a single voter never resigns', () => {
    const leader = new Cluster(1).elect(0);
    leader.tick(1_000_000);
    expect(leader.view.leading).toBe(true);
  });

  test('a leader that resigns names the others in the order of their logs, and the first of them stands at once', () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    cluster.partition([0, 2], [1]);
    leader.propose('a');
    cluster.settle();
    cluster.heal();
    leader.command({ kind: 'resign' });
    expect(cluster.queue.find(({ message }) => message.type === 'endQuorum')?.message).toMatchObject({
      successors: [key(2), key(1)],
    });
    cluster.settle();
    expect(cluster.node(2).view.leading).toBe(true);
  });

  // max 1000: 0 for the first; then (1000 >> (n-1)) << (p-1), never above the most; the most for the unnamed.
  test.each([
    [0, 0],
    [1, 250],
    [2, 500],
    [9, 1000],
  ])('of three successors the one at place %i waits %i ms', (place, delayMs) => {
    const successors = [key(0), key(1), key(2)];
    expect(successorDelayMs(key(place), successors, 1000)).toBe(delayMs);
  });

  test('a resigned leader never votes again in its epoch', () => {
    const leader = new Cluster(3, { preVote: false }).elect(0);
    const { epoch } = leader.view;
    leader.command({ kind: 'resign' });
    const request = voteRequest({ epoch, candidate: key(1), lastEpoch: 0, end: 0 });
    expect(leader.ask(1, request)?.message).toMatchObject({ granted: false });
  });

  test('leadership goes to the voter that it is handed to, once that has the whole log', () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    leader.propose('a');
    const token = leader.command({ kind: 'transferLeadership', to: 2 });
    expect(leader.outcomes.get(leader.propose('b'))).toMatchObject({ kind: 'refused', reason: 'transferring' });
    cluster.settle();
    expect(leader.outcomes.get(token)).toEqual({ kind: 'done' });
    expect(cluster.node(2).view.leading).toBe(true);
  });

  test('a handover that does not get through ends, and the leader goes on', () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    cluster.partition([0, 1], [2]);
    leader.propose('a');
    cluster.settle();
    const token = leader.command({ kind: 'transferLeadership', to: 2 });
    leader.tick(1100);
    expect(leader.outcomes.get(token)).toMatchObject({ kind: 'refused', reason: 'timedOut' });
    expect(leader.view.leading).toBe(true);
  });

  test('a handover that another election forestalls has an unknown end', () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    cluster.partition([0, 1], [2]);
    leader.propose('a');
    cluster.settle();
    const token = leader.command({ kind: 'transferLeadership', to: 2 });
    const epoch = leader.view.epoch + 1;
    leader.ask(1, voteRequest({ epoch, candidate: key(1), lastEpoch: epoch - 1, end: 99 }));
    expect(leader.view.leading).toBe(false);
    expect(leader.outcomes.get(token)).toEqual({ kind: 'unknown', leader: -1 });
  });
});

describe('KIP-996: pre-vote', () => {
  test('asking changes nothing durable, neither here nor there', () => {
    const cluster = new Cluster(3);
    cluster.drops = ({ answer }) => answer;
    const node = cluster.node(0);
    node.tick(2000);
    cluster.settle();
    expect(node.view).toMatchObject({ role: 'prospective', epoch: 0 });
    expect(cluster.nodes.map(({ disk }) => disk.durable?.voted ?? -1)).toEqual([-1, -1, -1]);
  });

  test('a node that was cut off does not unseat the leader when it comes back', () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    const { epoch } = leader.view;
    cluster.partition([0, 1], [2]);
    cluster.pass(20_000, 100);
    cluster.heal();
    cluster.pass(5000, 50);
    expect(leader.view).toMatchObject({ leading: true, epoch });
    expect(cluster.node(2).view).toMatchObject({ role: 'follower', epoch });
  });

  test('a follower that its leader has served denies, one that was never served grants, a leader denies', () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    const { epoch, logEnd } = leader.view;
    const request = (id: number) =>
      voteRequest({
        epoch,
        candidate: key(2),
        voter: { id, directory: '' },
        lastEpoch: epoch,
        end: logEnd,
        preVote: true,
      });
    expect(cluster.node(1).ask(2, request(1))?.message).toMatchObject({ granted: false });
    expect(leader.ask(2, request(0))?.message).toMatchObject({ granted: false });
    cluster.node(1).restart();
    expect(cluster.node(1).view.role).toBe('follower');
    expect(cluster.node(1).ask(2, request(1))?.message).toMatchObject({ granted: true });
  });

  test('a pre-vote of a larger epoch moves the one who is asked there, without a vote', () => {
    const node = new Cluster(3).node(0);
    node.ask(1, voteRequest({ epoch: 7, candidate: key(1), preVote: true }));
    expect(node.view).toMatchObject({ role: 'unattached', epoch: 7 });
    expect(node.disk.durable).toMatchObject({ epoch: 7, voted: -1 });
  });

  test('whoever loses a pre-vote goes back to the leader it had', () => {
    const cluster = new Cluster(3);
    cluster.elect(0);
    const node = cluster.node(1);
    cluster.drops = ({ message }) => message.type === 'fetch' || message.type === 'fetchReply';
    while (node.view.role === 'follower') node.tick(50);
    cluster.settle();
    expect(node.view).toMatchObject({ role: 'follower', leader: 0 });
  });
});

describe('KIP-853: voter changes', () => {
  const caughtUp = (): { cluster: Cluster; leader: Node } => {
    const cluster = new Cluster(3, {}, 2);
    const leader = cluster.elect(0);
    cluster.pass(2000, 50);
    return { cluster, leader };
  };

  test('an observer that has caught up becomes a voter', () => {
    const { cluster, leader } = caughtUp();
    const token = leader.command(add(3));
    expect(leader.view.voters).toEqual([0, 1, 2, 3]);
    cluster.settle();
    expect(leader.outcomes.get(token)).toEqual({ kind: 'done' });
    expect(cluster.node(3).view.voters).toEqual([0, 1, 2, 3]);
  });

  test('a new voter set is in force as soon as it is appended', () => {
    const { cluster, leader } = caughtUp();
    leader.command(add(3));
    cluster.queue = [];
    // Three of four are needed now: the leader and one other are not enough.
    const { epoch, logEnd } = leader.view;
    leader.ask(1, fetchRequest({ epoch, replica: key(1), offset: logEnd, lastEpoch: epoch }));
    expect(leader.view.highWatermark).toBeLessThan(logEnd);
    leader.ask(3, fetchRequest({ epoch, replica: key(3), offset: logEnd, lastEpoch: epoch }));
    expect(leader.view.highWatermark).toBe(logEnd);
  });

  test('a replica that gets where the log ended at its last fetch had caught up as of that fetch', () => {
    const leader = new Cluster(1, {}, 1).elect(0);
    const { epoch } = leader.view;
    const fetch = (offset: number, lastEpoch: number): number | undefined => {
      leader.ask(1, fetchRequest({ epoch, replica: key(1), offset, lastEpoch }));
      return leader.view.peers[0]?.lastCaughtUpMs;
    };
    leader.propose('a');
    expect(fetch(0, 0)).toBe(-1);
    const firstFetchMs = leader.nowMs;
    const endThen = leader.view.logEnd;
    leader.tick(500);
    leader.propose('b');
    // It has what there was 500 ms ago, not what there is now.
    expect(fetch(endThen, epoch)).toBe(firstFetchMs);
    leader.tick(500);
    expect(fetch(leader.view.logEnd, epoch)).toBe(leader.nowMs);
  });

  test('a second change waits until the first is committed', () => {
    const { cluster, leader } = caughtUp();
    leader.command(add(3));
    const second = leader.command(remove(2));
    expect(leader.outcomes.get(second)).toMatchObject({ kind: 'refused', reason: 'changePending' });
    cluster.settle();
    const third = leader.command(remove(2));
    cluster.settle();
    expect(leader.outcomes.get(third)).toEqual({ kind: 'done' });
    expect(leader.view.voters).toEqual([0, 1, 3]);
  });

  test('no change before the first entry of the epoch is committed', () => {
    const cluster = new Cluster(3, {}, 1);
    cluster.drops = ({ message }) => message.type === 'fetch';
    const leader = cluster.elect(0);
    expect(leader.outcomes.get(leader.command(remove(2)))).toMatchObject({ kind: 'refused', reason: 'changePending' });
  });

  test('who has not caught up, is a voter already, or is none, is refused', () => {
    const { cluster, leader } = caughtUp();
    const refusal = (command: Parameters<Node['command']>[0]) => leader.outcomes.get(leader.command(command));
    expect(refusal(add(9))).toMatchObject({ reason: 'notCaughtUp' });
    expect(refusal({ ...add(3), directory: 'another disk' })).toMatchObject({ reason: 'notCaughtUp' });
    expect(refusal(add(1))).toMatchObject({ reason: 'alreadyVoter' });
    expect(refusal(remove(3))).toMatchObject({ reason: 'notVoter' });
    expect(cluster.node(0).view.voters).toEqual([0, 1, 2]);
  });

  test('the last voter stays', () => {
    const leader = new Cluster(1).elect(0);
    expect(leader.outcomes.get(leader.command(remove(0)))).toMatchObject({ reason: 'lastVoter' });
  });

  test('a leader that removes itself leads without counting itself until that is committed, then resigns', () => {
    const { cluster, leader } = caughtUp();
    const token = leader.command(remove(0));
    const { epoch, logEnd } = leader.view;
    expect(leader.view).toMatchObject({ leading: true, voters: [1, 2] });
    cluster.queue = [];
    leader.ask(1, fetchRequest({ epoch, replica: key(1), offset: logEnd, lastEpoch: epoch }));
    expect(leader.view).toMatchObject({ leading: true });
    leader.ask(2, fetchRequest({ epoch, replica: key(2), offset: logEnd, lastEpoch: epoch }));
    expect(leader.view).toMatchObject({ leading: false, role: 'resigned' });
    expect(leader.outcomes.get(token)).toEqual({ kind: 'done' });
  });

  test('a voter set goes back when the log is cut before it', () => {
    const { cluster, leader } = caughtUp();
    cluster.partition([0, 3], [1, 2, 4]);
    leader.command(add(3));
    expect(leader.view.voters).toEqual([0, 1, 2, 3]);
    cluster.pass(8000, 50);
    cluster.heal();
    cluster.pass(5000, 50);
    expect(cluster.nodes.map(({ view }) => view.voters)).toEqual(Array.from({ length: 5 }, () => [0, 1, 2]));
  });

  test('a snapshot carries the voter set', () => {
    const cluster = new Cluster(3, { snapshotsRetained: 1 }, 1);
    const leader = cluster.elect(0);
    cluster.partition([0, 1, 2], [3]);
    cluster.pass(1000, 50);
    leader.command(remove(2));
    cluster.settle();
    leader.propose('a');
    cluster.settle();
    leader.step({ kind: 'snapshot', upTo: leader.view.highWatermark });
    cluster.heal();
    cluster.pass(3000, 50);
    expect(cluster.node(3).view).toMatchObject({ voters: [0, 1], logStart: leader.view.logStart });
    cluster.node(3).restart();
    expect(cluster.node(3).view.voters).toEqual([0, 1]);
  });

  test('a voter whose disk the voter set does not name makes it known', () => {
    const cluster = new Cluster(3);
    const leader = cluster.elect(0);
    cluster.pass(20_000, 100);
    expect(leader.view.votersIndex).toBeGreaterThan(1);
    const request = (directory: string) =>
      voteRequest({ epoch: 50, candidate: key(1), voter: { id: 0, directory }, lastEpoch: 9, end: 9 });
    expect(leader.ask(1, request('another disk'))?.message).toMatchObject({ error: 'invalidVoterKey' });
  });
});

describe('bounds', () => {
  test('over the cap on uncommitted bytes proposals are refused as busy, and pressure is told', () => {
    const cluster = new Cluster(3, { uncommittedBytesMax: 100, entryBytesMax: 50 });
    const leader = cluster.elect(0);
    cluster.partition([0], [1, 2]);
    for (let count = 0; count < 3; count++) leader.propose('x'.repeat(33));
    const over = leader.propose('x'.repeat(33));
    expect(leader.outcomes.get(over)).toMatchObject({ kind: 'refused', reason: 'busy' });
    expect(leader.last).toContainEqual({ kind: 'pressure', on: true, uncommittedBytes: 99 });
    cluster.heal();
    cluster.settle();
    cluster.pass(2500, 50);
    expect(leader.view.uncommittedBytes).toBe(0);
  });

  test('an entry larger than allowed is refused', () => {
    const leader = new Cluster(1, { entryBytesMax: 10 }).elect(0);
    expect(leader.outcomes.get(leader.propose('x'.repeat(11)))).toMatchObject({ reason: 'tooLarge' });
  });

  test('the status shows how far behind every replica is', () => {
    const cluster = new Cluster(3, {}, 1);
    const leader = cluster.elect(0);
    cluster.pass(1500, 50);
    cluster.partition([0, 1, 3], [2]);
    for (const text of ['a', 'b']) leader.propose(text);
    cluster.settle();
    const lags = Object.fromEntries(leader.view.peers.map(({ id, lag, voter }) => [id, { lag, voter }]));
    expect(lags).toEqual({ 1: { lag: 0, voter: true }, 2: { lag: 2, voter: true }, 3: { lag: 0, voter: false } });
  });
});
