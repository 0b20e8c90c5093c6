import type { Entry } from '@biquorum/consensus';
import { cutAfter, jumpTo, zxidOf } from '@biquorum/zab';
import { describe, expect, test } from 'vitest';
import { Ensemble } from './support/ensemble.ts';

const entry = (zxid: number, text: string): Entry => ({
  index: zxid,
  span: 1,
  epoch: Math.floor(zxid / 2 ** 32),
  kind: 'data',
  payload: new TextEncoder().encode(text),
});

describe('what is on the disk at the start', () => {
  test('a server without epoch files takes them from its last transaction', () => {
    const ensemble = new Ensemble(3);
    const jump = jumpTo(zxidOf(5, 1), 0) as Entry;
    ensemble.server(0).disk.write({ id: 1, append: [jump, entry(zxidOf(5, 1), 'a')] });
    ensemble.server(0).disk.finish();
    ensemble.start(0);
    expect(ensemble.view(0)).toMatchObject({ acceptedEpoch: 5, currentEpoch: 5, lastZxid: zxidOf(5, 1) });
    ensemble.start(1, 2).untilServes();
    expect(ensemble.view(2).epoch).toBe(6);
    for (const id of [0, 1, 2]) expect(ensemble.server(id).delivered).toEqual(['a']);
  });

  test('a server killed between history and currentEpoch votes with the older epoch, behind who has adopted the newer', () => {
    const ensemble = new Ensemble(3).start();
    const leader = ensemble.untilServes();
    ensemble.propose(leader, 'a').powerOff(0, 1, 2);
    // 0 has got further than anybody, and had not finished.
    const { disk } = ensemble.server(0);
    const jump = jumpTo(zxidOf(2, 1), zxidOf(1, 2)) as Entry;
    disk.write({
      id: 1,
      append: [jump, entry(zxidOf(2, 1), 'of epoch 2')],
      durable: { acceptedEpoch: 2, currentEpoch: 1 },
    });
    disk.finish();
    ensemble.server(1).disk.write({ id: 1, durable: { acceptedEpoch: 2, currentEpoch: 2 } });
    ensemble.server(1).disk.finish();
    expect(ensemble.start(0, 1).untilServes(0, 1)).toBe(1);
    expect(ensemble.server(0).disk.texts).toEqual(['a']);
    ensemble.start(2).untilServes();
    for (const id of [0, 1, 2]) expect(ensemble.server(id).delivered).toEqual(['a']);
  });

  test('a jump to an epoch whose first transaction did not reach the disk is dropped', () => {
    const ensemble = new Ensemble(3).start();
    const leader = ensemble.untilServes();
    ensemble.propose(leader, 'a').powerOff(0);
    const jump = jumpTo(zxidOf(2, 1), zxidOf(1, 2)) as Entry;
    ensemble.server(0).disk.write({ id: 1, append: [jump] });
    ensemble.server(0).disk.finish();
    ensemble.start(0).untilServes();
    expect(ensemble.view(0).lastZxid).toBe(zxidOf(1, 1));
    ensemble.propose(leader, 'b');
    expect(ensemble.server(0).delivered).toEqual(['a', 'b']);
  });

  test('a snapshot named by the start of an epoch, as Java makes them, is gone on from', () => {
    const ensemble = new Ensemble(3);
    for (const id of [0, 1, 2]) {
      const { disk } = ensemble.server(id);
      disk.receive(0, new TextEncoder().encode(JSON.stringify(['from Java'])));
      disk.install(cutAfter(zxidOf(4, 0)));
    }
    const leader = ensemble.start().untilServes();
    ensemble.propose(leader, 'ours');
    for (const id of [0, 1, 2]) expect(ensemble.server(id).delivered).toEqual(['from Java', 'ours']);
    expect(ensemble.view(leader).lastZxid).toBe(zxidOf(5, 1));
  });

  test('a server whose snapshot a leader wants to cut stays outside, says why, and harms nobody', () => {
    const ensemble = new Ensemble(3).start(1, 2);
    const leader = ensemble.untilServes(1, 2);
    ensemble.propose(leader, 'a');
    const { disk } = ensemble.server(0);
    disk.receive(0, new TextEncoder().encode(JSON.stringify(['a', 'never committed'])));
    disk.install(cutAfter(zxidOf(1, 9)));
    ensemble.start(0).run(500);
    expect(ensemble.server(0).reasons.join('\n')).toContain(
      'TRUNC to 0x100000001, below the snapshot at 0x100000009: this server must start anew, without its data',
    );
    ensemble.propose(leader, 'b');
    expect(ensemble.server(1).delivered).toEqual(['a', 'b']);
  });

  test('a server that has applied what a quorum has lost stays outside, and follows once it starts again', () => {
    const ensemble = new Ensemble(3).start();
    const leader = ensemble.untilServes();
    ensemble.propose(leader, 'a', 'b', 'c').run(100).isolate(0).powerOff(1, 2);
    for (const id of [1, 2]) {
      const { disk } = ensemble.server(id);
      disk.write({ id: 99, truncateTo: zxidOf(1, 2) });
      disk.finish();
    }
    ensemble.start(1, 2).untilServes(1, 2);
    ensemble.heal().run(500);
    expect(ensemble.server(0).reasons.join('\n')).toContain(
      "history that parts from this server's below 0x100000003, which was committed here",
    );
    expect(ensemble.server(0).delivered).toEqual(['a', 'b', 'c']);
    expect(ensemble.server(0).disk.texts).toEqual(['a', 'b', 'c']);
    ensemble.powerOff(0).start(0).untilServes();
    for (const id of [0, 1, 2]) expect(ensemble.server(id).delivered).toEqual(['a']);
  });
});

describe('snapshots', () => {
  test('a leader that needs one and has none makes it, and the learner gets it', () => {
    const ensemble = new Ensemble(3).start();
    const leader = ensemble.untilServes();
    ensemble.propose(leader, 'a').isolate(leader).propose(leader, 'lost');
    const next = ensemble.untilServes(...[0, 1, 2].filter((id) => id !== leader));
    ensemble.propose(next, 'b');
    expect(ensemble.server(next).disk.snapshot).toBeNull();
    ensemble.heal().untilServes();
    expect(ensemble.server(next).disk.snapshot?.state).toEqual(['a', 'b']);
    expect(ensemble.server(leader).delivered).toEqual(['a', 'b']);
  });

  test('a learner that could not take a long history comes back to a snapshot', () => {
    const ensemble = new Ensemble(3, { pendingBytesMax: 8, commitLogCount: 2 }).start();
    const leader = ensemble.untilServes();
    ensemble
      .powerOff(0)
      .propose(leader, ...'abcdefghijkl')
      .snapshot(leader)
      .propose(leader, 'm');
    // The snapshot is large enough for a DIFF to be the cheaper choice.
    ensemble.start(0).untilServes();
    const choices = ensemble.packets(0, leader).filter((line) => /^(DIFF|SNAP) /.test(line));
    expect(choices.slice(-2)).toEqual(['DIFF 0x10000000d', 'SNAP 0x10000000c']);
    expect(ensemble.server(0).reasons).toContain(`leader ${leader} sent more than can be held`);
    expect(ensemble.server(0).delivered.join('')).toBe('abcdefghijklm');
  });

  test('the trim command forgets what a snapshot covers, and nothing else', () => {
    const ensemble = new Ensemble(1).start();
    ensemble.untilServes();
    ensemble.propose(0, 'a', 'b', 'c').command(0, { kind: 'trim', start: cutAfter(zxidOf(1, 2)) });
    expect(ensemble.view(0).logStart).toBe(0);
    ensemble.snapshot(0).command(0, { kind: 'trim', start: cutAfter(zxidOf(1, 2)) });
    expect(ensemble.view(0).logStart).toBe(zxidOf(1, 3));
  });
});

describe('observers', () => {
  test('do not count: neither for an election nor for a commit', () => {
    const ensemble = new Ensemble(5, { observers: [3, 4] }).start();
    const leader = ensemble.untilServes();
    const others = [0, 1, 2].filter((id) => id !== leader);
    ensemble
      .hold(others[0] as number, leader)
      .hold(others[1] as number, leader)
      .propose(leader, 'a');
    expect(ensemble.server(leader).delivered).toEqual([]);
    ensemble.powerOff(...others).run(2000);
    expect(ensemble.leader).toBeUndefined();
    ensemble
      .heal()
      .start(...others)
      .untilServes();
  });

  test('follow the next leader, and get what they have missed', () => {
    const ensemble = new Ensemble(4, { observers: [3] }).start();
    const leader = ensemble.untilServes();
    ensemble.propose(leader, 'a').isolate(3).propose(leader, 'b').powerOff(leader);
    const next = ensemble.untilServes(...[0, 1, 2].filter((id) => id !== leader));
    ensemble.propose(next, 'c').heal().start(leader).untilServes();
    expect(ensemble.view(3)).toMatchObject({ role: 'observing', leader: next });
    expect(ensemble.server(3).delivered).toEqual(['a', 'b', 'c']);
  });

  test('that have waited long for an ensemble join soon after it has a leader', () => {
    const ensemble = new Ensemble(4, { observers: [3], notificationMaxMs: 60_000 }).start(0, 3).run(30_000);
    const began = ensemble.start(1).nowMs;
    ensemble.untilServes(0, 1, 3);
    expect(ensemble.nowMs - began).toBeLessThan(1000);
  });

  test('beyond the bound on those that are synchronised at once are sent away, voters never', () => {
    const ensemble = new Ensemble(5, { observers: [3, 4], concurrentDiffSyncsMax: 1 }).start(0, 1, 2);
    const leader = ensemble.untilServes(0, 1, 2);
    // The first gets nothing of what it is sent.
    ensemble
      .hold(leader, 3)
      .start(3)
      .until(() => ensemble.underWay(leader, 3).length > 0);
    ensemble.pass(leader, 3, 1).run(50);
    ensemble.start(4).run(100);
    expect(ensemble.server(4).reasons).toContain('the link to leader 2 is down');
    expect(
      ensemble
        .view(leader)
        .peers.map(({ id }) => id)
        .sort(),
    ).toEqual([0, 1, 3]);
    ensemble.release(leader, 3).untilServes();
  });

  test('that are ahead in name only do not keep a leader from leading', () => {
    const ensemble = new Ensemble(4, { observers: [3] });
    ensemble.server(3).disk.write({ id: 1, durable: { acceptedEpoch: 1, currentEpoch: 1 } });
    ensemble.server(3).disk.finish();
    const leader = ensemble.start().untilServes();
    ensemble.propose(leader, 'a');
    expect(ensemble.server(3).delivered).toEqual(['a']);
  });
});

test('a learner that says another id than its link, or knows a newer configuration, is turned away', () => {
  const ensemble = new Ensemble(3).start(1, 2);
  const leader = ensemble.untilServes(1, 2);
  const info = { type: 'followerInfo', acceptedEpoch: 0, sid: 0, protocolVersion: 0x10000, configVersion: 0 } as const;
  ensemble.inject(0, leader, { ...info, sid: 1 }).inject(0, leader, { ...info, configVersion: 5 });
  ensemble.inject(0, leader, { ...info, acceptedEpoch: 2 ** 40 });
  expect(ensemble.view(leader).peers.map(({ id }) => id)).toEqual([1]);
  ensemble.inject(0, leader, info);
  expect(ensemble.view(leader).peers.map(({ id }) => id)).toEqual([1, 0]);
});

test('over the cap on uncommitted bytes proposals are refused, pressure is told, and commits end it', () => {
  const ensemble = new Ensemble(3, { uncommittedBytesMax: 10, entryBytesMax: 10 }).start();
  const leader = ensemble.untilServes();
  ensemble.hold(0, leader).hold(1, leader).propose(leader, 'eight 88', 'more');
  expect(ensemble.server(leader).outcomes).toEqual([{ kind: 'refused', reason: 'busy', leader }]);
  ensemble.release(0, leader).propose(leader, 'more');
  expect(ensemble.server(leader).delivered).toEqual(['eight 88', 'more']);
});
