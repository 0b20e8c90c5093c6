/** Bugs of ZooKeeper's election and of what happens between leaders, each as the course of events that showed it. */

import type { Notification } from '@biquorum/zab';
import { expect, test } from 'vitest';
import { Ensemble } from '../support/ensemble.ts';

const vote = (differs: Partial<Notification>): Notification => ({
  type: 'notification',
  state: 'looking',
  leader: 0,
  zxid: 0,
  electionEpoch: 1,
  peerEpoch: 0,
  version: 2,
  config: '',
  ...differs,
});

test('ZOOKEEPER-2845: a leader that steps down votes with the history of its log, committed or not', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a').isolate(0).isolate(1).propose(leader, 'uncommitted');
  ensemble.until(() => ensemble.view(leader).phase === 'election');
  expect(ensemble.view(leader).lastZxid).toBe(0x1_0000_0002);
  expect(ensemble.server(leader).delivered).toEqual(['a']);
  // With another server it leads again, and what only it had becomes everybody's.
  const [other, third] = [0, 1].filter((id) => id !== leader) as [number, number];
  ensemble.powerOff(third).heal().untilServes(leader, other);
  for (const id of [leader, other]) expect(ensemble.server(id).delivered).toEqual(['a', 'uncommitted']);
});

test('ZOOKEEPER-4712, 4541, 4409: nothing of an old role is left when the next one begins', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  // Written as a follower of the first leader, on the disk only as a follower of the second.
  ensemble.stall(0).propose(leader, 'a').powerOff(leader);
  ensemble.until(() => ensemble.view(0).phase === 'election').unstall(0);
  const next = ensemble.untilServes(0, 1);
  ensemble.propose(next, 'b').start(leader).untilServes();
  for (const id of [0, 1, 2]) {
    expect(ensemble.server(id).delivered).toEqual(['a', 'b']);
    expect(ensemble.server(id).disk.texts).toEqual(['a', 'b']);
  }
  // What was acknowledged late, to whom nobody follows any more, went nowhere.
  expect(ensemble.packets(0, leader)).not.toContain('ACK 0x100000001');
});

test('ZOOKEEPER-1277: a leader whose counters are used up steps down, and nothing is lost by it', () => {
  const ensemble = new Ensemble(3, { counterMax: 3 }).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a', 'b', 'c', 'one too many');
  expect(
    ensemble
      .server(leader)
      .outcomes.map(({ kind }) => kind)
      .sort(),
  ).toEqual(['committed', 'committed', 'committed', 'refused']);
  expect(ensemble.view(leader).reason).toBe('epoch 1 has no zxids left');
  const next = ensemble.untilServes();
  ensemble.propose(next, 'd');
  expect(ensemble.view(next)).toMatchObject({ epoch: 2, lastZxid: 0x2_0000_0001 });
  for (const id of [0, 1, 2]) expect(ensemble.server(id).delivered).toEqual(['a', 'b', 'c', 'd']);
});

test('ZOOKEEPER-1732, 1805: who joins late agrees with votes that differ from each other in round and zxid', () => {
  const ensemble = new Ensemble(5).start();
  const leader = ensemble.untilServes();
  expect(leader).toBe(4);
  // A joiner hears from two followers and the leader, each with the round and zxid of its own election.
  ensemble.powerOff(0).propose(leader, 'a').start(0);
  ensemble.isolate(0).run(50);
  ensemble.inject(1, 0, vote({ state: 'following', leader, zxid: 0, electionEpoch: 7, peerEpoch: 1 }));
  ensemble.inject(2, 0, vote({ state: 'following', leader, zxid: 0x1_0000_0001, electionEpoch: 9, peerEpoch: 1 }));
  expect(ensemble.view(0).elected).toBe(-1);
  ensemble.inject(4, 0, vote({ state: 'leading', leader, zxid: 5, electionEpoch: 3, peerEpoch: 1 }));
  expect(ensemble.view(0).elected).toBe(leader);
});

test('ZOOKEEPER-1732: after synchronisation votes name the new epoch', () => {
  const ensemble = new Ensemble(5).start();
  const leader = ensemble.untilServes();
  for (let epoch = 2; epoch <= 3; epoch++) {
    // Followers that have restarted in between, and joined late, say the same as the others.
    ensemble.powerOff(leader).start(leader);
    ensemble.untilServes();
    ensemble.powerOff(0).start(0).untilServes();
  }
  ensemble.powerOff(1).start(1);
  expect(ensemble.untilServes()).toBe(ensemble.leader);
});

test('ZOOKEEPER-1818: votes of another epoch do not make a quorum with those of this one', () => {
  const ensemble = new Ensemble(5).start(0);
  ensemble.inject(4, 0, vote({ state: 'leading', leader: 4, electionEpoch: 3, peerEpoch: 2 }));
  ensemble.inject(1, 0, vote({ state: 'following', leader: 4, electionEpoch: 3, peerEpoch: 1 }));
  ensemble.inject(2, 0, vote({ state: 'following', leader: 4, electionEpoch: 3, peerEpoch: 1 }));
  expect(ensemble.view(0).elected).toBe(-1);
  ensemble.inject(1, 0, vote({ state: 'following', leader: 4, electionEpoch: 3, peerEpoch: 2 }));
  ensemble.inject(2, 0, vote({ state: 'following', leader: 4, electionEpoch: 3, peerEpoch: 2 }));
  expect(ensemble.view(0).elected).toBe(4);
});

test('ZOOKEEPER-3109: followers of a server that does not say that it leads are not believed', () => {
  const ensemble = new Ensemble(5).start(0);
  for (const from of [1, 2, 3])
    ensemble.inject(from, 0, vote({ state: 'following', leader: 4, electionEpoch: 3, peerEpoch: 1 }));
  expect(ensemble.view(0).elected).toBe(-1);
  ensemble.inject(4, 0, vote({ state: 'leading', leader: 4, electionEpoch: 3, peerEpoch: 1 }));
  expect(ensemble.view(0).elected).toBe(4);
});

test('ZOOKEEPER-2164: a server that is slow to join is answered each time that it asks', () => {
  const ensemble = new Ensemble(3).start(1, 2);
  ensemble.untilServes(1, 2);
  ensemble.run(10_000).start(0);
  const asked = ensemble.nowMs;
  ensemble.untilServes();
  expect(ensemble.nowMs - asked).toBeLessThan(500);
});

test('ZOOKEEPER-3769: a rolling restart never takes longer than an election for each leader lost', () => {
  const ensemble = new Ensemble(3).start();
  for (let round = 0; round < 3; round++) {
    for (const id of [0, 1, 2]) {
      ensemble.untilServes();
      const before = ensemble.nowMs;
      ensemble.powerOff(id).run(20).start(id).untilServes();
      expect(ensemble.nowMs - before).toBeLessThan(1500);
    }
  }
});

test('a vote without a zxid is passed over, and one of a server that weighs nothing is never adopted', () => {
  const weights = { 3: 0, 4: 0 };
  const groups = {
    kind: 'groups',
    groups: [
      [0, 1, 2],
      [3, 4],
    ],
    weights,
  } as const;
  const ensemble = new Ensemble(5, { verifier: groups }).start(0, 1, 2);
  ensemble.inject(4, 0, vote({ leader: 4, zxid: 0x9_0000_0000, peerEpoch: 9 }));
  ensemble.inject(3, 0, vote({ leader: 2, zxid: -1, peerEpoch: 9 }));
  expect(ensemble.untilServes(0, 1, 2)).toBe(2);
});

test('a follower that has accepted a newer epoch does not stay outside: the leader gives way to a newer one', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.powerOff(0);
  ensemble.server(0).disk.write({ id: 1, durable: { acceptedEpoch: 7, currentEpoch: 1 } });
  ensemble.server(0).disk.finish();
  ensemble.start(0).untilServes();
  expect(ensemble.view(ensemble.leader as number).epoch).toBe(8);
  expect(ensemble.server(leader).reasons).toContain('server 0 has accepted epoch 7, after 1');
});

test('a follower that is ahead of an elected server makes it give up', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.powerOff(0).propose(leader, 'a').powerOff(1, 2);
  // 0 is told that 1 votes for it, and believes that it is elected.
  ensemble.start(0).run(20);
  ensemble.inject(1, 0, vote({ leader: 0, zxid: 0, electionEpoch: ensemble.view(0).electionEpoch, peerEpoch: 1 }));
  ensemble.run(30);
  expect(ensemble.view(0).state).toBe('leading');
  ensemble.inject(1, 0, { type: 'followerInfo', acceptedEpoch: 1, sid: 1, protocolVersion: 0x10000, configVersion: 0 });
  ensemble.inject(1, 0, { type: 'ackEpoch', zxid: 0x1_0000_0001, currentEpoch: 1 });
  expect(ensemble.view(0)).toMatchObject({ state: 'looking', reason: expect.stringContaining('server 1 is ahead') });
});

test('an epoch is promised once the promise is on the disk', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.powerOff(leader);
  ensemble.stall(0).until(() => ensemble.view(0).phase === 'synchronization');
  ensemble.run(50);
  expect(ensemble.packets(0, 1)).toContain('LEADERINFO 2');
  expect(ensemble.packets(0, 1)).not.toContain('ACKEPOCH 0x0 1');
  ensemble.unstall(0);
  expect(ensemble.packets(0, 1)).toContain('ACKEPOCH 0x0 1');
});

test('who has accepted an epoch before does not count for it again', () => {
  const ensemble = new Ensemble(5).start();
  ensemble.untilServes();
  ensemble.powerOff(0, 1, 2, 3, 4).start(0).run(20);
  for (const from of [1, 2])
    ensemble.inject(from, 0, vote({ leader: 0, electionEpoch: ensemble.view(0).electionEpoch, peerEpoch: 1 }));
  ensemble.run(30);
  for (const sid of [1, 2])
    ensemble.inject(sid, 0, {
      type: 'followerInfo',
      acceptedEpoch: 1,
      sid,
      protocolVersion: 0x10000,
      configVersion: 0,
    });
  ensemble.inject(1, 0, { type: 'ackEpoch', zxid: 0, currentEpoch: 1 });
  ensemble.inject(2, 0, { type: 'ackEpoch', zxid: 0, currentEpoch: -1 });
  expect(ensemble.view(0).phase).toBe('discovery');
});

test('a new epoch is larger than any that a quorum has accepted, whoever leads', () => {
  const ensemble = new Ensemble(5);
  for (const [id, acceptedEpoch] of [3, 9, 4, 2, 1].entries()) {
    ensemble.server(id).disk.write({ id: 1, durable: { acceptedEpoch, currentEpoch: 1 } });
    ensemble.server(id).disk.finish();
  }
  // Who has accepted most is away, and comes later: then the leader gives way to an epoch beyond that.
  ensemble.start(0, 2, 3, 4);
  const leader = ensemble.untilServes(0, 2, 3, 4);
  expect(leader).toBe(4);
  expect(ensemble.view(leader).epoch).toBe(5);
  ensemble.start(1).untilServes();
  expect(ensemble.view(ensemble.leader as number).epoch).toBe(10);
});
