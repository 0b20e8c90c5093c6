import { describe, expect, it } from 'vitest';
import type { Hello } from '../../src/clients/agent-protocol.ts';
import type { Outcome } from '../../src/clients/play.ts';
import type { Scenario } from '../../src/clients/scenario.ts';
import { clientsPage, difference, versionsIn } from '../../src/clients/table.ts';

const hello = (name: string, version: string): Hello => ({
  name,
  version,
  codecs: ['none'],
  lacksCodecs: {},
  partitioners: [],
  lacks: {},
});
const scenario = (title: string): Scenario => ({
  id: 'x',
  title,
  needs: [],
  kills: false,
  run: () => Promise.reject(new Error('only its title is looked at')),
});
const [first, second] = [scenario('write'), scenario('read | again')];

function page(outcome: Outcome, inZooKeeper: Outcome = outcome): string {
  const columns = (now: Outcome) => [
    {
      hello: hello('one', '1.0'),
      outcomes: new Map<Scenario, Outcome>([
        [first, { kind: 'passed', finding: { detail: 'gzip', notes: ['no zstd', 'no lz4'] } }],
        [second, { kind: 'passed', finding: undefined }],
      ]),
    },
    {
      hello: hello('other', '2.0 (on 3.1)'),
      outcomes: new Map<Scenario, Outcome>([
        [first, now],
        [second, { kind: 'lacking', reasons: ['it only writes'] }],
      ]),
    },
  ];
  return clientsPage(
    [first, second],
    new Map([
      ['kraft', columns(outcome)],
      ['zookeeper', columns(inZooKeeper)],
    ]),
  );
}

describe('the page about clients', () => {
  it('has a row for each scenario, a column for each client, and a note for each reason', () => {
    const lines = page({ kind: 'lacking', reasons: ['it only writes', 'it is young'] }).split('\n');
    const start = lines.findIndex((line) => line.startsWith('|'));
    expect(lines.slice(start)).toEqual([
      '|               | one          | other        |',
      '| ------------- | ------------ | ------------ |',
      '| version       | 1.0          | 2.0 (on 3.1) |',
      '| write         | gzip [1] [2] | – [3] [4]    |',
      '| read \\| again | ✓            | – [3]        |',
      '',
      '1. one: no zstd',
      '2. one: no lz4',
      '3. other: it only writes',
      '4. other: it is young',
      '',
    ]);
  });

  it('tells of both modes where they differ', () => {
    const row = page({ kind: 'passed', finding: undefined }, { kind: 'lacking', reasons: ['not here'] })
      .split('\n')
      .find((line) => line.startsWith('| write'));
    expect(row).toBe('| write         | gzip [1] [2] | KRaft: ✓; ZooKeeper: – [3] |');
  });

  it('is not made when a scenario failed', () => {
    expect(() => page({ kind: 'failed', failure: 'x' })).toThrow(/other did not pass 'write'/);
  });

  it('tells its versions', () => {
    const versions = versionsIn(page({ kind: 'passed', finding: undefined }));
    expect([...versions]).toEqual([
      ['one', '1.0'],
      ['other', '2.0 (on 3.1)'],
    ]);
  });

  it('differs by the first line that is not the same, missing ones too', () => {
    expect(difference('a\nb', 'a\nb')).toBeUndefined();
    expect(difference('a\nb', 'a\nc')).toBe('line 2 is\nb\nand should be\nc');
    expect(difference('a', 'a\nc')).toBe('line 2 is\nmissing\nand should be\nc');
  });
});
