import { describe, expect, test } from 'vitest';
import { journalOf } from '../../src/live/event-words.ts';
import { Journal } from '../../src/live/journal.ts';
import { LIMITS } from '../../src/live/protocol.ts';

function clockAndJournal() {
  const clock = { nowMs: 0 };
  return { clock, journal: new Journal(() => clock.nowMs) };
}

describe('the journal', () => {
  test('says of a message when it was sent and when it arrived, and of a lost one that it did not', () => {
    const { clock, journal } = clockAndJournal();
    const kraft = journalOf(journal, 'kraft');
    kraft('debug', 'message sent', { node: 101, to: 102, type: 'vote', epoch: 3 });
    clock.nowMs = 5;
    kraft('debug', 'message sent', { node: 101, to: 102, type: 'vote', epoch: 4 });
    clock.nowMs = 9;
    kraft('debug', 'message received', { node: 102, from: 101, type: 'vote', epoch: 4 });
    expect(journal.events).toMatchObject([
      {
        mode: 'kraft',
        kind: 'message',
        node: 101,
        to: 102,
        title: 'Vote',
        detail: 'epoch 3',
        atMs: 0,
        arrivedMs: null,
      },
      { mode: 'kraft', node: 101, to: 102, detail: 'epoch 4', atMs: 5, arrivedMs: 9 },
    ]);
  });

  test('takes what arrives for the newest of its like: those before it were lost', () => {
    const { clock, journal } = clockAndJournal();
    const kraft = journalOf(journal, 'kraft');
    const call = { type: 'beginQuorum', epoch: 2 };
    kraft('debug', 'message sent', { node: 102, to: 101, ...call });
    clock.nowMs = 20_000;
    kraft('debug', 'message sent', { node: 102, to: 101, ...call });
    clock.nowMs = 20_002;
    kraft('debug', 'message received', { node: 101, from: 102, ...call });
    expect(journal.events.map(({ arrivedMs }) => arrivedMs)).toEqual([null, 20_002]);
  });

  test('calls servers of an ensemble by their numbers in the cluster, as senders, receivers and in votes', () => {
    const { journal } = clockAndJournal();
    const zookeeper = journalOf(journal, 'zookeeper');
    zookeeper('debug', 'message sent', { node: 203, to: 1, type: 'notification', state: 'looking', vote: 3 });
    zookeeper('debug', 'message received', { node: 201, from: 3, type: 'notification', state: 'looking', vote: 3 });
    zookeeper('info', 'the role changed', { node: 201, role: 'following', leader: 3, reason: 'a quorum' });
    expect(journal.events).toMatchObject([
      { kind: 'message', node: 203, to: 201, title: 'Notification', detail: 'state looking, vote 203', arrivedMs: 0 },
      { kind: 'role', node: 201, title: 'now following', detail: 'reason a quorum, leader 203' },
    ]);
  });

  test('tells a push to a broker and its answer by what the controller hears', () => {
    const { clock, journal } = clockAndJournal();
    const zookeeper = journalOf(journal, 'zookeeper');
    zookeeper('debug', 'message sent', { node: 1, to: 2, type: 'LeaderAndIsrRequest' });
    clock.nowMs = 4;
    zookeeper('debug', 'message received', { node: 1, from: 2, type: 'LeaderAndIsrResponse' });
    expect(journal.events).toMatchObject([
      { node: 1, to: 2, title: 'LeaderAndIsrRequest', arrivedMs: 4 },
      { node: 2, to: 1, title: 'LeaderAndIsrResponse', arrivedMs: 4 },
    ]);
  });

  test('tells calls to a node that is gone once in a while, and anew once one arrived', () => {
    const { clock, journal } = clockAndJournal();
    const said = { type: 'beginQuorum', epoch: 2, leader: 102 };
    const call = { node: 102, to: 101, ...said };
    const kraft = journalOf(journal, 'kraft');
    for (clock.nowMs = 0; clock.nowMs < 25_000; clock.nowMs += 1_000) kraft('debug', 'message sent', call);
    expect(journal.events.map(({ atMs }) => atMs)).toEqual([0, 10_000, 20_000]);
    kraft('debug', 'message received', { node: 101, from: 102, ...said });
    kraft('debug', 'message sent', call);
    expect(journal.events).toHaveLength(4);
  });

  test('takes each record of the metadata log once, whichever node tells of it first', () => {
    const { journal } = clockAndJournal();
    const kraft = journalOf(journal, 'kraft');
    const batch = (baseOffset: number, ...types: string[]) => ({
      baseOffset,
      epoch: 1,
      records: types.map((type) => ({ type, content: '{}' })),
    });
    for (const node of [101, 1, 102]) kraft('debug', 'metadata committed', { node, ...batch(0, 'A', 'B') });
    for (const node of [1, 101]) kraft('debug', 'metadata committed', { node, ...batch(2, 'C') });
    expect(journal.records.map(({ offset, type }) => `${offset} ${type}`)).toEqual(['0 A', '1 B', '2 C']);
  });

  test('tells of a record among what happens, unless it is there for its own sake', () => {
    const { journal } = clockAndJournal();
    const types = ['TopicRecord', 'NoOpRecord', 'PartitionRecord'];
    const records = types.map((type) => ({ type, content: '{}' }));
    journalOf(journal, 'kraft')('debug', 'metadata committed', { node: 1, baseOffset: 7, epoch: 1, records });
    expect(journal.events.map(({ kind, title }) => `${kind}: ${title}`)).toEqual([
      'metadata: 7 TopicRecord',
      'metadata: 9 PartitionRecord',
    ]);
    expect(journal.records).toHaveLength(3);
  });

  test('is bounded in what it keeps, in what it has not told, and in how long a text is', () => {
    const { journal } = clockAndJournal();
    for (let index = 0; index < 5 * LIMITS.events; index++) {
      journal.tell({ mode: 'kraft', kind: 'message', node: 1, to: 2, title: `${index}`, detail: 'x'.repeat(10_000) });
      journal.committed({ offset: index, epoch: 1, type: 'A', content: 'y'.repeat(10_000) });
    }
    const { events, records } = journal.take();
    expect([events.length, journal.events.length]).toEqual([LIMITS.events, LIMITS.events]);
    expect([records.length, journal.records.length]).toEqual([LIMITS.records, LIMITS.records]);
    expect(events.at(-1)?.number).toBe(10 * LIMITS.events);
    expect(events.at(-1)?.detail).toHaveLength(LIMITS.textLength + 1);
    expect(journal.take()).toEqual({ events: [], arrivals: [], records: [] });
  });
});
