import { describe, expect, it } from 'vitest';
import { compareMessages } from '../src/definitions/compare.ts';
import { messageFacts, type WrittenField, type WrittenMessage } from '../src/definitions/facts.ts';

// Written as Java's definitions are; made up, so that every fact occurs.
const FIELD: WrittenField = {
  name: 'BrokerEpoch',
  type: 'int64',
  versions: '2+',
  nullableVersions: '3+',
  taggedVersions: '4+',
  tag: 1,
  default: '-1',
  ignorable: true,
  mapKey: true,
  entityType: 'brokerId',
  zeroCopy: true,
  flexibleVersions: '5+',
};
const JAVA: WrittenMessage = {
  name: 'DrillRequest',
  type: 'request',
  apiKey: 7,
  listeners: ['broker', 'controller'],
  validVersions: '0-6',
  deprecatedVersions: '0-1',
  flexibleVersions: '3+',
  latestVersionUnstable: true,
  fields: [
    { name: 'Name', type: 'string', versions: '0+', default: 'null' },
    {
      name: 'Groups',
      type: '[]Group',
      versions: '1+',
      fields: [FIELD, { name: 'Ids', type: '[]int32', versions: '0+' }],
    },
    { name: 'Shared', type: 'Common', versions: '0+' },
  ],
  commonStructs: [
    { name: 'Common', versions: '0+', fields: [{ name: 'Flag', type: 'bool', versions: '0+', default: 'true' }] },
  ],
};

function differences(ours: WrittenMessage): readonly string[] {
  return compareMessages([messageFacts(ours)], [messageFacts(JAVA)]);
}

function withField(change: Partial<WrittenField>): WrittenMessage {
  const [name, groups, shared] = JAVA.fields as [WrittenField, WrittenField, WrittenField];
  const fields = [{ ...FIELD, ...change }, ...(groups.fields ?? []).slice(1)];
  return { ...JAVA, fields: [name, { ...groups, fields }, shared] };
}

describe('comparing our tables with the definitions', () => {
  it('finds no difference between two spellings of one fact', () => {
    expect(differences(withField({ name: 'brokerEpoch', default: -1 }))).toEqual([]);
    expect(differences({ ...JAVA, listeners: ['controller', 'broker'] })).toEqual([]);
  });

  it.each([
    ['name', 'BrokerEpoc'],
    ['type', 'int32'],
    ['versions', '1+'],
    ['nullableVersions', '2+'],
    ['nullableVersions', 'none'],
    ['taggedVersions', '4'],
    ['tag', 0],
    ['default', 0],
    ['ignorable', false],
    ['mapKey', false],
    ['entityType', 'producerId'],
    ['zeroCopy', false],
    ['flexibleVersions', '3+'],
  ])('finds a field whose %s is changed to %s', (fact, value) => {
    const found = differences(withField({ [fact]: value }));
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toContain('DrillRequest.groups');
  });

  it.each([
    ['type', 'response'],
    ['apiKey', 8],
    ['listeners', ['broker']],
    ['validVersions', '0-5'],
    ['deprecatedVersions', '0'],
    ['flexibleVersions', 'none'],
    ['latestVersionUnstable', false],
  ])('finds a message whose %s is changed to %s', (fact, value) => {
    expect(differences({ ...JAVA, [fact]: value })).toHaveLength(1);
  });

  it('finds fields that are missing, additional or out of order', () => {
    const [name, ...rest] = JAVA.fields as [WrittenField, ...WrittenField[]];
    expect(differences({ ...JAVA, fields: rest })).toContain('DrillRequest.name: we have none');
    expect(differences({ ...JAVA, fields: [...rest, name] })).toHaveLength(1);
    expect(differences({ ...JAVA, fields: [...JAVA.fields, { ...name, name: 'More' }] })).toContain(
      'DrillRequest.more: Java has none, or we have two',
    );
  });

  it('finds a difference inside a common struct', () => {
    const commonStructs = [
      { name: 'Common', versions: '0+', fields: [{ name: 'Flag', type: 'bool', versions: '0+' }] },
    ];
    expect(differences({ ...JAVA, commonStructs })).toEqual([
      "DrillRequest.Common.flag: default is false, Java's is true",
    ]);
  });

  it('finds messages that one side lacks', () => {
    const other = messageFacts({ ...JAVA, name: 'OtherRequest' });
    expect(compareMessages([other], [messageFacts(JAVA)])).toEqual([
      'OtherRequest: Java has none, or we have two',
      'DrillRequest: we have none',
    ]);
  });
});
