/** Bugs of ZooKeeper's broadcast, each as the course of events that showed it, and what keeps a quorum together. */
import type { Outcome } from '@biquorum/consensus';
import { expect, test } from 'vitest';
import { Ensemble, ZK_TICK_MS } from '../support/ensemble.ts';

const proposal = (zxid: number) =>
  ({ type: 'proposal', zxid, kind: 'data', payload: new TextEncoder().encode(`${zxid}`) }) as const;

test('ZOOKEEPER-4925: a proposal behind a hole is rejected by the follower, which starts over', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a').inject(leader, 0, proposal(0x1_0000_0003));
  expect(ensemble.view(0).lastZxid).toBe(0x1_0000_0001);
  expect(ensemble.server(0).reasons).toContain('leader 2 sent 0x100000003 behind a hole');
  ensemble.untilServes();
  ensemble.propose(leader, 'b');
  for (const id of [0, 1, 2]) expect(ensemble.server(id).delivered).toEqual(['a', 'b']);
});

test('ZOOKEEPER-4925: an acknowledgement that leaves one out does not count for the one left out', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.hold(leader, 0).hold(leader, 1).propose(leader, 'a', 'b');
  ensemble.inject(0, leader, { type: 'ack', zxid: 0x1_0000_0002 });
  expect(ensemble.server(leader).delivered).toEqual([]);
  expect(ensemble.server(0).reasons).toContain('the link to leader 2 is down');
});

test('a hole between epochs is rejected as well', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.inject(leader, 0, proposal(0x1_0000_0002));
  expect(ensemble.server(0).reasons).toContain('leader 2 sent 0x100000002 behind a hole');
  expect(ensemble.view(0).lastZxid).toBe(0);
});

test('a COMMIT that is not of the oldest open proposal is not believed', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.hold(0, leader).hold(1, leader).propose(leader, 'a', 'b');
  ensemble.inject(leader, 0, { type: 'commit', zxid: 0x1_0000_0002 });
  expect(ensemble.server(0).delivered).toEqual([]);
  expect(ensemble.server(0).reasons).toContain('leader 2 sent COMMIT of 0x100000002, which is not the next');
});

test('ZOOKEEPER-4306, 3496: a transaction that could not be read back is refused before it has a zxid', () => {
  const ensemble = new Ensemble(3, { entryBytesMax: 10 }).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'longer than ten', 'short');
  const refused: Outcome = { kind: 'refused', reason: 'tooLarge', leader };
  expect(ensemble.server(leader).outcomes).toEqual([
    refused,
    { kind: 'committed', at: { epoch: 1, index: 0x1_0000_0001 } },
  ]);
});

test('transactions are committed in their order, whatever the order of the quorums', () => {
  const ensemble = new Ensemble(5).start();
  const leader = ensemble.untilServes();
  for (const id of [0, 1, 2, 3]) ensemble.hold(id, leader);
  ensemble.propose(leader, 'a').propose(leader, 'b');
  ensemble.pass(0, leader, 2);
  expect(ensemble.server(leader).delivered).toEqual([]);
  ensemble.pass(1, leader, 1);
  expect(ensemble.server(leader).delivered).toEqual(['a']);
  ensemble.pass(2, leader, 2);
  expect(ensemble.server(leader).delivered).toEqual(['a', 'b']);
});

test("a leader's own disk counts when it has the transaction, and works beside the network", () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.powerOff(0).stall(leader).propose(leader, 'a');
  expect(ensemble.server(1).disk.texts).toEqual(['a']);
  expect(ensemble.server(leader).delivered).toEqual([]);
  ensemble.unstall(leader);
  expect(ensemble.server(leader).delivered).toEqual(['a']);
});

test('a quorum of followers commits without the disk of its leader', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.stall(leader).propose(leader, 'a');
  expect(ensemble.server(leader).delivered).toEqual(['a']);
});

test('a leader without a quorum in sync gives up after a tick, and settles what was open as unknown', () => {
  const ensemble = new Ensemble(3, { syncLimit: 3 }).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a').isolate(leader).propose(leader, 'b');
  ensemble.run(2 * ZK_TICK_MS);
  expect(ensemble.view(leader)).toMatchObject({ role: 'looking', reason: 'too few followers are in sync' });
  expect(ensemble.server(leader).outcomes.at(-1)).toEqual({ kind: 'unknown', leader: -1 });
});

test('a follower that hears nothing for syncLimit ticks looks for another leader', () => {
  const ensemble = new Ensemble(3, { syncLimit: 3 }).start();
  const leader = ensemble.untilServes();
  ensemble.hold(leader, 0).run(2 * ZK_TICK_MS);
  expect(ensemble.view(0).phase).toBe('broadcast');
  ensemble.run(3 * ZK_TICK_MS);
  expect(ensemble.server(0).reasons).toContain('nothing from leader 2 in 3 ticks');
});

test('a follower that does not acknowledge for syncLimit ticks is dropped, though it answers pings', () => {
  const ensemble = new Ensemble(3, { syncLimit: 3 }).start();
  const leader = ensemble.untilServes();
  ensemble
    .stall(0)
    .propose(leader, 'a')
    .run(2 * ZK_TICK_MS);
  expect(ensemble.server(0).reasons.at(-1)).toBe('up to date with server 2');
  ensemble.run(2 * ZK_TICK_MS);
  expect(ensemble.server(0).reasons).toContain('the link to leader 2 is down');
  expect(ensemble.server(leader).delivered).toEqual(['a']);
});

test('pings are answered while the disk is slow', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.stall(0).propose(leader, 'a');
  ensemble.transcript.length = 0;
  ensemble.run(ZK_TICK_MS);
  expect(ensemble.packets(0, leader)).toContain('PING 0x100000001');
  expect(ensemble.transcript.filter((line) => line.startsWith('0>2 PING')).length).toBeGreaterThan(0);
});

test('an elected server that nobody follows gives up after initLimit ticks', () => {
  const ensemble = new Ensemble(3, { initLimit: 4 }).hold(0, 1).start(0, 1);
  ensemble
    .until(() => ensemble.view(1).state === 'leading')
    .powerOff(0)
    .run(3 * ZK_TICK_MS);
  expect(ensemble.view(1).state).toBe('leading');
  ensemble.run(2 * ZK_TICK_MS);
  expect(ensemble.server(1).reasons).toContain('no quorum within 4 ticks in discovery');
});

test('what learners answer to pings reaches the application of the leader', () => {
  const ensemble = new Ensemble(3, { pingData: () => new TextEncoder().encode('sessions') }).start();
  const leader = ensemble.untilServes();
  ensemble.run(ZK_TICK_MS);
  expect(ensemble.server(leader).heard).toEqual(expect.arrayContaining(['ping 0 sessions', 'ping 1 sessions']));
});

test('packets of the application keep their order with transactions; the answer to sync waits for what was proposed', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.say(0, leader, 'request');
  expect(ensemble.server(leader).heard).toEqual(['learner 0 request']);
  ensemble.hold(0, leader).hold(1, leader).propose(leader, 'a');
  ensemble.transcript.length = 0;
  ensemble.say(leader, 0, 'revalidate').say(leader, 0, 'sync', true).say(leader, 0, 'behind sync');
  expect(ensemble.server(0).heard).toEqual(['learner 2 revalidate']);
  ensemble.release(1, leader);
  expect(ensemble.packets(0, leader)).toEqual([
    'APPLICATION revalidate',
    'COMMIT 0x100000001',
    'APPLICATION sync',
    'APPLICATION behind sync',
  ]);
});

test('a linearizable read waits for a transaction of its own; one carries all that have come meanwhile', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.hold(0, leader).hold(1, leader).propose(leader, 'a');
  for (let count = 0; count < 5; count++) ensemble.read(leader);
  expect(ensemble.server(leader).outcomes).toEqual([]);
  ensemble.release(0, leader);
  const readable = ensemble.server(leader).outcomes.filter(({ kind }) => kind === 'readable');
  expect(readable.map((outcome) => outcome.kind === 'readable' && outcome.index)).toEqual([
    0x1_0000_0003, 0x1_0000_0004, 0x1_0000_0004, 0x1_0000_0004, 0x1_0000_0004,
  ]);
});

test('a leader that was told to resign is followed by another election, and refuses what comes meanwhile', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.command(leader, { kind: 'resign' }).propose(leader, 'too late');
  expect(ensemble.server(leader).outcomes).toEqual([
    { kind: 'done' },
    { kind: 'refused', reason: 'notLeader', leader: -1 },
  ]);
  ensemble.untilServes();
});
