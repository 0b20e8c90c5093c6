import { describe, expect, it } from 'vitest';
import { FrameCounter, PeerLinkCounter, QuorumPacketCounter } from '../src/node/message-counter.ts';

/** A 32-bit integer, then texts byte for byte, as Java's `DataOutputStream` writes them. */
function bytesOf(...parts: readonly (number | bigint | string)[]): Uint8Array {
  return new Uint8Array(
    parts.flatMap((part) => {
      if (typeof part === 'string') return [...new TextEncoder().encode(part)];
      const view = new DataView(new ArrayBuffer(typeof part === 'bigint' ? 8 : 4));
      if (typeof part === 'bigint') view.setBigInt64(0, part);
      else view.setInt32(0, part);
      return [...new Uint8Array(view.buffer)];
    }),
  );
}

function joined(...all: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(all.flatMap((one) => [...one]));
}

/** Pushes the same bytes cut at every place in turn, and in single bytes: what is counted must be the same. */
function countEveryWay(
  bytes: Uint8Array,
  make: (count: () => void) => { push(chunk: Uint8Array): void },
): ReadonlySet<number> {
  const counts = new Set<number>();
  const cuts = Array.from({ length: bytes.length + 1 }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
  for (const chunks of [...cuts, [...bytes].map((byte) => new Uint8Array([byte]))]) {
    let count = 0;
    const counter = make(() => {
      count += 1;
    });
    for (const chunk of chunks) counter.push(chunk);
    counts.add(count);
  }
  return counts;
}

/** `QuorumPacket`: type, zxid, data with its size, authinfo as a vector, −1 for none. */
const ping = bytesOf(5, 0x1_0000_0003n, 12, 'sessionstime', -1);
const proposal = bytesOf(2, 0x1_0000_0004n, -1, 1, 6, 'digest', 3, 'a:b');
const snap = bytesOf(15, 0x1_0000_0004n, -1, -1);
const upToDate = bytesOf(12, -1n, -1, -1);

describe('messages are counted as their bytes go by', () => {
  it('counts frames, however they are cut, and empty ones too', () => {
    const bytes = joined(bytesOf(5, 'hello'), bytesOf(0), bytesOf(20, 'twenty bytes of text'));
    expect([...countEveryWay(bytes, (count) => new FrameCounter(count))]).toEqual([3]);
  });

  it('shows the first bytes of each frame, and its size', () => {
    const seen: (readonly [string, number])[] = [];
    const counter = new FrameCounter((head, size) => seen.push([new TextDecoder().decode(head), size]));
    counter.push(joined(bytesOf(3, 'abc'), bytesOf(20, 'twenty bytes of text')));
    expect(seen).toEqual([
      ['abc', 3],
      ['twenty b', 20],
    ]);
  });

  it('counts packets between servers of an ensemble, which carry no size', () => {
    const bytes = joined(ping, proposal, ping);
    expect([...countEveryWay(bytes, (count) => new QuorumPacketCounter(count))]).toEqual([3]);
  });

  it('passes over a tree that a learner is sent, to what comes behind its signature', () => {
    const tree = bytesOf('ZKSN', 2, -1n, 'BenWasHer', 'any bytes of a tree', 10, 'BenWasHere');
    expect([...countEveryWay(joined(snap, tree, upToDate), (count) => new QuorumPacketCounter(count))]).toEqual([2]);
  });

  it('tells a connection of elections from one of followers by how the caller begins', () => {
    const votes = joined(bytesOf(-65_535n, 1n, 14, '127.0.0.1:3888'), bytesOf(40, 'x'.repeat(40)));
    expect([...countEveryWay(votes, (count) => new PeerLinkCounter(true, count))]).toEqual([2]);
    expect([...countEveryWay(joined(ping, ping), (count) => new PeerLinkCounter(true, count))]).toEqual([2]);
  });

  it('counts what the one who is called says in return, votes or packets', () => {
    const votes = joined(bytesOf(40, 'x'.repeat(40)), bytesOf(60, 'y'.repeat(60)));
    expect([...countEveryWay(votes, (count) => new PeerLinkCounter(false, count))]).toEqual([2]);
    expect([...countEveryWay(joined(ping, proposal), (count) => new PeerLinkCounter(false, count))]).toEqual([2]);
  });
});
