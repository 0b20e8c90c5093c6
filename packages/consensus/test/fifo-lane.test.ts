import { expect, test } from 'vitest';
import { FifoLane } from '../src/fifo-lane.ts';

test('a message that waits for a write or for its data holds up those behind it', () => {
  const lane = new FifoLane<string>();
  const sent: string[] = [];
  const emit = (message: string): void => void sent.push(message);
  lane.push('first', 0, 0, emit);
  lane.push('ack of write 5', 5, 0, emit);
  const fill = lane.push(null, 0, 0, emit);
  lane.push('ping', 0, 0, emit);
  expect(sent).toEqual(['first']);
  fill('snapshot', 4);
  expect(sent).toEqual(['first']);
  lane.release(5);
  expect(sent).toEqual(['first', 'ack of write 5', 'snapshot', 'ping']);
});

test('what waited for a link that went down is gone', () => {
  const lane = new FifoLane<string>();
  const sent: string[] = [];
  lane.push('old', 1, 0, (message) => void sent.push(message));
  lane.clear();
  lane.release(9);
  expect(sent).toEqual([]);
});
