import { controlCodec, type RaftMessage, raft, voterSet } from '@biquorum/raft';
import { BytesError, Prng } from '@biquorum/std';
import { expect, test } from 'vitest';

const { messages, durable } = raft();
const reply = { error: 'none', epoch: 3, leader: 1, leaderAddress: 'one:9000' } as const;
const key = { id: 2, directory: 'disk' };
const position = { epoch: 2, index: 2 ** 40 };
const entry = { index: 5, span: 3, epoch: 2, kind: 'control' as const, payload: new Uint8Array([1, 2, 3]) };
const all: readonly RaftMessage[] = [
  { type: 'vote', epoch: 3, candidate: key, voter: { id: 1, directory: '' }, lastEpoch: 2, end: 9, preVote: true },
  { ...reply, type: 'voteReply', granted: true },
  { type: 'beginQuorum', epoch: 3, leader: 1, leaderAddress: 'one:9000', voter: key },
  { ...reply, type: 'beginQuorumReply', error: 'fencedLeaderEpoch' },
  { type: 'endQuorum', epoch: 3, leader: 1, successors: [key, { id: 0, directory: 'ü' }] },
  { ...reply, type: 'endQuorumReply' },
  { type: 'fetch', epoch: 3, replica: key, offset: 2 ** 50, lastEpoch: 2, highWatermark: -1, waitMs: 500, bytesMax: 1 },
  {
    ...reply,
    type: 'fetchReply',
    highWatermark: 4,
    logStart: 1,
    diverging: position,
    snapshot: null,
    offset: 5,
    entries: [entry],
  },
  { type: 'fetchSnapshot', epoch: 3, replica: key, snapshot: position, position: 7, bytesMax: 100 },
  { ...reply, type: 'fetchSnapshotReply', snapshot: position, size: 10, position: 7, bytes: new Uint8Array([9]) },
  { type: 'updateVoter', epoch: 3, voter: key, address: 'two:9000' },
  { ...reply, type: 'updateVoterReply', error: 'requestTimedOut' },
];

test.each(all.map((message) => [message.type, message] as const))('%s survives its encoding', (_, message) => {
  expect(messages.decode(messages.encode(message))).toEqual(message);
});

test('the durable state survives its encoding', () => {
  const record = { epoch: 2 ** 33, leader: -1, voted: 2, votedDirectory: 'disk' };
  expect(durable.decode(durable.encode(record))).toEqual(record);
});

test('control entries survive their encoding', () => {
  const set = voterSet([
    { id: 2, directory: 'b', address: 'two:1' },
    { id: 0, directory: '', address: '' },
  ]);
  const controls = [
    { kind: 'leaderChange' as const, leader: 2, voters: [0, 2], granting: [2] },
    { kind: 'voters' as const, set },
  ];
  expect(controlCodec.decode(controlCodec.encode(controls, position))).toEqual(controls);
});

test('a voter set that repeats a member, or has none, is refused as malformed', () => {
  const twice = { voters: [1, 1].map((id) => ({ id, directory: '', address: '' })), ids: [1, 1] };
  for (const set of [twice, { voters: [], ids: [] }]) {
    const bytes = controlCodec.encode([{ kind: 'voters', set }], position).slice();
    expect(() => controlCodec.decode(bytes)).toThrow(BytesError);
  }
});

test('cut short or changed anywhere, bytes are decoded or refused, never more than that', () => {
  const prng = new Prng(1);
  for (const message of all) {
    const bytes = messages.encode(message);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => messages.decode(bytes.slice(0, length))).toThrow(BytesError);
    }
    for (let round = 0; round < 200; round++) {
      const changed = bytes.slice();
      changed[prng.below(changed.length)] = prng.below(256);
      try {
        messages.decode(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(BytesError);
      }
    }
  }
});
