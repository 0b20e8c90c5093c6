import { describe, expect, it } from 'vitest';
import { committedAt, kraftSuccession } from '../src/sides/biquorum.ts';
import { Missing } from '../src/sides/side.ts';

const role = (node: number, atMs: number, name: string) => ({
  node,
  atMs,
  event: 'quorum role changed',
  fields: { role: name },
});

describe('how one controller of KRaft mode followed another', () => {
  it('is told in parts, each from the end of the last', () => {
    const events = [
      role(102, 1_300, 'prospective'),
      role(102, 1_310, 'candidate'),
      role(102, 1_350, 'leader'),
      { node: 102, atMs: 1_380, event: 'controller became active', fields: {} },
    ];
    expect(kraftSuccession(events, 1_000)).toEqual({ detection: 300, election: 50, load: 30, readyAt: 1_380 });
  });

  it('counts elections that led to nothing to the election', () => {
    const events = [
      role(102, 1_300, 'prospective'),
      role(103, 1_400, 'prospective'),
      role(103, 1_900, 'leader'),
      { node: 103, atMs: 1_910, event: 'controller became active', fields: {} },
    ];
    expect(kraftSuccession(events, 1_000)).toMatchObject({ detection: 300, election: 600, load: 10 });
  });

  it('is missing when nobody followed', () => {
    const { detection, election } = kraftSuccession([role(102, 1_300, 'prospective')], 1_000);
    expect(detection).toBe(300);
    expect(election).toBeInstanceOf(Missing);
  });
});

describe('when the creation of a topic was committed', () => {
  const committed = (node: number, atMs: number, ...contents: readonly string[]) => ({
    node,
    atMs,
    event: 'metadata committed',
    fields: { records: contents.map((content) => ({ type: 'TopicRecord', content })) },
  });

  it('is when the first controller had its record, and no other one', () => {
    const events = [
      committed(102, 900, '{"name":"topic-10","topicId":"x"}'),
      committed(101, 1_000, '{"brokerId":1}', '{"name":"topic-1","topicId":"y"}'),
      committed(102, 1_004, '{"brokerId":1}', '{"name":"topic-1","topicId":"y"}'),
    ];
    expect(committedAt(events, 'topic-1')).toBe(1_000);
    expect(committedAt(events, 'topic-2')).toBeInstanceOf(Missing);
  });
});
