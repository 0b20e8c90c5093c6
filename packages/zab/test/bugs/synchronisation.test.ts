/** Bugs of ZooKeeper's synchronisation, each as the course of events that showed it. */
import { expect, test } from 'vitest';
import { Ensemble } from '../support/ensemble.ts';

/** Three servers; the last leads, and 0 has missed what comes after `a`. */
function behind(): { ensemble: Ensemble; leader: number } {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a').powerOff(0).propose(leader, 'b', 'c');
  return { ensemble, leader };
}

test('ZOOKEEPER-3911, 3023, 4646: NEWLEADER is not acknowledged while the synchronised history is not on the disk', () => {
  const { ensemble, leader } = behind();
  ensemble
    .hold(leader, 0)
    .start(0)
    .until(() => ensemble.underWay(leader, 0).length > 0);
  ensemble.pass(leader, 0, 1).until(() => ensemble.underWay(leader, 0).length >= 3);
  ensemble.stall(0).transcript.length = 0;
  ensemble.release(leader, 0).run(50);
  expect(ensemble.packets(0, leader)).toContain('NEWLEADER 0x100000000');
  expect(ensemble.packets(0, leader)).not.toContain('ACK 0x100000000');
  expect(ensemble.server(0).disk.texts).toEqual(['a']);
  ensemble.unstall(0);
  expect(ensemble.packets(0, leader)).toContain('ACK 0x100000000');
  expect(ensemble.server(0).disk.texts).toEqual(['a', 'b', 'c']);
});

test('ZOOKEEPER-4643, 4785: a power failure in the middle never leaves a new epoch with an old history', () => {
  const epochs = new Set<number>();
  for (let writes = 0; writes <= 4; writes++) {
    const ensemble = new Ensemble(3).start();
    const first = ensemble.untilServes();
    ensemble.propose(first, 'a').powerOff(0).propose(first, 'b', 'c').powerOff(first);
    // The next epoch is that of a leader that has b and c.
    ensemble.stall(0).start(0).run(200);
    for (let count = 0; count < writes; count++) ensemble.finishWrite(0).run(50);
    ensemble.powerOff(0);
    const { disk } = ensemble.server(0);
    epochs.add(disk.durable?.currentEpoch ?? 0);
    if ((disk.durable?.currentEpoch ?? 0) > 1) expect(disk.texts).toEqual(['a', 'b', 'c']);
    ensemble.heal().start(0, first).untilServes();
    expect(ensemble.server(0).delivered).toEqual(['a', 'b', 'c']);
  }
  // The power has failed before and after.
  expect([...epochs]).toEqual([1, 2]);
});

test('ZOOKEEPER-4685: a proposal received during synchronisation is acknowledged after NEWLEADER, never before', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a').powerOff(0);
  // What is outstanding when 0 joins: 1 does not acknowledge it.
  ensemble.hold(1, leader).propose(leader, 'outstanding');
  ensemble.transcript.length = 0;
  ensemble.start(0).until(() => ensemble.view(0).phase === 'broadcast');
  const packets = ensemble.packets(0, leader);
  expect(packets.indexOf('PROPOSAL 0x100000002')).toBeLessThan(packets.indexOf('NEWLEADER 0x100000000'));
  expect(packets.indexOf('ACK 0x100000002')).toBeGreaterThan(packets.indexOf('ACK 0x100000000'));
  expect(packets.indexOf('ACK 0x100000002')).toBeGreaterThan(packets.indexOf('UPTODATE'));
  expect(ensemble.server(0).delivered).toEqual(['a', 'outstanding']);
});

test('ZOOKEEPER-4685: an early acknowledgement of another implementation does not count before that of NEWLEADER', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.powerOff(0).hold(1, leader).propose(leader, 'outstanding');
  ensemble.inject(0, leader, {
    type: 'followerInfo',
    acceptedEpoch: 1,
    sid: 0,
    protocolVersion: 0x10000,
    configVersion: 0,
  });
  ensemble.inject(0, leader, { type: 'ackEpoch', zxid: 0, currentEpoch: -1 });
  ensemble.inject(0, leader, { type: 'ack', zxid: 0x1_0000_0001 });
  expect(ensemble.server(leader).delivered).toEqual([]);
  ensemble.inject(0, leader, { type: 'ack', zxid: 0x1_0000_0000 });
  expect(ensemble.server(leader).delivered).toEqual(['outstanding']);
});

test('ZOOKEEPER-4394: a COMMIT during synchronisation finds the proposal that came before it', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a').powerOff(0);
  ensemble.hold(1, leader).propose(leader, 'outstanding');
  ensemble
    .hold(leader, 0)
    .start(0)
    .until(() => ensemble.underWay(leader, 0).length > 0);
  ensemble.pass(leader, 0, 1).until(() => ensemble.underWay(leader, 0).some(({ type }) => type === 'newLeader'));
  // Committed while PROPOSAL and NEWLEADER are still on their way to 0.
  ensemble.release(1, leader);
  expect(ensemble.underWay(leader, 0).map(({ type }) => type)).toEqual(['diff', 'proposal', 'newLeader', 'commit']);
  ensemble.release(leader, 0).until(() => ensemble.view(0).phase === 'broadcast');
  expect(ensemble.server(0).delivered).toEqual(['a', 'outstanding']);
});

test('ZOOKEEPER-2418: a server from before the start of the log gets the snapshot and what came after it', () => {
  const ensemble = new Ensemble(3, { snapshotsRetained: 1 }).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a').powerOff(0).propose(leader, 'b', 'c').snapshot(leader).propose(leader, 'd');
  expect(ensemble.view(leader).logStart).toBe(0x1_0000_0004);
  ensemble.start(0).untilServes();
  expect(ensemble.packets(0, leader)).toContain('SNAP 0x100000003');
  expect(ensemble.server(0).disk.snapshot?.state).toEqual(['a', 'b', 'c']);
  expect(ensemble.server(0).delivered).toEqual(['a', 'b', 'c', 'd']);
  ensemble.powerOff(0).start(0).untilServes();
  expect(ensemble.server(0).delivered).toEqual(['a', 'b', 'c', 'd']);
});

test('ZOOKEEPER-3104: NEWLEADER comes behind all of the data, also behind a snapshot', () => {
  for (const forceSnapshotSync of [false, true]) {
    const ensemble = new Ensemble(3, { forceSnapshotSync }).start();
    const leader = ensemble.untilServes();
    ensemble.propose(leader, 'a').powerOff(0).propose(leader, 'b').snapshot(leader).propose(leader, 'c');
    ensemble.transcript.length = 0;
    ensemble.start(0).until(() => ensemble.view(0).phase === 'broadcast');
    const names = ensemble.packets(0, leader).map((line) => line.split(' ')[0]);
    expect(names.slice(3, 7)).toEqual(
      forceSnapshotSync ? ['SNAP', 'SNAPSHOT', 'HISTORY', 'NEWLEADER'] : ['DIFF', 'HISTORY', 'NEWLEADER', 'ACK'],
    );
    expect(ensemble.server(0).delivered).toEqual(['a', 'b', 'c']);
  }
});

test('ZOOKEEPER-2846: what the leader has logged and not committed is never sent as committed', () => {
  const { ensemble, leader } = behind();
  ensemble.hold(1, leader).propose(leader, 'uncommitted');
  ensemble.transcript.length = 0;
  ensemble.start(0).until(() => ensemble.packets(0, leader).includes('NEWLEADER 0x100000000'));
  expect(ensemble.packets(0, leader)).toContain('HISTORY 0x100000002 0x100000003');
  expect(ensemble.packets(0, leader)).toContain('PROPOSAL 0x100000004');
});

test('ZOOKEEPER-3642, 5094: a synchronisation that breaks off leaves the server as it was', () => {
  for (const forceSnapshotSync of [false, true]) {
    const ensemble = new Ensemble(3, { forceSnapshotSync }).start();
    const leader = ensemble.untilServes();
    ensemble.propose(leader, 'a').powerOff(0).propose(leader, 'b').snapshot(leader).propose(leader, 'c');
    ensemble
      .hold(leader, 0)
      .start(0)
      .until(() => ensemble.underWay(leader, 0).length > 0);
    ensemble.pass(leader, 0, 1).until(() => ensemble.underWay(leader, 0).length >= 3);
    const { lastZxid, currentEpoch } = ensemble.view(0);
    // Everything but NEWLEADER, then the leader is gone.
    ensemble.pass(leader, 0, ensemble.underWay(leader, 0).length - 1);
    ensemble.powerOff(leader).until(() => ensemble.view(0).phase === 'election');
    expect(ensemble.view(0)).toMatchObject({ lastZxid, currentEpoch });
    expect(ensemble.server(0).disk.texts).toEqual(['a']);
    expect(ensemble.server(0).disk.snapshot).toBeNull();
  }
});

test('ZOOKEEPER-4837: no snapshot holds what is not committed, so TRUNC never has to go below one', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a').isolate(leader).propose(leader, 'lost', 'lost, too');
  ensemble.snapshot(leader);
  expect(ensemble.server(leader).disk.snapshot?.state).toEqual(['a']);
  const next = ensemble.untilServes(...[0, 1, 2].filter((id) => id !== leader));
  ensemble.heal().untilServes();
  expect(ensemble.packets(leader, next)).toContain('TRUNC 0x100000001');
  expect(ensemble.server(leader).disk.texts).toEqual(['a']);
});

test('ZOOKEEPER-1154, 1319: the server with the best history is away at the election, and nothing committed is lost', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a').isolate(0).propose(leader, 'b');
  // The leader has one more that nobody else has, and is away when the others elect.
  ensemble.isolate(leader).propose(leader, 'only here');
  ensemble.heal().isolate(leader);
  const next = ensemble.untilServes(0, 1);
  expect(next).toBe(1);
  ensemble.propose(next, 'c');
  ensemble.heal().untilServes();
  for (const id of [0, 1, 2]) expect(ensemble.server(id).delivered).toEqual(['a', 'b', 'c']);
  expect(ensemble.server(leader).disk.texts).not.toContain('only here');
});

test('ZOOKEEPER-1156: TRUNC cuts what is beyond its zxid and nothing else, even when nothing follows', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a', 'b').isolate(leader).propose(leader, 'x', 'y', 'z');
  const next = ensemble.untilServes(...[0, 1, 2].filter((id) => id !== leader));
  ensemble.heal().untilServes();
  expect(ensemble.packets(leader, next).filter((line) => line.startsWith('TRUNC'))).toEqual(['TRUNC 0x100000002']);
  expect(ensemble.server(leader).disk.texts).toEqual(['a', 'b']);
  ensemble.propose(next, 'c');
  expect(ensemble.server(leader).delivered).toEqual(['a', 'b', 'c']);
});

test('a server whose lost history is of an older epoch gets a snapshot, for TRUNC does not cross epochs', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a').isolate(leader).propose(leader, 'x', 'y');
  const next = ensemble.untilServes(...[0, 1, 2].filter((id) => id !== leader));
  ensemble.propose(next, 'b').heal().untilServes();
  const packets = ensemble.packets(leader, next);
  expect(packets.filter((line) => /^(SNAP|TRUNC|DIFF) /.test(line)).at(-1)).toMatch(/^SNAP 0x/);
  expect(ensemble.server(leader).delivered).toEqual(['a', 'b']);
});

test('ZOOKEEPER-1367: a server that was away for an epoch gets what was done in it, however the cluster restarts', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'session', 'ephemeral').powerOff(0).propose(leader, 'session closed');
  ensemble.powerOff(1, 2).start(1, 2).untilServes(1, 2);
  ensemble.start(0).untilServes();
  ensemble.powerOff(0, 1, 2).start().untilServes();
  for (const id of [0, 1, 2]) expect(ensemble.server(id).delivered).toEqual(['session', 'ephemeral', 'session closed']);
});

test('ZOOKEEPER-2355: a follower whose link fails in the middle of a proposal starts over from its log', () => {
  const ensemble = new Ensemble(3).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a').hold(leader, 0).propose(leader, 'close session');
  ensemble
    .pass(leader, 0, 1)
    .isolate(0)
    .until(() => ensemble.view(0).phase === 'election');
  ensemble.heal().untilServes();
  ensemble.propose(leader, 'b');
  for (const id of [0, 1, 2]) expect(ensemble.server(id).delivered).toEqual(['a', 'close session', 'b']);
});

test('ZOOKEEPER-2678: a server that lacks little is sent that, and makes no snapshot for it', () => {
  const { ensemble, leader } = behind();
  ensemble.start(0).untilServes();
  expect(ensemble.packets(0, leader)).toContain('DIFF 0x100000003');
  for (const id of [0, 1, 2]) expect(ensemble.server(id).disk.snapshot).toBeNull();
});

test('a snapshot older than what a server has is read past: nothing that it has acknowledged leaves its disk', () => {
  const ensemble = new Ensemble(3, { forceSnapshotSync: true }).start();
  const leader = ensemble.untilServes();
  ensemble.propose(leader, 'a').snapshot(leader).propose(leader, 'b', 'c').powerOff(0).propose(leader, 'd');
  ensemble
    .hold(leader, 0)
    .start(0)
    .until(() => ensemble.underWay(leader, 0).length > 0);
  ensemble.pass(leader, 0, 1).until(() => ensemble.underWay(leader, 0).length >= 4);
  ensemble.release(leader, 0);
  for (let count = 0; count < 20; count++) {
    expect(ensemble.server(0).disk.texts.slice(0, 3)).toEqual(['a', 'b', 'c']);
    ensemble.run(10);
  }
  expect(ensemble.packets(0, leader)).toContain('SNAP 0x100000001');
  expect(ensemble.server(0).delivered).toEqual(['a', 'b', 'c', 'd']);
});

test('a snapshot that is finished during discovery starts no synchronisation', () => {
  const ensemble = new Ensemble(5).start(0, 1, 2);
  const leader = ensemble.untilServes(0, 1, 2);
  ensemble.propose(leader, 'a').powerOff(0, 1, 2).start(0, 1, 2);
  // One of the two that are needed besides the leader says nothing after LEADERINFO.
  ensemble.hold(0, 2).until(() => ensemble.view(2).state === 'leading');
  ensemble.transcript.length = 0;
  ensemble.run(50).snapshot(2).run(50);
  expect(ensemble.view(2).phase).toBe('discovery');
  expect(ensemble.packets(1, 2).filter((line) => /^(DIFF|SNAP|TRUNC)/.test(line))).toEqual([]);
  ensemble.release(0, 2).untilServes(0, 1, 2);
  for (const id of [0, 1, 2]) expect(ensemble.server(id).delivered).toEqual(['a']);
});
