import { describe, expect, it } from 'vitest';
import type { HistoricWrite } from '../../src/zookeeper-cluster/history.ts';
import { describeSeen, type Seen } from '../../src/zookeeper-znodes/observe.ts';
import type { Phase } from '../../src/zookeeper-znodes/phases.ts';

const HISTORY: readonly HistoricWrite[] = [
  { zxid: 1, time: 0, session: 'a', kind: 'create', path: '/one/z', data: 'before', ephemeral: false },
  { zxid: 2, time: 0, session: 'a', kind: 'check', path: '/one/controller_epoch', version: 1 },
  { zxid: 2, time: 0, session: 'a', kind: 'create', path: '/one/z', data: 'port 9092', ephemeral: true },
  { zxid: 3, time: 0, session: 'a', kind: 'set', path: '/one/a', data: '{}', version: 4 },
  { zxid: 4, time: 0, session: 'a', kind: 'close', paths: ['/one/z', '/one/b'] },
  { zxid: 4, time: 0, session: 'a', kind: 'delete', path: '/two/a' },
  { zxid: 5, time: 0, session: 'a', kind: 'delete', path: '/one/after' },
];

function seen(phase: Partial<Phase>): Seen {
  return {
    phase: { title: 'something happens', play: async () => {}, ...phase },
    events: [
      ['created', '/one/z'],
      ['changed', '/one/a'],
    ],
    zxids: [1, 4],
    tree: [],
    fault: undefined,
  };
}

describe('what an observer has seen', () => {
  it('is told in its order, without what came before and after, without checks, and with what is drawn left out', () => {
    expect(describeSeen(seen({ ordered: true }), HISTORY, '/one', [['9092', '<port>']])).toEqual([
      'what the watches told\ncreated /one/z\nchanged /one/a',
      [
        'what was written',
        'create /z ephemeral port <port>',
        'set /a version 4 {}',
        'the end of its session deletes /b',
        'the end of its session deletes /z',
        'delete outside: /two/a',
      ].join('\n'),
    ]);
  });

  it('is told znode by znode where several write at once, each in its own order', () => {
    const [events, writes] = describeSeen(seen({}), HISTORY, '/one', []);
    expect(events).toBe('what the watches told\nchanged /one/a\ncreated /one/z');
    expect(writes?.split('\n').filter((line) => line.endsWith('/z') || line.includes(' /z '))).toEqual([
      'create /z ephemeral port 9092',
      'the end of its session deletes /z',
    ]);
  });
});
