import { describe, expect, it } from 'vitest';
import { reviewProperties, type SettingsFinding } from '../../src/config/review-properties.ts';

function review(properties: Record<string, string>, temporary?: readonly string[]): readonly SettingsFinding[] {
  return reviewProperties(new Map(Object.entries({ 'log.dirs': '/data', ...properties })), temporary);
}

describe('what is odd about the properties of a broker', () => {
  it('is nothing where every key takes effect', () => {
    expect(review({ 'node.id': '1', 'num.partitions': '3', 'listener.name.plaintext.max.connections': '5' })).toEqual(
      [],
    );
  });

  it.each([
    ['num.partition', 'num.partitions'],
    ['log.retention.hour', 'log.retention.hours'],
    ['lisetners', 'listeners'],
    ['auto.create.topic.enable', 'auto.create.topics.enable'],
    ['retention.ms', 'log.retention.ms'],
    ['max.message.bytes', 'message.max.bytes'],
  ])('is %s, which should read %s', (key, nearest) => {
    expect(review({ [key]: '1' })).toEqual([
      { kind: 'unknown', key, message: `${key} is no setting of a broker; did you mean ${nearest}?` },
    ]);
  });

  it('never shows the value of a key that nobody knows, for it might be a secret', () => {
    const [finding] = review({ 'my.own.thing': 'hunter2' });
    expect(finding).toMatchObject({ kind: 'unknown', key: 'my.own.thing' });
    expect(JSON.stringify(finding)).not.toContain('hunter2');
  });

  it('is a key without effect, unless its value is the default', () => {
    expect(review({ 'num.io.threads': '16' })).toMatchObject([{ kind: 'no-effect', key: 'num.io.threads' }]);
    expect(review({ 'num.io.threads': '8' })).toEqual([]);
    expect(review({ 'super.users': 'User:a' })).toMatchObject([{ kind: 'no-effect', key: 'super.users' }]);
    expect(review({ 'leader.replication.throttled.rate': '1' })).toMatchObject([{ kind: 'no-effect' }]);
  });

  it('is a key of planes that its own does not read, or of which that says that it has no effect', () => {
    const key = 'broker.session.timeout.ms';
    const properties = new Map([
      ['log.dirs', '/data'],
      [key, '500'],
      ['some.plane.count', '5'],
    ]);
    expect(reviewProperties(properties)).toMatchObject([{ kind: 'no-effect', key }, { kind: 'unknown' }]);
    const own = { name: key, type: 'int', defaultValue: '9000', documentation: '', because: 'it is fast' } as const;
    expect(reviewProperties(properties, [], [{ ...own, support: 'accepted' }])).toMatchObject([
      { kind: 'no-effect', key, message: `${key} has no effect: it is fast` },
      { kind: 'unknown' },
    ]);
    const rest = { type: 'int', defaultValue: '1', support: 'effective', documentation: '' } as const;
    const plane = [key, 'some.plane.count'].map((name) => ({ ...rest, name }));
    expect(reviewProperties(properties, [], plane)).toEqual([]);
  });

  it('is a unit that a finer one supersedes', () => {
    expect(review({ 'log.retention.hours': '1', 'log.retention.ms': '2' })).toMatchObject([
      { kind: 'superseded', key: 'log.retention.hours' },
    ]);
  });

  it('is a log directory where the system clears up', () => {
    expect(review({ 'log.dirs': '/data,/tmp/./kafka' })).toMatchObject([
      { kind: 'temporary-directory', key: 'log.dirs', message: expect.stringContaining('/tmp/./kafka') },
    ]);
    expect(review({ 'log.dirs': '/tmpfs' })).toEqual([]);
    expect(review({ 'log.dirs': 'C:\\Temp\\logs' }, ['C:\\Temp'])).toMatchObject([{ kind: 'temporary-directory' }]);
    expect(reviewProperties(new Map())).toMatchObject([{ kind: 'temporary-directory', key: 'log.dir' }]);
  });
});
