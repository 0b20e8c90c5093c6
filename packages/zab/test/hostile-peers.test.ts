import type { NodeId } from '@biquorum/consensus';
import { BytesError, Prng } from '@biquorum/std';
import { type LearnerMessage, type Notification, type ZabMessage, zab } from '@biquorum/zab';
import { expect, test } from 'vitest';
import { Ensemble } from './support/ensemble.ts';

const payload = new Uint8Array(3);
const encoder = new TextEncoder();

/** Any packet, with values that may make sense. */
function anyPacket(prng: Prng): LearnerMessage {
  const zxid = prng.pick([
    0, 1, 0x1_0000_0000, 0x1_0000_0001, 0x1_0000_0002, 0x1_0000_0009, 0x2_0000_0000, 0x9_0000_0001,
  ]);
  const epoch = prng.below(4);
  const info = { acceptedEpoch: epoch, sid: prng.below(4), protocolVersion: 0x10000, configVersion: prng.below(2) };
  return prng.pick<LearnerMessage>([
    { type: 'followerInfo', ...info },
    { type: 'observerInfo', ...info },
    { type: 'leaderInfo', epoch, protocolVersion: 0x10000 },
    { type: 'ackEpoch', zxid, currentEpoch: epoch - 1 },
    { type: 'diff', zxid },
    { type: 'trunc', zxid },
    { type: 'snap', zxid },
    { type: 'snapshotChunk', position: prng.below(3), bytes: payload, last: prng.chance(0.5) },
    { type: 'history', entries: [{ index: zxid, span: 1, epoch, kind: 'data', payload }] },
    { type: 'newLeader', zxid, config: null },
    { type: 'upToDate' },
    { type: 'proposal', zxid, kind: 'data', payload },
    { type: 'inform', zxid, kind: 'data', payload },
    { type: 'ack', zxid },
    { type: 'commit', zxid },
    { type: 'commitAndActivate', zxid, designatedLeader: 0 },
    { type: 'informAndActivate', zxid, designatedLeader: 0, payload },
    { type: 'ping', zxid, payload },
    { type: 'application', payload },
  ]);
}

function anyVote(prng: Prng): Notification {
  return {
    type: 'notification',
    state: prng.pick(['looking', 'following', 'leading', 'observing']),
    leader: prng.below(5) - 1,
    zxid: prng.pick([-1, 0, 0x1_0000_0001, 0x9_0000_0000]),
    electionEpoch: prng.below(5),
    peerEpoch: prng.below(3),
    version: prng.pick([0, 2]),
    config: '',
  };
}

test('a leader and an electing server take whatever packets come, from members and strangers, and serve afterwards', () => {
  const prng = new Prng(7);
  for (let round = 0; round < 150; round++) {
    const ensemble = new Ensemble(3).start();
    const leader = ensemble.untilServes();
    ensemble.propose(leader, 'a');
    const target: NodeId = prng.chance(0.7) ? leader : 0;
    if (target === 0) ensemble.isolate(0).until(() => ensemble.view(0).phase === 'election');
    for (let count = 0; count < 10; count++) {
      const from = prng.pick(target === leader ? [0, 1, 3, 77] : [1, 3, 77]);
      ensemble.inject(from, target, prng.chance(0.2) ? anyVote(prng) : anyPacket(prng));
    }
    // Who was dropped for what it seemed to say calls again.
    ensemble
      .heal()
      .powerOff(0, 1)
      .start(0, 1)
      .until(() => ensemble.leader !== undefined);
    ensemble.untilServes();
    ensemble.propose(ensemble.leader as NodeId, 'b');
    for (const id of [0, 1, 2]) expect(ensemble.server(id).delivered).toEqual(['a', 'b']);
  }
}, 60_000);

test('a follower hangs up on a leader whose packets make no sense, and has lost nothing', () => {
  const prng = new Prng(8);
  for (let round = 0; round < 150; round++) {
    const ensemble = new Ensemble(3).start();
    const leader = ensemble.untilServes();
    ensemble.propose(leader, 'a', 'b');
    const packet = anyPacket(prng);
    // The next transaction or its commit would make sense, and a ping or a message does.
    if (packet.type === 'ping' || packet.type === 'application') continue;
    ensemble.hold(leader, 0).inject(leader, 0, { type: 'commit', zxid: 0x1_0000_0007 }).inject(3, 0, packet);
    expect(ensemble.server(0).disk.texts).toEqual(['a', 'b']);
    ensemble.heal().untilServes();
    ensemble.propose(ensemble.leader as NodeId, 'c');
    expect(ensemble.server(0).delivered).toEqual(['a', 'b', 'c']);
  }
}, 60_000);

test('a follower that its leader tells an impossible history adopts it as a whole or keeps what it has', () => {
  const prng = new Prng(11);
  let [adopted, kept] = [0, 0];
  for (let round = 0; round < 600; round++) {
    const ensemble = new Ensemble(3).start();
    let leader = ensemble.untilServes();
    ensemble.propose(leader, 'a', 'b', 'c');
    if (prng.chance(0.5)) {
      leader = ensemble.powerOff(0, 1, 2).start().untilServes();
      ensemble.propose(leader, 'd');
    }
    // It comes back, and hears instead of its leader what is made up here.
    ensemble
      .powerOff(0)
      .hold(leader, 0)
      .start(0)
      .until(() => ensemble.view(0).phase === 'discovery');
    const { disk } = ensemble.server(0);
    const before = disk.texts;
    const { epoch } = ensemble.view(leader);
    const others = [1, 2];
    ensemble.transcript.length = 0;
    const say = (message: LearnerMessage): unknown => ensemble.inject(leader, 0, message);
    say({ type: 'leaderInfo', epoch, protocolVersion: 0x10000 });
    const type = prng.pick(['diff', 'trunc', 'snap'] as const);
    const zxid = (1 + prng.below(2)) * 2 ** 32 + prng.below(5);
    let last = type === 'diff' ? ensemble.view(0).lastZxid : zxid;
    say({ type, zxid });
    if (type === 'snap') say({ type: 'snapshotChunk', position: 0, bytes: encoder.encode('["x"]'), last: true });
    const open: number[] = [];
    const tell = (most: number): void => {
      for (let count = prng.below(most); count > 0; count--) {
        const next = prng.chance(0.8) ? last + 1 : (Math.floor(last / 2 ** 32) + 1) * 2 ** 32 + 1;
        const span = prng.pick([1, 1, 2, 3]);
        last = next + span - 1;
        open.push(last);
        say({ type: 'proposal', zxid: next, kind: 'data', payload, ...(span > 1 ? { span } : {}) });
        if (prng.chance(0.6)) say({ type: 'commit', zxid: open.shift() as number });
        if (prng.chance(0.05)) say(anyPacket(prng));
      }
    };
    tell(6);
    say({ type: 'newLeader', zxid: epoch * 2 ** 32, config: null });
    tell(3);
    say({ type: 'upToDate' });
    tell(4);
    if (ensemble.packets(0, leader).some((packet) => packet.startsWith('ACK '))) adopted++;
    else {
      kept++;
      expect([disk.texts, disk.snapshot]).toEqual([before, null]);
    }
    // To the others nothing has happened.
    ensemble
      .powerOff(0)
      .heal()
      .untilServes(...others);
    ensemble.propose(ensemble.leader as NodeId, 'e');
    for (const id of others) expect(ensemble.server(id).delivered.at(-1)).toBe('e');
  }
  expect(Math.min(adopted, kept)).toBeGreaterThan(50);
}, 60_000);

test('bytes that are no message are refused with an error of the decoder, wherever they are cut or changed', () => {
  const prng = new Prng(9);
  const { messages } = zab();
  const whole: ZabMessage[] = [anyVote(prng), ...Array.from({ length: 200 }, () => anyPacket(prng))];
  for (const message of whole) {
    const bytes = messages.encode(message);
    expect(messages.decode(bytes)).toEqual(message);
    for (let count = 0; count < 10; count++) {
      const broken = bytes.slice(0, prng.chance(0.5) ? prng.below(bytes.length) : bytes.length);
      if (broken.length > 0) broken[prng.below(broken.length)] = prng.below(256);
      try {
        messages.decode(broken);
      } catch (error) {
        expect(error).toBeInstanceOf(BytesError);
      }
    }
  }
}, 60_000);
