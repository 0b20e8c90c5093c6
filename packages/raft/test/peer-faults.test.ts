import type { Entry } from '@biquorum/consensus';
import type { FetchReply, RaftMessage } from '@biquorum/raft';
import { expect, test } from 'vitest';
import { Cluster, type Envelope, fetchRequest, type Node } from './support/cluster.ts';

/** A follower with a fetch under way whose answer is in the hands of the test. */
function fetching(): { readonly cluster: Cluster; readonly follower: Node; readonly fetch: Envelope } {
  const cluster = new Cluster(3);
  cluster.elect(0);
  cluster.pass(100);
  const follower = cluster.node(1);
  // What is parked at the leader is answered, and the next fetch stays in the queue.
  cluster.drops = ({ from, answer, message }) => from === 1 && !answer && message.type === 'fetch';
  let fetch: Envelope | undefined;
  const { drops } = cluster;
  cluster.drops = (envelope) => {
    if (!drops(envelope)) return false;
    fetch = envelope;
    return true;
  };
  cluster.node(0).propose('next');
  cluster.settle();
  if (fetch === undefined) throw new Error('the follower does not fetch');
  return { cluster, follower, fetch };
}

const answer = (follower: Node, { to, request }: Envelope, message: RaftMessage): void =>
  void follower.step({ kind: 'message', channel: 'raft', from: to, inReplyTo: request, message });

const sentTypes = (follower: Node): string[] =>
  follower.last.flatMap((effect) => (effect.kind === 'send' ? [effect.message.type] : []));

test('an answer of another kind is none: after a pause the request is sent again', () => {
  const { follower, fetch } = fetching();
  const { epoch } = follower.view;
  answer(follower, fetch, { type: 'voteReply', error: 'none', epoch, leader: 0, leaderAddress: '', granted: true });
  follower.tick(30);
  expect(sentTypes(follower)).toEqual(['fetch']);
});

test.each<[string, (end: number, epoch: number) => Partial<Entry>[]]>([
  ['leave a gap', (end) => [{ index: end + 1 }]],
  ['repeat what is there', (end) => [{ index: end - 1 }]],
  ['leave a gap between them', (end) => [{ index: end }, { index: end + 2 }]],
  ['are of a later epoch than the leader', (_, epoch) => [{ epoch: epoch + 1 }]],
  ['go back to an older epoch', (_, epoch) => [{ epoch: epoch - 1 }]],
  ['span nothing', () => [{ span: 0 }]],
])('entries that %s are not taken, and fetched again', (_, malformed) => {
  const { follower, fetch } = fetching();
  const { epoch, logEnd, highWatermark } = follower.view;
  const entries = malformed(logEnd, epoch).map(
    (fields): Entry => ({ index: logEnd, span: 1, epoch, kind: 'data', payload: new Uint8Array(1), ...fields }),
  );
  const reply: FetchReply = {
    type: 'fetchReply',
    error: 'none',
    epoch,
    leader: 0,
    leaderAddress: '',
    highWatermark: logEnd + 2,
    logStart: 0,
    diverging: null,
    snapshot: null,
    offset: logEnd,
    entries,
  };
  answer(follower, fetch, reply);
  expect(follower.view).toMatchObject({ logEnd, highWatermark });
  follower.tick(30);
  expect(sentTypes(follower)).toEqual(['fetch']);
});

test('a snapshot that is longer than announced is begun anew', () => {
  const { follower, fetch } = fetching();
  const { epoch, logEnd } = follower.view;
  const snapshot = { epoch, index: logEnd + 10 };
  const reply = { error: 'none', epoch, leader: 0, leaderAddress: '' } as const;
  const empty = { highWatermark: 0, logStart: 0, diverging: null, entries: [], offset: logEnd };
  answer(follower, fetch, { ...reply, ...empty, type: 'fetchReply', snapshot });
  const asked = follower.last.find((effect) => effect.kind === 'send');
  if (asked?.kind !== 'send') throw new Error('the follower does not ask for the snapshot');
  expect(asked.message.type).toBe('fetchSnapshot');
  const piece = { ...reply, type: 'fetchSnapshotReply', snapshot, size: 4, position: 0 } as const;
  answer(follower, { ...fetch, request: asked.request }, { ...piece, bytes: new Uint8Array(5) });
  expect(follower.last.map(({ kind }) => kind)).not.toContain('installSnapshot');
  follower.tick(30);
  expect(sentTypes(follower)).toEqual(['fetch']);
});

test('a leader parks no more fetches of strangers than it keeps track of', () => {
  const leader = new Cluster(1, { observersMax: 2 }).elect(0);
  const { epoch, logEnd } = leader.view;
  const fetches = [11, 12, 13, 14].map((id) => {
    const request = fetchRequest({ epoch, replica: { id, directory: '' }, offset: logEnd, lastEpoch: epoch });
    return leader.ask(id, { ...request, waitMs: 500 });
  });
  expect(fetches.map((answered) => answered === null)).toEqual([true, true, false, false]);
});
