import { suite } from '@biquorum/bench';
import type { Effect, Entry, Position } from '@biquorum/consensus';
import { DEFAULT_OPTIONS, type QuorumRecord, RaftEngine, type RaftMessage } from '@biquorum/raft';

// The engine alone: no driver, no disk, no network. A leader is elected by answers made up here, then fed.

const payload = new Uint8Array(100);
const restored = { durable: null, snapshot: null, logStart: { epoch: 0, index: 0 }, entries: [] };
const peers = [0, 1, 2].map((id) => ({ id, address: '' }));

/** A leader of three whose first entry is committed. */
class FedLeader {
  readonly engine: RaftEngine;
  #write = 0;
  #token = 1;
  end = 0;

  constructor() {
    const setup = { id: 0, directory: '', address: '', peers, nowMs: 0, random: 1, restored };
    this.engine = new RaftEngine(setup, { ...DEFAULT_OPTIONS, preVote: false });
    for (const effect of this.engine.step({ kind: 'tick', nowMs: 10_000, random: 1 })) this.#take(effect);
    this.#written();
    const reply = { type: 'voteReply', error: 'none', epoch: 1, leader: -1, leaderAddress: '', granted: true } as const;
    const elected = this.engine.step({ kind: 'message', channel: 'raft', from: 1, inReplyTo: 1, message: reply });
    for (const effect of elected) this.#take(effect);
    this.#written();
    this.fetch();
  }

  /** One batch of proposals, its write, and the fetch of one follower that commits it. */
  commit(count: number): void {
    const proposal = { span: count, bytesMax: payload.length, build: (_: Position) => payload };
    const proposals = [{ token: this.#token++, proposal }];
    for (const effect of this.engine.step({ kind: 'propose', proposals })) this.#take(effect);
    this.#written();
    this.fetch();
  }

  fetch(): void {
    this.engine.step({
      kind: 'request',
      channel: 'raft',
      from: 1,
      token: this.#token++,
      message: {
        type: 'fetch',
        epoch: 1,
        replica: { id: 1, directory: '' },
        offset: this.end,
        lastEpoch: 1,
        highWatermark: -1,
        waitMs: 100,
        bytesMax: 1_000_000,
      },
    });
  }

  #take(effect: Effect<RaftMessage, QuorumRecord>): void {
    if (effect.kind !== 'write') return;
    this.#write = effect.write.id;
    const last = effect.write.append?.at(-1) as Entry | undefined;
    if (last !== undefined) this.end = last.index + last.span;
  }

  #written(): void {
    this.engine.step({ kind: 'written', write: this.#write });
  }
}

const leader = new FedLeader();
if (!leader.engine.view().leading) throw new Error('the bench does not get its leader elected');
let sum = 0;

await suite({
  title: 'engine alone: steps (an entry committed is three: propose, written, fetch)',
  baseline: 'an array push and shift',
  opsPerCall: 3000,
  cases: {
    'an array push and shift': () => {
      const queue: number[] = [];
      for (let at = 0; at < 3000; at++) {
        queue.push(at);
        sum += queue.shift() ?? 0;
      }
      return sum;
    },
    'raft steps': () => {
      for (let at = 0; at < 1000; at++) leader.commit(1);
      return leader.end;
    },
  },
});

const commits = 20_000;
const { gc } = globalThis as { gc?: () => void };
gc?.();
const before = process.memoryUsage().heapUsed;
let allocated = 0;
let last = before;
for (let at = 0; at < commits; at++) {
  leader.commit(1);
  const now = process.memoryUsage().heapUsed;
  // What a collection takes back in between is not counted.
  if (now > last) allocated += now - last;
  last = now;
}
const measuring = measureItself();
const perEntry = allocated / commits - measuring;
if (leader.engine.view().highWatermark !== leader.end) throw new Error('the bench commits nothing');
console.log(`engine alone: ${Math.round(perEntry)} bytes allocated per committed entry\n`);

/** What asking for the heap's size allocates by itself. */
function measureItself(): number {
  let own = 0;
  let previous = process.memoryUsage().heapUsed;
  for (let at = 0; at < commits; at++) {
    const now = process.memoryUsage().heapUsed;
    if (now > previous) own += now - previous;
    previous = now;
  }
  return own / commits;
}
