import { describe, expect, it } from 'vitest';
import type { HistoricWrite } from '../../src/zookeeper-cluster/history.ts';
import { checkHistory } from '../../src/zookeeper-zombies/leaders-seen.ts';

const PATH = '/brokers/topics/orders/partitions/0/state';

function elected(session: string, epoch: number): HistoricWrite {
  return { zxid: epoch, time: 0, session, kind: 'set', path: '/controller_epoch', data: `${epoch}` };
}

function led(session: string, epoch: number, leader: number, leaderEpoch: number): HistoricWrite {
  const state = { controller_epoch: epoch, leader, version: 1, leader_epoch: leaderEpoch, isr: [leader] };
  return { zxid: 9, time: 0, session, kind: 'set', path: PATH, data: JSON.stringify(state) };
}

describe('the history of who led', () => {
  it('is sound when each controller writes in its own time, and each epoch has one leader', () => {
    const history = [elected('a', 1), led('a', 1, 1, 0), led('a', 1, 1, 0), elected('b', 2), led('b', 2, 2, 1)];
    expect([...checkHistory(history)]).toEqual([
      ['orders 0 0', 1],
      ['orders 0 1', 2],
    ]);
  });

  it('is refused when a partition has two leaders in an epoch', () => {
    expect(() => checkHistory([elected('a', 1), led('a', 1, 1, 5), led('a', 1, 2, 5)])).toThrow(
      '1 led in the same epoch',
    );
  });

  it('is refused when an epoch goes back', () => {
    expect(() => checkHistory([elected('a', 1), led('a', 1, 1, 5), led('a', 1, 2, 4)])).toThrow(
      'the epoch before was 5',
    );
  });

  it('is refused when a controller writes that has been succeeded', () => {
    expect(() => checkHistory([elected('a', 1), elected('b', 2), led('a', 1, 1, 0)])).toThrow('written by a while');
    expect(() => checkHistory([elected('a', 1), elected('b', 2), led('b', 1, 1, 0)])).toThrow('written by b while');
  });
});
