import { expect, test } from 'vitest';
import { Ensemble } from './support/ensemble.ts';

test('a follower and its leader exchange the packets of ZooKeeper in its order', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  expect(leader).toBe(2);
  // As seen between servers of Apache ZooKeeper: FOLLOWERINFO, LEADERINFO(0x100000000), ACKEPOCH, DIFF(0), NEWLEADER,
  // ACK, UPTODATE, ACK, and then PING.
  expect(ensemble.run(100).packets(0, leader).slice(0, 10)).toEqual([
    'FOLLOWERINFO 0',
    'LEADERINFO 1',
    'ACKEPOCH 0x0 0',
    'DIFF 0x0',
    'NEWLEADER 0x100000000',
    'ACK 0x100000000',
    'UPTODATE',
    'ACK 0x100000000',
    'PING 0x100000000',
    'PING 0x100000000',
  ]);
});

test('a transaction is proposed, acknowledged by each follower and committed at each', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.transcript.length = 0;
  ensemble.propose(leader, 'a', 'b');
  for (const follower of [0, 1]) {
    expect(ensemble.packets(follower, leader)).toEqual(
      expect.arrayContaining(['PROPOSAL 0x100000001', 'ACK 0x100000001', 'COMMIT 0x100000001', 'COMMIT 0x100000002']),
    );
    expect(ensemble.server(follower).delivered).toEqual(['a', 'b']);
  }
  expect(ensemble.server(leader).outcomes).toEqual([
    { kind: 'committed', at: { epoch: 1, index: 0x1_0000_0001 } },
    { kind: 'committed', at: { epoch: 1, index: 0x1_0000_0002 } },
  ]);
});

test('an observer is told of transactions when they are committed, and acknowledges none', () => {
  const ensemble = new Ensemble(4, { observers: [3] }).start();
  const leader = ensemble.untilServes();
  expect(ensemble.view(3)).toMatchObject({ role: 'observing', voters: [0, 1, 2] });
  ensemble.transcript.length = 0;
  ensemble.propose(leader, 'a');
  expect(ensemble.packets(3, leader)).toEqual(['INFORM 0x100000001']);
  expect(ensemble.server(3).delivered).toEqual(['a']);
  expect(ensemble.server(3).disk.texts).toEqual(['a']);
});

test('an ensemble of one serves itself', () => {
  const ensemble = new Ensemble(1).start();
  ensemble.propose(ensemble.untilServes(), 'alone');
  expect(ensemble.server(0).delivered).toEqual(['alone']);
  ensemble.powerOff(0).start(0).untilServes();
  expect(ensemble.server(0).delivered).toEqual(['alone']);
  expect(ensemble.view(0).epoch).toBe(2);
});
