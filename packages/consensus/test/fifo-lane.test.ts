import { expect, test } from 'vitest';
import type { Filling, Reference } from '../src/contract.ts';
import { FifoLane, type LaneSend } from '../src/fifo-lane.ts';

const PIECE = 10;
const entries: Reference = { kind: 'entries', from: 1, upTo: 4, bytesMax: PIECE };
const snapshot: Reference = { kind: 'snapshot', id: { epoch: 1, index: 9 }, position: 0, bytesMax: PIECE };

/** A lane whose data comes when it is told to. */
function laneAtHand(): {
  lane: FifoLane<string>;
  sent: string[];
  asked: { reference: Reference; done: (filling: Filling) => void }[];
  broken: () => number;
} {
  const sent: string[] = [];
  const asked: { reference: Reference; done: (filling: Filling) => void }[] = [];
  let broken = 0;
  const lane = new FifoLane<string>({
    emit: ({ message }, found) => {
      const filling = found?.filling;
      if (filling?.kind === 'entries') sent.push(`${message} ${filling.entries.map(({ index }) => index).join()}`);
      else if (filling?.kind === 'snapshot') sent.push(`${message} of ${filling.bytes.length}`);
      else sent.push(message);
    },
    fill: (reference, done) => void asked.push({ reference, done }),
    broken: () => void broken++,
  });
  return { lane, sent, asked, broken: () => broken };
}

function send(message: string, after: number = 0, fill: Reference | null = null): LaneSend<string> {
  return { message, after, fill };
}

function filling(...indexes: number[]): Filling {
  const payload = new Uint8Array(0);
  return { kind: 'entries', entries: indexes.map((index) => ({ index, span: 1, epoch: 1, kind: 'data', payload })) };
}

test('a message that waits for a write or for its data holds up those behind it', () => {
  const { lane, sent, asked } = laneAtHand();
  lane.push(send('first'), 0);
  lane.push(send('ack of write 5', 5), 0);
  lane.push(send('snapshot', 0, snapshot), 0);
  lane.push(send('ping'), 0);
  expect(sent).toEqual(['first']);
  expect(asked).toEqual([]);
  lane.release(5);
  expect(sent).toEqual(['first', 'ack of write 5']);
  asked[0]?.done({ kind: 'snapshot', size: 3, bytes: new Uint8Array(3) });
  expect(sent).toEqual(['first', 'ack of write 5', 'snapshot of 3', 'ping']);
});

test('a range that comes in pieces is sent as several messages before anything else', () => {
  const { lane, sent, asked } = laneAtHand();
  lane.push(send('history', 0, entries), 0);
  lane.push(send('behind'), 0);
  asked[0]?.done(filling(1));
  expect(asked[1]?.reference).toEqual({ ...entries, from: 2 });
  asked[1]?.done(filling(2, 3));
  expect(sent).toEqual(['history 1', 'history 2,3', 'behind']);
  expect(asked).toHaveLength(2);
});

test('a snapshot goes on until its size is reached, also when each piece is there at once', () => {
  const sent: number[] = [];
  const lane = new FifoLane<string>({
    emit: (_, found) => void (found?.filling.kind === 'snapshot' && sent.push(found.filling.bytes.length)),
    fill: (reference, done) => {
      const position = reference.kind === 'snapshot' ? reference.position : 0;
      done({ kind: 'snapshot', size: 25, bytes: new Uint8Array(Math.min(PIECE, 25 - position)) });
    },
    broken: () => expect.unreachable(),
  });
  lane.push(send('snapshot', 0, snapshot), 0);
  expect(sent).toEqual([10, 10, 5]);
});

test('data that is gone breaks the lane, and nothing behind it is sent', () => {
  const { lane, sent, asked, broken } = laneAtHand();
  lane.push(send('history', 0, entries), 0);
  lane.push(send('behind'), 0);
  asked[0]?.done({ kind: 'missing' });
  expect(broken()).toBe(1);
  lane.release(9);
  expect(sent).toEqual([]);
});

test('what waited for a link that went down is gone, and data that comes late does not get onto the next one', () => {
  const { lane, sent, asked } = laneAtHand();
  lane.push(send('old', 1), 0);
  lane.clear();
  lane.release(9);
  lane.push(send('history', 0, entries), 9);
  lane.clear();
  lane.push(send('new'), 9);
  asked[0]?.done(filling(1, 2, 3));
  expect(sent).toEqual(['new']);
});
